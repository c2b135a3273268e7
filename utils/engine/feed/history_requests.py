"""What an algorithm's call of `history` asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from utils.engine.clock import local_to_utc, to_ns
from utils.engine.data.base_data import BaseData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import OpenInterest, Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType, TickType
from utils.engine.errors import AlgorithmError, NotSupportedByEngine
from utils.engine.feed.auxiliary_history import AuxiliaryRequest
from utils.engine.feed.config import INCREMENTS, SubscriptionDataConfig
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.fill_forward import nanoseconds, uses_strict_end_times
from utils.engine.feed.history import HistoryRequest
from utils.engine.feed.history_start import start_of_bars
from utils.engine.feed.sessions import Sessions

TICK_TYPES = {
    TradeBar: TickType.TRADE,
    QuoteBar: TickType.QUOTE,
    OpenInterest: TickType.OPEN_INTEREST,
}


@dataclass(frozen=True)
class Span:
    """How far back: a number of bars, a span of time, or from one time to another in the algorithm's zone."""

    periods: int | None = None
    span: timedelta | None = None
    start: datetime | date | None = None
    end: datetime | date | None = None


@dataclass(frozen=True)
class Terms:
    """How the data is wanted; None: as the algorithm is subscribed to it."""

    resolution: Resolution | None = None
    fill_forward: bool | None = None
    extended_market_hours: bool | None = None
    data_normalization_mode: DataNormalizationMode | None = None


