"""Prices in the texts of bars."""

from __future__ import annotations

import math

from utils.engine.dotnet.money import exact, text
from utils.engine.dotnet.rounding import smart_rounding


def rounded_text(value: float | None) -> str:
    """Four places above 1000, else seven significant digits; nothing for None."""
    if value is None or not math.isfinite(value):
        return "" if value is None else str(value)
    return text(smart_rounding(exact(value)))
