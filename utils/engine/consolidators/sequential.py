"""One consolidator after another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.consolidators.consolidator import ConsolidatorBase, attach
from utils.engine.dotnet.exceptions import ArgumentException


class SequentialConsolidator(ConsolidatorBase):
    """What `first` gives goes into `second`; the result is the second's."""

    first: Any
    second: Any

    def __init__(self, first: Any, second: Any) -> None:
        """Join both.

        Raises:
            ArgumentException: the second does not take what the first gives.
        """
        if not issubclass(first.output_type, second.input_type):
            raise ArgumentException(
                f"SequentialConsolidator: the first gives {first.output_type.__name__}, the second takes "
                f"{second.input_type.__name__}"
            )
        self.first = first
        self.second = second
        attach(first, lambda _, bar: second.update(bar))
        attach(second, lambda _, bar: self.on_data_consolidated(bar))

    @property
    def input_type(self) -> type:
        """What the first takes."""
        taken: type = self.first.input_type
        return taken

    @property
    def output_type(self) -> type:
        """What the second gives."""
        given: type = self.second.output_type
        return given

    @property
    def working_data(self) -> Any:
        """The second's unfinished bar."""
        return self.second.working_data

    def update(self, data: Any) -> None:
        """Give data to the first."""
        self.first.update(data)

    def scan(self, current_local_time: datetime) -> None:
        """Finish the first's bar whose time is over."""
        self.first.scan(current_local_time)

    def reset(self) -> None:
        """Forget all data of both."""
        self.first.reset()
        self.second.reset()
        super().reset()

    def dispose(self) -> None:
        """Drop the handlers of both."""
        self.first.dispose()
        self.second.dispose()
        super().dispose()
