"""Indicators over whole arrays, each computed once for a data set."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import numpy as np

from trading.bars import Bars, Float64Array
from trading.indicators.registry import SOURCE, Definition, check, input_fields, output_index, settings
from trading.indicators.spec import IndicatorSpec

_Key = tuple[str, tuple[int | float, ...], str]


def compute(spec: IndicatorSpec, bars: Bars) -> Float64Array:
    """One output over whole arrays, shape (len(bars),), NaN until ready.

    Raises:
        ValueError: an unknown indicator, output or source, or a setting out of range.
    """
    definition = check(spec)
    row: Float64Array = _all_outputs(definition, spec, bars)[output_index(definition, spec)]
    return row


class IndicatorTable(Mapping[IndicatorSpec, Float64Array]):
    """The indicators of one data set, computed when first asked for and then shared.

    Safe to use from several threads: an indicator is computed once, others wait for that one alone. All
    outputs of an indicator are computed together. The arrays are read-only.

    Args:
        bars: the data set.
    """

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._lock = threading.Lock()
        self._locks: dict[_Key, threading.Lock] = {}
        self._computed: dict[_Key, Float64Array] = {}

    def __getitem__(self, spec: IndicatorSpec) -> Float64Array:
        """The array of a spec.

        Raises:
            ValueError: an unknown indicator, output or source, or a setting out of range.
        """
        definition = check(spec)
        key = (spec.kind, spec.args, spec.source if SOURCE in definition.inputs else "")
        outputs = self._computed.get(key)
        if outputs is None:
            with self._lock:
                lock = self._locks.setdefault(key, threading.Lock())
            with lock:
                if key not in self._computed:
                    self._computed[key] = _all_outputs(definition, spec, self._bars)
                outputs = self._computed[key]
        row: Float64Array = outputs[output_index(definition, spec)]
        return row

    def __iter__(self) -> Iterator[IndicatorSpec]:
        """The specs computed so far, by their first outputs."""
        return (
            IndicatorSpec(kind, args, source=source or "close") for kind, args, source in list(self._computed)
        )

    def __len__(self) -> int:
        """Number of indicators computed so far."""
        return len(self._computed)


def _all_outputs(definition: Definition, spec: IndicatorSpec, bars: Bars) -> Float64Array:
    inputs = [
        np.ascontiguousarray(getattr(bars, name), np.float64) for name in input_fields(definition, spec)
    ]
    out = np.empty((len(definition.outputs), len(bars)))
    definition.loop(definition.state(*settings(definition, spec)), *inputs, out)
    out.flags.writeable = False
    return out
