"""How long an order rests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import SecurityType

if TYPE_CHECKING:
    from utils.engine.orders.order import Order

NEW_YORK = ZoneInfo("America/New_York")
UTC = ZoneInfo("UTC")

FOREX_DAY_ENDS = timedelta(hours=17)

_FOREX = (SecurityType.FOREX, SecurityType.CFD)
_CRYPTO = (SecurityType.CRYPTO, SecurityType.CRYPTO_FUTURE)


def moved(time: datetime, origin: Any, target: Any) -> datetime:
    """A naive time of one zone as a naive time of another."""
    return time.replace(tzinfo=origin).astimezone(target).replace(tzinfo=None)


class TimeInForce(DotNet):
    """When an order expires, and which fills it takes."""

    GOOD_TIL_CANCELED: ClassVar[TimeInForce]
    DAY: ClassVar[TimeInForce]

    def is_order_expired(self, security: Any, order: Order) -> bool:
        """Whether the order is past its time."""
        return False

    def is_fill_valid(self, security: Any, order: Order, fill: Any) -> bool:
        """Whether the order takes a fill."""
        return True

    @staticmethod
    def good_til_date(expiry: datetime) -> GoodTilDateTimeInForce:
        """Rests until the close of a date, in the exchange's time zone."""
        return GoodTilDateTimeInForce(expiry)


class GoodTilCanceledTimeInForce(TimeInForce):
    """Rests until it is filled or canceled."""


class DayTimeInForce(TimeInForce):
    """Rests until the close of the session it was sent in or before."""

    def is_order_expired(self, security: Any, order: Order) -> bool:
        """Whether the day of the order is over."""
        hours = security.exchange.hours
        ordered = moved(order.time, UTC, hours.time_zone)
        now = security.local_time
        if order.security_type in _FOREX:
            ordered = moved(order.time, UTC, NEW_YORK)
            expiry = _midnight(ordered) + FOREX_DAY_ENDS
            if ordered - _midnight(ordered) > FOREX_DAY_ENDS:
                expiry += timedelta(days=1)
            return bool(moved(now, hours.time_zone, NEW_YORK) >= expiry)
        if order.security_type in _CRYPTO:
            return bool(now.date() > ordered.date())
        return bool(now >= hours.get_last_daily_market_close(ordered, False))


class GoodTilDateTimeInForce(TimeInForce):
    """Rests until the close of a date."""

    expiry: datetime

    def __init__(self, expiry: datetime) -> None:
        self.expiry = expiry

    def is_order_expired(self, security: Any, order: Order) -> bool:
        """Whether the date is over."""
        hours = security.exchange.hours
        now = security.local_time
        if order.security_type in _FOREX:
            return moved(now, hours.time_zone, UTC) >= self.get_forex_order_expiry_date_time(order)
        if order.security_type in _CRYPTO:
            return bool(now.date() > self.expiry.date())
        return bool(now >= hours.get_last_daily_market_close(_midnight(self.expiry), False))

    def get_forex_order_expiry_date_time(self, order: Order) -> datetime:
        """UTC time at which a forex order of this date expires: 17:00 in New York."""
        expiry = _midnight(self.expiry) + FOREX_DAY_ENDS
        if order.time.date() == self.expiry.date():
            ordered = moved(order.time, UTC, NEW_YORK)
            if ordered - _midnight(ordered) > FOREX_DAY_ENDS:
                expiry += timedelta(days=1)
        return moved(expiry, NEW_YORK, UTC)


def _midnight(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)


TimeInForce.GOOD_TIL_CANCELED = GoodTilCanceledTimeInForce()
TimeInForce.DAY = DayTimeInForce()
TimeInForce.GOOD_TIL_DATE = TimeInForce.good_til_date  # type: ignore[attr-defined]
TimeInForce.GoodTilCanceled = TimeInForce.GOOD_TIL_CANCELED  # type: ignore[attr-defined]
TimeInForce.Day = TimeInForce.DAY  # type: ignore[attr-defined]
