"""Indicators written by the user."""

from __future__ import annotations

from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import NotImplementedException
from utils.engine.dotnet.naming import pascal_case
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.data_point import IndicatorDataPoint


class PythonIndicator(IndicatorBase):
    """Base of a user's indicators: `update(input)` sets `self.value` and tells whether it is ready.

    An object of any class with `update`, `value` and `is_ready` can be wrapped: `PythonIndicator(object)`.
    The class may also define `is_ready` and `warm_up_period`.

    Raises:
        NotImplementedException: at the first input or when wrapped, if the class lacks one of them.
    """

    can_block: ClassVar[bool] = False

    # The user's object; it itself when the user derives from this class.
    _instance: Any

    def __new__(cls, *_arguments: Any, **_named: Any) -> PythonIndicator:
        """An indicator that works before, and without, a call of `__init__`."""
        indicator = super().__new__(cls)
        indicator._is_ready = False
        indicator._instance = indicator
        if "warm_up_period" not in dir(cls):
            indicator.warm_up_period = 0
        indicator.name = cls.__name__
        return indicator

    def __init__(self, *arguments: Any) -> None:
        super().__init__(self.name)
        if arguments:
            self.set_indicator(arguments[0])

    def set_indicator(self, indicator: Any) -> None:
        """Let a user's object compute."""
        self._instance = indicator
        self.name = str(_member(indicator, "name") or type(indicator).__name__)
        if indicator is not self:
            self.warm_up_period = int(_member(indicator, "warm_up_period") or 0)
            self._check()

    def _check(self) -> None:
        owner = type(self._instance).__name__
        for name in ("is_ready", "update", "value"):
            if _member(self._instance, name, missing=_MISSING) is _MISSING:
                message = (
                    f"Indicator.{name} must be implemented. Please implement this missing method in {owner}"
                )
                if name == "is_ready":
                    message += f" or use PythonIndicator as base:\nclass {owner}(PythonIndicator):"
                raise NotImplementedException(message)

    def _input(self, data: Any) -> Any:
        return data

    def _ready(self) -> bool:
        if self._instance is not self and not self._is_ready:
            return bool(_member(self._instance, "is_ready"))
        return self._is_ready

    def _members(self) -> list[IndicatorBase]:
        # What a user's indicator holds is the user's.
        return []

    def _next(self, data: Any) -> float:
        instance = self._instance
        update = _member(instance, "update")
        if instance is self and type(self).update is IndicatorBase.update:
            raise NotImplementedException(
                f"Indicator.update must be implemented. Please implement this missing method in {self.name}"
            )
        ready = update(data)
        # Not `self.is_ready` of a subclass that defines none: that would be this class's own answer.
        self._is_ready = bool(_member(instance, "is_ready") if ready is None else ready)
        value = _member(instance, "value", missing=_MISSING)
        if value is _MISSING:
            raise NotImplementedException(
                f"Indicator.value must be implemented. Please implement this missing method in {self.name}"
            )
        return float(value)

    def _value_input(self, point: IndicatorDataPoint) -> IndicatorDataPoint:
        return point


_MISSING = object()


def _member(owner: Any, name: str, missing: Any = None) -> Any:
    """A member under either of its two names."""
    for spelling in (name, pascal_case(name)):
        found = getattr(owner, spelling, _MISSING)
        if found is not _MISSING:
            return found
    return missing
