"""What an indicator takes in and gives out: a value at a time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from utils.engine.data.base_data import BaseData, empty_symbol
from utils.engine.data.wall_time import NO_TIME
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import exact, text

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol

_empty: list[Symbol] = []
_new = object.__new__


class IndicatorDataPoint(BaseData):
    """A value at a time.

    Made of nothing, of (time, value) or of (symbol, time, value).
    """

    __slots__ = ()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        symbol, time, value = _parts(arguments, named)
        self.symbol = or_empty(symbol)
        self._time = time
        self.value = float(value)
        self.is_fill_forward = False

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%dT%H:%M:%S} - {text(exact(self.value))}"

    __repr__ = __str__

    def __float__(self) -> float:
        return self.value

    def __hash__(self) -> int:
        return hash((self.value, self.time))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, IndicatorDataPoint):
            return self.value == other.value and self.time == other.time
        return isinstance(other, (int, float)) and self.value == other

    def __lt__(self, other: Any) -> bool:
        return self.value < float(other)

    def __le__(self, other: Any) -> bool:
        return self.value <= float(other)

    def __gt__(self, other: Any) -> bool:
        return self.value > float(other)

    def __ge__(self, other: Any) -> bool:
        return self.value >= float(other)

    def compare_to(self, other: object) -> int:
        """-1, 0 or 1 by value; anything is greater than None.

        Raises:
            ArgumentException: not a data point.
        """
        if other is None:
            return 1
        if not isinstance(other, IndicatorDataPoint):
            raise ArgumentException("Object must be of type IndicatorDataPoint")
        return (self.value > other.value) - (self.value < other.value)


def data_point(symbol: Symbol | None, time: int | datetime, value: float) -> IndicatorDataPoint:
    """A data point of parts known to be sound; `time` as nanoseconds of the wall clock or as datetime."""
    point = _new(IndicatorDataPoint)
    point.symbol = or_empty(symbol)
    point._time = time
    point.value = value
    point.is_fill_forward = False
    return point


def or_empty(symbol: Symbol | None) -> Symbol:
    """A symbol, LEAN's empty one for None."""
    if symbol is not None:
        return symbol
    if not _empty:
        _empty.append(empty_symbol())
    return _empty[0]


def _parts(arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, datetime, Any]:
    if len(arguments) + len(named) == 3:
        symbol, *arguments_left = (named.get("symbol"), *arguments) if "symbol" in named else arguments
        arguments = tuple(arguments_left)
    else:
        symbol = named.get("symbol")
    values = dict(zip(("time", "value"), arguments, strict=False)) | named
    return symbol, values.get("time", NO_TIME), values.get("value", 0.0)
