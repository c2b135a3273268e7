"""The bars of a sweep where LEAN's engines find them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from trading.bars import Bars
from trading.simulation.instrument import Instrument, SecurityType
from utils.data.databases import add_market_hours, add_symbol_properties
from utils.data.lean.clock import EPOCH
from utils.data.lean.market_hours import MarketHours, market_hours
from utils.data.lean.reader import read_quotes
from utils.data.lean.series import LeanSeries, Resolution, TickType
from utils.data.lean.symbol_properties import symbol_properties
from utils.data.lean.writer import write_bars, write_quotes
from utils.data.load import choose_series
from utils.errors import UserError
from utils.sweep.combinations import Swept
from utils.sweep.market_data import PLACEHOLDER

MARKETS = {SecurityType.EQUITY: "usa", SecurityType.CRYPTO: "coinbase"}
"""Security types that can be confirmed, and the market of each where the sweep names none."""


@dataclass(frozen=True)
class LeanData:
    """Swept bars in a LEAN data folder.

    Attributes:
        own: whether the folder is the sweep's own data, not a copy of its swept bars.
        start, end: dates that an algorithm must ask for to see all of the swept bars and no other.
    """

    folder: Path
    series: LeanSeries
    own: bool
    start: date
    end: date

    @property
    def hours(self) -> MarketHours:
        """When the market is open."""
        return market_hours(self.folder, self.series)


def lean_data(swept: Swept, folder: Path) -> LeanData:
    """The swept bars for an engine: the sweep's own folder where it shows just them, else a copy in `folder`.

    An algorithm's days begin at midnight in New York: of an equity these are its trading days; of crypto they
    cut UTC days in two, so its bars are copied.

    Raises:
        UserError: LEAN has no such bars or trades no such security; the message says what to do.
    """
    config = swept.config
    kind = config.instrument.security_type
    if kind not in MARKETS:
        raise UserError(f"instrument.security_type: {kind} cannot be confirmed; equity and crypto can")
    if config.capital.allocation > 1:
        raise UserError("capital.allocation: above 1 cannot be confirmed: the algorithm borrows nothing")
    bars = swept.swept_bars
    resolution = _resolution(bars, config.data.path)
    source = Path(config.data.path.replace(PLACEHOLDER, swept.symbol))
    if source.is_dir():
        series = choose_series(source, swept.symbol, kind, config.data.market, resolution.value)
        if kind is SecurityType.EQUITY:
            return _own(swept, source, series)
    else:
        market = config.data.market or MARKETS[kind]
        series = LeanSeries(kind, market, _ticker(swept.symbol, kind), resolution, TickType.TRADE)
    return _copied(swept, source, series, folder)


def _resolution(bars: Bars, path: str) -> Resolution:
    for resolution in (Resolution.MINUTE, Resolution.HOUR, Resolution.DAILY):
        if bars.period == resolution.period:
            return resolution
    raise UserError(
        f"{path}: bars of {bars.period // 60_000_000_000} minutes are none of LEAN's (minute, hour, daily); "
        "sweep with data.resolution: hour, and confirm that"
    )


def _ticker(symbol: str, kind: SecurityType) -> str:
    """A name that LEAN takes: of crypto it ends with the currency of the account."""
    name = "".join(filter(str.isalnum, symbol.upper())) or "ASSET"
    return name if kind is not SecurityType.CRYPTO or name.endswith("USD") else f"{name}USD"


def _own(swept: Swept, folder: Path, series: LeanSeries) -> LeanData:
    if swept.config.data.normalization != "adjusted":
        raise UserError(
            f"data.normalization: {swept.config.data.normalization} cannot be confirmed; the algorithm asks "
            "for adjusted prices"
        )
    _check_properties(swept.config.instrument, folder, series)
    first, last = _days(swept.swept_bars)
    return LeanData(folder, series, True, first, last)


def _copied(swept: Swept, source: Path, series: LeanSeries, folder: Path) -> LeanData:
    """The swept bars, and quotes where the sweep has some, in a new folder with the sweep's own terms."""
    bars = swept.swept_bars
    instrument = swept.config.instrument
    add_market_hours(folder, (SecurityType.EQUITY, "usa"), (series.security_type, series.market))
    lot, tick = (np.format_float_positional(size) for size in (instrument.lot_size, instrument.tick_size))
    kind, symbol = series.security_type.value, series.symbol
    add_symbol_properties(folder, f"{series.market},{symbol},{kind},,USD,1,{tick},{lot},{symbol},{lot}")
    first, last = _days(bars)
    write_bars(folder, replace(series, tick_type=TickType.TRADE), bars)
    if bars.bid_close is not None and source.is_dir():
        quoted = replace(series, tick_type=TickType.QUOTE)
        quotes = read_quotes(source, quoted, first, last)
        begin, end = np.searchsorted(quotes.time, [bars.time[0], bars.time[-1] + 1]).tolist()
        write_quotes(folder, quoted, quotes[begin:end])
    day = timedelta(days=1)  # there is nothing else in the folder
    return LeanData(folder, series, False, first - day, last + day)


def _check_properties(instrument: Instrument, folder: Path, series: LeanSeries) -> None:
    found = symbol_properties(folder, series)
    stated = {
        "lot_size": (instrument.lot_size, found.lot_size),
        "tick_size": (instrument.tick_size, found.minimum_price_variation),
    }
    for name, (ours, lean) in stated.items():
        if ours != lean:
            raise UserError(f"instrument.{name}: {ours:g}, but {series.symbol} has {lean:g} in {folder}")


def _days(bars: Bars) -> tuple[date, date]:
    first, last = (EPOCH + timedelta(days=int(number)) for number in bars.day[[0, -1]])
    return first, last
