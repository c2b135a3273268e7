"""The scan of underpriced options against a contract-by-contract oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.scanners.config import OptionsScanner
from trading.scanners.findings import judged
from trading.scanners.underpriced import Quotes, scan_underpriced

FIELDS = tuple(Quotes.__dataclass_fields__)
GOOD = {
    "bid": 2.9, "ask": 3.1, "model_price": 3.3, "market_iv": 0.25, "model_iv": 0.28, "delta": 0.45,
    "days_to_expiry": 20.0, "open_interest": 500.0, "volume": 10.0, "iv_percentile": 30.0,
}  # fmt: skip


def quotes(*rows: dict[str, float]) -> Quotes:
    return Quotes(**{name: np.array([row[name] for row in rows], np.float64) for name in FIELDS})


def plain(row: dict[str, float], settings: OptionsScanner) -> bool:
    """Whether a contract passes, told one check after the other."""
    bid, ask, model = row["bid"], row["ask"], row["model_price"]
    if not (bid > 0 and ask >= bid):
        return False
    mid = (bid + ask) / 2
    return (
        settings.min_days_to_expiry <= row["days_to_expiry"] <= settings.max_days_to_expiry
        and row["open_interest"] >= settings.min_open_interest
        and row["volume"] >= settings.min_volume
        and 100 * (ask - bid) / mid <= settings.max_spread_pct
        and 0 < model < math.inf
        and settings.min_delta <= abs(row["delta"]) <= settings.max_delta
        and not row["iv_percentile"] > settings.max_iv_percentile
        and 100 * (model - mid) / model >= settings.min_discount_pct
        and row["market_iv"] < row["model_iv"]
    )


NUMBER = st.one_of(st.floats(-1, 1000), st.sampled_from([0.0, math.nan]))
AROUND = {
    name: st.one_of(st.sampled_from([value, value * 0.9, value * 1.1, -value]), NUMBER)
    for name, value in GOOD.items()
}
ROWS = st.lists(st.fixed_dictionaries(AROUND), max_size=12)


@given(ROWS)
def test_the_accepted_are_those_of_the_oracle_best_first(rows: list[dict[str, float]]) -> None:
    settings = OptionsScanner()
    found = scan_underpriced(quotes(*rows), settings)
    ranked = found.ranked.tolist()
    assert sorted(ranked) == [index for index, row in enumerate(rows) if plain(row, settings)]
    scores = found.score[ranked]
    assert (np.diff(scores) <= 0).all()
    assert all(found.accepted(index) == (index in ranked) for index in range(len(rows)))
    assert all(found.reasons)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bid": 0.0}, "no two-sided quote"),
        ({"ask": 2.0}, "no two-sided quote"),
        ({"bid": math.nan}, "no two-sided quote"),
        ({"days_to_expiry": 46.0}, "days over 45"),
        ({"open_interest": 99.0}, "open interest under 100"),
        ({"open_interest": math.nan}, "open interest under 100"),
        ({"ask": 3.3}, "spread over 10 % of the mid"),
        ({"model_price": math.nan}, "no model price or implied volatility"),
        ({"market_iv": math.nan}, "no model price or implied volatility"),
        ({"delta": -0.1}, "delta under 0.25"),
        ({"delta": -0.8}, "delta over 0.65"),
        ({"iv_percentile": 61.0}, "IV percentile over 60"),
        ({"model_price": 3.02}, "mid not 1 % below the model's price"),
        ({"market_iv": 0.29}, "market volatility not below the model's"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_rules_a_contract_out_is_said(change: dict[str, float], reason: str) -> None:
    found = scan_underpriced(quotes(GOOD, GOOD | change), OptionsScanner())
    assert found.ranked.tolist() == [0]
    assert found.reasons[1] == reason
    assert found.rejections() == {reason: 1}


def test_an_accepted_contract_says_why() -> None:
    found = scan_underpriced(quotes(GOOD), OptionsScanner())
    assert found.reasons == (
        "mid 3.00 is 9.1 % below the model's 3.30 (IV 25.0% against 28.0%), delta +0.45, 20 days",
    )


def test_an_unknown_iv_percentile_rules_nothing_out() -> None:
    assert scan_underpriced(quotes(GOOD | {"iv_percentile": math.nan}), OptionsScanner()).ranked.tolist() == [
        0
    ]


def test_the_larger_discount_comes_first_and_ties_keep_their_order() -> None:
    found = scan_underpriced(quotes(GOOD, GOOD | {"model_price": 3.6}, GOOD), OptionsScanner())
    assert found.ranked.tolist() == [1, 0, 2]


def test_arrays_of_different_lengths_are_refused() -> None:
    arrays = {name: np.zeros(2) for name in FIELDS} | {"delta": np.zeros(3)}
    with pytest.raises(ValueError, match="one length"):
        Quotes(**arrays)


def test_a_candidate_without_a_score_cannot_pass() -> None:
    with pytest.raises(ValueError, match="without a finite score"):
        judged(((np.array([False]), "never"),), np.array([np.nan]), ("good",))
