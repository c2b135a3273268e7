"""Consolidators that give what they take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Self

from utils.engine.consolidators.consolidator import ConsolidatorBase
from utils.engine.data.base_data import BaseData
from utils.engine.data.tick import Tick
from utils.engine.dotnet.exceptions import ArgumentNullException
from utils.engine.enums import TickType

# One class for each type of data, so that `IdentityDataConsolidator[Tick]` is the same class each time.
_classes: dict[tuple[type, type], Any] = {}


def _of_type(cls: type, kind: type) -> Any:
    key = (cls, kind)
    if key not in _classes:
        name = f"{cls.__name__}[{kind.__name__}]"
        _classes[key] = type(name, (cls,), {"takes": kind, "__module__": cls.__module__})
    return _classes[key]


class IdentityDataConsolidator(ConsolidatorBase):
    """Passes data on; of data with the same end time only the first, unless it is ticks.

    `IdentityDataConsolidator[TradeBar]()` takes trade bars only.
    """

    takes: ClassVar[type[Any]] = BaseData

    _last: Any
    _last_time: datetime | None

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        """Give the state a value."""
        consolidator = super().__new__(cls, *arguments, **named)
        consolidator._last = consolidator._last_time = None
        return consolidator

    def __class_getitem__(cls, of: type) -> Any:
        """The class for one type of data."""
        return _of_type(cls, of)

    @classmethod
    def of(cls, kind: type) -> type[Self]:
        """The class for one type of data."""
        made: type[Self] = _of_type(cls, kind)
        return made

    @property
    def input_type(self) -> type:
        """What it takes."""
        return self.takes

    @property
    def output_type(self) -> type:
        """What it gives."""
        return self.takes

    @property
    def working_data(self) -> Any:
        """A copy of the last data, or None."""
        return None if self._last is None else self._last.clone()

    def update(self, data: Any) -> None:
        """Pass on.

        Raises:
            ArgumentNullException: data of another type.
        """
        if not isinstance(data, self.takes):
            raise ArgumentNullException(
                f"Received type of {type(data).__name__} but expected {self.takes.__name__}"
            )
        if self._last is None or data.end_time != self._last_time or self.takes is Tick:
            self.on_data_consolidated(data)
            self._last = data
            self._last_time = data.end_time

    def reset(self) -> None:
        """Forget all data."""
        super().reset()
        self._last = None


class FilteredIdentityDataConsolidator(IdentityDataConsolidator):
    """Passes on the data that a predicate accepts."""

    def __init__(self, predicate: Callable[[Any], bool]) -> None:
        self._predicate = predicate

    @staticmethod
    def for_tick_type(tick_type: TickType) -> FilteredIdentityDataConsolidator:
        """One that passes on the ticks of a kind."""
        return FilteredIdentityDataConsolidator.of(Tick)(lambda tick: tick.tick_type == tick_type)

    def update(self, data: Any) -> None:
        """Pass on what the predicate accepts."""
        if self._predicate(data):
            super().update(data)
