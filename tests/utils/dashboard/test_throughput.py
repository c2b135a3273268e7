"""Rates from the seconds in which chunks were completed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.dashboard.throughput import PAUSE_SECONDS, POINTS, Throughput

BEGIN = 1_700_000_000


def test_nothing_yet() -> None:
    throughput = Throughput()
    assert throughput.last is None
    assert throughput.rate(BEGIN, BEGIN + 10) is None
    assert throughput.series() is None


def test_a_steady_rate() -> None:
    throughput = Throughput()
    throughput.add((BEGIN + second, 100) for second in range(1, 101))
    assert throughput.rate(BEGIN, BEGIN + 100) == pytest.approx(100, rel=0.05)
    series = throughput.series()
    assert series is not None
    assert series.rates == [100.0] * len(series.rates)
    assert series.step == 4  # one chunk a second


def test_the_rate_is_that_of_lately() -> None:
    throughput = Throughput()
    throughput.add((BEGIN + second, 100) for second in range(100))
    throughput.add((BEGIN + second, 10) for second in range(100, 200))
    assert throughput.rate(BEGIN, BEGIN + 200) == pytest.approx(10, rel=0.1)


def test_few_and_slow_completions_are_averaged_over_their_own_time() -> None:
    throughput = Throughput()
    throughput.add((BEGIN + 600 * k, 6000) for k in range(1, 11))
    assert throughput.rate(BEGIN, BEGIN + 6000) == pytest.approx(10, rel=0.05)


def test_an_earlier_run_does_not_count() -> None:
    throughput = Throughput()
    throughput.add((BEGIN + second, 1000) for second in range(50))
    assert throughput.rate(BEGIN + 3600, BEGIN + 3610) is None


def test_the_series_begins_after_the_latest_pause() -> None:
    throughput = Throughput()
    throughput.add((BEGIN + second, 7) for second in range(100))
    later = BEGIN + 99 + PAUSE_SECONDS + 50
    throughput.add((later + second, 5) for second in range(40))
    series = throughput.series()
    assert series is not None
    assert series.start >= later
    assert set(series.rates) == {5.0}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10_000)), min_size=1, max_size=200))
def test_a_series_is_short_and_counts_no_combination_twice(
    completions: list[tuple[int, int]],
) -> None:
    throughput = Throughput()
    throughput.add((BEGIN + second, combos) for second, combos in completions)
    series = throughput.series()
    assert series is not None
    assert 1 <= len(series.rates) <= POINTS
    counted = sum(rate * series.step for rate in series.rates)
    total = sum(combos for _, combos in completions)
    assert counted <= total + 0.06 * series.step * len(series.rates)  # rates are rounded
