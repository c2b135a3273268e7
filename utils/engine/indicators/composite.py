"""Indicators made of indicators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.naming import DotNet
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.data_point import IndicatorDataPoint
from utils.engine.indicators.kinds import Indicator


class IndicatorStatus(LeanEnum):
    """Whether an indicator has a new value."""

    SUCCESS = 0
    INVALID_INPUT = 1
    MATH_ERROR = 2
    VALUE_NOT_READY = 3


class IndicatorResult(DotNet):
    """What a composer gives: a value, and whether it counts."""

    value: float
    status: IndicatorStatus

    def __init__(self, value: float, status: IndicatorStatus = IndicatorStatus.SUCCESS) -> None:
        self.value = float(value)
        self.status = status


Composer = Callable[[Any, Any], Any]


class ConstantIndicator(IndicatorBase):
    """The same value always."""

    def __init__(self, name: str, value: float) -> None:
        self._value = float(value)
        self.warm_up_period = 0
        super().__init__(name)

    def __class_getitem__(cls, _kind: Any) -> Any:
        """.NET's generic form is the class itself."""
        return cls

    def set_constant(self) -> None:
        """Make the value the current one."""
        time, _, symbol = self._results[0]
        self._results.appendleft((time, self._value, symbol))
        self._failures -= 1
        self._current = None

    def _start(self) -> None:
        self.set_constant()

    def _ready(self) -> bool:
        return True

    def _next(self, data: Any) -> float:
        return self._value


class _Side:
    """Handler of one of the two: keeps its news until the other has some too."""

    __slots__ = ("other", "other_is_constant", "pending", "target")

    def __init__(self, target: CompositeIndicator, other_is_constant: bool) -> None:
        self.target = target
        self.other_is_constant = other_is_constant
        self.pending = False
        self.other: _Side | None = None

    def __call__(self, sender: Any, point: IndicatorDataPoint) -> None:
        other = self.other
        if self.other_is_constant or (other is not None and other.pending):
            self.pending = False
            if other is not None:
                other.pending = False
            self.target.compose()
        else:
            self.pending = True


class CompositeIndicator(Indicator):
    """A value composed of two indicators' values, whenever both are new.

    Made of (left, right, composer) or (name, left, right, composer); the composer is called with the two
    indicators and gives a number or an `IndicatorResult`.

    Attributes:
        left: the one.
        right: the other.
    """

    can_block: ClassVar[bool] = False

    left: IndicatorBase
    right: IndicatorBase

    def __init__(self, *arguments: Any, **named: Any) -> None:
        names = ("name", "left", "right", "composer")[4 - len(arguments) - len(named) :]
        parts = {"name": None} | dict(zip(names, arguments, strict=False)) | named
        self.left = parts["left"]
        self.right = parts["right"]
        self._composer: Composer = parts["composer"] if "composer" in parts else parts["handler"]
        self.warm_up_period = max(getattr(side, "warm_up_period", 0) for side in (self.left, self.right))
        self._sides = tuple(
            _Side(self, isinstance(other, ConstantIndicator)) for other in (self.right, self.left)
        )
        self._sides[0].other, self._sides[1].other = self._sides[1], self._sides[0]
        super().__init__(parts["name"] or f"COMPOSE({self.left.name},{self.right.name})")
        self.left.updated += self._sides[0]
        self.right.updated += self._sides[1]

    def compose(self) -> None:
        """Take in what the two say now."""
        self._push(max(self.left.current.end_time, self.right.current.end_time), 0.0)

    def _start(self) -> None:
        for side in self._sides:
            side.pending = False

    def _ready(self) -> bool:
        return self.left.is_ready and self.right.is_ready

    def _next(self, data: Any) -> float | None:
        result = self._composer(self.left, self.right)
        if isinstance(result, IndicatorResult):
            return result.value if result.status == IndicatorStatus.SUCCESS else None
        return float(result)


class ResetCompositeIndicator(CompositeIndicator):
    """A composite with something else to reset."""

    def __init__(
        self,
        name: str,
        left: IndicatorBase,
        right: IndicatorBase,
        composer: Composer,
        extra: Callable[[], Any],
    ) -> None:
        super().__init__(name, left, right, composer)
        self._extra = extra

    def reset(self) -> None:
        """Forget all inputs."""
        super().reset()
        self._extra()
