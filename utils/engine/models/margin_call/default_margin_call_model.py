"""Positions are cut when their margin is more than the account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderType
from utils.engine.models.buying_power.parameters import GetMaximumOrderQuantityForDeltaBuyingPowerParameters
from utils.engine.orders.requests import SubmitOrderRequest

_WARNING = Decimal("0.05")


class MarginCallModel(DotNet):
    """Base of margin call models."""

    NULL: ClassVar[MarginCallModel]

    def get_margin_call_orders(self) -> tuple[list[SubmitOrderRequest], bool]:
        """Orders that cut positions, and whether the algorithm is to be warned."""
        return [], False

    def execute_margin_call(self, generated_margin_call_orders: list[SubmitOrderRequest]) -> list[Any]:
        """Send the orders until the margin is enough; their tickets."""
        return []


class DefaultMarginCallModel(MarginCallModel):
    """Cuts the losers first once used margin is beyond the account by a buffer; warns at 5 % left."""

    def __init__(
        self, portfolio: Any, default_order_properties: Any, margin_buffer: float | Decimal = Decimal("0.10")
    ) -> None:
        self._portfolio, self._properties, self._buffer = (
            portfolio,
            default_order_properties,
            exact(margin_buffer),
        )

    def get_margin_call_orders(self) -> tuple[list[SubmitOrderRequest], bool]:
        """Orders that cut positions, and whether the algorithm is to be warned."""
        portfolio = self._portfolio
        used = portfolio.exact_total_margin_used
        if used <= 0:
            return [], False
        worth = portfolio.exact_total_portfolio_value
        remaining = portfolio.exact_margin_remaining_of(worth)
        if remaining > 0:
            return [], remaining <= worth * _WARNING
        orders = []
        if used > worth * (1 + self._buffer):
            for security in portfolio.securities.active():
                if security.holdings.exact_quantity and security.quote_currency.exact_conversion_rate:
                    request = self._cut(security, used - worth)
                    if request.exact_quantity:
                        orders.append(request)
        return orders, bool(orders)

    def _cut(self, security: Any, excess: Decimal) -> SubmitOrderRequest:
        used = self._portfolio.exact_reserved_buying_power(security)
        kept = max(ZERO, used - excess)
        side = 1 if security.holdings.is_long else -1
        terms = GetMaximumOrderQuantityForDeltaBuyingPowerParameters(
            self._portfolio, security, (used - kept) * -side, ZERO
        )
        result = security.buying_power_model.get_maximum_order_quantity_for_delta_buying_power(terms)
        quantity = abs(exact(getattr(result, "exact_quantity", result.quantity))) * -side
        properties = self._properties.clone() if self._properties is not None else None
        return SubmitOrderRequest.of(
            OrderType.MARKET, security.symbol, quantity, security.utc_time, "Margin Call", properties
        )

    def execute_margin_call(self, generated_margin_call_orders: list[SubmitOrderRequest]) -> list[Any]:
        """Send the orders, losers first, until the margin is enough."""
        portfolio, tickets = self._portfolio, []
        if portfolio.exact_margin_remaining >= 0:
            return []

        def profit(request: SubmitOrderRequest) -> Decimal:
            found: Decimal = portfolio[request.symbol].exact_unrealized_profit
            return found

        for request in sorted(generated_margin_call_orders, key=profit):
            tickets.append(portfolio.transactions.add_order(request))
            if portfolio.exact_margin_remaining >= 0:
                break
        return tickets


MarginCallModel.NULL = MarginCallModel()
