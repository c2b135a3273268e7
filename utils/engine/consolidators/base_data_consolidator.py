"""Trade bars of the values of any data."""

from __future__ import annotations

from typing import Any, ClassVar

from utils.engine.consolidators.summing import decimal_sum
from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidatorBase
from utils.engine.data.base_data import BaseData
from utils.engine.data.python_data import DynamicData
from utils.engine.data.trade_bar import TradeBar


class BaseDataConsolidator(TradeBarConsolidatorBase):
    """Open, high, low and close of `value`."""

    takes: ClassVar[type] = BaseData

    def aggregate_bar(self, working_bar: Any, data: BaseData) -> TradeBar:
        """The bar with `data` in it."""
        value = data.value
        if working_bar is None:
            start = self.get_rounded_bar_time(data.time)
            return TradeBar(start, data.symbol, value, value, value, value)
        bar: TradeBar = working_bar
        bar.value = value
        bar.low = min(bar.low, value)
        bar.high = max(bar.high, value)
        return bar


class DynamicDataConsolidator(TradeBarConsolidatorBase):
    """Bars of the fields open, high, low, close and volume; `value` stands for a price that is missing."""

    takes: ClassVar[type] = DynamicData

    def aggregate_bar(self, working_bar: Any, data: DynamicData) -> TradeBar:
        """The bar with `data` in it."""
        opened, high, low, close = (
            float(data.get_property(name)) if data.has_property(name) else data.value
            for name in ("open", "high", "low", "close")
        )
        volume = float(round(data.get_property("volume"))) if data.has_property("volume") else 0.0
        if working_bar is None:
            start = self._start_of(data)
            return TradeBar(start, data.symbol, opened, high, low, close, volume)
        bar: TradeBar = working_bar
        bar.value = close
        bar.volume = decimal_sum(bar.volume, volume)
        bar.low = min(bar.low, low)
        bar.high = max(bar.high, high)
        return bar
