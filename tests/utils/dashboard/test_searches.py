"""A search is followed by its trials, which come without chunks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.utils.dashboard.sweeping import settings_in
from utils.dashboard.processes import Processes
from utils.dashboard.watched_store import WatchedStore
from utils.sweep.store import Store, SweepRecord

TRIALS = """
CREATE TABLE trials (sweep TEXT NOT NULL, trial INTEGER NOT NULL, state TEXT NOT NULL, asked TEXT NOT NULL,
    objectives TEXT, folds TEXT NOT NULL, PRIMARY KEY (sweep, trial))
"""


def add_trials(store: Store, first: int, end: int) -> None:
    for trial in range(first, end):
        store.connection.execute(
            "INSERT INTO trials VALUES ('toy', ?, 'complete', '{}', NULL, '[]')", (trial,)
        )
        store.connection.execute(
            "INSERT INTO strategies (sweep, trial, params, status, sharpe, total_trades)"
            " VALUES ('toy', ?, '{}', 'ok', ?, 20)",
            (trial, trial * 7 % 10),
        )


@pytest.fixture
def search_record(toy_record: SweepRecord) -> SweepRecord:
    return replace(toy_record, combos=20, spec={"config": {"search": {}}})


def test_a_search_is_followed_ranked_and_found_complete(tmp_path: Path, search_record: SweepRecord) -> None:
    path = tmp_path / "build" / "toy.db"
    with Store.to_write(path) as store:
        store.add(search_record)
        store.connection.execute("DELETE FROM chunks")
        store.connection.execute(TRIALS)
        watched = WatchedStore(path, settings_in(tmp_path, top=3), Processes())
        add_trials(store, 0, 5)
        shown = watched.look(lambda: True)
        json.dumps(shown, allow_nan=False)
        assert (shown["state"], shown["sweeps"]["toy"]["combos_done"]) == ("running", 5)
        assert shown["sweeps"]["toy"]["rate"] is None  # when they came is not known
        add_trials(store, 5, 20)
        sweep = watched.look(lambda: True)["sweeps"]["toy"]
        assert sweep["combos_done"] == 20
        assert sweep["rate"] > 0
        assert [row["combo"] for row in sweep["top"]] == [7, 17, 4]  # Sharpe 9, 9, 8: ties by trial
    assert watched.look(lambda: True)["state"] == "completed"
    watched.close()
