"""`Field`: what indicators take of a bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from utils.engine.data.quote_bar import QuoteBar
from utils.engine.dotnet.naming import DotNet

Selector = Callable[[Any], float]


def _side(side: str, field: str) -> Selector:
    def select(data: Any) -> float:
        bar = getattr(data, side, None) if isinstance(data, QuoteBar) else None
        return float(getattr(bar, field)) if bar is not None else float(data.value)

    return select


def _of(*fields: str) -> Selector:
    """Mean of fields of a bar; the value of what is none."""

    def select(data: Any) -> float:
        if not hasattr(data, "open"):
            return float(data.value)
        return sum(float(getattr(data, field)) for field in fields) / len(fields)

    return select


class Field(DotNet):
    """Selectors by name."""

    open = OPEN = staticmethod(_of("open"))
    high = HIGH = staticmethod(_of("high"))
    low = LOW = staticmethod(_of("low"))
    close = CLOSE = staticmethod(_of("close"))
    average = AVERAGE = staticmethod(_of("open", "high", "low", "close"))
    median = MEDIAN = staticmethod(_of("high", "low"))
    typical = TYPICAL = staticmethod(_of("high", "low", "close"))
    weighted = WEIGHTED = staticmethod(_of("high", "low", "close", "close"))
    seven_bar = SEVEN_BAR = staticmethod(_of("open", "open", "high", "low", "close", "close", "close"))
    volume = VOLUME = staticmethod(lambda data: float(getattr(data, "volume", 0.0)))
    bid_open = BID_OPEN = staticmethod(_side("bid", "open"))
    bid_high = BID_HIGH = staticmethod(_side("bid", "high"))
    bid_low = BID_LOW = staticmethod(_side("bid", "low"))
    bid_close = BID_CLOSE = staticmethod(_side("bid", "close"))
    ask_open = ASK_OPEN = staticmethod(_side("ask", "open"))
    ask_high = ASK_HIGH = staticmethod(_side("ask", "high"))
    ask_low = ASK_LOW = staticmethod(_side("ask", "low"))
    ask_close = ASK_CLOSE = staticmethod(_side("ask", "close"))
