"""Indicators written by the user."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, ClassVar, Self

from utils.engine.dotnet.event import Event
from utils.engine.dotnet.exceptions import NotImplementedException
from utils.engine.dotnet.naming import pascal_case
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.data_point import IndicatorDataPoint
from utils.engine.indicators.window import IndicatorWindow, Result

_MISSING = object()


class PythonIndicator(IndicatorBase):
    """Base of a user's indicators: `update(input)` sets `self.value` and tells whether it is ready.

    An object of any class with `update`, `value` and `is_ready` can be wrapped: `PythonIndicator(object)`.
    The class may also define `is_ready` and `warm_up_period`; it need not call `__init__`.

    Raises:
        NotImplementedException: at the first input, or when wrapped, if the class lacks one of them.
    """

    can_block: ClassVar[bool] = False

    # All state is in here: a user's attributes may have any name.
    __core: _Computed

    def __new__(cls, *_arguments: Any, **_named: Any) -> Self:
        """An indicator that works before, and without, a call of `__init__`."""
        indicator = super().__new__(cls)
        indicator.__core = _Computed(indicator, indicator)
        indicator.name = cls.__name__
        if not any("warm_up_period" in vars(one) or "WarmUpPeriod" in vars(one) for one in _users(cls)):
            indicator.warm_up_period = 0
        return indicator

    def __init__(self, *arguments: Any) -> None:
        if arguments and not isinstance(arguments[0], str):
            self.set_indicator(arguments[0])

    def set_indicator(self, indicator: Any) -> None:
        """Let a user's object compute."""
        if indicator is self:
            return
        self.__core = _Computed(self, indicator)
        self.name = str(_member(indicator, "name", type(indicator).__name__))
        self.warm_up_period = int(_member(indicator, "warm_up_period", 0))
        for name in ("is_ready", "update", "value"):
            if _member(indicator, name) is _MISSING:
                raise _lacking(indicator, name)

    @property
    def current(self) -> IndicatorDataPoint:
        """The last value and its time."""
        return self.__core.current

    @current.setter
    def current(self, point: IndicatorDataPoint) -> None:
        self.__core.add_result(point)

    @property
    def previous(self) -> IndicatorDataPoint:
        """The value before; zero at the first moment when there is none."""
        return self.__core.previous

    @property
    def is_ready(self) -> bool:
        """What the last `update` said."""
        return self.__core.is_ready

    @is_ready.setter
    def is_ready(self, ready: bool) -> None:
        self.__core.said_ready = ready

    @property
    def samples(self) -> int:
        """Inputs that the engine gave it."""
        return self.__core.samples

    @property
    def window(self) -> IndicatorWindow:
        """The last values, newest first."""
        return self.__core.window

    @property
    def updated(self) -> Event:
        """Called as `handler(indicator, data_point)` at each new value."""
        return self.__core.updated

    @updated.setter
    def updated(self, event: Event) -> None:
        self.__core.updated = event

    def on_updated(self, point: IndicatorDataPoint) -> None:
        """Call the handlers of `updated`."""
        self.__core.updated(self, point)

    def take(self, data: Any) -> bool:
        """Take in an input as the engine does: `update` is the user's own."""
        return self.__core.take(data)

    def reset(self) -> None:
        """Forget the values; a user's class resets its own state."""
        self.__core.reset()

    def results(self) -> deque[Result]:
        """The results as of now, newest first."""
        return self.__core.results()

    def __iter__(self) -> Iterator[IndicatorDataPoint]:
        return iter(self.__core.window)

    def _members(self) -> list[IndicatorBase]:
        # What a user's indicator holds is the user's.
        return []


class _Computed(IndicatorBase):
    """The values of a user's object.

    Attributes:
        said_ready: what its last `update` said.
    """

    can_block: ClassVar[bool] = False
    said_ready: bool

    def __init__(self, sender: PythonIndicator, instance: Any) -> None:
        self._sender = sender
        self._instance = instance
        super().__init__()

    def _start(self) -> None:
        self.said_ready = False

    def _members(self) -> list[IndicatorBase]:
        return []

    def _input(self, data: Any) -> Any:
        return data

    def _own_ready(self) -> Any:
        """`is_ready` of the user's class; missing when it has none."""
        instance = self._instance
        if isinstance(instance, PythonIndicator) and not any(
            "is_ready" in vars(one) or "IsReady" in vars(one) for one in _users(type(instance))
        ):
            return _MISSING
        return _member(instance, "is_ready")

    def _ready(self) -> bool:
        own = False if self.said_ready else self._own_ready()
        return self.said_ready or (own is not _MISSING and bool(own))

    def _next(self, data: Any) -> float:
        instance = self._instance
        update = _member(instance, "update")
        if getattr(update, "__func__", None) is IndicatorBase.update:
            raise _lacking(instance, "update")
        ready = update(data)
        if ready is None:
            ready = self._own_ready()
        self.said_ready = ready is not _MISSING and bool(ready)
        value = _member(instance, "value")
        if value is _MISSING:
            raise _lacking(instance, "value")
        return float(value)

    def _notify(self) -> None:
        if self._updated:
            self._updated(self._sender, self.current)


def _users(cls: type) -> list[type]:
    """The classes of a user's class that the user wrote."""
    return list(cls.__mro__[: cls.__mro__.index(PythonIndicator)])


def _lacking(instance: Any, name: str) -> NotImplementedException:
    owner = type(instance).__name__
    message = f"Indicator.{name} must be implemented. Please implement this missing method in {owner}"
    if name == "is_ready":
        message += f" or use PythonIndicator as base:\nclass {owner}(PythonIndicator):"
    return NotImplementedException(message)


def _member(owner: Any, name: str, missing: Any = _MISSING) -> Any:
    """A member under either of its two names."""
    for spelling in (name, pascal_case(name)):
        found = getattr(owner, spelling, _MISSING)
        if found is not _MISSING:
            return found
    return missing
