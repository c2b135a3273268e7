"""Levels with hysteresis, alerts that do not repeat themselves, percentiles, summaries, collections."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.monitoring.alerts import KEPT, AlertLog, Severity
from trading.monitoring.garbage import GarbageCollections
from trading.monitoring.levels import Level, Watch
from trading.monitoring.percentiles import RollingPercentiles
from trading.monitoring.summary import Summary

NOW = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def levels(watch: Watch, *values: float) -> list[Level]:
    return [watch.update(value, at(30 * step)) for step, value in enumerate(values)]


def test_a_level_is_reached_at_its_threshold_and_left_below_its_margin() -> None:
    watch = Watch(80, 90, hysteresis_pct=5)
    normal, warning, critical = Level
    assert levels(watch, 79.9, 80, 76, 75.9) == [normal, warning, warning, normal]
    assert levels(watch, 90, 85.5, 85.4, 76, 75) == [critical, critical, warning, warning, normal]


def test_nothing_measured_changes_nothing() -> None:
    watch = Watch(80, 90, hysteresis_pct=5)
    assert levels(watch, 95, math.nan, math.nan) == [Level.CRITICAL] * 3


def test_a_sustained_threshold_wants_it_without_a_break() -> None:
    watch = Watch(75, 85, hysteresis_pct=3, sustained=timedelta(seconds=60))
    normal, warning, critical = Level
    assert levels(watch, 99, 99, 50, 99, 99, 80, 80) == [normal] * 5 + [warning] * 2
    assert levels(watch, 99, 99, 99) == [warning, warning, critical]


def test_a_clock_that_is_set_back_starts_anew() -> None:
    watch = Watch(75, 85, hysteresis_pct=3, sustained=timedelta(seconds=60))
    moments = (1_000, 0, 30, 59, 60)
    assert [watch.update(99, at(m)) for m in moments] == [Level.NORMAL] * 4 + [Level.CRITICAL]


@given(st.lists(st.floats(0, 120), max_size=80))
def test_levels_follow_the_definition(values: list[float]) -> None:
    watch = Watch(80, 90, hysteresis_pct=3)
    level = Level.NORMAL
    for value in values:
        reached = Level((value >= 80) + (value >= 90))
        held = Level.CRITICAL if level is Level.CRITICAL and value >= 90 * 0.97 else Level.NORMAL
        if level >= Level.WARNING and value >= 80 * 0.97:
            held = max(held, Level.WARNING)
        level = max(reached, held)
        assert watch.update(value, NOW) == level


def test_an_alert_comes_once_for_a_change_of_level() -> None:
    log = AlertLog(timedelta(seconds=300))
    changes = [Level.NORMAL, Level.WARNING, Level.WARNING, Level.CRITICAL, Level.CRITICAL, Level.NORMAL]
    said = [log.level("memory", level, "text", at(30 * step)) for step, level in enumerate(changes)]
    assert [alert and alert.name for alert in said] == [
        None, "memory_warning", None, "memory_critical", None, "memory_normal",
    ]  # fmt: skip
    assert [str(alert) for alert in log.recent(2)] == [
        "CRITICAL memory_critical: text",
        "INFO memory_normal: text",
    ]
    assert log.counts == {Severity.WARNING: 1, Severity.CRITICAL: 1, Severity.INFO: 1}


def test_what_comes_too_soon_is_said_later_if_it_is_still_true() -> None:
    log = AlertLog(timedelta(seconds=300))
    log.level("memory", Level.WARNING, "first", at(0))
    log.level("memory", Level.NORMAL, "end", at(30))
    assert log.level("memory", Level.WARNING, "second", at(60)) is None
    assert log.level("memory", Level.WARNING, "second", at(299)) is None
    assert log.level("memory", Level.WARNING, "second", at(300)) is not None


@given(st.lists(st.tuples(st.sampled_from(Level), st.integers(1, 200)), max_size=100))
def test_no_name_comes_more_often_than_it_may(steps: list[tuple[Level, int]]) -> None:
    log = AlertLog(timedelta(seconds=300))
    last: dict[str, datetime] = {}
    now = NOW
    for level, seconds in steps:
        now += timedelta(seconds=seconds)
        alert = log.level("cpu", level, "text", now)
        if alert is not None:
            assert now - last.get(alert.name, at(-1_000)) >= timedelta(seconds=300)
            last[alert.name] = now


def test_a_clock_that_is_set_back_mutes_nothing() -> None:
    log = AlertLog(timedelta(seconds=300))
    assert log.say("a", Severity.WARNING, "text", at(10_000))
    assert log.say("a", Severity.WARNING, "text", at(0))


def test_alerts_are_bounded_and_none_are_asked_for_by_nothing() -> None:
    log = AlertLog(timedelta())
    for step in range(2 * KEPT):
        log.say("a", Severity.INFO, str(step), at(step))
    assert [alert.message for alert in log.recent(2)] == [str(2 * KEPT - 2), str(2 * KEPT - 1)]
    assert len(log.recent(10 * KEPT)) == KEPT
    assert log.recent(0) == log.recent(-1) == []
    assert log.counts.total() == 2 * KEPT


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=60),
    st.integers(1, 40),
    st.sampled_from((0, 1, 50, 95, 99, 100)),
)
def test_percentiles_are_numpys_of_the_window(values: list[float], window: int, percent: int) -> None:
    rolling = RollingPercentiles(window)
    for value in values:
        rolling.add(value)
    expected = np.percentile(values[-window:], percent, method="inverted_cdf")
    assert rolling.percentile(percent) == expected


def test_percentiles_of_nothing_are_none() -> None:
    assert math.isnan(RollingPercentiles().percentile(50))


@given(st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(math.nan)), max_size=50))
def test_a_summary_is_of_what_was_measured(values: list[float]) -> None:
    summary = Summary()
    for value in values:
        summary.add(value)
    measured = [value for value in values if not math.isnan(value)]
    assert summary.count == len(measured)
    if measured:
        assert (summary.maximum, summary.latest) == (max(measured), measured[-1])
        assert summary.average == pytest.approx(sum(measured) / len(measured), abs=1e-6)
    else:
        assert math.isnan(summary.average)
        assert math.isnan(summary.maximum)


def ticking(step: float) -> Callable[[], float]:
    time = [0.0]

    def stopwatch() -> float:
        time[0] += step
        return time[0]

    return stopwatch


def test_collections_and_their_pauses_are_counted_until_it_is_closed() -> None:
    gc.disable()  # none but those asked for
    try:
        collections = GarbageCollections(ticking(0.002))
        gc.collect()
        gc.collect()
        assert collections.count == 2
        assert collections.pause_ms == pytest.approx(4)
        assert collections.longest_pause_ms == pytest.approx(2)
        collections.close()
        gc.collect()
        assert collections.count == 2
    finally:
        gc.enable()


def test_one_that_is_gone_leaves_nothing_with_the_collector() -> None:
    before = len(gc.callbacks)
    collections = GarbageCollections()
    assert len(gc.callbacks) == before + 1
    del collections
    gc.collect()
    assert len(gc.callbacks) == before
