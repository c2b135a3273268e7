"""The kinds of orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from utils.engine.dotnet.money import ONE, ZERO, exact, normalize, text
from utils.engine.dotnet.surface import float_of
from utils.engine.enums import OrderDirection, OrderType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.orders.group import GroupOrderManager
from utils.engine.orders.order import Order, worse_price
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.status import direction_of

if TYPE_CHECKING:
    from utils.engine.orders.requests import SubmitOrderRequest, UpdateOrderRequest


class MarketOrder(Order):
    """Fills at once at the market."""

    TYPE = OrderType.MARKET


class MarketOnOpenOrder(Order):
    """Fills at the next open."""

    TYPE = OrderType.MARKET_ON_OPEN


class MarketOnCloseOrder(Order):
    """Fills at the next close; it must be sent `submission_time_buffer` before."""

    TYPE = OrderType.MARKET_ON_CLOSE
    DEFAULT_SUBMISSION_TIME_BUFFER: ClassVar[timedelta] = timedelta(minutes=15, seconds=30)
    submission_time_buffer: ClassVar[timedelta] = timedelta(minutes=15, seconds=30)


class LimitOrder(Order):
    """Fills at its limit or better."""

    TYPE = OrderType.LIMIT
    PRICES = ("exact_limit_price",)
    limit_price = float_of("exact_limit_price")

    def __init__(
        self,
        symbol: Any = None,
        quantity: float | Decimal = ZERO,
        limit_price: float | Decimal = ZERO,
        time: datetime = datetime.min,
        tag: str = "",
        properties: OrderProperties | None = None,
    ) -> None:
        super().__init__(symbol, quantity, time, tag, properties)
        self.exact_limit_price = exact(limit_price)

    @property
    def is_marketable(self) -> bool:
        """Whether the limit was through the quote it was sent at."""
        sent = self.order_submission_data
        if sent is None:
            return False
        if self.direction == OrderDirection.BUY:
            return self.exact_limit_price >= sent.exact_ask_price
        return self.direction == OrderDirection.SELL and self.exact_limit_price <= sent.exact_bid_price

    def _notional(self, security: Any) -> Decimal:
        return worse_price(self.exact_quantity, self.exact_limit_price, security.exact_price)


class StopMarketOrder(Order):
    """Becomes a market order when its stop is touched."""

    TYPE = OrderType.STOP_MARKET
    PRICES: tuple[str, ...] = ("exact_stop_price",)
    stop_price = float_of("exact_stop_price")

    def __init__(
        self,
        symbol: Any = None,
        quantity: float | Decimal = ZERO,
        stop_price: float | Decimal = ZERO,
        time: datetime = datetime.min,
        tag: str = "",
        properties: OrderProperties | None = None,
    ) -> None:
        super().__init__(symbol, quantity, time, tag, properties)
        self.exact_stop_price = exact(stop_price)

    def _notional(self, security: Any) -> Decimal:
        return worse_price(self.exact_quantity, self.exact_stop_price, security.exact_price)


class TrailingStopOrder(StopMarketOrder):
    """A stop that follows the market at a distance, absolute or as a fraction of the price."""

    TYPE = OrderType.TRAILING_STOP
    # An update may change the distance; the stop follows from the market.
    PRICES = ("exact_stop_price", "exact_trailing_amount")
    trailing_as_percentage: bool
    trailing_amount = float_of("exact_trailing_amount")

    def __init__(
        self,
        symbol: Any = None,
        quantity: float | Decimal = ZERO,
        stop_price: float | Decimal = ZERO,
        trailing_amount: float | Decimal = ZERO,
        trailing_as_percentage: bool = False,
        time: datetime = datetime.min,
        tag: str = "",
        properties: OrderProperties | None = None,
    ) -> None:
        super().__init__(symbol, quantity, stop_price, time, tag, properties)
        self.exact_trailing_amount = exact(trailing_amount)
        self.trailing_as_percentage = trailing_as_percentage

    def get_default_tag(self) -> str:
        """The distance, as LEAN writes it."""
        amount = self.exact_trailing_amount
        if self.trailing_as_percentage:
            return f"Trailing Amount: {text(amount * 100)}%"
        return f"Trailing Amount: {currency_symbol(self.price_currency)}{text(amount)}"

    @staticmethod
    def calculate_stop_price(
        market: Decimal, trailing_amount: Decimal, trailing_as_percentage: bool, direction: OrderDirection
    ) -> Decimal:
        """The stop at its distance from the market."""
        side = ONE if direction == OrderDirection.BUY else -ONE
        if trailing_as_percentage:
            return market * (ONE + side * trailing_amount)
        return market + side * trailing_amount

    @staticmethod
    def updated_stop_price(
        market: Decimal,
        stop: Decimal,
        trailing_amount: Decimal,
        trailing_as_percentage: bool,
        direction: OrderDirection,
    ) -> Decimal | None:
        """The stop moved after the market, None while it need not move."""
        distance = market - stop if direction == OrderDirection.SELL else stop - market
        if distance <= (market * trailing_amount if trailing_as_percentage else trailing_amount):
            return None
        return TrailingStopOrder.calculate_stop_price(
            market, trailing_amount, trailing_as_percentage, direction
        )


class StopLimitOrder(Order):
    """Becomes a limit order when its stop is touched."""

    TYPE = OrderType.STOP_LIMIT
    PRICES = ("exact_stop_price", "exact_limit_price")
    stop_triggered: bool
    stop_price = float_of("exact_stop_price")
    limit_price = float_of("exact_limit_price")

    def __init__(
        self,
        symbol: Any = None,
        quantity: float | Decimal = ZERO,
        stop_price: float | Decimal = ZERO,
        limit_price: float | Decimal = ZERO,
        time: datetime = datetime.min,
        tag: str = "",
        properties: OrderProperties | None = None,
    ) -> None:
        super().__init__(symbol, quantity, time, tag, properties)
        self.exact_stop_price, self.exact_limit_price = exact(stop_price), exact(limit_price)
        self.stop_triggered = False

    def _notional(self, security: Any) -> Decimal:
        return worse_price(self.exact_quantity, self.exact_limit_price, security.exact_price)


class LimitIfTouchedOrder(Order):
    """Becomes a limit order when its trigger is touched."""

    TYPE = OrderType.LIMIT_IF_TOUCHED
    PRICES = ("exact_trigger_price", "exact_limit_price")
    trigger_touched: bool
    trigger_price = float_of("exact_trigger_price")
    limit_price = float_of("exact_limit_price")

    def __init__(
        self,
        symbol: Any = None,
        quantity: float | Decimal = ZERO,
        trigger_price: float | Decimal = ZERO,
        limit_price: float | Decimal = ZERO,
        time: datetime = datetime.min,
        tag: str = "",
        properties: OrderProperties | None = None,
    ) -> None:
        super().__init__(symbol, quantity, time, tag, properties)
        self.exact_trigger_price, self.exact_limit_price = exact(trigger_price), exact(limit_price)
        self.trigger_touched = False

    def _notional(self, security: Any) -> Decimal:
        return worse_price(self.exact_quantity, self.exact_limit_price, security.exact_price)


class OptionExerciseOrder(Order):
    """Exercises contracts: the quantity is the change of the holding in them."""

    TYPE = OrderType.OPTION_EXERCISE

    def _notional(self, security: Any) -> Decimal:
        delivered: Decimal = security.exact_exercise_quantity(self.exact_quantity)
        multiplier: Decimal = security.symbol_properties.exact_contract_multiplier
        return delivered * self.exact_price / multiplier


class ComboOrder(Order):
    """A leg of a combo: its quantity follows the group's by the leg's ratio."""

    def __init__(
        self,
        symbol: Any = None,
        quantity: float | Decimal = ZERO,
        time: datetime = datetime.min,
        group_order_manager: GroupOrderManager | None = None,
        tag: str = "",
        properties: OrderProperties | None = None,
    ) -> None:
        self._ratio: Decimal | None = None
        super().__init__(symbol, ZERO, time, tag, properties, group_order_manager)
        group = group_order_manager
        self._ratio = exact(quantity) / group.exact_quantity if group else exact(quantity)

    @property
    def exact_quantity(self) -> Decimal:
        """Signed quantity of the leg."""
        if self._ratio is None:
            return ZERO
        group = self.group_order_manager
        return normalize(self._ratio * group.exact_quantity if group else self._ratio)

    @exact_quantity.setter
    def exact_quantity(self, value: Decimal) -> None:
        if self._ratio is None:
            return
        group = self.group_order_manager
        self._ratio = value / group.exact_quantity if group else value

    @property
    def direction(self) -> OrderDirection:
        """Side of the leg."""
        return direction_of(self.exact_quantity)

    @property
    def absolute_quantity(self) -> float:
        """Size of the leg."""
        return float(abs(self.exact_quantity))

    @property
    def value(self) -> float:
        """Quantity at the average price."""
        return float(self.exact_quantity * self.exact_price)

    def _notional(self, security: Any) -> Decimal:
        value: Decimal = self.exact_quantity * security.exact_price
        return value

    def apply_update_order_request(self, request: UpdateOrderRequest) -> None:
        """An update's quantity is the group's."""
        if request.exact_quantity is not None and self.group_order_manager is not None:
            self.group_order_manager.exact_quantity = request.exact_quantity
        if request.tag is not None:
            self.tag = request.tag
        for name in self.PRICES:
            value = getattr(request, name, None)
            if value is not None:
                setattr(self, name, value)


class ComboMarketOrder(ComboOrder):
    """A leg that fills at the market together with the others."""

    TYPE = OrderType.COMBO_MARKET


class ComboLimitOrder(ComboOrder):
    """A leg of a combo with one limit on the net price."""

    TYPE = OrderType.COMBO_LIMIT

    def _notional(self, security: Any) -> Decimal:
        limit = self.group_order_manager.exact_limit_price if self.group_order_manager else ZERO
        return worse_price(self.exact_quantity, limit, security.exact_price)

    def apply_update_order_request(self, request: UpdateOrderRequest) -> None:
        """The limit is the group's."""
        super().apply_update_order_request(request)
        if request.exact_limit_price is not None and self.group_order_manager is not None:
            self.group_order_manager.exact_limit_price = request.exact_limit_price


