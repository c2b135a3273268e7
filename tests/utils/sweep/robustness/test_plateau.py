"""Plateau scores worked out by hand, and the verdicts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.utils.sweep.robustness.samples import stored
from utils.sweep.robustness import assess, plateau_scores

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


@pytest.mark.parametrize(
    ("edge", "verdict"),
    [
        (0.0, "no proof of skill|treat this list as noise"),
        (0.01, "the evidence holds up"),
        (-0.01, "no proof|noise"),
    ],
)
def test_the_verdict_follows_the_evidence(edge: float, verdict: str) -> None:
    daily = np.random.default_rng(6).normal(0, 0.01, (320, 30))
    daily[:, 3] += edge
    assessment = assess(stored(daily), 365)
    assert any(part in assessment.verdict for part in verdict.split("|"))
    assert assessment.verdict.count(".") - assessment.verdict.count("0.") <= 4
    assert assessment.distinct == 30


def test_too_little_history_is_said() -> None:
    assert "too little history" in assess(stored(np.ones((5, 3))), 365).verdict
