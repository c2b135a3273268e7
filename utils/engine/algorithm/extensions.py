"""LEAN's `Extensions`: functions on moments, kinds and numbers that algorithms call by this name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from utils.engine.consolidators.period_count import RESOLUTION_SPANS
from utils.engine.dotnet.money import exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.rounding import round_to_significant_digits
from utils.engine.enums import OrderDirection, Resolution, SecurityType
from utils.engine.identity.lean_data import tick_type_name
from utils.engine.identity.security_identifier import is_option
from utils.engine.orders.status import direction_of

_WITH_OPTIONS = (SecurityType.EQUITY, SecurityType.FUTURE, SecurityType.INDEX)


class Extensions(DotNet):
    """The ones that are asked for in algorithms."""

    @staticmethod
    def is_option(security_type: SecurityType) -> bool:
        """Whether securities of a kind are options."""
        return is_option(security_type)

    @staticmethod
    def has_options(security_type: SecurityType) -> bool:
        """Whether there are options on securities of a kind."""
        return security_type in _WITH_OPTIONS

    @staticmethod
    def get_order_direction(quantity: float) -> OrderDirection:
        """The side of an order of a signed quantity."""
        return direction_of(quantity)

    @staticmethod
    def convert_from_utc(time: datetime, to: tzinfo, strict: bool = False) -> datetime:
        """A moment in UTC on another zone's wall clock."""
        return time.replace(tzinfo=UTC).astimezone(to).replace(tzinfo=None)

    @staticmethod
    def convert_to_utc(time: datetime, from_zone: tzinfo, strict: bool = False) -> datetime:
        """A moment on a zone's wall clock in UTC."""
        return time.replace(tzinfo=from_zone).astimezone(UTC).replace(tzinfo=None)

    @staticmethod
    def convert_to(time: datetime, from_zone: tzinfo, to: tzinfo, strict: bool = False) -> datetime:
        """A moment on a zone's wall clock on that of another."""
        return time.replace(tzinfo=from_zone).astimezone(to).replace(tzinfo=None)

    @staticmethod
    def to_time_span(resolution: Any) -> timedelta:
        """Length of a resolution's bars."""
        return RESOLUTION_SPANS[Resolution(resolution)]

    @staticmethod
    def tick_type_to_lower(tick_type: Any) -> str:
        """The name of a kind of data in file names: `trade`, `quote`, `openinterest`."""
        return tick_type_name(tick_type)

    @staticmethod
    def round_down(time: datetime, interval: timedelta) -> datetime:
        """The latest whole interval since year one that is not after a moment."""
        return time - (time - datetime.min) % interval if interval else time

    @staticmethod
    def round_up(time: datetime, interval: timedelta) -> datetime:
        """The earliest whole interval since year one that is not before a moment."""
        return time + -(time - datetime.min) % interval if interval else time

    @staticmethod
    def round_to_significant_digits(number: float, digits: int) -> float:
        """A number to so many digits, halves to even."""
        return float(round_to_significant_digits(exact(number), digits))
