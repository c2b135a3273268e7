"""Features of all windows beside the returns that follow, as a learner wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from utils.errors import UserError
from utils.features.schema import TRACKS
from utils.features.store import FeatureStore, Unit
from utils.features.track import Spans


@dataclass(frozen=True)
class TrainingSet:
    """Rows of one series, oldest first, each with all features and a target.

    Attributes:
        time: when the row's features are known, UTC nanoseconds.
        target_end: when its target is known; always after `time`.
        names: of the features, such as ``track2_60_rate_linear_slope``.
        features: shape (rows, features).
        target: log return from `time` to `target_end`.
    """

    series: str
    horizon: int
    time: NDArray[np.int64]
    target_end: NDArray[np.int64]
    names: tuple[str, ...]
    features: Float64Array
    target: Float64Array

    def __len__(self) -> int:
        return len(self.time)


def training_set(
    store: FeatureStore, series: str, windows: Sequence[int], horizon: int, lag: int = 0
) -> TrainingSet:
    """The rows of a series for which every window and the target are there.

    Args:
        lag: rows by which features are older than the target's beginning: what of them can be had in time
            when it takes a while to compute and to trade.

    Raises:
        UserError: a unit that is not in the store.
    """
    done = store.digests()
    parts: list[tuple[str, tuple[str, ...], NDArray[np.int64], Float64Array]] = []
    for track in TRACKS:
        for window in {Spans.WINDOWS: tuple(windows), Spans.NONE: (0,)}.get(track.spans, ()):
            unit = _there(Unit(track.name, series, window), done)
            prefix = f"{track.name}_{window}" if window else track.name
            parts.append((prefix, track.columns, *store.rows(unit)))
    target_time, targets = store.rows(_there(Unit("targets", series, horizon), done))
    known = ~np.isnan(targets[0])
    target_time, targets = target_time[known], targets[:, known]

    first = max(time[0] for _, _, time, _ in parts)
    grid = min((time for _, _, time, _ in parts), key=len)
    grid = grid[grid >= first]
    # A target belongs to the features of `lag` rows before its beginning.
    place = np.searchsorted(grid, target_time)
    fits = (place < len(grid)) & (place >= lag)
    fits[fits] = grid[place[fits]] == target_time[fits]
    rows, targets = place[fits] - lag, targets[:, fits]
    columns = [values[:, np.searchsorted(time, grid[rows])] for _, _, time, values in parts]
    names = tuple(f"{prefix}_{name}" for prefix, own, _, _ in parts for name in own)
    begin = target_time[fits]
    return TrainingSet(
        series,
        horizon,
        grid[rows],
        begin + np.rint(targets[1] * 1e9).astype(np.int64),
        names,
        np.ascontiguousarray(np.concatenate(columns).T),
        targets[0],
    )


def _there(unit: Unit, done: dict[Unit, str]) -> Unit:
    if unit not in done:
        raise UserError(
            f"features: {unit.series} has no {unit.table} of {unit.window} rows in the database; "
            "run `scripts/features.py run` with that window or horizon"
        )
    return unit
