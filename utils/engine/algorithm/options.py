"""Adding options."""

from __future__ import annotations

from typing import Any, cast

from utils.engine.algorithm.settings import UniverseSettings
from utils.engine.algorithm.subscribing import Subscribing
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.index_option_symbol import IndexOptionSymbol
from utils.engine.identity.security_identifier import is_option
from utils.engine.identity.symbol import Symbol
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.securities.option import IndexOption, Option
from utils.engine.securities.security import Security
from utils.engine.universes.option_chain_universe import OptionChainUniverse
from utils.engine.universes.option_listings import OptionListings
from utils.engine.universes.universe_manager import UniverseManager

_RAW = DataNormalizationMode.RAW


class Options(Subscribing):
    """`add_option_contract` and its kin."""

    universe_manager: UniverseManager

    def _init_options(self) -> None:
        self.universe_manager = UniverseManager()
        self.option_listings = OptionListings(self._environment.data)
        self._new_chains: list[Option] = []  # whose underlyings are still to be seen to
        self._made_raw: list[Security] = []  # what the user is still to be told of

    def add_option(self, underlying: Any, *terms: Any, **named: Any) -> Option:
        """Follow the contracts on an underlying that the security's filter chooses each day.

        `(underlying, resolution, market, fill_forward, leverage)`, the underlying a ticker or a symbol; of a
        symbol also `(underlying, target_option, resolution, ...)`, where the options have a ticker of their
        own.

        Returns:
            The canonical security: it stands for all contracts, and is not traded.
        """
        names: tuple[str, ...] = ("resolution", "market", "fill_forward", "leverage")
        if (terms and isinstance(terms[0], str)) or (len(terms) > 1 and isinstance(terms[1], Resolution)):
            names = ("target_option", *names)
        given = dict(zip(names, terms, strict=False)) | named
        target, market = given.pop("target_option", None), given.pop("market", None)
        if isinstance(underlying, str):
            market = self._market_of(SecurityType.OPTION, underlying, market)
            underlying = Symbol.create(underlying, SecurityType.EQUITY, market)
        symbol = as_symbol(underlying)
        market = market or symbol.id.market
        canonical = Symbol.create_canonical_option(symbol, target, market, f"?{target or symbol.value}")
        return self._add_chain(canonical, **given)

    def add_index_option(self, underlying: Any, *terms: Any, **named: Any) -> IndexOption:
        """As `add_option`, on an index.

        `(underlying, resolution, market, fill_forward)` or `(underlying, target_option, resolution, market,
        fill_forward)` of a ticker; of a symbol without market.
        """
        by_ticker = isinstance(underlying, str)
        names: tuple[str, ...] = ("resolution", "market", "fill_forward")
        if not by_ticker:
            names = ("resolution", "fill_forward")
        if terms and (isinstance(terms[0], str) or terms[0] is None):
            names = ("target_option", *names)
        given = dict(zip(names, terms, strict=False)) | named
        target, market = given.pop("target_option", None), given.pop("market", None)
        if by_ticker:
            index = IndexOptionSymbol.map_to_underlying(underlying)
            if index.upper() != underlying.upper():
                target = target or underlying
            market = self._market_of(SecurityType.INDEX, index, market)
            underlying = Symbol.create(index, SecurityType.INDEX, market)
        symbol = as_symbol(underlying)
        if symbol is None or symbol.security_type != SecurityType.INDEX:
            raise ArgumentException("Symbol provided must be of type SecurityType.Index")
        return cast(IndexOption, self.add_option(symbol, target_option=target, **given))

    def _add_chain(
        self,
        canonical: Symbol,
        resolution: Resolution | None = None,
        fill_forward: bool | None = None,
        leverage: float = 0.0,
    ) -> Option:
        known = self.securities.known(canonical)
        if known is not None and self.securities.is_active(canonical):
            return cast(Option, known)
        own = self.universe_settings
        settings = UniverseSettings()
        settings.resolution = own.resolution if resolution is None else resolution
        settings.fill_forward = own.fill_forward if fill_forward is None else fill_forward
        settings.leverage, settings.extended_market_hours = leverage, own.extended_market_hours
        settings.minimum_time_in_universe = own.minimum_time_in_universe
        if settings.resolution == Resolution.TICK:
            raise NotSupportedByEngine("Resolution.TICK")
        option = cast(Option, self._service.create(canonical))
        option.is_tradable = False
        self.securities.add(option)
        universe = OptionChainUniverse(option, settings, self.option_listings)
        self.universe_manager.add(canonical, universe)
        self._new_chains.append(option)
        return option

    def settle_options(self) -> None:
        """Add the underlyings of chains that were added, unless they are followed, with raw prices."""
        for option in self._new_chains:
            settings = self.universe_manager[option.symbol].universe_settings
            symbol = option.symbol.underlying
            underlying: Security | None = self.securities.known(symbol)
            if underlying is None or not self.securities.is_active(symbol):
                terms = (settings.resolution, None, settings.fill_forward, 0.0)
                kind = SecurityType(symbol.security_type)
                underlying = self._add(kind, symbol, *terms, settings.extended_market_hours, _RAW)
            if underlying.type == SecurityType.EQUITY:
                self.set_raw(underlying)
            option.underlying = underlying
        self._new_chains.clear()
        self.tell_of_raw_prices()

    def remove_security(self, symbol: Any, tag: str | None = None) -> bool:
        """As `Subscribing.remove_security`; of a chain all its contracts, and its underlying."""
        security = self.securities.get(symbol)
        if security is None or not security.symbol.is_canonical():
            return super().remove_security(symbol, tag)
        universe = self.universe_manager.get(security.symbol)
        if universe is None:
            return False
        others = [other for other in self.universe_manager.universes if other is not universe]
        members = sorted(universe.members.values(), key=lambda one: one.symbol.value)
        members.sort(key=lambda one: one is not security.underlying)
        for member in members:
            if not any(other.contains_member(member.symbol) for other in others):
                super().remove_security(member.symbol, tag)
        self.universe_manager.remove(security.symbol)
        self.securities.remove(security.symbol)
        return True

    def add_option_contract(
        self,
        symbol: Any,
        resolution: Resolution | None = None,
        fill_forward: bool = True,
        leverage: float = 0.0,
        extended_market_hours: bool = False,
    ) -> Option:
        """Subscribe to one contract, and to its underlying unless that is followed.

        Raises:
            ArgumentException: no contract's symbol; the underlying is delisted, or has adjusted prices after
                the algorithm was initialized.
        """
        symbol = as_symbol(symbol)
        if symbol is None or not is_option(symbol.security_type) or symbol.underlying is None:
            raise ArgumentException(
                f"Unexpected option symbol {symbol}. Please provide a valid option contract with it's "
                "underlying symbol set."
            )
        terms = (resolution, None, fill_forward, leverage, extended_market_hours)
        underlying = self._underlying(symbol, terms)
        configs = self._configs(
            symbol,
            self.universe_settings.resolution if resolution is None else resolution,
            fill_forward,
            extended_market_hours,
            _RAW,
        )
        self.set_raw(underlying)
        self.user_symbols |= {symbol, symbol.underlying}
        option = cast(Option, self._follow(symbol, configs, leverage, underlying))
        option.underlying = underlying
        return option

    def add_index_option_contract(
        self, symbol: Any, resolution: Resolution | None = None, fill_forward: bool = True
    ) -> IndexOption:
        """Subscribe to one contract on an index.

        Raises:
            ArgumentException: no such contract's symbol.
        """
        symbol = as_symbol(symbol)
        if symbol is None or symbol.security_type != SecurityType.INDEX_OPTION or symbol.is_canonical():
            raise ArgumentException(
                "Symbol provided must be non-canonical and of type SecurityType.IndexOption"
            )
        return cast(IndexOption, self.add_option_contract(symbol, resolution, fill_forward))

    def remove_option_contract(self, symbol: Any, tag: str | None = None) -> bool:
        """As `remove_security`."""
        return self.remove_security(symbol, tag)

    def _underlying(self, symbol: Symbol, terms: tuple[Any, ...]) -> Security:
        """The security an option is on, added when it is not followed."""
        assert symbol.underlying is not None
        underlying: Security | None = self.securities.known(symbol.underlying)
        if underlying is not None and underlying.is_delisted:
            raise ArgumentException(
                f"The underlying {underlying.type} asset ({underlying.symbol.value}) is delisted (current "
                f"time is {self.time})"
            )
        if underlying is None or not self.securities.is_active(underlying.symbol):
            return self._add(SecurityType(symbol.underlying.security_type), symbol.underlying, *terms)
        mode = underlying.data_normalization_mode
        if symbol.security_type == SecurityType.OPTION and mode != _RAW and self._locked:
            raise ArgumentException(
                f"The underlying {underlying.type} asset ({underlying.symbol.value}) is set to {mode}, "
                "please change this to DataNormalizationMode.Raw with the SetDataNormalization() method"
            )
        return underlying

    def set_raw(self, underlying: Security) -> None:
        """Give a security that options are on the prices that were traded, from now on."""
        changed = [c for c in underlying.subscriptions if c.data_normalization_mode != _RAW]
        if not changed:
            return
        underlying.set_data_normalization_mode(_RAW)
        self.reread(changed)
        if underlying.type == SecurityType.EQUITY:
            self._made_raw.append(underlying)

    def tell_of_raw_prices(self) -> None:
        """Tell the user, once, of securities whose prices are not adjusted because of options on them."""
        if self._made_raw:
            names = ", ".join(security.symbol.value for security in self._made_raw[:10])
            self.debug(
                "Warning: The following securities were set to raw price normalization mode to work with "
                f"options: {names}..."
            )
            self._made_raw.clear()
