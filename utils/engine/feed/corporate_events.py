"""Splits, dividends, changes of ticker and delistings, at the times they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from utils.data.lean.clock import EPOCH, day_number
from utils.data.lean.factor_files import LEAN_DECIMAL, FactorFile
from utils.data.lean.map_files import MapFile
from utils.engine.clock import local_to_utc
from utils.engine.data.auxiliary import Delisting, Dividend, Split, SymbolChangedEvent
from utils.engine.dotnet.money import exact
from utils.engine.enums import DelistingType, SecurityType, SplitType, TickType
from utils.engine.exchange.option_symbol import OptionSymbol
from utils.engine.feed.columns import Int64Array
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.identity.symbol import option_ticker

_OPTIONS = (SecurityType.OPTION, SecurityType.INDEX_OPTION)

MakeEvent = Callable[[float], Any]
"""Makes an event, given the last raw price before its date (zero when there is none)."""


@dataclass
class CorporateEvent:
    """Something that happens to a company.

    Attributes:
        time: when it is told, UTC nanoseconds.
        day: the date it belongs to, whose prices are not known yet (days since 1970-01-01).
    """

    time: int
    day: int
    make: MakeEvent


@dataclass
class CorporateEvents:
    """All events of a subscription, in order.

    Attributes:
        events: those told between the first and the last date.
        dividends: ex-date and amount of the dividends.
        ends: UTC nanoseconds after which there is no data, when the company is delisted.
    """

    events: list[CorporateEvent] = field(default_factory=list)
    dividends: list[tuple[int, Decimal]] = field(default_factory=list)
    ends: int | None = None


def corporate_events(
    config: SubscriptionDataConfig, map_file: MapFile, factor_file: FactorFile, days: Int64Array
) -> CorporateEvents:
    """Events told on the dates `days` on which the market is open.

    Splits and dividends of a date are told when it begins; a split also the date before, as a warning. A
    delisting is told as a warning at the beginning of the last date, and when that date is over.
    """
    found = CorporateEvents()
    kind = config.security_type
    if kind not in (SecurityType.EQUITY, *_OPTIONS) or not len(days):
        return found
    told: list[tuple[int, int, CorporateEvent]] = []

    def tell(day: int, rank: int, make: MakeEvent, at: int | None = None) -> None:
        time = local_to_utc(_midnight(day if at is None else at), config.exchange_time_zone)
        told.append((day, rank, CorporateEvent(time, day, make)))

    has_data = _dates_with_data(map_file)
    if not config.is_internal_feed and kind == SecurityType.EQUITY:
        _tell_factors(config, factor_file, days, has_data, found, tell)
    _tell_renames(config, map_file, days, has_data, tell)
    found.ends = _tell_delisting(config, _last_date(config, map_file), days, tell)
    told.sort(key=lambda item: item[:2])
    if config.tick_type == TickType.TRADE:  # of the bars of quotes nothing is told twice
        found.events = [event for _, _, event in told]
    return found


def _midnight(day: int) -> datetime:
    moment = EPOCH + timedelta(days=day)
    return datetime(moment.year, moment.month, moment.day)


def _dates_with_data(map_file: MapFile) -> Callable[[int], bool]:
    if not map_file.rows:
        return lambda _day: True
    first, last = day_number(map_file.rows[0][0]), day_number(map_file.rows[-1][0])
    return lambda day: first <= day <= last


def _tell_factors(
    config: SubscriptionDataConfig,
    factor_file: FactorFile,
    days: Int64Array,
    has_data: Callable[[int], bool],
    found: CorporateEvents,
    tell: Callable[..., None],
) -> None:
    rows = factor_file.rows
    for row, after in pairwise(rows):
        place = int(np.searchsorted(days, row.day))
        if place == len(days) or days[place] != row.day or not has_data(row.day):
            continue
        following = (int(day) for day in days[place + 1 :] if has_data(int(day)))
        next_day = next(following, None)
        if row.split != after.split:
            factor = float(LEAN_DECIMAL.divide(row.split, after.split))
            tell(row.day, 1, _split(config, row.day, None, factor, SplitType.WARNING))
            if next_day is not None:
                reference = float(row.reference)
                tell(next_day, 0, _split(config, next_day, reference, factor, SplitType.SPLIT_OCCURRED))
        if row.price != after.price and next_day is not None:
            ratio = LEAN_DECIMAL.divide(row.price, after.price)
            distribution = Dividend.compute_distribution(float(row.reference), ratio, 2)
            found.dividends.append((next_day, exact(distribution)))
            tell(next_day, 2, _dividend(config, next_day, distribution, float(row.reference)))


def _tell_renames(
    config: SubscriptionDataConfig,
    map_file: MapFile,
    days: Int64Array,
    has_data: Callable[[int], bool],
    tell: Callable[..., None],
) -> None:
    ticker: str | None = None
    for day, name in _tickers(map_file, days):
        if has_data(day):
            if ticker is not None and name != ticker:
                tell(day, 3, _rename(config, day, ticker, name))
            ticker = name


def _tickers(map_file: MapFile, days: Int64Array) -> Iterator[tuple[int, str]]:
    """The first of the dates, and the first ones after each change of ticker, with the ticker."""
    if not map_file.rows:
        return
    ends = [day_number(last) for last, _ in map_file.rows]
    yield from _ticker_on(map_file, ends, int(days[0]))
    for end in ends[:-1]:
        place = int(np.searchsorted(days, end, side="right"))
        if 0 < place < len(days):
            yield from _ticker_on(map_file, ends, int(days[place]))


def _ticker_on(map_file: MapFile, ends: list[int], day: int) -> Iterator[tuple[int, str]]:
    for end, (_, ticker) in zip(ends, map_file.rows, strict=True):
        if day <= end:
            yield day, ticker
            return


def _last_date(config: SubscriptionDataConfig, map_file: MapFile) -> date | None:
    """The last date of a company's shares or of an option; None when none is known."""
    if config.security_type == SecurityType.OPTION:
        return OptionSymbol.get_last_day_of_trading(config.symbol).date()
    if config.security_type == SecurityType.INDEX_OPTION:
        expiry: datetime = config.symbol.id.date
        return expiry.date()
    return map_file.rows[-1][0] if map_file.rows else None


