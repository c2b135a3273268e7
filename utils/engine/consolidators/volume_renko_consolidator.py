"""Bars of a volume."""

from __future__ import annotations

from typing import Any, ClassVar

from utils.engine.consolidators.consolidator import ConsolidatorBase
from utils.engine.data.base_data import BaseData
from utils.engine.data.renko_bar import VolumeRenkoBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.event import Event
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import exact
from utils.engine.enums import TickType


class VolumeRenkoConsolidator(ConsolidatorBase):
    """A bar for each `bar_size` of volume, of trade bars or trade ticks."""

    takes: ClassVar[type] = BaseData

    def __new__(cls, *arguments: Any, **named: Any) -> Any:
        """Make both events."""
        consolidator = super().__new__(cls, *arguments, **named)
        consolidator.data_consolidated = Event()
        return consolidator

    def __init__(self, bar_size: float) -> None:
        self._size = float(bar_size)
        self._bar: VolumeRenkoBar | None = None

    @property
    def output_type(self) -> type:
        """What it gives."""
        return VolumeRenkoBar

    @property
    def working_data(self) -> Any:
        """The unfinished bar, or None."""
        return self._bar

    def update(self, data: Any) -> None:
        """Take in a trade bar or tick.

        Raises:
            ArgumentException: other data.
        """
        close: float = data.price
        if type(data) is TradeBar:
            opened, high, low, volume = data.open, data.high, data.low, data.volume
        elif type(data) is Tick:
            if data.tick_type != TickType.TRADE:
                return
            opened, high, low, volume = close, close, close, data.quantity
        else:
            raise ArgumentException(f"{type(self).__name__} must be used with TradeBar or Tick data.")
        end = data.end_time
        if self._bar is None:
            self._bar = VolumeRenkoBar(data.symbol, data.time, end, self._size, opened, high, low, close, 0.0)
        left = self._bar.update(end, high, low, close, self.adjust_volume(volume, close))
        while left >= 0.0:
            self.on_data_consolidated(self._bar)
            self._bar = self._bar.rollover()
            left = self._bar.update(end, high, low, close, left)

    def adjust_volume(self, volume: float, price: float) -> float:
        """What is counted."""
        return volume

    def on_data_consolidated(self, consolidated: Any) -> None:
        """Tell of a finished bar."""
        super().on_data_consolidated(consolidated)
        self.data_consolidated(self, consolidated)

    def reset(self) -> None:
        """Forget all data."""
        super().reset()
        self._bar = None


class DollarVolumeRenkoConsolidator(VolumeRenkoConsolidator):
    """A bar for each `bar_size` of money."""

    def adjust_volume(self, volume: float, price: float) -> float:
        """Volume times price."""
        return float(exact(volume) * exact(price))
