"""FXCM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import text
from utils.engine.enums import OrderDirection, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.fxcm_fee_model import FxcmFeeModel
from utils.engine.models.settlement.immediate_settlement_model import (
    AccountCurrencyImmediateSettlementModel,
    ImmediateSettlementModel,
)
from utils.engine.orders.time_in_force import GoodTilCanceledTimeInForce

_MARKETS: Mapping[SecurityType, str] = {
    SecurityType.BASE: "usa",
    SecurityType.EQUITY: "usa",
    SecurityType.OPTION: "usa",
    SecurityType.FOREX: "fxcm",
    SecurityType.CFD: "fxcm",
}
_PIPS, _TICKS_OF_A_PIP = 15_000, 10  # farthest price of an order from the market


class FxcmBrokerageModel(SelectiveBrokerageModel):
    """Currencies and contracts for difference; resting orders on the right side of the market."""

    _securities = (SecurityType.FOREX, SecurityType.CFD)
    _orders = (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP_MARKET)
    _fees = FxcmFeeModel
    _benchmark = ("EURUSD", SecurityType.FOREX, "fxcm")

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """No coins, no futures."""
        return _MARKETS

    def get_settlement_model(self, security: Any) -> Any:
        """At once; contracts for difference in the account's currency."""
        if security.type == SecurityType.CFD:
            return AccountCurrencyImmediateSettlementModel()
        return ImmediateSettlementModel()

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield from super()._refusals(security, order)
        yield _whole_lots(security, order.exact_quantity)
        if order.type == OrderType.LIMIT:
            yield _price(security, order.type, order.direction, order.exact_limit_price)
        elif order.type == OrderType.STOP_MARKET:
            yield _price(security, order.type, order.direction, order.exact_stop_price)
        else:
            yield rules.time_in_force(self, order, (GoodTilCanceledTimeInForce,))

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        quantity = order.exact_quantity if request.exact_quantity is None else request.exact_quantity
        if request.exact_quantity is not None:
            yield _whole_lots(security, quantity)
        side = OrderDirection.BUY if quantity > 0 else OrderDirection.SELL
        limit = order.type == OrderType.LIMIT
        price = request.exact_limit_price if limit else request.exact_stop_price
        yield _price(security, order.type, side, security.exact_price if price is None else price)


def _whole_lots(security: Any, quantity: Decimal) -> Refusal:
    lot = security.symbol_properties.exact_lot_size
    if not quantity % lot:
        return None
    return rules.refusal(f"The order quantity must be a multiple of lot_size: [{text(lot)}].")


def _price(security: Any, kind: OrderType, side: OrderDirection, price: Decimal) -> Refusal:
    """A limit order waits for a better price than the market's, a stop for a worse one."""
    if kind not in (OrderType.LIMIT, OrderType.STOP_MARKET):
        return None
    market = security.exact_price
    below = (kind == OrderType.LIMIT) == (side == OrderDirection.BUY)
    if price > market if below else price < market:
        return rules.refusal(
            "Limit Buy orders and Stop Sell orders must be below market, Limit Sell orders and Stop Buy "
            "orders must be above market."
        )
    tick = security.symbol_properties.exact_minimum_price_variation
    if abs(price - market) <= min(tick * _TICKS_OF_A_PIP * _PIPS, market / 2):
        return None
    return rules.refusal(
        f"The {kind} {side} order price ({text(price)}) is too far from the current market price "
        f"({text(market)})."
    )
