"""`security.session`: the trading day in progress and those before it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.consolidators.session_bar import SessionBar
from utils.engine.consolidators.session_consolidator import SessionConsolidator
from utils.engine.enums import TickType
from utils.engine.indicators.rolling_window import RollingWindow


class Session(RollingWindow[SessionBar]):
    """The day in progress at index 0 and as attributes, finished days after it.

    Nothing is collected until `size` is set above zero.
    """

    def __init__(self, tick_type: TickType, exchange_hours: Any, symbol: Any, size: int = 0) -> None:
        """`tick_type` says whether prices are of trades or quotes."""
        self._consolidator: SessionConsolidator | None = None
        super().__init__(size)
        self._tick_type = tick_type
        self._hours = exchange_hours
        self._symbol = symbol
        self._begin()

    def _begin(self) -> None:
        if RollingWindow.size.fget(self) > 0 and self._consolidator is None:  # type: ignore[attr-defined]
            self._consolidator = SessionConsolidator(self._hours, self._tick_type, self._symbol)
            self._consolidator.data_consolidated += self._on_consolidated
            self.add(self._consolidator.working_instance)

    @property
    def size(self) -> int:
        """Days kept, the one in progress included."""
        return super().size

    @size.setter
    def size(self, value: int) -> None:
        RollingWindow.size.fset(self, value)  # type: ignore[attr-defined]  # a property of the base
        self._begin()

    @property
    def _bar(self) -> SessionBar | None:
        return None if self._consolidator is None else self._consolidator.working_instance

    @property
    def symbol(self) -> Any:
        """The security's symbol."""
        return self._symbol

    @property
    def open(self) -> float:
        """First price of the day."""
        return 0.0 if self._bar is None else self._bar.open

    @property
    def high(self) -> float:
        """Highest price of the day."""
        return 0.0 if self._bar is None else self._bar.high

    @property
    def low(self) -> float:
        """Lowest price of the day."""
        return 0.0 if self._bar is None else self._bar.low

    @property
    def close(self) -> float:
        """Last price of the day."""
        return 0.0 if self._bar is None else self._bar.close

    @property
    def volume(self) -> float:
        """Volume of the day."""
        return 0.0 if self._bar is None else self._bar.volume

    @property
    def open_interest(self) -> float:
        """Open interest of the day."""
        return 0.0 if self._bar is None else self._bar.open_interest

    @property
    def end_time(self) -> datetime:
        """Midnight after the day."""
        return datetime.min if self._bar is None else self._bar.end_time

    def update(self, data: Any) -> None:
        """Take in data of the security."""
        if self._consolidator is not None:
            self._consolidator.update(data)

    def scan(self, current_local_time: datetime) -> None:
        """Finish the day when it is over."""
        if self._consolidator is not None:
            self._consolidator.validate_and_scan(current_local_time)

    def _on_consolidated(self, sender: SessionConsolidator, consolidated: SessionBar) -> None:
        self.add(sender.working_instance)

    def reset(self) -> None:
        """Forget all days."""
        if self._consolidator is not None:
            super().reset()
            self._consolidator.reset()
            self.add(self._consolidator.working_instance)

    def to_string(self) -> str:
        """The text."""
        return str(self)

    def __str__(self) -> str:
        return "" if self._bar is None else str(self._bar)
