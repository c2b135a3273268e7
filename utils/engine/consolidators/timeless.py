"""Base of consolidators that look at prices, not at times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Self

from utils.engine.consolidators.consolidator import ConsolidatorBase
from utils.engine.data.base_data import BaseData
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.event import Event
from utils.engine.dotnet.exceptions import ArgumentException

Selector = Callable[[Any], float]


def value_of(data: BaseData) -> float:
    """The value."""
    return data.value


def volume_of(data: BaseData) -> float:
    """The volume of a trade bar, the quantity of a tick, else zero."""
    if isinstance(data, TradeBar):
        return data.volume
    return data.quantity if isinstance(data, Tick) else 0.0


class TypedEventConsolidator(ConsolidatorBase):
    """Base of consolidators whose algorithm's handlers run before the engine's."""

    gives: ClassVar[type] = BaseData

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        """Make both events."""
        consolidator = super().__new__(cls, *arguments, **named)
        consolidator.data_consolidated = Event()
        return consolidator

    @property
    def output_type(self) -> type:
        """What it gives."""
        return self.gives

    def on_data_consolidated(self, consolidated: Any) -> None:
        """Put a finished bar into the window and tell of it; `consolidated` changes after that."""
        self._window.add(consolidated)
        self.data_consolidated(self, consolidated)
        self._before_engine(consolidated)
        self.base_data_consolidated(self, consolidated)
        self.consolidated = consolidated

    def _before_engine(self, consolidated: Any) -> None:
        """A step between the algorithm's handlers and the engine's."""


class BaseTimelessConsolidator(TypedEventConsolidator):
    """Feeds a price and a volume of each data point to the current bar.

    A subclass gives `update_bar` and `create_new_bar`; both work on `_bar`.

    Attributes:
        selector, volume_selector: the functions.
    """

    selector: Selector
    volume_selector: Selector
    _bar: Any

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        """Give the state a value."""
        consolidator = super().__new__(cls, *arguments, **named)
        consolidator._bar = None
        return consolidator

    def __init__(self, selector: Selector | None = None, volume_selector: Selector | None = None) -> None:
        """Take the functions that give the price (default: value) and the volume of a data point.

        Raises:
            ArgumentException: something that cannot be called.
        """
        for name, function in (("selector", selector), ("volume_selector", volume_selector)):
            if function is not None and not callable(function):
                raise ArgumentException(f"{type(self).__name__}: {name} must be a function of a data point")
        self.selector = selector or value_of
        self.volume_selector = volume_selector or volume_of

    @property
    def working_data(self) -> Any:
        """A copy of the unfinished bar, or None."""
        return None if self._bar is None else self._bar.clone()

    @property
    def current_bar(self) -> Any:
        """The unfinished bar itself, or None."""
        return self._bar

    @current_bar.setter
    def current_bar(self, value: Any) -> None:
        self._bar = value

    def update(self, data: Any) -> None:
        """Take in a data point."""
        value, volume = self.selector(data), self.volume_selector(data)
        if self._bar is not None:
            self.update_bar(data.time, value, volume)
        if self._bar is None:
            self.create_new_bar(data, value, volume)

    def update_bar(self, time: datetime, current_value: float, volume: float) -> None:
        """Put a price into the bar."""
        raise NotImplementedError

    def create_new_bar(self, data: Any, current_value: float, volume: float) -> None:
        """Begin a bar."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forget all data."""
        self._bar = None
        super().reset()
