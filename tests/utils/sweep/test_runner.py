"""Whatever happens to a run, the store ends the same."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from utils.sweep import runner
from utils.sweep.grid import Grid
from utils.sweep.runner import RunOutcome, available_cores, run
from utils.sweep.store import Store, SweepRecord

Rows = Callable[[int, int], NDArray[np.void]]
Records = Callable[..., SweepRecord]
Content = Callable[..., dict[str, list[tuple[Any, ...]]]]


class FromRows:
    """Results that are there already; `before` is called with each range first, in the worker's thread."""

    def __init__(self, rows_of: Rows, before: Callable[[range], None] | None = None) -> None:
        self._rows_of = rows_of
        self._before = before

    def rows(self, start_combo: int, end_combo: int) -> NDArray[np.void]:
        if self._before:
            self._before(range(start_combo, end_combo))
        return self._rows_of(start_combo, end_combo)


@pytest.fixture
def attempt(toy_grid: Grid, record_of: Records, rows_of: Rows) -> Callable[..., RunOutcome]:
    """One run into the store at a path, which begins or resumes it."""

    def once(
        path: Path, chunk_size: int = 16, workers: int = 2, before: Callable[[range], None] | None = None
    ) -> RunOutcome:
        with Store.to_write(path) as store:
            if not store.sweeps():
                store.add(record_of(chunk_size=chunk_size))
            record = store.sweeps()[0]
            return run(store, record, toy_grid, FromRows(rows_of, before), workers, lambda _: None)

    return once


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 220), st.integers(1, 5))
def test_chunk_size_and_workers_do_not_matter(
    tmp_path: Path, attempt: Callable[..., RunOutcome], content_of: Content, chunk_size: int, workers: int
) -> None:
    plain, other = tmp_path / "plain.db", tmp_path / "other.db"
    if not plain.exists():
        attempt(plain, workers=1)
    other.unlink(missing_ok=True)
    assert attempt(other, chunk_size, workers) == RunOutcome()
    assert content_of(other, whole=False) == content_of(plain, whole=False)


def test_every_combination_is_computed_once(
    tmp_path: Path, attempt: Callable[..., RunOutcome], record_of: Records
) -> None:
    seen: list[range] = []
    attempt(tmp_path / "toy.db", workers=3, before=seen.append)
    assert sorted(combo for piece in seen for combo in piece) == list(range(record_of().combos))


def test_progress_counts_what_is_stored(
    tmp_path: Path, toy_grid: Grid, record_of: Records, rows_of: Rows
) -> None:
    path = tmp_path / "toy.db"
    steps: list[tuple[int, int]] = []
    with Store.to_write(path) as store:
        store.add(record_of())

        def note(combos: int) -> None:
            steps.append((combos, store.combos_done("toy")))

        run(store, record_of(), toy_grid, FromRows(rows_of), 2, note)
    assert [done for _, done in steps] == np.cumsum([combos for combos, _ in steps]).tolist()
    assert steps[-1][1] == 200


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_goes_on_later(
    tmp_path: Path, attempt: Callable[..., RunOutcome], content_of: Content, signal_number: int
) -> None:
    plain, stopped = tmp_path / "plain.db", tmp_path / "stopped.db"
    attempt(plain)
    attempts = 0
    while attempts < 100:
        calls = iter(range(1000))

        def stop_at_the_third(_: range, calls: Any = calls) -> None:
            if next(calls) == 2:
                os.kill(os.getpid(), signal_number)
                time.sleep(0.05)

        before = signal.getsignal(signal_number)
        outcome = attempt(stopped, before=stop_at_the_third)
        assert signal.getsignal(signal_number) == before
        attempts += 1
        with Store.to_read(stopped) as store:
            assert store.chunk_counts("toy")["running"] == 0
        if not outcome.stopped:
            break
    assert 2 < attempts < 100
    assert content_of(stopped) == content_of(plain)


def test_a_stopped_run_does_not_wait_for_a_long_chunk(
    tmp_path: Path, attempt: Callable[..., RunOutcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "STOP_SECONDS", 0.05)
    release = threading.Event()

    def stop_and_hang(combos: range) -> None:
        if combos.start == 32:
            os.kill(os.getpid(), signal.SIGINT)
            release.wait(200)

    path = tmp_path / "toy.db"
    try:
        assert attempt(path, workers=1, before=stop_and_hang).stopped
        with Store.to_read(path) as store:
            assert store.chunk_counts("toy") == {"pending": 11, "running": 0, "completed": 2, "failed": 0}
    finally:
        release.set()
    assert not attempt(path).stopped


def test_a_second_signal_waits_for_nothing(
    tmp_path: Path, attempt: Callable[..., RunOutcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "STOP_SECONDS", 1000.0)
    release = threading.Event()

    def stop_twice_and_hang(combos: range) -> None:
        if combos.start == 32:
            for _ in range(2):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.05)
            release.wait(200)

    begun = time.monotonic()
    try:
        assert attempt(tmp_path / "toy.db", workers=1, before=stop_twice_and_hang).stopped
    finally:
        release.set()
    assert time.monotonic() - begun < 100


def test_a_chunk_that_fails_does_not_stop_the_others(
    tmp_path: Path, attempt: Callable[..., RunOutcome], content_of: Content
) -> None:
    plain, mended = tmp_path / "plain.db", tmp_path / "mended.db"
    attempt(plain)

    def fail_one(combos: range) -> None:
        if combos.start == 48:
            raise ZeroDivisionError("no volume")

    outcome = attempt(mended, before=fail_one)
    assert outcome == RunOutcome({"toy_chunk_000003": "ZeroDivisionError: no volume"})
    with Store.to_read(mended) as store:
        assert store.chunk_counts("toy") == {"pending": 0, "running": 0, "completed": 12, "failed": 1}
        assert store.query("SELECT count(*) FROM strategies") == [(184,)]
    assert attempt(mended) == RunOutcome()
    assert content_of(mended) == content_of(plain)


def test_results_do_not_pile_up_before_a_slow_store(
    tmp_path: Path, toy_grid: Grid, record_of: Records, rows_of: Rows
) -> None:
    started: list[range] = []
    stored: list[int] = []
    furthest = 0
    with Store.to_write(tmp_path / "toy.db") as store:
        store.add(record_of(chunk_size=2))

        def slow(_: int) -> None:
            nonlocal furthest
            time.sleep(0.002)
            stored.append(1)
            furthest = max(furthest, len(started) - len(stored))

        evaluation = FromRows(rows_of, started.append)
        run(store, store.sweeps()[0], toy_grid, evaluation, 2, slow)
    assert len(stored) == 100
    assert furthest <= 2 + 3 + 1  # in work, waiting, and the one just stored


def test_cores_are_those_that_the_process_may_use() -> None:
    assert 1 <= available_cores() <= (os.cpu_count() or 1)
