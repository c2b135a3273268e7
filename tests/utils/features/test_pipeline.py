"""Tracks over series and windows into a database: the same rows however often it stops."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.utils.features.test_kernels import rates
from tests.utils.features.test_tracks import bars_of, features
from utils.errors import UserError
from utils.features.embedded_store import EmbeddedStore
from utils.features.pipeline import Pipeline, Series, Task, tasks_of
from utils.features.plan import FeaturePlan
from utils.features.schema import TRACKS
from utils.features.store import FeatureStore, Unit

WINDOWS, HORIZONS = (15, 30), (20,)
PLAN = FeaturePlan(windows=WINDOWS, horizons=HORIZONS)
UNITS_OF_ONE = 1 + 2 * len(WINDOWS) + len(HORIZONS)
SERIES = [Series("eurusd", bars_of(rates(1, 900))), Series("nzdusd", bars_of(rates(2, 700)))]


def log_of(number: int) -> logging.Logger:
    return logging.getLogger(f"track{number}")


def fail_after(store: FeatureStore, writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a store refuse everything after so many writes."""
    replace, lock, left = store.replace, threading.Lock(), iter(range(writes))

    def limited(*terms: Any) -> None:
        with lock:
            if next(left, None) is None:
                raise UserError("database: gone")
        replace(*terms)

    monkeypatch.setattr(store, "replace", limited)


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    made = EmbeddedStore(tmp_path / "features.duckdb")
    made.prepare()
    return made


def run(store: FeatureStore, plan: FeaturePlan | None = None) -> list[Unit]:
    done: list[Unit] = []

    def note(task: Task) -> None:
        done.append(task.unit)

    tasks = tasks_of(SERIES, TRACKS, PLAN, store.digests())
    Pipeline(store, plan or PLAN, log_of, note).run(tasks)
    return done


def test_rows_are_the_tracks_features_at_the_ends_of_bars(store: EmbeddedStore) -> None:
    done = run(store)
    assert len(done) == len(set(done)) == 2 * UNITS_OF_ONE
    for one in SERIES:
        for track in TRACKS:
            for window in PLAN.rows_of(track.spans):
                time, found = store.rows(Unit(track.name, one.name, window))
                expected = np.array(list(features(track, one.bars, window).values()))
                first = len(one.bars) - len(time)
                np.testing.assert_array_equal(found, expected[:, first:])
                np.testing.assert_array_equal(time, one.bars.time[first:] + one.bars.period)
                assert np.isnan(expected[:, :first]).all()


def test_a_second_run_changes_nothing(store: EmbeddedStore) -> None:
    run(store)
    assert run(store) == []


def test_what_its_data_changed_is_done_again(store: EmbeddedStore) -> None:
    run(store)
    longer = [Series("eurusd", bars_of(rates(1, 901))), SERIES[1]]
    left = tasks_of(longer, TRACKS, PLAN, store.digests())
    assert {task.unit.series for task in left} == {"eurusd"}
    assert len(left) == UNITS_OF_ONE


@pytest.mark.parametrize("after", [0, 1, 4, 9])
def test_a_run_that_failed_goes_on_where_it_was(
    store: EmbeddedStore, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fail_after(store, after, patch)
        with pytest.raises(UserError, match="database: gone"):
            run(store)
    before = store.digests()
    assert len(before) == after
    done = run(store)
    assert len(done) == 2 * UNITS_OF_ONE - after
    assert not set(done) & set(before)


def test_memory_limits_the_workers(store: EmbeddedStore) -> None:
    small = PLAN.model_copy(update={"memory_mb": 16, "workers": {1: 64, 2: 64}})
    assert len(run(store, small)) == 2 * UNITS_OF_ONE


def test_a_plan_too_small_for_one_worker_says_what_would_do(store: EmbeddedStore) -> None:
    long = [Series("eurusd", bars_of(rates(1, 60_000)))]
    tasks = tasks_of(long, TRACKS, PLAN, {})
    with pytest.raises(UserError, match=r"plan: memory_mb: 16 is too little .* give"):
        Pipeline(store, FeaturePlan(memory_mb=16), log_of).run(tasks)
