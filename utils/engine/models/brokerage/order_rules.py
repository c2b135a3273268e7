"""What brokerages demand of orders: a rule answers with a message when an order breaks it, else with None."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import text
from utils.engine.enums import OrderType, SecurityType
from utils.engine.exchange.market_hours_segment import MarketHoursSegment, MarketHoursState
from utils.engine.models.brokerage.brokerage_message_event import BrokerageMessageEvent, BrokerageMessageType
from utils.engine.orders.time_in_force import TimeInForce

Refusal = BrokerageMessageEvent | None
Verdict = tuple[bool, Refusal]
Window = tuple[timedelta, timedelta]  # times of the day: the first is in it, the last is not

NO_UPDATES = "Brokerage does not support update. You must cancel and re-create instead."
NO_DATA = (
    "There is no data for this symbol yet, please check the security.HasData flag to ensure there is at "
    "least one data point."
)
AUCTIONS = (OrderType.MARKET_ON_OPEN, OrderType.MARKET_ON_CLOSE)


def refusal(message: str, code: str | int = "NotSupported") -> BrokerageMessageEvent:
    """Why a brokerage does not take an order or a change."""
    return BrokerageMessageEvent(BrokerageMessageType.WARNING, code, message)


def verdict(refusals: Iterable[Refusal]) -> Verdict:
    """Whether all rules hold; with the message of the first that does not."""
    broken = next((one for one in refusals if one is not None), None)
    return broken is None, broken


def security_kind(model: Any, security: Any, supported: Collection[SecurityType]) -> Refusal:
    """The brokerage trades this kind of security."""
    if security.type in supported:
        return None
    return refusal(f"The {_name(model)} does not support {security.type} security type.")


def order_kind(model: Any, order: Any, supported: Collection[OrderType]) -> Refusal:
    """The brokerage knows this kind of order."""
    if order.type in supported:
        return None
    kinds = ",".join(str(kind) for kind in supported)
    return refusal(f"The {_name(model)} does not support {order.type} order type. Only supports [{kinds}]")


def time_in_force(model: Any, order: Any, supported: tuple[type[TimeInForce], ...]) -> Refusal:
    """The brokerage knows how long this order is to rest."""
    if isinstance(order.time_in_force, supported):
        return None
    return refusal(f"The {_name(model)} does not support {_name(order.time_in_force)} time in force.")


def least_size(security: Any, quantity: Decimal) -> Refusal:
    """A quantity is at least the least one of the symbol's properties, if these have one."""
    least = security.symbol_properties.exact_minimum_order_size
    if least is None or abs(quantity) >= least:
        return None
    return refusal(
        f"The minimum order size (in quote currency) for {security.symbol.value} is {text(least)}. "
        f"Order quantity was {text(quantity)}."
    )


def whole_quantity(quantity: Decimal) -> Refusal:
    """No fractions."""
    return (
        refusal(f"Order Quantity must be Integer, but provided {text(quantity)}.") if quantity % 1 else None
    )


def crosses_zero(holding: Decimal, quantity: Decimal) -> bool:
    """Whether a quantity turns a long position into a short one, or a short one into a long one."""
    return holding * quantity < 0 and abs(quantity) > abs(holding)


def no_crossing(
    model: Any, security: Any, order: Any, unsupported: Collection[OrderType] = AUCTIONS
) -> Refusal:
    """Some kinds of orders do not turn a position around."""
    crossing = crosses_zero(security.holdings.exact_quantity, order.exact_quantity)
    if not crossing or order.type not in unsupported:
        return None
    return refusal(
        f"Order type '{order.type}' is not supported for orders that cross the zero holdings threshold in "
        f"the {_name(model)}. This means you cannot change a position from positive to negative or vice "
        "versa using this order type. Please close the existing position first."
    )


def market_on_open(
    security: Any,
    order: Any,
    supported: Collection[SecurityType],
    window: Callable[[MarketHoursSegment], Window],
) -> Refusal:
    """Orders for the open are sent at a time of the day that depends on the regular hours, if any."""
    if order.type != OrderType.MARKET_ON_OPEN:
        return None
    if security.type not in supported:
        return refusal(
            f"The broker does not support Market-on-Open orders for security type {security.type}",
            "UnsupportedSecurityType",
        )
    segments = security.exchange.hours.get_market_hours(security.local_time).segments
    regular = next((one for one in segments if one.state == MarketHoursState.MARKET), None)
    if regular is None:
        return None
    start, end = window(regular)
    now = time_of_day(security.local_time)
    inside = start <= now < end if start <= end else now >= start or now < end
    if inside:
        return None
    return refusal(
        f"MarketOnOpen submission time is invalid. Valid local times are {_clock(start)}–{_clock(end)}. "
        "Consider setting daily_precise_end_time = false or using self.schedule.on."
    )


def time_of_day(moment: datetime) -> timedelta:
    """Time since midnight."""
    return moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _clock(time: timedelta) -> str:
    """As LEAN writes it: a blank, and hours of a half day."""
    return (datetime(1, 1, 1) + time).strftime(" %I:%M")


def _name(thing: Any) -> str:
    return type(thing).__name__
