"""Plateau scores worked out by hand, and by searching the grid."""

from __future__ import annotations

import math
import statistics

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from utils.sweep.robustness import plateau_scores

NAN = math.nan


def test_the_median_of_the_neighbours_over_the_rows_own() -> None:
    #             1.0  2.0  3.0
    #             4.0  8.0  nan
    #            -1.0  2.0  5.0
    table = np.array([1.0, 2.0, 3.0, 4.0, 8.0, NAN, -1.0, 2.0, 5.0])
    centre, corner, edge = plateau_scores(table, (3, 3), [4, 0, 1])
    assert centre == 2.0 / 8.0  # neighbours 2, 2, 4, undefined
    assert corner == 3.0 / 1.0  # neighbours 2, 4
    assert edge == 3.0 / 2.0  # neighbours 1, 3, 8
    assert np.isnan(plateau_scores(table, (3, 3), [5, 6])).all()  # undefined, not positive


def test_a_row_without_neighbours() -> None:
    assert np.isnan(plateau_scores(np.array([1.0]), (1, 1), [0]))[0]


@settings(deadline=None)
@given(
    table=arrays(
        np.float64,
        array_shapes(min_dims=1, max_dims=4, max_side=4),
        elements=st.sampled_from([NAN, -2.0, 0.0, 0.5, 1.0, 3.0]),
    )
)
def test_equals_a_search_of_the_grid_for_places_one_step_away(table: NDArray[np.float64]) -> None:
    places = list(np.ndindex(table.shape))
    scores = plateau_scores(table.ravel(), table.shape, range(table.size))
    for place, score in zip(places, scores.tolist(), strict=True):
        around = [
            table[other]
            for other in places
            if sum(abs(a - b) for a, b in zip(place, other, strict=True)) == 1
            and not math.isnan(table[other])
        ]
        if table[place] > 0 and around:
            assert score == statistics.median(around) / table[place]
        else:
            assert math.isnan(score)
