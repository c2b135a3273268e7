"""Bars of a price range."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any, ClassVar, Self

from utils.engine.consolidators.timeless import BaseTimelessConsolidator, Selector
from utils.engine.data.range_bar import RangeBar
from utils.engine.dotnet.money import ONE, ZERO, exact
from utils.engine.identity.symbol_properties_database import SymbolPropertiesDatabase


class RangeConsolidator(BaseTimelessConsolidator):
    """Bars of `range` ticks (minimum price variations); a jump gives bars without volume in between."""

    gives: ClassVar[type] = RangeBar

    range: int
    _tick: Decimal
    _size: Decimal

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        """Give the state a value."""
        consolidator = super().__new__(cls, *arguments, **named)
        consolidator._tick = consolidator._size = ZERO
        return consolidator

    def __init__(
        self,
        range: int,  # noqa: A002 - LEAN's name
        selector: Selector | None = None,
        volume_selector: Selector | None = None,
    ) -> None:
        super().__init__(selector, volume_selector)
        self.range = int(range)

    @property
    def range_size(self) -> float:
        """The range as a price; zero until there is data."""
        return float(self._size)

    def update_bar(self, time: datetime, current_value: float, volume: float) -> None:
        """Put a price into the bar; finish as many bars as it passes."""
        bar: RangeBar = self._bar
        step = self._tick if current_value > bar.high else -self._tick
        bar.update(time, current_value, volume)
        while bar.is_closed:
            self.on_data_consolidated(bar)
            edge = bar.high if step > 0 else bar.low
            bar = self._bar = RangeBar(bar.symbol, bar.end_time, float(self._size), float(exact(edge) + step))
            passes = abs(exact(bar.low) - exact(current_value)) > self._size
            bar.update(time, current_value, 0.0 if passes else volume)

    def create_new_bar(self, data: Any, current_value: float, volume: float) -> None:
        """Begin a bar; the first open is rounded up to a multiple of the range."""
        opened = float(current_value)
        if not self._tick:
            self._tick = _minimum_price_variation(data.symbol)
            self._size = self._tick * self.range
            steps = (exact(opened) / self._size).quantize(ONE, rounding=ROUND_CEILING)
            opened = float(steps * self._size)
        self._bar = RangeBar(data.symbol, data.time, float(self._size), opened, volume=volume)

    def reset(self) -> None:
        """Forget all data."""
        super().reset()
        self._tick = self._size = ZERO


class ClassicRangeConsolidator(RangeConsolidator):
    """Bars of a price range; the price that finishes one begins the next."""

    def update_bar(self, time: datetime, current_value: float, volume: float) -> None:
        """Put a price into the bar."""
        bar: RangeBar = self._bar
        bar.update(time, current_value, volume)
        if bar.is_closed:
            self.on_data_consolidated(bar)
            self._bar = None


def _minimum_price_variation(symbol: Any) -> Decimal:
    properties = SymbolPropertiesDatabase.from_data_folder().get_symbol_properties(
        symbol.id.market, symbol, symbol.id.security_type, "USD"
    )
    return properties.exact_minimum_price_variation
