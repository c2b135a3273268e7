"""Exercise and assignment at the strike."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderStatus, SettlementType
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.orders.order_event import OrderEvent
from utils.engine.orders.status import direction_of


class DefaultExerciseModel(DotNet):
    """The contracts go; in the money the underlying is delivered at the strike, or money settles."""

    def option_exercise(self, option: Any, order: Any) -> Iterator[OrderEvent]:
        """Events of an exercise: the contracts', then the underlying's when it is delivered."""
        underlying = option.underlying
        in_the_money = option.is_auto_exercised(underlying.exact_close)
        is_assignment = in_the_money and option.holdings.is_short
        what = ("Assigned" if is_assignment else "Automatic Exercise") if in_the_money else "OTM"
        message = f"{what}. Underlying: {text(underlying.exact_price)}"
        contracts = _fill(order, option, ZERO, order.exact_quantity, message)
        contracts.is_assignment, contracts.is_in_the_money = is_assignment, in_the_money
        yield contracts
        if in_the_money and option.exercise_settlement == SettlementType.PHYSICAL_DELIVERY:
            quantity = option.exact_exercise_quantity(order.exact_quantity)
            message = "Option Assignment" if is_assignment else "Option Exercise"
            delivery = _fill(order, underlying, option.exact_strike_price, quantity, message)
            delivery.is_in_the_money = True
            yield delivery


def _fill(order: Any, security: Any, price: Decimal, quantity: Decimal, message: str) -> OrderEvent:
    return OrderEvent(
        order.id,
        security.symbol,
        security.utc_time,
        OrderStatus.FILLED,
        direction_of(quantity),
        price,
        quantity,
        OrderFee.ZERO,
        message,
    )