class ComboLegLimitOrder(ComboOrder):
    """A leg with a limit of its own."""

    TYPE = OrderType.COMBO_LEG_LIMIT
    PRICES = ("exact_limit_price",)
    limit_price = float_of("exact_limit_price")
    exact_limit_price: Decimal = ZERO

    def _notional(self, security: Any) -> Decimal:
        return worse_price(self.exact_quantity, self.exact_limit_price, security.exact_price)


def currency_symbol(currency: str) -> str:
    """Sign of a currency."""
    return {"USD": "$", "EUR": "€", "GBP": "₤", "JPY": "¥"}.get(currency, currency)


def create_order(request: SubmitOrderRequest) -> Order:
    """The order a request asks for."""
    r = request
    terms = (r.time, r.tag, r.order_properties)
    order: Order
    match r.order_type:
        case OrderType.MARKET:
            order = MarketOrder(r.symbol, r.exact_quantity, *terms)
        case OrderType.MARKET_ON_OPEN:
            order = MarketOnOpenOrder(r.symbol, r.exact_quantity, *terms)
        case OrderType.MARKET_ON_CLOSE:
            order = MarketOnCloseOrder(r.symbol, r.exact_quantity, *terms)
        case OrderType.LIMIT:
            order = LimitOrder(r.symbol, r.exact_quantity, r.exact_limit_price, *terms)
        case OrderType.STOP_MARKET:
            order = StopMarketOrder(r.symbol, r.exact_quantity, r.exact_stop_price, *terms)
        case OrderType.STOP_LIMIT:
            order = StopLimitOrder(
                r.symbol, r.exact_quantity, r.exact_stop_price, r.exact_limit_price, *terms
            )
        case OrderType.LIMIT_IF_TOUCHED:
            trigger = r.exact_trigger_price
            order = LimitIfTouchedOrder(r.symbol, r.exact_quantity, trigger, r.exact_limit_price, *terms)
        case OrderType.TRAILING_STOP:
            order = TrailingStopOrder(
                r.symbol,
                r.exact_quantity,
                r.exact_stop_price,
                r.exact_trailing_amount,
                r.trailing_as_percentage,
                *terms,
            )
        case OrderType.OPTION_EXERCISE:
            order = OptionExerciseOrder(r.symbol, r.exact_quantity, *terms)
        case OrderType.COMBO_MARKET | OrderType.COMBO_LIMIT | OrderType.COMBO_LEG_LIMIT:
            order = _leg(r)
        case _:
            raise NotSupportedByEngine(f"OrderType.{r.order_type}")
    return order


def _leg(r: SubmitOrderRequest) -> ComboOrder:
    kinds = {OrderType.COMBO_MARKET: ComboMarketOrder, OrderType.COMBO_LIMIT: ComboLimitOrder}
    kind = kinds.get(r.order_type, ComboLegLimitOrder)
    order = kind(r.symbol, r.exact_quantity, r.time, r.group_order_manager, r.tag, r.order_properties)
    if isinstance(order, ComboLegLimitOrder):
        order.exact_limit_price = r.exact_limit_price
    return order
