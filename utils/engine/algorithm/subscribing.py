"""Adding and removing securities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.data.symbol_key import symbol_of
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType, TickType
from utils.engine.errors import AlgorithmError, NotSupportedByEngine
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.identity.market import Market
from utils.engine.identity.security_identifier import is_option
from utils.engine.identity.symbol import Symbol
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.securities.kinds import Cfd, Crypto, Equity, Forex, Index
from utils.engine.securities.security import Security
from utils.engine.subscriptions.data_types import available, bar_type
from utils.engine.subscriptions.security_service import SecurityService


class Subscribing(AlgorithmBase):
    """`add_equity` and its kin."""

    _service: SecurityService

    # Given by another part
    add_option: Callable[..., Security]
    add_option_contract: Callable[..., Security]
    get_last_known_prices: Callable[..., list[Any]]

    def _init_subscribing(self) -> None:
        # What came and went since the run loop last looked.
        self.added_configs: list[SubscriptionDataConfig] = []
        self.removed_configs: list[SubscriptionDataConfig] = []
        self.changes_added: list[Security] = []
        self.changes_removed: list[Security] = []
        self.user_symbols: set[Symbol] = set()  # followed because the user said so, no universe

    def add_equity(
        self,
        ticker: Any,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool = True,
        leverage: float = 0.0,
        extended_market_hours: bool = False,
        data_normalization_mode: DataNormalizationMode | None = None,
    ) -> Equity:
        """Subscribe to a share."""
        terms = (resolution, market, fill_forward, leverage, extended_market_hours, data_normalization_mode)
        return cast(Equity, self._add(SecurityType.EQUITY, ticker, *terms))

    def add_crypto(
        self,
        ticker: Any,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool = True,
        leverage: float = 0.0,
    ) -> Crypto:
        """Subscribe to a pair with a coin."""
        return cast(
            Crypto, self._add(SecurityType.CRYPTO, ticker, resolution, market, fill_forward, leverage)
        )

    def add_forex(
        self,
        ticker: Any,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool = True,
        leverage: float = 0.0,
    ) -> Forex:
        """Subscribe to a pair of currencies."""
        return cast(Forex, self._add(SecurityType.FOREX, ticker, resolution, market, fill_forward, leverage))

    def add_cfd(
        self,
        ticker: Any,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool = True,
        leverage: float = 0.0,
    ) -> Cfd:
        """Subscribe to a contract for difference."""
        return cast(Cfd, self._add(SecurityType.CFD, ticker, resolution, market, fill_forward, leverage))

    def add_index(
        self,
        ticker: Any,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool = True,
    ) -> Index:
        """Subscribe to an index; it cannot be traded."""
        return cast(Index, self._add(SecurityType.INDEX, ticker, resolution, market, fill_forward))

    def add_security(self, *terms: Any, **named: Any) -> Security:
        """Subscribe: `(symbol, resolution, ...)` or `(security_type, ticker, resolution, ...)`."""
        first = terms[0] if terms else named.get("symbol", named.get("security_type"))
        names = ["resolution", "fill_forward", "leverage", "extended_market_hours"]
        if isinstance(first, SecurityType):
            names = ["security_type", "ticker", "resolution", "market", *names[1:], "data_normalization_mode"]
            if first == SecurityType.OPTION:
                return self.add_option(*terms[1:], **named)
            if len(terms) > 3 and isinstance(terms[3], bool):
                names.remove("market")
            given = dict(zip(names, terms, strict=False)) | named
            kind, what = given.pop("security_type"), given.pop("ticker", None)
            if what is None:
                what = given.pop("symbol")
        else:
            names = ["symbol", *names, "data_mapping_mode", "data_normalization_mode"]
            given = dict(zip(names, terms, strict=False)) | named
            what = symbol_of(given.pop("symbol"))
            if what is None:
                raise AlgorithmError(f"add_security: no security type is given for the ticker {first}")
            kind = what.security_type
            if is_option(kind):
                return self._add_option_symbol(what, given)
        given = {name: value for name, value in given.items() if name not in ("data_mapping_mode",)}
        if given.get("fill_forward") is None:
            given["fill_forward"] = self.universe_settings.fill_forward
        return self._add(kind, what, **given)

    def _add_option_symbol(self, symbol: Symbol, given: dict[str, Any]) -> Security:
        """A contract, or all contracts on an underlying."""
        names = ("resolution", "fill_forward", "leverage", "extended_market_hours")
        terms = {name: given[name] for name in names if given.get(name) is not None}
        if not symbol.is_canonical():
            return self.add_option_contract(symbol, **terms)
        terms.pop("extended_market_hours", None)
        target = symbol.id.symbol if symbol.security_type == SecurityType.INDEX_OPTION else None
        return self.add_option(symbol.underlying, target_option=target, **terms)

    def _market_of(self, kind: SecurityType, ticker: str, market: str | None) -> str:
        if market:
            return market.lower()
        if kind == SecurityType.INDEX:
            return str(self._environment.data.symbol_properties.try_get_market(ticker, kind) or Market.USA)
        found = (
            self._environment.data.symbol_properties.try_get_market(ticker, kind)
            if kind in (SecurityType.FOREX, SecurityType.CFD)
            else None
        )
        if found and kind == SecurityType.CFD:
            return str(found)
        default = self.brokerage_model.default_markets.get(kind)
        if default is None:
            raise AlgorithmError(f"No default market set for security type: {kind}")
        return str(default)

    def _add(
        self,
        kind: SecurityType,
        ticker: Any,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool = True,
        leverage: float = 0.0,
        extended_market_hours: bool | None = None,
        data_normalization_mode: DataNormalizationMode | None = None,
    ) -> Security:
        if not isinstance(ticker, str):
            symbol = as_symbol(ticker)
        else:
            symbol = Symbol.create(ticker, kind, self._market_of(kind, ticker, market))
        if resolution is None:
            resolution = self.universe_settings.resolution
        if extended_market_hours is None:
            extended_market_hours = self.universe_settings.extended_market_hours
        if data_normalization_mode is None:
            data_normalization_mode = self.universe_settings.data_normalization_mode
        if resolution == Resolution.TICK:
            raise NotSupportedByEngine("Resolution.TICK")
        configs = self._configs(
            symbol, resolution, fill_forward, extended_market_hours, data_normalization_mode
        )
        self.user_symbols.add(symbol)
        return self._follow(symbol, configs, leverage)

    def _follow(
        self,
        symbol: Symbol,
        configs: list[SubscriptionDataConfig],
        leverage: float = 0.0,
        underlying: Security | None = None,
        *,
        cached: bool = True,
        by_universe: bool = False,
    ) -> Security:
        """Follow a security by these configurations, as far as it is not followed by them already.

        Args:
            leverage: zero leaves the model's.
            underlying: of a derivative.
            cached: whether its ticker finds the symbol from now on.
            by_universe: it is initialized before it is subscribed to: the history that an initializer asks
                for then is by the engine's own subscription, if there is one, such as the benchmark's.
        """
        security = self.securities.known(symbol)
        if security is None:
            security = self._service.create(
                symbol, 0.0, cached=cached, initialize=False, underlying=underlying
            )
            self._begin_data(security, configs, by_universe)
            if leverage:
                security.set_leverage(leverage)
        else:
            own = self.subscription_manager.configs_of(symbol, internal=True)
            existing = {(c.resolution, c.tick_type, c.is_internal_feed) for c in own}
            configs = [c for c in configs if (c.resolution, c.tick_type, c.is_internal_feed) not in existing]
            security.is_tradable = symbol.security_type != SecurityType.INDEX
            self._begin_data(security, configs, by_universe)
        self._clock.interrupted = True
        if not self.securities.is_active(symbol) or configs:
            self.changes_added.append(security)
        self.securities.add(security)
        self.added_configs.extend(configs)
        return security

    def _begin_data(
        self, security: Security, configs: list[SubscriptionDataConfig], by_universe: bool
    ) -> None:
        """Subscribe, and initialize the security, unless it is initialized."""
        # Known before the initializer runs, which may look at its subscriptions.
        security.subscriptions.extend(configs)
        if not by_universe:
            self._subscribe(security, configs)
        if not security.is_initialized:
            security.refresh_price_variation()
            self._service.initialize(security)
        if by_universe:
            self._subscribe(security, configs)

    def _subscribe(self, security: Security, configs: list[SubscriptionDataConfig]) -> None:
        for config in configs:
            self.subscription_manager.add(config)
        if self.settings.seed_initial_prices and not security.exact_price:
            for point in self.get_last_known_prices(security):
                security.set_market_price(point)

    def _configs(
        self,
        symbol: Symbol,
        resolution: Resolution,
        fill_forward: bool,
        extended: bool,
        mode: DataNormalizationMode,
    ) -> list[SubscriptionDataConfig]:
        return [
            self.make_config(
                symbol, resolution, tick_type, fill_forward=fill_forward, extended=extended, mode=mode
            )
            for tick_type in available(symbol.security_type, resolution)
        ]

    def make_config(
        self,
        symbol: Symbol,
        resolution: Resolution,
        tick_type: Any,
        *,
        fill_forward: bool = True,
        extended: bool = False,
        mode: DataNormalizationMode = DataNormalizationMode.ADJUSTED,
        internal: bool = False,
    ) -> SubscriptionDataConfig:
        """A configuration for a symbol's data."""
        hours = self._environment.data.market_hours
        kind = symbol.security_type
        return SubscriptionDataConfig(
            symbol=symbol,
            type=bar_type(resolution, tick_type),
            resolution=resolution,
            tick_type=tick_type,
            data_time_zone=hours.get_data_time_zone(symbol.id.market, symbol, kind),
            exchange_time_zone=hours.get_exchange_hours(symbol.id.market, symbol, kind).time_zone,
            fill_data_forward=fill_forward,
            extended_market_hours=extended,
            is_internal_feed=internal or tick_type == TickType.OPEN_INTEREST,
            data_normalization_mode=mode,
        )

    def reread(self, configs: list[SubscriptionDataConfig]) -> None:
        """Let what is subscribed to be read anew from now on, as its terms have changed."""
        self._clock.interrupted = True
        for config in configs:
            if config not in self.added_configs and config in self.subscription_manager.configs:
                self.removed_configs.append(config)
                self.added_configs.append(config)

    def remove_security(self, symbol: Any, tag: str | None = None) -> bool:
        """Close the position, cancel the orders, and subscribe to the security no longer."""
        security = self.securities.get(symbol)
        if security is None or not self.securities.is_active(security.symbol):
            return False
        found: Security = security
        tag = "Removed" if tag is None else tag
        if not self._warming_up:
            self.transactions.cancel_open_orders(found.symbol, tag)
        if found.invested:
            self.liquidate(found.symbol, tag=tag)
        self.user_symbols.discard(found.symbol)
        self.unfollow(found)
        self.changes_removed.append(found)
        return True

    def unfollow(self, security: Security) -> None:
        """Subscribe to a security no longer."""
        self._clock.interrupted = True
        security.is_tradable = security.is_initialized = False
        for config in self.subscription_manager.configs_of(security.symbol, internal=True):
            if config.is_internal_feed and config.tick_type != TickType.OPEN_INTEREST:
                continue  # a currency's rate comes from it
            self.subscription_manager.remove(config)
            self.removed_configs.append(config)
        security.subscriptions.clear()
        security.forget_session()
        self.securities.remove(security.symbol)

    @property
    def active_securities(self) -> Any:
        """Securities followed now."""
        return self.securities

    def symbol(self, ticker: str) -> Symbol:
        """The symbol of a ticker that was added."""
        found = symbol_of(ticker)
        if found is None:
            raise AlgorithmError(f"symbol: no security was added under the ticker {ticker}")
        return found

    def add_universe_selection(self, *_terms: Any, **_named: Any) -> Any:
        """Universes are not supported."""
        raise NotSupportedByEngine("add_universe_selection")

    def add_future(self, *_terms: Any, **_named: Any) -> Any:
        """Futures are not supported."""
        raise NotSupportedByEngine("add_future")
