"""How an indicator is fed with bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.data_point import IndicatorDataPoint
from utils.engine.indicators.python_indicator import PythonIndicator


def updater(indicator: Any, selector: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """A function that takes a bar and updates the indicator with what it wants of it."""
    if not isinstance(indicator, IndicatorBase):
        update = getattr(indicator, "update", None) or indicator.Update
        return (lambda bar: update(selector(bar))) if selector else update
    if selector is None:
        return indicator.take
    if getattr(indicator, "of_bars", False) or isinstance(indicator, PythonIndicator):
        return lambda bar: indicator.take(selector(bar))
    return lambda bar: indicator.take(IndicatorDataPoint(bar.symbol, bar.end_time, selector(bar)))
