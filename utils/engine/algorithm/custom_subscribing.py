"""`self.add_data`: subscribing to data of a type of the algorithm's own."""

from __future__ import annotations

import builtins
from datetime import tzinfo
from typing import Any, Final

from utils.data.lean.clock import zone
from utils.engine.algorithm.subscribing import Subscribing
from utils.engine.data.base_data import BaseData
from utils.engine.dotnet.exceptions import ArgumentException, InvalidOperationException
from utils.engine.enums import Resolution, SecurityType, TickType
from utils.engine.errors import AlgorithmError, NotSupportedByEngine
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.history_requests import is_custom
from utils.engine.identity.market import Market
from utils.engine.identity.security_identifier import SecurityIdentifier
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache
from utils.engine.identity.symbol_properties import SymbolProperties
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.securities.security import Security

_NAMES: Final = ("resolution", "time_zone", "fill_forward", "leverage")
_OWN_HOURS: Final = ("properties", "exchange_hours", "resolution", "fill_forward", "leverage")


class CustomSubscribing(Subscribing):
    """Custom data."""

    def add_data(self, type: builtins.type, ticker: Any, *terms: Any, **named: Any) -> Security:  # noqa: A002 - LEAN's name
        """Subscribe to data that a class of the algorithm's reads: `get_source` says where, `reader` how.

        `add_data(type, ticker_or_symbol[, resolution, time_zone, fill_forward, leverage])`, or
        `add_data(type, ticker, properties, exchange_hours[, resolution, fill_forward, leverage])`. A symbol
        is what the data is about. Without time zone it is New York's, without hours the market never shuts.

        Raises:
            ArgumentException: not a data type, or not one of its resolutions.
            InvalidOperationException: a type with `requires_mapping` and a ticker that was not added.
            NotSupportedByEngine: a type of LEAN's, ticks, data about a share that changes its ticker or ends.
        """
        given = _arguments(terms, named)
        kind = _data_type(type)
        symbol = self._custom_symbol(kind, ticker)
        SymbolCache.set(symbol.id.symbol, symbol)
        if "properties" in given:
            key = SecurityIdentifier.generate_base_symbol(kind, str(ticker))
            self.symbol_properties_database.set_entry(Market.USA, key, SecurityType.BASE, given["properties"])
            self.market_hours_database.set_entry(Market.USA, key, SecurityType.BASE, given["exchange_hours"])
        elif given.get("time_zone") is not None:
            self.market_hours_database.set_entry_always_open(
                symbol.id.market, symbol.id.symbol, SecurityType.BASE, _zone(given["time_zone"])
            )
        resolution = self._custom_resolution(kind, symbol, given.get("resolution"))
        fill_forward = bool(given.get("fill_forward", False))
        config = self.make_custom_config(symbol, kind, resolution, fill_forward, True)
        self.user_symbols.add(symbol)
        leverage = float(given.get("leverage", 1.0))
        return self._follow(symbol, [config], leverage, cached=False)

    def make_custom_config(
        self,
        symbol: Symbol,
        kind: builtins.type,
        resolution: Resolution,
        fill_forward: bool,
        extended_market_hours: bool,
    ) -> SubscriptionDataConfig:
        """A configuration for custom data; a market without hours in the database gets some: always open."""
        hours = self.market_hours_database
        market = symbol.id.market
        entry = hours.try_get_entry(market, symbol, symbol.security_type)
        if entry is None:
            name = f"TYPE.{kind.__name__}"
            default = zone(_about(symbol, BaseData).data_time_zone())
            entry = hours.set_entry_always_open(market, name, symbol.security_type, default)
        return SubscriptionDataConfig(
            type=kind,
            symbol=symbol,
            resolution=resolution,
            tick_type=TickType.TRADE,
            data_time_zone=entry.data_time_zone,
            exchange_time_zone=entry.exchange_hours.time_zone,
            fill_data_forward=fill_forward,
            extended_market_hours=extended_market_hours,
            is_custom_data=True,
        )

    def _custom_symbol(self, kind: builtins.type, ticker: Any) -> Symbol:
        underlying: Symbol | None = None if isinstance(ticker, str) else as_symbol(ticker)
        if underlying is None and kind().requires_mapping():
            underlying = SymbolCache.try_get_symbol(ticker)
            if underlying is None:
                raise InvalidOperationException(
                    f"add_data: {kind.__name__} requires mapping, and no security was added under the ticker "
                    f"{ticker}; add it first, or give its Symbol"
                )
        if underlying is None:
            return Symbol(SecurityIdentifier.generate_base(kind, ticker, Market.USA), ticker)
        symbol = Symbol.create_base(kind, underlying, underlying.id.market)
        if _about(symbol, kind).requires_mapping():
            self._refuse_changes(underlying)
        return symbol

    def _refuse_changes(self, symbol: Symbol) -> None:
        """LEAN tells custom data of a share's changes of ticker and of its delisting; the engine does not."""
        rows = self._environment.data.map_file_of(symbol).rows
        inside = [(day, ticker) for day, ticker in rows[1:] if day >= self.start_date.date()]
        ends = inside and inside[-1][0] <= self.end_date.date()
        if ends or len({ticker.upper() for _, ticker in inside}) > 1:
            raise NotSupportedByEngine(f"add_data about {symbol.value}, which changes its ticker or ends")

    @staticmethod
    def _custom_resolution(kind: builtins.type, symbol: Symbol, given: Resolution | None) -> Resolution:
        data = _about(symbol, kind)
        if given is None:
            given = Resolution(data.default_resolution())
        elif given not in data.supported_resolutions():
            supported = ",".join(str(resolution) for resolution in data.supported_resolutions())
            raise ArgumentException(
                f"Sorry {given} is not a supported resolution for {kind.__name__} and SecurityType.Base. "
                f"Please change your AddData to use one of the supported resolutions ({supported})."
            )
        if given == Resolution.TICK:
            raise NotSupportedByEngine("add_data of Resolution.TICK")
        return given


def _arguments(terms: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """Arguments after type and ticker, by name.

    Raises:
        AlgorithmError: they are none of the forms.
    """
    own_hours = (terms and isinstance(terms[0], SymbolProperties)) or "properties" in named
    names = _OWN_HOURS if own_hours else _NAMES
    given = dict(zip(names, terms, strict=False)) | named
    unknown = sorted(given.keys() - set(names))
    if len(terms) > len(names) or unknown or (own_hours and "exchange_hours" not in given):
        raise AlgorithmError(
            "add_data: give a type, a ticker or symbol, and perhaps resolution, time_zone, fill_forward and "
            "leverage; or properties and exchange_hours after the ticker"
        )
    return given


def _data_type(given: Any) -> builtins.type:
    if not (isinstance(given, builtins.type) and issubclass(given, BaseData)):
        raise ArgumentException(
            f"add_data: {given!r} is no type of data; give a class derived from PythonData first"
        )
    if not is_custom(given):
        raise NotSupportedByEngine(f"add_data of {given.__name__}")
    return given


def _about(symbol: Symbol, kind: builtins.type[BaseData]) -> BaseData:
    """An instance of a data type that knows its symbol."""
    data = kind()
    data.symbol = symbol
    return data


def _zone(given: Any) -> tzinfo:
    found: tzinfo = zone(given) if isinstance(given, str) else given
    return found
