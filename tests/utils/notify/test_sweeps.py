"""What is said of a sweep: completion, failure and stalls, not an interrupt."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.utils.notify.stand_in import Service
from trading.simulation.records import RESULT_DTYPE
from utils.errors import UserError
from utils.notify.notifier import Notifier
from utils.notify.sweeps import announced, send_died
from utils.notify.targets import URLS, targets
from utils.sweep.store import Store, SweepRecord


@pytest.fixture
def record() -> SweepRecord:
    return SweepRecord("toy", "toy", "toy", "", "1", {"config": {}}, 100, 0, 99, 32, (2,) * 16, 64, 16, 0.25)


def complete_one(store: Store, record: SweepRecord) -> None:
    chunk = store.unfinished(record.id)[0]
    rows: NDArray[np.void] = np.zeros(chunk.end_combo - chunk.start_combo, RESULT_DTYPE)
    store.complete(record, chunk, ["{}"] * len(rows), rows)


def test_completion(tmp_path: Path, service: Service, notifier: Notifier, record: SweepRecord) -> None:
    with announced(tmp_path / "toy.db", "toy", notifier), Store.to_write(tmp_path / "toy.db") as store:
        store.add(record)
        complete_one(store, record)
    assert service.titles == ["Sweep toy completed"]
    assert "toy: 16 of 64 combinations" in service.messages[0]["message"]


def test_failure_is_sent_and_passed_on(tmp_path: Path, service: Service, notifier: Notifier) -> None:
    with (
        pytest.raises(UserError, match="disk is full"),
        announced(tmp_path / "toy.db", "toy", notifier),
    ):
        raise UserError("the disk is full")
    assert service.titles == ["Sweep toy failed"]
    assert "the disk is full" in service.messages[0]["message"]


def test_an_interrupt_is_the_users_own_doing(tmp_path: Path, service: Service, notifier: Notifier) -> None:
    with pytest.raises(KeyboardInterrupt), announced(tmp_path / "toy.db", "toy", notifier):
        raise KeyboardInterrupt
    assert service.titles == []


def test_a_stall_is_said_once_and_again_after_progress(
    tmp_path: Path, service: Service, notifier: Notifier, record: SweepRecord
) -> None:
    path = tmp_path / "toy.db"
    with announced(path, "toy", notifier, stall_minutes=0.4 / 60), Store.to_write(path) as store:
        store.add(record)
        wait_for(lambda: len(service.titles) == 1)
        time.sleep(1)
        assert service.titles == ["Sweep toy stalled"]
        complete_one(store, record)
        wait_for(lambda: len(service.titles) == 2)
    assert service.titles == ["Sweep toy stalled"] * 2 + ["Sweep toy completed"]


def test_a_sweep_goes_on_whatever_becomes_of_its_messages(
    tmp_path: Path, service: Service, record: SweepRecord
) -> None:
    service.status = 500
    problems: list[str] = []
    failing = Notifier(targets(None, {URLS: service.address}), problems.append)
    with announced(tmp_path / "toy.db", "toy", failing), Store.to_write(tmp_path / "toy.db") as store:
        store.add(record)
        complete_one(store, record)
    assert problems == ["notification by JSON failed; all else goes on"]
    with Store.to_read(tmp_path / "toy.db") as store:
        assert store.combos_done("toy") == 16


def test_a_death_is_told_even_when_the_store_is_gone(
    tmp_path: Path, service: Service, notifier: Notifier
) -> None:
    send_died(notifier, "toy", tmp_path / "gone.db")
    assert service.titles == ["Sweep toy died"]
    assert "there is no such database" in service.messages[0]["message"]


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
