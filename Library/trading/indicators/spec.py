"""The name of an indicator's output: what strategies ask for and data sets compute once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class IndicatorSpec:
    """One output of one indicator over one data set; hashable, so that combinations share it.

    Attributes:
        kind: the indicator's registered name, e.g. ``"ema"``.
        args: its settings in the order the registry lists them, e.g. ``(20,)``.
        output: which of its outputs, e.g. ``"signal"`` of MACD; ``""`` is the first.
        source: the bar field a one-input indicator reads.
    """

    kind: str
    args: tuple[int | float, ...] = ()
    output: str = ""
    source: str = "close"
