"""What all consolidators share: the event, the last bar and the window of bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, Self

from utils.engine.data.base_data import BaseData
from utils.engine.dotnet.event import Event
from utils.engine.dotnet.naming import DotNet
from utils.engine.indicators.rolling_window import RollingWindow

_WINDOW_SIZE = 2


class ConsolidatorBase(DotNet):
    """Base of consolidators.

    There are two events, because LEAN has two and their order can be seen: an indicator registered on a
    consolidator is up to date when the algorithm's own handler runs, whichever was attached first.

    Attributes:
        data_consolidated: what algorithms attach to, `handler(consolidator, bar)`.
        base_data_consolidated: what the engine attaches to (indicators, `consolidate`, other consolidators).
        consolidated: the last finished bar.
    """

    data_consolidated: Event
    base_data_consolidated: Event
    consolidated: Any
    _window: RollingWindow[Any]

    def __new__(cls, *_arguments: Any, **_named: Any) -> Self:
        """Set the state here: an algorithm's subclass may have an `__init__` that does not call ours."""
        consolidator = super().__new__(cls)
        consolidator.data_consolidated = consolidator.base_data_consolidated = Event()
        consolidator.consolidated = None
        consolidator._window = RollingWindow(_WINDOW_SIZE)
        return consolidator

    def __class_getitem__(cls, _types: Any) -> Any:
        """.NET's generic forms, e.g. `RenkoConsolidator[TradeBar]`, are the class itself."""
        return cls

    @property
    def input_type(self) -> type:
        """What it takes."""
        return BaseData

    @property
    def output_type(self) -> type:
        """What it gives."""
        return BaseData

    @property
    def working_data(self) -> Any:
        """A copy of the unfinished bar, or None."""
        return None

    @property
    def window(self) -> RollingWindow[Any]:
        """The last finished bars, the newest at 0."""
        return self._window

    @property
    def current(self) -> Any:
        """The newest finished bar."""
        return self._window[0]

    @property
    def previous(self) -> Any:
        """The finished bar before the newest, or None."""
        return self._window[1] if self._window.count > 1 else None

    def __getitem__(self, index: int) -> Any:
        return self._window[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._window)

    def update(self, data: Any) -> None:
        """Take in a data point."""
        raise NotImplementedError

    def scan(self, current_local_time: datetime) -> None:
        """Finish a bar whose time is over, though no data came after it."""

    def on_data_consolidated(self, consolidated: Any) -> None:
        """Put a finished bar into the window and tell of it; `consolidated` changes after that."""
        if consolidated is not None:
            self._window.add(consolidated)
        self.base_data_consolidated(self, consolidated)
        self.consolidated = consolidated

    def reset(self) -> None:
        """Forget all data."""
        self.consolidated = None
        self._window.reset()

    def dispose(self) -> None:
        """Drop the handlers."""
        self.data_consolidated.clear()
        self.base_data_consolidated.clear()


class PythonConsolidator(ConsolidatorBase):
    """Base of consolidators written in an algorithm: it gives the event and the window.

    The subclass defines `update(data)` and `scan(time)`, sets the attributes below, and calls
    `on_data_consolidated(self, bar)` when a bar is finished.
    """

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        """Give the attributes a value."""
        consolidator = super().__new__(cls, *arguments, **named)
        consolidator._input_type = consolidator._output_type = BaseData
        consolidator._working_data = None
        return consolidator

    _input_type: type
    _output_type: type
    _working_data: Any

    @property
    def input_type(self) -> type:
        """What it takes."""
        return self._input_type

    @input_type.setter
    def input_type(self, value: type) -> None:
        self._input_type = value

    @property
    def output_type(self) -> type:
        """What it gives."""
        return self._output_type

    @output_type.setter
    def output_type(self, value: type) -> None:
        self._output_type = value

    @property
    def working_data(self) -> Any:
        """The unfinished bar."""
        return self._working_data

    @working_data.setter
    def working_data(self, value: Any) -> None:
        self._working_data = value

    def on_data_consolidated(self, consolidator: Any, data: Any = None) -> None:
        """Put a finished bar into the window and tell of it; `consolidator` is the sender."""
        if data is not None:
            self._window.add(data)
        self.data_consolidated(consolidator, data)


def attach(consolidator: Any, handler: Callable[[Any, Any], Any]) -> None:
    """Have `handler(sender, bar)` called by any consolidator, an algorithm's own class among them."""
    event = _event(consolidator)
    event += handler


def detach(consolidator: Any, handler: Callable[[Any, Any], Any]) -> None:
    """Undo `attach`."""
    event = _event(consolidator)
    event -= handler


def _event(consolidator: Any) -> Any:
    if isinstance(consolidator, ConsolidatorBase):
        return consolidator.base_data_consolidated
    return consolidator.data_consolidated


EXPORTS: Final[dict[str, Any]] = {
    "ConsolidatorBase": ConsolidatorBase,
    "DataConsolidator": ConsolidatorBase,
    "IDataConsolidator": ConsolidatorBase,
    "PythonConsolidator": PythonConsolidator,
}
