"""Makes securities."""

from __future__ import annotations

from typing import Any

from utils.engine.clock import Clock
from utils.engine.dotnet.money import exact
from utils.engine.enums import SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.exchange.security_exchange import SecurityExchange
from utils.engine.identity.symbol_cache import SymbolCache
from utils.engine.identity.symbol_properties_database import SymbolPropertiesDatabase
from utils.engine.securities.cash import Cash
from utils.engine.securities.currencies import decompose
from utils.engine.securities.default_models import set_default_models
from utils.engine.securities.kinds import Cfd, Crypto, Equity, Forex, Index
from utils.engine.securities.option import IndexOption, Option
from utils.engine.securities.portfolio import SecurityPortfolioManager
from utils.engine.securities.security import Security

_KINDS: dict[SecurityType, type[Security]] = {
    SecurityType.BASE: Security,
    SecurityType.EQUITY: Equity,
    SecurityType.INDEX: Index,
    SecurityType.FOREX: Forex,
    SecurityType.CRYPTO: Crypto,
    SecurityType.CFD: Cfd,
    SecurityType.OPTION: Option,
    SecurityType.INDEX_OPTION: IndexOption,
}
_TRADING_DAYS = {SecurityType.OPTION: 252, SecurityType.INDEX_OPTION: 252}


class SecurityService:
    """Makes a security with its exchange, its currencies and its models.

    Attributes:
        initializer: sets the models of a new security.
    """

    def __init__(
        self,
        clock: Clock,
        hours: MarketHoursDatabase,
        properties: SymbolPropertiesDatabase,
        portfolio: SecurityPortfolioManager,
    ) -> None:
        self._clock, self._hours, self._properties, self._portfolio = clock, hours, properties, portfolio
        self.initializer: Any = None

    def create(
        self,
        symbol: Any,
        leverage: float = 0.0,
        *,
        cached: bool = True,
        initialize: bool = True,
        underlying: Security | None = None,
    ) -> Security:
        """A new security; currencies the cash book lacks are added to it.

        Args:
            leverage: zero leaves the model's.
            cached: whether the ticker finds the symbol from now on.
            initialize: whether the initializer sets its models.
            underlying: of a derivative.

        Raises:
            NotSupportedByEngine: the kind of security.
        """
        kind = SecurityType(symbol.security_type)
        if kind not in _KINDS:
            raise NotSupportedByEngine(f"SecurityType.{kind}")
        market = symbol.id.market
        hours = self._hours.get_exchange_hours(market, symbol, kind)
        account = self._portfolio.cash_book.account_currency
        default = symbol.value[3:] if kind == SecurityType.FOREX else account
        properties = self._properties.get_symbol_properties(market, symbol, kind, default)
        if cached:
            SymbolCache.set(symbol.value, symbol)
            if symbol.underlying is not None:
                SymbolCache.set(symbol.underlying.value, symbol.underlying)
        quote = self._cash(properties.quote_currency)
        days = _TRADING_DAYS.get(kind, 365)
        exchange = SecurityExchange(hours, lambda: self._clock.local(hours.time_zone), days)
        parts = (symbol, self._clock, exchange, quote, properties, self._portfolio)
        if kind in (SecurityType.FOREX, SecurityType.CRYPTO):
            base, _ = decompose(symbol, properties.quote_currency)
            pair: Any = _KINDS[kind]
            security: Security = pair(*parts, base_currency=self._cash(base))
        elif kind in (SecurityType.OPTION, SecurityType.INDEX_OPTION):
            derivative: Any = _KINDS[kind]
            security = derivative(*parts, underlying=underlying)
        else:
            security = _KINDS[kind](*parts)
        set_default_models(security)
        if initialize and self.initializer is not None:
            self.initialize(security)
        if leverage:
            security.set_leverage(exact(leverage))
        return security

    def initialize(self, security: Security) -> None:
        """Let the initializer set the models."""
        initializer = self.initializer
        call = (
            getattr(initializer, "initialize", None)
            or getattr(initializer, "Initialize", None)
            or initializer
        )
        call(security)
        security.is_initialized = True

    def _cash(self, currency: str) -> Cash:
        book = self._portfolio.cash_book
        return book[currency] if currency in book else self._portfolio.add_cash(currency)