class HistoryRequestFactory:
    """Makes requests out of an algorithm's subscriptions.

    Args:
        algorithm: has `subscription_manager.configs`, `universe_settings`, `settings`, `make_config`, and the
            run's clock and zone.
    """

    def __init__(self, algorithm: Any, data: DataFolder) -> None:
        self._algorithm, self._data = algorithm, data

    def create(
        self, symbols: Iterable[Any], data_type: type | None, span: Span, terms: Terms
    ) -> list[HistoryRequest]:
        """Requests for the data of symbols, quotes before trades.

        Raises:
            NotSupportedByEngine: a kind of data that is not read.
        """
        custom = is_custom(data_type)
        if data_type is not None and data_type not in TICK_TYPES and not custom:
            name = "Resolution.Tick" if data_type is Tick else data_type.__name__
            raise NotSupportedByEngine(f"history of {name}")
        requests = []
        for symbol in symbols:
            if symbol.is_canonical():
                raise NotSupportedByEngine("history of OptionUniverse")
            kind = data_type if custom or data_type is None else TICK_TYPES[data_type]
            for config in self._configs(symbol, kind, terms.resolution):
                wanted = self._as_wanted(config, terms)
                start, end = self._times(wanted, span, terms)
                hours = self._hours_of(wanted) if wanted.is_custom_data else None
                requests.append(HistoryRequest(wanted, start, end, hours))
        return requests

    def _hours_of(self, config: SubscriptionDataConfig) -> Any:
        """When the exchange of custom data is open; the algorithm may change that of a security."""
        security = self._algorithm.securities.known(config.symbol)
        if security is not None:
            return security.exchange.hours
        return self._data.market_hours.get_exchange_hours(config)

    def _sessions(self, config: SubscriptionDataConfig) -> Sessions:
        if config.is_custom_data:
            return Sessions(self._hours_of(config).columns)
        return self._data.sessions(self._data.series(config))

    def auxiliary(
        self, symbols: Iterable[Any], kind: type, span: Span, terms: Terms
    ) -> list[AuxiliaryRequest]:
        """Requests for events of symbols; a number of bars counts bars of the resolution."""
        requests = []
        for symbol in symbols:
            own = self._own(symbol, internal=False)
            known = own or self._own(symbol, internal=True)
            settings = self._algorithm.universe_settings
            resolution = terms.resolution
            if resolution is None:
                resolution = min((config.resolution for config in known), default=settings.resolution)
            extended = terms.extended_market_hours
            if extended is None:
                extended = own[0].extended_market_hours if own else settings.extended_market_hours
            config = self._algorithm.make_config(symbol, resolution, TickType.TRADE, extended=extended)
            wanted = self._as_wanted(config, Terms(resolution=resolution))
            requests.append(AuxiliaryRequest(wanted, kind, *self._times(wanted, span, terms, strict=False)))
        return requests

    def start(
        self,
        config: SubscriptionDataConfig,
        periods: int,
        *,
        extended: bool = False,
        strict: bool = True,
        until: int | None = None,
    ) -> int:
        """When a subscription's last bars that are complete at a time begin, UTC nanoseconds.

        Args:
            strict: whether daily bars may end at the close of the market; those of events never do.
            until: the time, UTC nanoseconds; left out, now.
        """
        sessions = self._sessions(config)
        return start_of_bars(
            sessions,
            self._algorithm._clock.utc_ns if until is None else until,
            config.resolution,
            periods,
            extended=extended and config.resolution < Resolution.HOUR,
            strict=strict
            and uses_strict_end_times(config, sessions, self._algorithm.settings.daily_precise_end_time),
        )

    def _times(
        self, config: SubscriptionDataConfig, span: Span, terms: Terms, *, strict: bool = True
    ) -> tuple[int, int]:
        now = self._algorithm._clock.utc_ns
        if span.periods is not None:
            extended = terms.extended_market_hours
            if extended is None:
                own = self._own(config.symbol, internal=False)
                extended = any(other.extended_market_hours for other in own)
            return self.start(config, span.periods, extended=extended, strict=strict), now
        if span.span is not None:
            return now - nanoseconds(span.span), now
        assert span.start is not None
        end = now if span.end is None else self._utc(span.end)
        return self._utc(span.start), end

    def _utc(self, time: datetime | date) -> int:
        if not isinstance(time, datetime):
            time = datetime(time.year, time.month, time.day)
        if time.tzinfo is not None:
            return to_ns((time - time.utcoffset()) if time.utcoffset() else time)  # type: ignore[operator]
        return local_to_utc(time, self._algorithm._zone)

    def _own(self, symbol: Any, *, internal: bool) -> list[SubscriptionDataConfig]:
        return [
            config
            for config in self._algorithm.subscription_manager.configs
            if config.symbol == symbol and (internal or not config.is_internal_feed)
        ]

    def _configs(
        self, symbol: Any, wanted: TickType | type | None, resolution: Resolution | None
    ) -> list[SubscriptionDataConfig]:
        """Subscriptions to take the data of: the algorithm's own, the engine's, else new ones.

        Args:
            wanted: trades, quotes or open interest; a type of custom data; None: anything.
        """
        if isinstance(wanted, type):
            return self._custom_configs(symbol, wanted, resolution)
        tick_type = wanted
        known = self._own(symbol, internal=True)
        known.sort(key=lambda config: (config.resolution, config.tick_type), reverse=True)
        fitting = [config for config in known if tick_type in (None, config.tick_type)]
        chosen = [config for config in fitting if not config.is_internal_feed] or fitting
        kind = SecurityType(symbol.security_type)
        if not chosen:
            return self._new_configs(symbol, tick_type, known, resolution)
        if resolution is not None and kind == SecurityType.EQUITY:
            if resolution >= Resolution.HOUR:
                return [config for config in chosen if config.tick_type != TickType.QUOTE]
            if tick_type is None and all(config.tick_type != TickType.QUOTE for config in chosen):
                first = chosen[0]
                quotes = self._algorithm.make_config(
                    symbol,
                    resolution,
                    TickType.QUOTE,
                    fill_forward=first.fill_data_forward,
                    extended=first.extended_market_hours,
                )
                chosen.insert(0, quotes)
        return chosen

    def _custom_configs(
        self, symbol: Any, data_type: type, resolution: Resolution | None
    ) -> list[SubscriptionDataConfig]:
        """Subscriptions to a type of custom data, else a new one."""
        known = self._own(symbol, internal=False)
        chosen = [config for config in known if issubclass(config.type, data_type)]
        if chosen:
            return chosen
        settings = self._algorithm.universe_settings
        if resolution is None:
            resolution = min((config.resolution for config in known), default=settings.resolution)
        return [
            self._algorithm.make_custom_config(
                symbol, data_type, resolution, settings.fill_forward, settings.extended_market_hours
            )
        ]

    def _new_configs(
        self,
        symbol: Any,
        tick_type: TickType | None,
        known: list[SubscriptionDataConfig],
        resolution: Resolution | None,
    ) -> list[SubscriptionDataConfig]:
        from utils.engine.subscriptions.data_types import available

        settings = self._algorithm.universe_settings
        own = [config for config in known if not config.is_internal_feed] or known
        if resolution is None:
            resolution = min((config.resolution for config in own), default=settings.resolution)
        extended, mode = settings.extended_market_hours, settings.data_normalization_mode
        if own and not own[0].is_internal_feed:
            extended, mode = own[0].extended_market_hours, own[0].data_normalization_mode
        kinds = [kind for kind in available(symbol.security_type, resolution) if tick_type in (None, kind)]
        return [
            self._algorithm.make_config(
                symbol,
                resolution,
                kind,
                fill_forward=settings.fill_forward,
                extended=extended,
                mode=mode,
                internal=True,
            )
            for kind in sorted(kinds, reverse=True)
        ]

    @staticmethod
    def _as_wanted(config: SubscriptionDataConfig, terms: Terms) -> SubscriptionDataConfig:
        resolution = config.resolution if terms.resolution is None else Resolution(terms.resolution)
        if not INCREMENTS[resolution]:
            raise NotSupportedByEngine("history of Resolution.Tick")
        changes: dict[str, Any] = {"resolution": resolution, "is_internal_feed": False}
        if not config.is_custom_data:
            changes["type"] = None  # follows from the others
        if terms.fill_forward is not None:
            changes["fill_data_forward"] = terms.fill_forward
        if terms.extended_market_hours is not None:
            changes["extended_market_hours"] = terms.extended_market_hours
        mode = terms.data_normalization_mode
        if mode is not None and config.security_type == SecurityType.EQUITY:
            changes["data_normalization_mode"] = mode
        return config.copy(**changes)


def is_custom(data_type: type | None) -> bool:
    """Whether a type of data is the algorithm's own."""
    return (
        data_type is not None
        and issubclass(data_type, BaseData)
        and not data_type.__module__.startswith("utils.engine.")
    )


def symbols_of(given: Any, symbol_of: Any) -> list[Any]:
    """The symbols a call names: symbols, securities, tickers, or a list of them.

    Raises:
        AlgorithmError: a ticker that was not added.
    """
    several = given if isinstance(given, (list, tuple, set)) else [given]
    if hasattr(given, "keys") and not hasattr(given, "symbol"):
        several = list(given.keys() if callable(given.keys) else given.keys)
    found = []
    for one in several:
        symbol = symbol_of(getattr(one, "symbol", one))
        if symbol is None:
            raise AlgorithmError(
                f"history: no security was added under the ticker {one}; add it, or give its Symbol"
            )
        found.append(symbol)
    return found