def _tell_delisting(
    config: SubscriptionDataConfig, last: date | None, days: Int64Array, tell: Callable[..., None]
) -> int | None:
    if last is None:
        return None
    end = day_number(last)
    warned = days[days >= end]
    if len(warned):
        tell(int(warned[0]), 4, _delisting(config, end, DelistingType.WARNING), at=end)
    after = days[days > end]
    if not len(after):
        return None
    tell(int(after[0]), 5, _delisting(config, end + 1, DelistingType.DELISTED), at=end + 1)
    return local_to_utc(_midnight(end + 1), config.exchange_time_zone)


def _split(
    config: SubscriptionDataConfig, day: int, reference: float | None, factor: float, kind: SplitType
) -> MakeEvent:
    return lambda price: Split(
        config.symbol, _midnight(day), price if reference is None else reference, factor, kind
    )


def _dividend(config: SubscriptionDataConfig, day: int, distribution: float, reference: float) -> MakeEvent:
    return lambda _price: Dividend(config.symbol, _midnight(day), distribution, reference)


def _rename(config: SubscriptionDataConfig, day: int, old: str, new: str) -> MakeEvent:
    symbol = config.symbol
    if config.security_type == SecurityType.OPTION:
        identifier = symbol.id
        terms = (identifier.option_right, identifier.exact_strike_price, identifier.date)
        old, new = option_ticker(old, *terms), option_ticker(new, *terms)
    return lambda _price: SymbolChangedEvent(symbol, _midnight(day), old, new)


def _delisting(config: SubscriptionDataConfig, day: int, kind: DelistingType) -> MakeEvent:
    return lambda price: Delisting(config.symbol, _midnight(day), price, kind)
