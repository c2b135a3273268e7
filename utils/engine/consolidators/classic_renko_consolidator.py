"""Renko bars without wicks."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_CEILING
from typing import Any, ClassVar, Self

from utils.engine.consolidators.timeless import BaseTimelessConsolidator, Selector
from utils.engine.data.renko_bar import RenkoBar, RenkoType
from utils.engine.dotnet.exceptions import ArgumentException, ArgumentOutOfRangeException
from utils.engine.dotnet.money import ONE, exact

_SMALLEST = 1e-28


class ClassicRenkoConsolidator(BaseTimelessConsolidator):
    """A bar for each move of the price by `bar_size` from the bar's open, in either direction.

    With `even_bars` the first open is rounded up to a multiple of the size.
    """

    gives: ClassVar[type] = RenkoBar

    _last_close: float | None

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        """Give the state a value."""
        consolidator = super().__new__(cls, *arguments, **named)
        consolidator._last_close = None
        return consolidator

    def __init__(
        self,
        bar_size: float,
        selector: Selector | bool | RenkoType | None = None,
        volume_selector: Selector | None = None,
        even_bars: bool = True,
    ) -> None:
        """`(bar_size[, even_bars])` or `(bar_size, selector[, volume_selector[, even_bars]])`.

        Raises:
            ArgumentOutOfRangeException: a size that is not above zero.
            ArgumentException: a type of bar that is not classic.
        """
        if isinstance(selector, RenkoType):
            if selector != RenkoType.CLASSIC:
                raise ArgumentException("ClassicRenkoConsolidator: use RenkoConsolidator for bars with wicks")
            selector = None
        elif isinstance(selector, bool):
            even_bars, selector = selector, None
        super().__init__(selector, volume_selector)
        if bar_size < _SMALLEST:
            raise ArgumentOutOfRangeException("RenkoConsolidator bar size must be positive, at least 1e-28")
        self._size = exact(bar_size)
        self._even_bars = even_bars

    @property
    def type(self) -> RenkoType:
        """Without wicks."""
        return RenkoType.CLASSIC

    def update_bar(self, time: datetime, current_value: float, volume: float) -> None:
        """Put a price into the bar."""
        bar = self._bar
        if bar.update(time, current_value, volume):
            self._last_close = bar.close
            self.on_data_consolidated(bar)
            self._bar = None

    def create_new_bar(self, data: Any, current_value: float, volume: float) -> None:
        """Begin a bar where the last one closed."""
        opened = self._last_close
        if opened is None:
            opened = current_value
            if self._even_bars:
                steps = (exact(current_value) / self._size).quantize(ONE, rounding=ROUND_CEILING)
                opened = float(steps * self._size)
        self._bar = RenkoBar(data.symbol, data.time, float(self._size), opened, volume)

    def reset(self) -> None:
        """Forget all data."""
        super().reset()
        self._last_close = None
