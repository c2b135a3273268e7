"""Trials in a store: rows of `strategies` without a combination, and what Optuna asked and was told."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.errors import UserError
from utils.sweep.database import explained, transaction
from utils.sweep.grid import Values
from utils.sweep.search.definition import Search, search_differences
from utils.sweep.search.told import PRUNED, Told
from utils.sweep.store import INSERT_STRATEGY, ROWS_A_SWEEP, STATUS_NAMES, Store, SweepRecord, result_columns

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trials (
    sweep TEXT NOT NULL,
    trial INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('complete', 'pruned', 'infeasible')),
    asked TEXT NOT NULL,
    objectives TEXT,
    folds TEXT NOT NULL,
    PRIMARY KEY (sweep, trial)
);
CREATE UNIQUE INDEX IF NOT EXISTS strategies_trial ON strategies (sweep, trial) WHERE trial IS NOT NULL;
"""


@dataclass(frozen=True)
class Evaluated:
    """One trial that is done.

    Attributes:
        told: what Optuna is told.
        values: the strategy's parameters, complete.
        row: `RESULT_DTYPE` over all searched bars; undefined metrics where it was pruned.
    """

    told: Told
    values: Values
    row: np.void


def enroll_search(store: Store, search: Search) -> SweepRecord:
    """The row of `search` in `store`, added if it is new; more trials may be wanted than before.

    Raises:
        UserError: the store holds something else, or this search over other data, space, terms or code; the
            message says which.
    """
    asked = search.record()
    stored = {record.id: record for record in store.sweeps()}
    for record in stored.values():
        if record.name != asked.name or not record.is_search:
            raise UserError(
                f"{store.path}: it holds the sweep {record.name}, not this search; choose another --db"
            )
    known = stored.get(asked.id)
    if known is not None:
        different = search_differences(known, asked)
        if different:
            raise UserError(
                f"{store.path}: it holds another search {asked.id}, which differs in {', '.join(different)}; "
                "choose another --db"
            )
    with explained(store.path), transaction(store.connection):
        for statement in _SCHEMA.split(";")[:-1]:
            store.connection.execute(statement)
        if known is None:
            store.insert(asked)
        elif asked.combos > known.combos:
            store.connection.execute("UPDATE sweeps SET combos = ? WHERE id = ?", (asked.combos, asked.id))
    return asked if known is None or asked.combos > known.combos else known


def stored_trials(store: Store, search_id: str) -> list[Told]:
    """What was told of each trial, in order."""
    rows = store.query(
        "SELECT trial, asked, state, objectives, folds FROM trials WHERE sweep = ? ORDER BY trial",
        (search_id,),
    )
    return [
        Told(
            number,
            json.loads(asked),
            state,
            None if objectives is None else tuple(json.loads(objectives)),
            tuple(json.loads(folds)),
        )
        for number, asked, state, objectives, folds in rows
    ]


def begin_batch(store: Store, record: SweepRecord, batch: range, worker: str) -> None:
    """Show that the trials of `batch` are in work."""
    store.connection.execute(
        "INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?, 'running', ?, ?, NULL)",
        (_batch_id(record, batch), record.id, batch.start, batch.stop, worker, int(time.time())),
    )


def complete_batch(store: Store, record: SweepRecord, batch: range, done: Sequence[Evaluated]) -> None:
    """Store all trials of `batch` and mark it completed: all of it, or nothing."""
    if [trial.told.number for trial in done] != list(batch):
        raise ValueError(f"{record.id}: these are not the trials {batch.start} to {batch.stop - 1}")
    rows: NDArray[np.void] = np.array([trial.row for trial in done], done[0].row.dtype)
    statuses = [
        PRUNED if trial.told.state == PRUNED else STATUS_NAMES[int(trial.row["status"])] for trial in done
    ]
    with explained(store.path), transaction(store.connection):
        (ordinal,) = store.connection.execute(
            "SELECT rowid FROM sweeps WHERE id = ?", (record.id,)
        ).fetchone()
        metrics = zip(*result_columns(rows, record.buy_and_hold), strict=False)  # one of them has no end
        store.connection.executemany(
            INSERT_STRATEGY,
            [
                (
                    ordinal * ROWS_A_SWEEP + trial.told.number,
                    _batch_id(record, batch),
                    record.id,
                    None,
                    trial.told.number,
                    json.dumps(trial.values),
                    status,
                    *figures,
                )
                for trial, status, figures in zip(done, statuses, metrics, strict=True)
            ],
        )
        store.connection.executemany(
            "INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?)", [_trial_row(record, trial.told) for trial in done]
        )
        store.connection.execute(
            "UPDATE chunks SET status = 'completed', completed_at = ? WHERE id = ?",
            (int(time.time()), _batch_id(record, batch)),
        )


def _trial_row(record: SweepRecord, told: Told) -> tuple[Any, ...]:
    objectives = None if told.objectives is None else json.dumps(told.objectives)
    asked, folds = json.dumps(told.asked), json.dumps(told.folds)
    return record.id, told.number, told.state, asked, objectives, folds


def _batch_id(record: SweepRecord, batch: range) -> str:
    return f"{record.id}_batch_{batch.start:06d}"
