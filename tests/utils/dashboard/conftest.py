"""A dashboard over an empty folder, and the toy store of the sweep's tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.utils.dashboard.sweeping import TOKEN, settings_in
from tests.utils.sweep.conftest import toy_rows
from utils.dashboard.processes import latest_run
from utils.dashboard.server import DashboardServer, running_dashboard
from utils.sweep.store import Chunk, Store, SweepRecord

ToyStore = Callable[..., Store]


@pytest.fixture
def dashboard(tmp_path: Path) -> Iterator[DashboardServer]:
    with running_dashboard(settings_in(tmp_path), token=TOKEN) as server:
        yield server


@pytest.fixture(autouse=True)
def no_sweep_left(tmp_path: Path) -> Iterator[None]:
    """Started sweeps outlive a dashboard: a test that failed leaves none behind."""
    yield
    for record in tmp_path.glob("build/*.db.run.json"):
        run = latest_run(record.with_name(record.name.removesuffix(".run.json")))
        if run is not None and run.alive:
            os.kill(run.pid, signal.SIGKILL)


@pytest.fixture
def toy_record() -> SweepRecord:
    return SweepRecord(
        "toy", "toy", "toy", "", "1", {"digests": {}, "config": {}}, 100, 0, 99, 32, (2,) * 16, 200, 16, 0.25
    )


@pytest.fixture
def toy_store(tmp_path: Path, toy_record: SweepRecord) -> Iterator[Store]:
    """A store that this process sweeps into, with 200 combinations to do."""
    with Store.to_write(tmp_path / "build" / "toy.db") as store:
        store.add(toy_record)
        yield store


def complete(store: Store, record: SweepRecord, chunks: list[Chunk]) -> None:
    for chunk in chunks:
        store.start(chunk, "local-1")
        rows: NDArray[np.void] = toy_rows(chunk.start_combo, chunk.end_combo)
        store.complete(record, chunk, ["{}"] * len(rows), rows)
