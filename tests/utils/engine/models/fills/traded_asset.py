"""A security whose latest bars and time a test sets by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from utils.engine.data.bar import Bar
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.enums import DayOfWeek, Resolution, SecurityType
from utils.engine.exchange.market_hours_segment import MarketHoursSegment, MarketHoursState
from utils.engine.exchange.security_exchange import SecurityExchange
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours, same_hours
from utils.engine.exchange.time_zones import TimeZones
from utils.engine.identity.symbol import Symbol
from utils.engine.models.fills.fill_model_parameters import FillModelParameters
from utils.engine.models.slippage.null_slippage_model import NullSlippageModel
from utils.engine.orders.order import Order
from utils.engine.orders.time_in_force import UTC, moved

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
EURUSD = Symbol.create("EURUSD", SecurityType.FOREX, "oanda")
NEW_YORK = TimeZones.NEW_YORK
WORK_DAYS = [day for day in DayOfWeek if day not in (DayOfWeek.SATURDAY, DayOfWeek.SUNDAY)]

_FIELDS = ("open", "high", "low", "close")


def new_york_hours() -> SecurityExchangeHours:
    """Hours of shares in the US, without holidays."""
    pre, regular, post = (
        MarketHoursSegment(state, timedelta(hours=start), timedelta(hours=end))
        for state, start, end in (
            (MarketHoursState.PRE_MARKET, 4, 9.5),
            (MarketHoursState.MARKET, 9.5, 16),
            (MarketHoursState.POST_MARKET, 16, 20),
        )
    )
    return SecurityExchangeHours(NEW_YORK, (), same_hours([pre, regular, post], WORK_DAYS), {}, {})


class Cache:
    """Keeps the latest bar of each type."""

    def __init__(self) -> None:
        self._bars: dict[type, Any] = {}
        self._latest: Any = None

    def put(self, bar: Any) -> None:
        self._bars[type(bar)] = self._latest = bar

    def get_data(self, kind: type | None = None) -> Any:
        return self._latest if kind is None else self._bars.get(kind)

    def exact_of(self, kind: type, name: str) -> Decimal | None:
        bar = self._bars.get(kind)
        side, _, part = name.rpartition("_")
        bar = getattr(bar, side) if side else bar
        return None if bar is None else exact(getattr(bar, part))

    @property
    def exact_price(self) -> Decimal:
        return ZERO if self._latest is None else exact(self._latest.value)


@dataclass
class Asset:
    """What fill models read of a security."""

    symbol: Symbol = SPY
    hours: SecurityExchangeHours = field(default_factory=new_york_hours)
    local_time: datetime = datetime(2021, 3, 1, 10)
    slippage_model: Any = field(default_factory=NullSlippageModel)
    types: tuple[type, ...] = (TradeBar, QuoteBar)
    resolution: Resolution = Resolution.MINUTE
    extended: bool = False

    def __post_init__(self) -> None:
        self.cache = Cache()
        self.exchange = SecurityExchange(self.hours)
        self.configs = [
            SimpleNamespace(
                type=kind,
                resolution=self.resolution,
                is_internal_feed=False,
                extended_market_hours=self.extended,
            )
            for kind in self.types
        ]

    @property
    def type(self) -> SecurityType:
        return self.symbol.security_type

    @property
    def utc_time(self) -> datetime:
        return moved(self.local_time, self.hours.time_zone, UTC)

    def get_last_data(self) -> Any:
        return self.cache.get_data()

    def __getattr__(self, name: str) -> Any:
        if name.removeprefix("exact_") in (*_FIELDS, "price"):
            return self.cache.exact_price
        raise AttributeError(name)

    def utc(self, local: datetime) -> datetime:
        return moved(local, self.hours.time_zone, UTC)

    def trade(
        self,
        end: datetime,
        opened: float,
        high: float,
        low: float,
        close: float,
        period: timedelta = timedelta(minutes=1),
    ) -> None:
        """A trade bar that ends now."""
        self.local_time = end
        self.cache.put(TradeBar(end - period, self.symbol, opened, high, low, close, 1000, period))

    def quote(
        self,
        end: datetime,
        bid: tuple[float, ...] | None,
        ask: tuple[float, ...] | None,
        period: timedelta = timedelta(minutes=1),
    ) -> None:
        """A quote bar of bids and asks, each open, high, low and close, that ends now."""
        self.local_time = end
        sides = [None if side is None else Bar(*side) for side in (bid, ask)]
        self.cache.put(QuoteBar(end - period, self.symbol, sides[0], 300, sides[1], 500, period))


class Configs:
    """Looks subscriptions up."""

    def __init__(self, assets: list[Asset]) -> None:
        self._assets = assets

    def get_subscription_data_configs(
        self,
        symbol: Symbol,
        include_internal_configs: bool = False,  # noqa: ARG002 - LEAN's
    ) -> Any:
        return next(asset for asset in self._assets if asset.symbol == symbol).configs


def terms(
    asset: Asset,
    order: Order,
    legs: dict[Order, Asset] | None = None,
    told: Callable[[Order], None] | None = None,
) -> FillModelParameters:
    """What a fill model is given: prices an hour old are stale."""
    legs = legs or {order: asset}
    return FillModelParameters(asset, order, Configs(list(legs.values())), timedelta(hours=1), legs, told)


def sent(order: Order, number: int, utc_time: datetime) -> Order:
    """An order as the brokerage has it."""
    order.id, order.time, order.price_currency = number, utc_time, "USD"
    return order
