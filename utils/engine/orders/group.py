"""The legs of a combo order belong together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of
from utils.engine.enums import OrderDirection
from utils.engine.orders.status import direction_of

if TYPE_CHECKING:
    from utils.engine.orders.order import Order


class GroupOrderManager(DotNet):  # LEAN's name
    """What the legs of one combo order share."""

    id: int
    count: int
    limit_price = float_of("exact_limit_price")
    quantity = float_of("exact_quantity")

    def __init__(
        self, leg_count: int, quantity: float | Decimal, limit_price: float | Decimal = ZERO
    ) -> None:
        self.id = 0
        self.count = leg_count
        self.exact_quantity = exact(quantity)
        self.exact_limit_price = exact(limit_price)
        self.order_ids: set[int] = set()

    @property
    def direction(self) -> OrderDirection:
        """Side of the group."""
        return direction_of(self.exact_quantity)

    @property
    def absolute_quantity(self) -> float:
        """Size of the group."""
        return float(abs(self.exact_quantity))


def group_orders(order: Order, find: Callable[[int], Order | None]) -> list[Order] | None:
    """All orders of an order's group by id, the order alone when it has none; None while legs are missing."""
    group = order.group_order_manager
    if group is None:
        return [order]
    found = [order if number == order.id else find(number) for number in sorted(group.order_ids | {order.id})]
    legs = [leg for leg in found if leg is not None]
    return legs if len(legs) == len(found) == group.count else None


def group_quantity(leg_quantities: Iterable[Decimal], direction: OrderDirection) -> Decimal:
    """Quantity of a group: the greatest common divisor of its legs', signed by the side."""
    sizes = [abs(quantity) for quantity in leg_quantities]
    scale = max((max(0, -int(size.as_tuple().exponent)) for size in sizes), default=0)
    divisor = Decimal(math.gcd(*(int(size.scaleb(scale)) for size in sizes))).scaleb(-scale)
    return -divisor if direction == OrderDirection.SELL else divisor
