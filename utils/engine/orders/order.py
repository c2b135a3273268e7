"""What every order has."""

from __future__ import annotations

import copy
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from utils.engine.dotnet.money import ZERO, exact, normalize, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of, read_only_float_of
from utils.engine.enums import DataNormalizationMode, OrderDirection, OrderStatus, OrderType
from utils.engine.orders.group import GroupOrderManager
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.status import direction_of
from utils.engine.orders.time_in_force import TimeInForce

if TYPE_CHECKING:
    from utils.engine.orders.requests import UpdateOrderRequest


class OrderSubmissionData(DotNet):
    """Prices at the time an order was sent."""

    bid_price = read_only_float_of("exact_bid_price")
    ask_price = read_only_float_of("exact_ask_price")
    last_price = read_only_float_of("exact_last_price")

    def __init__(self, bid_price: Decimal, ask_price: Decimal, last_price: Decimal) -> None:
        self.exact_bid_price, self.exact_ask_price, self.exact_last_price = bid_price, ask_price, last_price


class Order(DotNet):
    """An order; quantities are signed, times UTC, prices in `price_currency`.

    `price` is the average of the fills so far. Fields named by a subclass in `PRICES` are its own prices.
    """

    TYPE: OrderType
    PRICES: tuple[str, ...] = ()

    id: int
    contingent_id: int
    broker_id: list[str]
    symbol: Any
    price_currency: str
    time: datetime
    last_fill_time: datetime | None
    last_update_time: datetime | None
    canceled_time: datetime | None
    status: OrderStatus
    tag: str | None
    properties: OrderProperties
    order_submission_data: OrderSubmissionData | None
    group_order_manager: GroupOrderManager | None
    price_adjustment_mode: DataNormalizationMode

    price = float_of("exact_price")
    quantity = float_of("exact_quantity")

    def __init__(
        self,
        symbol: Any = None,
        quantity: float | Decimal = ZERO,
        time: datetime = datetime.min,
        tag: str = "",
        properties: OrderProperties | None = None,
        group_order_manager: GroupOrderManager | None = None,
    ) -> None:
        self.id = self.contingent_id = 0
        self.broker_id = []
        self.symbol = symbol
        self.price_currency = ""
        self.time = time
        self.last_fill_time = self.last_update_time = self.canceled_time = None
        self.status = OrderStatus.NONE
        self.tag = tag
        self.properties = properties if properties is not None else OrderProperties()
        self.order_submission_data = None
        self.group_order_manager = group_order_manager
        self.price_adjustment_mode = DataNormalizationMode.RAW
        self._events = 0
        self._price = ZERO
        self.exact_quantity = exact(quantity)

    @property
    def exact_price(self) -> Decimal:
        """Average price of the fills so far."""
        return self._price

    @exact_price.setter
    def exact_price(self, value: Decimal) -> None:
        self._price = normalize(value)

    @property
    def exact_quantity(self) -> Decimal:
        """Signed quantity."""
        return self._quantity

    @exact_quantity.setter
    def exact_quantity(self, value: Decimal) -> None:
        self._quantity = normalize(value)

    @property
    def type(self) -> OrderType:
        """Kind of the order."""
        return self.TYPE

    @property
    def created_time(self) -> datetime:
        """UTC time at which the order was made."""
        return self.time

    @property
    def time_in_force(self) -> TimeInForce:
        """How long the order rests."""
        return self.properties.time_in_force

    @property
    def security_type(self) -> Any:
        """Kind of the security."""
        return self.symbol.id.security_type

    @property
    def direction(self) -> OrderDirection:
        """Side of the order."""
        return direction_of(self._quantity)

    @property
    def absolute_quantity(self) -> float:
        """Size of the order."""
        return float(abs(self._quantity))

    @property
    def value(self) -> float:
        """Quantity at the average price."""
        return float(self._quantity * self._price)

    @property
    def is_marketable(self) -> bool:
        """Whether the order was to fill at once at the quotes it was sent at."""
        return self.TYPE in (OrderType.MARKET, OrderType.COMBO_MARKET)

    def exact_value(self, security: Any) -> Decimal:
        """Notional in the account's currency, at the price a careful check takes."""
        rate = security.quote_currency.exact_conversion_rate
        multiplier = security.symbol_properties.exact_contract_multiplier
        value: Decimal = self._notional(security) * rate * multiplier
        return value

    def get_value(self, security: Any) -> float:
        """`exact_value` as float."""
        return float(self.exact_value(security))

    def _notional(self, security: Any) -> Decimal:
        value: Decimal = self._quantity * security.exact_price
        return value

    def get_default_tag(self) -> str:
        """What the tag says when the user gave none."""
        return ""

    def next_event_id(self) -> int:
        """Number of the order's next event, from 1."""
        self._events += 1
        return self._events

    def apply_update_order_request(self, request: UpdateOrderRequest) -> None:
        """Take over what an update asks for."""
        if request.exact_quantity is not None:
            self.exact_quantity = request.exact_quantity
        if request.tag is not None:
            self.tag = request.tag
        for name in self.PRICES:
            value = getattr(request, name, None)
            if value is not None:
                setattr(self, name, value)

    def clone(self) -> Order:
        """A copy of its own."""
        twin = copy.copy(self)
        twin.broker_id = list(self.broker_id)
        twin.properties = self.properties.clone()
        return twin

    def __str__(self) -> str:
        quantity = text(self._quantity)
        tag = f": {self.tag}" if self.tag else ""
        units = "unit" if self._quantity == 1 else "units"
        return (
            f"OrderId: {self.id} (BrokerId: {','.join(self.broker_id)}) {self.status} {self.type} order "
            f"for {quantity} {units} of {self.symbol}{tag}"
        )


def worse_price(quantity: Decimal, asked: Decimal, market: Decimal) -> Decimal:
    """Notional of a resting order: a buy at the lower of asked and market price, a sell at the higher."""
    if quantity < 0:
        return quantity * max(asked, market)
    return quantity * min(asked, market) if quantity > 0 else ZERO
