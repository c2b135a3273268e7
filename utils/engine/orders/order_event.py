"""Something that happened to an order."""

from __future__ import annotations

import copy
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from utils.engine.dotnet.money import ZERO, exact, normalize
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of, optional_float_of
from utils.engine.enums import OrderDirection, OrderStatus
from utils.engine.orders.event_text import long_text, short_text

if TYPE_CHECKING:
    from utils.engine.models.fees.order_fee import OrderFee
    from utils.engine.orders.order import Order
    from utils.engine.orders.ticket import OrderTicket


class OrderEvent(DotNet):
    """An order's new state, or a fill.

    Made of an order (`OrderEvent(order, utc_time, fee, message)`) or of its parts
    (`OrderEvent(order_id, symbol, utc_time, status, direction, fill_price, fill_quantity, fee, message)`).
    Prices are in `fill_price_currency`; the fill's quantity is signed. `id` counts the events of one order.
    """

    order_id: int
    id: int
    symbol: Any
    utc_time: datetime
    status: OrderStatus
    order_fee: OrderFee
    fill_price_currency: str
    direction: OrderDirection
    message: str
    is_assignment: bool
    is_in_the_money: bool
    trailing_as_percentage: bool | None
    ticket: OrderTicket | None

    fill_price = float_of("exact_fill_price")
    fill_quantity = float_of("exact_fill_quantity")
    quantity = float_of("exact_quantity")
    limit_price = optional_float_of("exact_limit_price")
    stop_price = optional_float_of("exact_stop_price")
    trigger_price = optional_float_of("exact_trigger_price")
    trailing_amount = optional_float_of("exact_trailing_amount")

    def __init__(self, order: Order | int, *values: Any, **named: Any) -> None:
        self.id = 0
        self.is_assignment = self.is_in_the_money = False
        self.trailing_as_percentage = None
        self.exact_limit_price: Decimal | None = None
        self.exact_stop_price: Decimal | None = None
        self.exact_trigger_price: Decimal | None = None
        self.exact_trailing_amount: Decimal | None = None
        self._fill_price = self._fill_quantity = self.exact_quantity = ZERO
        self.ticket = None
        if isinstance(order, int):
            self._of_parts(order, *values, **named)
        else:
            self._of_order(order, *values, **named)

    def _of_order(self, order: Order, utc_time: datetime, order_fee: OrderFee, message: str = "") -> None:
        self.order_id, self.symbol, self.status = order.id, order.symbol, order.status
        self.exact_quantity, self.direction = order.exact_quantity, order.direction
        self.fill_price_currency = order.price_currency
        self.utc_time, self.order_fee, self.message = utc_time, order_fee, message

    def _of_parts(
        self,
        order_id: int,
        symbol: Any,
        utc_time: datetime,
        status: OrderStatus,
        direction: OrderDirection,
        fill_price: float | Decimal,
        fill_quantity: float | Decimal,
        order_fee: OrderFee,
        message: str = "",
    ) -> None:
        self.order_id, self.symbol, self.status, self.direction = order_id, symbol, status, direction
        self.exact_fill_price, self.exact_fill_quantity = exact(fill_price), exact(fill_quantity)
        self.fill_price_currency = ""
        self.utc_time, self.order_fee, self.message = utc_time, order_fee, message

    @property
    def exact_fill_price(self) -> Decimal:
        """Price of the fill."""
        return self._fill_price

    @exact_fill_price.setter
    def exact_fill_price(self, value: Decimal) -> None:
        self._fill_price = normalize(value)

    @property
    def exact_fill_quantity(self) -> Decimal:
        """Signed quantity of the fill."""
        return self._fill_quantity

    @exact_fill_quantity.setter
    def exact_fill_quantity(self, value: Decimal) -> None:
        self._fill_quantity = normalize(value)

    @property
    def absolute_fill_quantity(self) -> float:
        """Size of the fill."""
        return float(abs(self._fill_quantity))

    def clone(self) -> OrderEvent:
        """A copy of its own."""
        return copy.copy(self)

    def __str__(self) -> str:
        return long_text(self)

    def short_to_string(self) -> str:
        """The event in few characters."""
        return short_text(self)
