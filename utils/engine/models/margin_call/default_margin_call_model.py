"""Positions are cut when their margin is more than the account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderType
from utils.engine.models.buying_power.parameters import GetMaximumOrderQuantityForDeltaBuyingPowerParameters
from utils.engine.orders.group import GroupOrderManager
from utils.engine.orders.requests import SubmitOrderRequest
from utils.engine.positions.lots_to_cut import lots_to_cut
from utils.engine.positions.position import Position
from utils.engine.positions.position_group import PositionGroup
from utils.engine.positions.position_group_buying_power_model import reserved

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
            for group in portfolio.positions.groups:
                requests = self._requests(group, used - worth)
                if all(request.exact_quantity for request in requests):
                    orders += requests
        return orders, bool(orders)

    def _requests(self, group: PositionGroup, excess: Decimal) -> list[SubmitOrderRequest]:
        """Orders that cut a group, its legs together."""
        portfolio = self._portfolio
        securities = [portfolio.securities[one.symbol] for one in group]
        if not all(security.quote_currency.exact_conversion_rate for security in securities):
            return []
        used = reserved(portfolio, group)
        kept = max(ZERO, used - excess)
        if group.key.is_default_group:
            lots = self._lots_of_security(group, securities[0], used - kept)
        else:
            lots = lots_to_cut(portfolio, group, kept)
        combo = None
        if len(group) > 1:
            combo = GroupOrderManager(len(group), lots)
            combo.id = portfolio.transactions.get_increment_group_order_manager_id()
        return [
            self._request(one, security, lots, combo) for one, security in zip(group, securities, strict=True)
        ]

    def _lots_of_security(self, group: PositionGroup, security: Any, less: Decimal) -> Decimal:
        side = 1 if group.exact_quantity > 0 else -1
        terms = GetMaximumOrderQuantityForDeltaBuyingPowerParameters(
            self._portfolio, security, less * -side, ZERO
        )
        result = security.buying_power_model.get_maximum_order_quantity_for_delta_buying_power(terms)
        quantity = exact(getattr(result, "exact_quantity", result.quantity))
        lot: Decimal = security.symbol_properties.exact_lot_size
        return abs(quantity / lot)

    def _request(
        self, position: Position, security: Any, lots: Decimal, combo: GroupOrderManager | None
    ) -> SubmitOrderRequest:
        side = 1 if position.exact_quantity > 0 else -1
        quantity = lots * position.exact_unit_quantity * -side
        if combo is not None:
            quantity *= combo.exact_quantity  # LEAN takes the leg's units for its ratio
        return SubmitOrderRequest.of(
            OrderType.MARKET if combo is None else OrderType.COMBO_MARKET,
            security.symbol,
            quantity,
            security.utc_time,
            "Margin Call",
            self._properties.clone() if self._properties is not None else None,
            group_order_manager=combo,
        )

    def execute_margin_call(self, generated_margin_call_orders: list[SubmitOrderRequest]) -> list[Any]:
        """Send the orders, losers first, until the margin is enough."""
        portfolio, tickets = self._portfolio, []
        if portfolio.exact_margin_remaining >= 0:
            return []

        def profit(requests: list[SubmitOrderRequest]) -> Decimal:
            return sum((portfolio[one.symbol].exact_unrealized_profit for one in requests), ZERO)

        together: dict[int, list[SubmitOrderRequest]] = {}
        for place, request in enumerate(generated_margin_call_orders):
            combo = request.group_order_manager
            together.setdefault(-place - 1 if combo is None else combo.id, []).append(request)
        for requests in sorted(together.values(), key=profit):
            tickets += [portfolio.transactions.add_order(request) for request in requests]
            if portfolio.exact_margin_remaining >= 0:
                break
        return tickets


MarginCallModel.NULL = MarginCallModel()
