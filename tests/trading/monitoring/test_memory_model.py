"""The memory model: the guide's example to the MB, its counts, and its terms replaced."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.monitoring.memory import DEFAULT_TERMS, MB_PER_GB, MemoryModel

EXAMPLE = {
    "base": 1,
    "securities": 10,
    "option_contracts": 500,
    "greeks": 1,
    "scanners": 1,
    "risk_management": 1,
    "two_part_spreads": 1,
    "llm_calls": 1,
}
NAMES = [term.name for term in DEFAULT_TERMS]


def test_the_guides_example_by_terms_and_in_all() -> None:
    estimate = MemoryModel().estimate(EXAMPLE)
    assert [line.mb for line in estimate.lines] == [1100, 50, 2500, 200, 150, 100, 200, 50]
    assert estimate.total_mb == 4350
    assert estimate.total_gb == 4.35
    assert 16 * MB_PER_GB - estimate.total_mb == 11_650  # the guide's "11.7 GB remaining"


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 10_000)))
def test_an_estimate_is_the_sum_of_counts_times_megabytes(counts: dict[str, int]) -> None:
    each = {term.name: term.mb for term in DEFAULT_TERMS}
    assert MemoryModel().estimate(counts).total_mb == sum(each[name] * n for name, n in counts.items())


@pytest.mark.parametrize("count", [-1, math.nan, math.inf], ids=str)
def test_a_count_that_is_none_is_refused(count: float) -> None:
    with pytest.raises(ValueError, match="securities"):
        MemoryModel().estimate({"securities": count})


def test_an_unknown_term_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="futures"):
        MemoryModel().estimate({"futures": 1})
    with pytest.raises(ValueError, match="futures"):
        MemoryModel().with_terms({"futures": 1}, "test")


def test_replaced_terms_count_and_name_their_source_and_the_others_stay() -> None:
    model = MemoryModel().with_terms({"base": 900.5}, "measured")
    assert model.term("base").source == "measured"
    assert model.term("securities") == MemoryModel().term("securities")
    assert model.estimate({"base": 1, "securities": 2}).total_mb == 910.5
    with pytest.raises(ValueError, match="base"):
        model.with_terms({"base": -1}, "measured")
