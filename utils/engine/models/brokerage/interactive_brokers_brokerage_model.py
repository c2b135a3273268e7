"""Interactive Brokers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ZERO, text
from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.exchange.market_hours_segment import MarketHoursSegment
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal, Window
from utils.engine.models.brokerage.selective_brokerage_model import (
    OrderKinds,
    SelectiveBrokerageModel,
    TimesInForce,
    no_benchmark,
)
from utils.engine.models.fees.interactive_brokers_fee_model import InteractiveBrokersFeeModel
from utils.engine.orders.time_in_force import (
    DayTimeInForce,
    GoodTilCanceledTimeInForce,
    GoodTilDateTimeInForce,
)

_MARKETS: Mapping[SecurityType, str] = {
    SecurityType.BASE: "usa",
    SecurityType.EQUITY: "usa",
    SecurityType.INDEX: "usa",
    SecurityType.OPTION: "usa",
    SecurityType.INDEX_OPTION: "usa",
    SecurityType.FUTURE: "cme",
    SecurityType.FUTURE_OPTION: "cme",
    SecurityType.FOREX: "oanda",
    SecurityType.CFD: "interactivebrokers",
}
_AT_THE_CLOSE = (SecurityType.FUTURE, SecurityType.EQUITY, SecurityType.CFD)
_AT_THE_OPEN = (
    SecurityType.CFD,
    SecurityType.EQUITY,
    SecurityType.OPTION,
    SecurityType.FUTURE_OPTION,
    SecurityType.INDEX_OPTION,
)
_OPENING_ORDERS_END = timedelta(minutes=2)
_CFD_LEVERAGE = Decimal(10)
# Least and greatest size of an order in a pair, by the pair's first currency and in it. LEAN takes no order
# where the broker states sizes in another currency (CZK, HUF, ILS, PLN), nor in currencies that are not here.
_FOREX_SIZES = {
    "USD": (25_000, 7_000_000),
    "AUD": (25_000, 6_000_000),
    "CAD": (25_000, 6_000_000),
    "CHF": (25_000, 6_000_000),
    "CNH": (150_000, 40_000_000),
    "DKK": (150_000, 35_000_000),
    "EUR": (20_000, 6_000_000),
    "GBP": (20_000, 5_000_000),
    "HKD": (200_000, 50_000_000),
    "KRW": (0, 200_000_000),
    "JPY": (2_500_000, 550_000_000),
    "MXN": (300_000, 70_000_000),
    "NOK": (150_000, 35_000_000),
    "NZD": (35_000, 8_000_000),
    "RUB": (750_000, 30_000_000),
    "SEK": (175_000, 40_000_000),
    "SGD": (35_000, 8_000_000),
    "ZAR": (350_000, 100_000_000),
}


class InteractiveBrokersBrokerageModel(SelectiveBrokerageModel):
    """Everything but coins; pairs of currencies within limits of size."""

    _securities = (
        SecurityType.EQUITY,
        SecurityType.FOREX,
        SecurityType.OPTION,
        SecurityType.FUTURE,
        SecurityType.FUTURE_OPTION,
        SecurityType.INDEX,
        SecurityType.INDEX_OPTION,
        SecurityType.CFD,
    )
    _orders: ClassVar[OrderKinds] = (
        OrderType.MARKET,
        OrderType.MARKET_ON_OPEN,
        OrderType.MARKET_ON_CLOSE,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        OrderType.TRAILING_STOP,
        OrderType.LIMIT_IF_TOUCHED,
        OrderType.COMBO_MARKET,
        OrderType.COMBO_LIMIT,
        OrderType.COMBO_LEG_LIMIT,
        OrderType.OPTION_EXERCISE,
    )
    _times_in_force: ClassVar[TimesInForce] = (
        GoodTilCanceledTimeInForce,
        DayTimeInForce,
        GoodTilDateTimeInForce,
    )
    _fees = InteractiveBrokersFeeModel

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """No coins."""
        return _MARKETS

    def get_benchmark(self, securities: Any) -> Any:
        """None."""
        return no_benchmark

    def can_execute_order(self, security: Any, order: Any) -> bool:
        """No custom data."""
        return bool(order.security_type != SecurityType.BASE)

    def _exact_leverage(self, security: Any) -> Decimal:
        if self.account_type != AccountType.CASH and security.type == SecurityType.CFD:
            return _CFD_LEVERAGE
        return super()._exact_leverage(security)

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield self._order_kind(security, order)
        if order.type == OrderType.MARKET_ON_CLOSE and security.type not in _AT_THE_CLOSE:
            yield rules.refusal(
                "InteractiveBrokers does not support Market-on-Close orders for other security types "
                "different than Future and Equity.",
                f"Unsupported order type for {security.type} security type",
            )
        yield rules.market_on_open(security, order, _AT_THE_OPEN, _opening_orders)
        group = order.group_order_manager
        if order.type == OrderType.COMBO_LEG_LIMIT and group is not None and group.count >= 4:
            yield rules.refusal(
                f"The {type(self).__name__} does not support four-leg ComboLegLimit orders. "
                "Use ComboLimit orders for four-leg combinations or more."
            )
        yield rules.security_kind(self, security, self._securities)
        if security.type == SecurityType.FOREX:
            yield _forex_size(order.symbol.value, order.exact_quantity)
        yield rules.time_in_force(self, order, self._times_in_force)

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        if order.security_type == SecurityType.FOREX and request.exact_quantity is not None:
            yield _forex_size(order.symbol.value, request.exact_quantity)


def _forex_size(pair: str, quantity: Decimal) -> Refusal:
    currency, size = pair[:3], abs(quantity)
    least, greatest = (Decimal(limit) for limit in _FOREX_SIZES.get(currency, (ZERO, ZERO)))
    if size > 0 and least <= size <= greatest:
        return None
    return rules.refusal(
        f"The minimum and maximum limits for the allowable order size are ({text(least)}, "
        f"{text(greatest)}){currency}.",
        "OrderSizeLimit",
    )


def _opening_orders(regular: MarketHoursSegment) -> Window:
    return regular.end, regular.start - _OPENING_ORDERS_END
