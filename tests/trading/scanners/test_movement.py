"""The scan of moves against a share-by-share oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.scanners.config import MovementScanner
from trading.scanners.movement import Movements, scan_movements

FIELDS = tuple(Movements.__dataclass_fields__)
GOOD = {"price": 103.0, "previous_close": 100.0, "volume": 200.0, "usual_volume": 100.0, "sentiment": 0.5}


def shares(*rows: dict[str, float]) -> Movements:
    return Movements(**{name: np.array([row[name] for row in rows], np.float64) for name in FIELDS})


def plain(row: dict[str, float], settings: MovementScanner) -> bool:
    if not (row["price"] > 0 and row["previous_close"] > 0):
        return False
    move = 100 * (row["price"] / row["previous_close"] - 1)
    if not settings.min_move_pct <= abs(move) <= settings.max_move_pct:
        return False
    if settings.min_volume_ratio > 0 and not (
        row["usual_volume"] > 0 and row["volume"] / row["usual_volume"] >= settings.min_volume_ratio
    ):
        return False
    return not settings.require_news or row["sentiment"] * move > 0


NUMBER = st.one_of(st.floats(-10, 1e6), st.sampled_from([0.0, math.nan]))
PRICE = st.one_of(st.floats(94, 106), st.sampled_from([0.0, math.nan, 102.0, 98.0, 104.0]))
ROW = st.fixed_dictionaries(
    {
        "price": PRICE,
        "previous_close": st.one_of(st.just(100.0), PRICE),
        "volume": NUMBER,
        "usual_volume": st.one_of(st.just(100.0), NUMBER),
        "sentiment": st.one_of(st.floats(-1, 1), st.just(math.nan)),
    }
)
SETTINGS = st.builds(
    MovementScanner, min_volume_ratio=st.sampled_from([0.0, 1.5]), require_news=st.booleans()
)


@given(st.lists(ROW, max_size=12), SETTINGS)
def test_the_accepted_are_those_of_the_oracle_best_first(
    rows: list[dict[str, float]], settings: MovementScanner
) -> None:
    found = scan_movements(shares(*rows), settings)
    ranked = found.ranked.tolist()
    assert sorted(ranked) == [index for index, row in enumerate(rows) if plain(row, settings)]
    assert (np.diff(found.score[ranked]) <= 0).all()
    assert all(found.reasons)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"price": 0.0}, "no price or no previous close"),
        ({"previous_close": math.nan}, "no price or no previous close"),
        ({"price": 101.9}, "moved less than 2 %"),
        ({"price": 95.9}, "moved more than 4 %"),
        ({"usual_volume": 0.0}, "no usual volume to compare with"),
        ({"volume": 149.0}, "volume under 1.5 × the usual"),
        ({"sentiment": -0.1}, "the news does not go the same way"),
        ({"sentiment": math.nan}, "the news does not go the same way"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_rules_a_share_out_is_said(change: dict[str, float], reason: str) -> None:
    found = scan_movements(shares(GOOD | change), MovementScanner(require_news=True))
    assert found.reasons == (reason,)
    assert found.ranked.tolist() == []


def test_an_accepted_share_says_why() -> None:
    falling = GOOD | {"price": 97.0, "sentiment": math.nan}
    found = scan_movements(shares(GOOD, falling), MovementScanner())
    assert found.reasons == (
        "moved +3.00 % on 2.0 × the usual volume, sentiment +0.50",
        "moved -3.00 % on 2.0 × the usual volume",
    )
