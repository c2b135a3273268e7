"""Does a feature know what comes after it? Changes the future, and looks whether the past changes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trading.bars import Bars, Float64Array
from utils.features.track import Track


def columns_that_see_ahead(track: Track, bars: Bars, window: int, cuts: Sequence[int]) -> tuple[str, ...]:
    """Columns with a row that depends on a later one; none when all is well.

    The rows from each cut on are replaced by others, and every earlier row must be the same to the bit.

    Args:
        cuts: rows to cut at, each from 1 to the number of rows - 1.
    """
    known = _computed(track, bars, window)
    seen: set[str] = set()
    for cut in cuts:
        other = _computed(track, _with_another_future(bars, cut), window)
        same = (known[:, :cut] == other[:, :cut]) | (np.isnan(known[:, :cut]) & np.isnan(other[:, :cut]))
        seen.update(name for name, whole in zip(track.columns, same.all(axis=1), strict=True) if not whole)
    return tuple(name for name in track.columns if name in seen)


def _computed(track: Track, bars: Bars, window: int) -> Float64Array:
    out = np.empty((len(track.columns), len(bars)))
    track.compute(bars, window, out)
    return out


def _with_another_future(bars: Bars, cut: int) -> Bars:
    """The same bars up to a row, then others: what was to come, backwards and half as high again."""
    turned = {
        name: np.concatenate([column[:cut], 1.5 * column[cut:][::-1]])
        for name in ("open", "high", "low", "close")
        for column in [getattr(bars, name)]
    }
    return replace(bars, **turned)
