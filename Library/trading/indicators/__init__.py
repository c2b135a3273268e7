"""Indicators: one compiled kernel each, over whole arrays and bar by bar with the same bits."""

from trading.indicators.registry import INDICATORS, check
from trading.indicators.spec import IndicatorSpec
from trading.indicators.streaming import StreamingIndicator, stream
from trading.indicators.table import IndicatorTable, compute

__all__ = [
    "INDICATORS",
    "IndicatorSpec",
    "IndicatorTable",
    "StreamingIndicator",
    "check",
    "compute",
    "stream",
]
