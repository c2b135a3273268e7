"""Load is shed in steps, and taken on again a step at a time."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.trading.risk.stores import Time
from trading.monitoring.levels import Level
from trading.risk.config import SheddingConfig
from trading.risk.load_shedding import LoadShedding, Shedding


def shedding(time: Time) -> LoadShedding:
    return LoadShedding(SheddingConfig(step_seconds=60, recovery_seconds=300), clock=time)


def test_each_step_adds_to_those_before() -> None:
    time = Time()
    ladder = shedding(time)
    seen = []
    for pressure in (Level.NORMAL, Level.WARNING, Level.WARNING, Level.CRITICAL, Level.CRITICAL):
        time.pass_(60)
        ladder.update(pressure)
        seen.append(
            (
                ladder.level,
                ladder.scan_interval_factor,
                ladder.contract_limit(100),
                ladder.may_open,
                ladder.should_close,
            )
        )
    assert seen == [
        (Shedding.NOTHING, 1, 100, True, False),
        (Shedding.FEWER_SCANS, 2, 100, True, False),
        (Shedding.FEWER_CONTRACTS, 2, 50, True, False),
        (Shedding.NO_NEW_POSITIONS, 2, 50, False, False),
        (Shedding.CLOSE_LEAST_PROFITABLE, 2, 50, False, True),
    ]


def test_a_critical_level_stops_new_positions_at_once() -> None:
    ladder = shedding(Time())
    ladder.update(Level.CRITICAL)
    assert not ladder.may_open
    assert not ladder.should_close


def test_positions_are_closed_one_at_a_time() -> None:
    time = Time()
    ladder = shedding(time)
    ladder.update(Level.CRITICAL)
    time.pass_(60)
    ladder.update(Level.CRITICAL)
    closes = 0
    for _ in range(600):
        ladder.update(Level.CRITICAL)
        if ladder.should_close:
            closes += 1
            ladder.record_close()
        time.pass_(1)
    assert closes == 10


def test_the_way_back_takes_a_calm_for_each_step() -> None:
    time = Time()
    ladder = shedding(time)
    ladder.update(Level.CRITICAL)
    levels = []
    for _ in range(1_000):
        time.pass_(1)
        ladder.update(Level.NORMAL)
        levels.append(ladder.level)
    assert [levels.count(level) for level in reversed(Shedding)] == [0, 300, 300, 300, 100]


def test_under_a_warning_the_way_back_ends_at_fewer_contracts() -> None:
    time = Time()
    ladder = shedding(time)
    ladder.update(Level.CRITICAL)
    for _ in range(100):
        time.pass_(100)
        ladder.update(Level.WARNING)
    assert ladder.level is Shedding.FEWER_CONTRACTS


def test_pressure_that_flaps_neither_climbs_nor_descends() -> None:
    time = Time()
    ladder = shedding(time)
    for turn in range(1_000):
        time.pass_(30)
        ladder.update(Level.WARNING if turn % 2 == 0 else Level.NORMAL)
    assert ladder.level is Shedding.FEWER_SCANS


def test_some_contract_is_left_of_any_and_none_of_none() -> None:
    time = Time()
    ladder = shedding(time)
    ladder.update(Level.CRITICAL)
    assert [ladder.contract_limit(n) for n in (0, 1, 2, 3, 500)] == [0, 1, 1, 1, 250]


@given(st.lists(st.tuples(st.sampled_from(Level), st.floats(-1_000, 1_000)), max_size=60))
def test_whatever_comes_critical_means_no_new_positions_and_steps_back_are_single_and_calm(
    events: list[tuple[Level, float]],
) -> None:
    time = Time()
    ladder = shedding(time)
    calm = timedelta()
    before, pressure_before, level_before = time.now, Level.NORMAL, ladder.level
    for pressure, seconds in events:
        time.pass_(seconds)
        ladder.update(pressure)
        calm = calm + (time.now - before) if pressure is pressure_before and seconds >= 0 else timedelta()
        if pressure is Level.CRITICAL:
            assert not ladder.may_open
        if ladder.level < level_before:
            assert ladder.level == level_before - 1
            assert pressure is not Level.CRITICAL
            assert calm >= timedelta(seconds=300) or level_before > Shedding.CLOSE_LEAST_PROFITABLE
            calm = timedelta()
        elif ladder.level > level_before:
            calm = timedelta()
        before, pressure_before, level_before = time.now, pressure, ladder.level
