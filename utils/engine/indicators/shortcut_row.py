"""One overload of a method of the algorithm that makes an indicator."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from utils.engine.enums import Resolution
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.moving_averages import MovingAverageType

# A name and a default, `...` for none.
Parameters = tuple[tuple[str, Any], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One overload of a method.

    Attributes:
        method: its name.
        cls: what it makes.
        type: the indicator's part of the name, with the settings in braces; `[,{x}]` is left out without x.
        parameters: after the symbol.
        field: of a bar, what it takes by default: `close`, or LEAN's special cases.
        symbols: `one`, `two` (the second is the parameter `reference`), or `many` (a list for the first).
        renamed: parameters that the class calls otherwise.
    """

    method: str
    cls: Callable[..., IndicatorBase]
    type: str
    parameters: Parameters
    field: str = "close"
    symbols: str = "one"
    renamed: dict[str, str] = dataclasses.field(default_factory=dict)


SIMPLE, EXPONENTIAL, WILDERS = (
    MovingAverageType.SIMPLE,
    MovingAverageType.EXPONENTIAL,
    MovingAverageType.WILDERS,
)
PERIOD: Final = (("period", ...),)


def tail(resolution: Resolution | None = None) -> Parameters:
    """Every method's last parameters."""
    return (("resolution", resolution), ("selector", None))


def row(method: str, cls: Any, type: str, *parameters: tuple[str, Any], **more: Any) -> Row:  # noqa: A002
    """An overload that ends with resolution and selector."""
    return Row(method, cls, type, (*parameters, *tail(more.pop("resolution", None))), **more)


def of_period(method: str, cls: Any) -> Row:
    """An overload with a period, named after the method."""
    return row(method, cls, f"{method.upper()}({{period}})", *PERIOD)


FAST_SLOW: Final = (("fast_period", ...), ("slow_period", ...))
AVERAGE: Final = ("moving_average_type", SIMPLE)
