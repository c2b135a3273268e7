"""Indicators bar by bar."""

from __future__ import annotations

import numpy as np

from trading.bars import Bar
from trading.indicators.registry import check, input_fields, output_index, settings
from trading.indicators.spec import IndicatorSpec


class StreamingIndicator:
    """One indicator bar by bar: the same numbers as `compute`, bit for bit.

    Example:
        >>> average = stream(IndicatorSpec("sma", (2,)))
        >>> [average.update(Bar(0, 0, 0, close, 0, 0)) for close in (1.0, 3.0)]
        [nan, 2.0]
    """

    def __init__(self, spec: IndicatorSpec) -> None:
        definition = check(spec)
        self._definition = definition
        self._inputs = input_fields(definition, spec)
        self._index = output_index(definition, spec)
        self._state = definition.state(*settings(definition, spec))
        self._values: tuple[float, ...] = (np.nan,) * len(definition.outputs)

    def update(self, bar: Bar) -> float:
        """Take in one bar; the spec's output, NaN until ready."""
        inputs = [float(getattr(bar, name)) for name in self._inputs]
        values = self._definition.update(self._state, *inputs)
        self._values = values if isinstance(values, tuple) else (values,)
        return self._values[self._index]

    @property
    def outputs(self) -> dict[str, float]:
        """All outputs by name, as of the last bar."""
        return dict(zip(self._definition.outputs, self._values, strict=True))

    @property
    def is_ready(self) -> bool:
        """Whether the spec's output is a number."""
        return not np.isnan(self._values[self._index])


def stream(spec: IndicatorSpec) -> StreamingIndicator:
    """A fresh streaming indicator.

    Raises:
        ValueError: an unknown indicator, output or source, or a setting out of range.
    """
    return StreamingIndicator(spec)
