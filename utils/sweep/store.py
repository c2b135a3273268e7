"""What a sweep has done so far, and its results, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.simulation.records import BLOCK_SUMS, Status
from utils.errors import UserError
from utils.sweep.database import BUSY_SECONDS, explained, open_to_read, open_to_write, transaction
from utils.sweep.lock import CoordinatorLock

STATUS_NAMES = tuple(status.name.lower() for status in Status)
"""Names of `Status` in the column `status`."""

REAL_METRICS = (
    "pnl",
    "win_rate",
    "profit_factor",
    "max_drawdown",
    "sharpe",
    "sortino",
    "exposure",
    "fees",
    "open_pnl",
)
"""Columns of a result that are stored as they are, NaN as NULL."""

ROWS_A_SWEEP = 1 << 40
"""Ids of a sweep's rows begin at a multiple of it: they do not depend on who finishes first."""

_BLOCK_BYTES = 8 * BLOCK_SUMS

STRATEGY_COLUMNS = (
    "id",
    "chunk_id",
    "sweep",
    "combo",
    "trial",
    "params",
    "status",
    *REAL_METRICS,
    "total_trades",
    "buy_and_hold",
    "trades_hash",
    "blocks",
)
"""Columns of a row of `strategies`, in the order they are written."""

INSERT_STRATEGY = "INSERT INTO strategies ({}) VALUES ({})".format(
    ", ".join(STRATEGY_COLUMNS), ", ".join("?" * len(STRATEGY_COLUMNS))
)
_TO_PENDING = "UPDATE chunks SET status = 'pending', assigned_worker = NULL, started_at = NULL"


@dataclass(frozen=True)
class SweepRecord:
    """A row of `sweeps`: one grid over one symbol, or one search.

    Attributes:
        id: name, or `name:SYMBOL`.
        identity: digest of everything that decides a result.
        spec: everything needed to do it again.
        bars, days: bars and distinct trading days that are swept; the holdout is not among them.
        first_time, last_time: start of the first and of the last swept bar, seconds since 1970 UTC.
        block_days: days in each of the 16 blocks.
        combos: size of the grid, or trials wanted.
        buy_and_hold: last close / first close - 1.
    """

    id: str
    name: str
    strategy: str
    symbol: str
    identity: str
    spec: dict[str, Any]
    bars: int
    first_time: int
    last_time: int
    days: int
    block_days: tuple[int, ...]
    combos: int
    chunk_size: int
    buy_and_hold: float

    @property
    def is_search(self) -> bool:
        """Whether its rows are trials of a search instead of combinations of a grid."""
        return "search" in self.spec.get("config", {})


@dataclass(frozen=True)
class Chunk:
    """The combinations [start_combo, end_combo) of a sweep: the unit of work and of a transaction."""

    id: str
    start_combo: int
    end_combo: int


class Store:
    """A database of sweeps. One process writes it; any number may read it meanwhile.

    Make one with `Store.to_write` or `Store.to_read`; use it in a `with` statement, from one thread. Every
    method raises UserError, one line, for a database that is locked, full, corrupt or read-only.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: CoordinatorLock | None) -> None:
        self.path = path
        self.connection = connection
        self._lock = lock

    @classmethod
    def to_write(cls, path: Path) -> Store:
        """Open or make the store at `path` as its only writer."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"{path}: its folder cannot be made: {error.strerror}; choose another --db"
            ) from error
        lock = CoordinatorLock(path)
        try:
            return cls(path, open_to_write(path), lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def to_read(cls, path: Path, patience: float = BUSY_SECONDS) -> Store:
        """Open the existing store at `path`; wait at most `patience` seconds for another's transaction."""
        return cls(path, open_to_read(path, patience), None)

    def close(self) -> None:
        """Close it; another process may write it then."""
        self.connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT."""
        with explained(self.path):
            return self.connection.execute(sql, values).fetchall()

    def sweeps(self) -> list[SweepRecord]:
        """All sweeps in it, in the order they were added."""
        names = tuple(SweepRecord.__dataclass_fields__)
        rows = self.query(f"SELECT {', '.join(names)} FROM sweeps ORDER BY rowid")
        return [_record(dict(zip(names, row, strict=True))) for row in rows]

    def add(self, sweep: SweepRecord) -> None:
        """Add a sweep with all its chunks, pending."""
        starts = range(0, sweep.combos, sweep.chunk_size)
        chunks = (
            (f"{sweep.id}_chunk_{number:06d}", sweep.id, start, min(start + sweep.chunk_size, sweep.combos))
            for number, start in enumerate(starts)
        )
        with explained(self.path), transaction(self.connection):
            self.insert(sweep)
            self.connection.executemany(
                "INSERT INTO chunks VALUES (?, ?, ?, ?, 'pending', NULL, NULL, NULL)", chunks
            )

    def insert(self, sweep: SweepRecord) -> None:
        """Add the row of `sweeps` alone, inside the caller's transaction."""
        names = (*SweepRecord.__dataclass_fields__, "created_at")
        marks = ", ".join("?" * len(names))
        values = (*_stored(sweep), int(time.time()))
        self.connection.execute(f"INSERT INTO sweeps ({', '.join(names)}) VALUES ({marks})", values)

    def unfinished(self, sweep_id: str) -> list[Chunk]:
        """Chunks that are still to do, in order; those that a dead or failed run left become pending."""
        with explained(self.path), transaction(self.connection):
            self.connection.execute(
                f"{_TO_PENDING} WHERE sweep = ? AND status IN ('running', 'failed')", (sweep_id,)
            )
        rows = self.query(
            "SELECT id, start_combo, end_combo FROM chunks WHERE sweep = ? AND status = 'pending'"
            " ORDER BY start_combo",
            (sweep_id,),
        )
        return [Chunk(*row) for row in rows]

    def start(self, chunk: Chunk, worker: str) -> None:
        """Mark a chunk as running on `worker`."""
        self._mark(
            chunk, "status = 'running', assigned_worker = ?, started_at = ?", (worker, int(time.time()))
        )

    def fail(self, chunk: Chunk) -> None:
        """Mark a chunk as failed; the next run does it again."""
        self._mark(chunk, "status = 'failed'", ())

    def give_back(self, chunks: Iterable[Chunk]) -> None:
        """Make chunks that were not finished pending again."""
        with explained(self.path), transaction(self.connection):
            self.connection.executemany(f"{_TO_PENDING} WHERE id = ?", [(chunk.id,) for chunk in chunks])

    def complete(
        self,
        sweep: SweepRecord,
        chunk: Chunk,
        params: Sequence[str],
        rows: NDArray[np.void],
        worker: str | None = None,
    ) -> None:
        """Store a chunk's results and mark it completed, both or neither.

        Args:
            params: JSON of each combination's parameters.
            rows: `RESULT_DTYPE`, one a combination of the chunk.
            worker: who computed them; None is who it was started on.
        """
        with explained(self.path), transaction(self.connection):
            (ordinal,) = self.connection.execute(
                "SELECT rowid FROM sweeps WHERE id = ?", (sweep.id,)
            ).fetchone()
            first_id = ordinal * ROWS_A_SWEEP + chunk.start_combo
            self.connection.executemany(INSERT_STRATEGY, _strategy_rows(sweep, chunk, first_id, params, rows))
            self.connection.execute(
                "UPDATE chunks SET status = 'completed', completed_at = ?,"
                " assigned_worker = coalesce(?, assigned_worker) WHERE id = ?",
                (int(time.time()), worker, chunk.id),
            )

    def chunk_counts(self, sweep_id: str) -> dict[str, int]:
        """Number of chunks in each status."""
        counts = dict.fromkeys(("pending", "running", "completed", "failed"), 0)
        counts.update(
            self.query("SELECT status, count(*) FROM chunks WHERE sweep = ? GROUP BY status", (sweep_id,))
        )
        return counts

    def combos_done(self, sweep_id: str) -> int:
        """Number of combinations whose results are stored."""
        rows = self.query(
            "SELECT coalesce(sum(end_combo - start_combo), 0) FROM chunks"
            " WHERE sweep = ? AND status = 'completed'",
            (sweep_id,),
        )
        return int(rows[0][0])

    def _mark(self, chunk: Chunk, assignments: str, values: tuple[Any, ...]) -> None:
        with explained(self.path), transaction(self.connection):
            self.connection.execute(f"UPDATE chunks SET {assignments} WHERE id = ?", (*values, chunk.id))


def _strategy_rows(
    sweep: SweepRecord, chunk: Chunk, first_id: int, params: Sequence[str], rows: NDArray[np.void]
) -> Iterable[tuple[Any, ...]]:
    """Values of `STRATEGY_COLUMNS` for each row."""
    count = chunk.end_combo - chunk.start_combo
    if not len(rows) == len(params) == count:
        raise ValueError(
            f"{chunk.id}: {len(rows)} rows and {len(params)} parameters for {count} combinations"
        )
    return zip(
        range(first_id, first_id + count),
        repeat(chunk.id),
        repeat(sweep.id),
        range(chunk.start_combo, chunk.end_combo),
        repeat(None),
        params,
        [STATUS_NAMES[status] for status in rows["status"].tolist()],
        *result_columns(rows, sweep.buy_and_hold),
    )


def result_columns(rows: NDArray[np.void], buy_and_hold: float) -> Sequence[Iterable[Any]]:
    """The last of `STRATEGY_COLUMNS`, from the metrics on, of `RESULT_DTYPE` rows. SQLite stores a NaN as
    NULL."""
    blob = np.ascontiguousarray(rows["blocks"], "<f8").tobytes()
    hashes: list[int | None] = rows["trades_hash"].view(np.int64).tolist()
    blocks: list[bytes | None] = [blob[i : i + _BLOCK_BYTES] for i in range(0, len(blob), _BLOCK_BYTES)]
    for k in np.flatnonzero(rows["status"] == Status.INVALID).tolist():
        hashes[k] = blocks[k] = None  # nothing was simulated
    return (
        *(rows[name].tolist() for name in REAL_METRICS),
        rows["total_trades"].tolist(),
        repeat(buy_and_hold),
        hashes,
        blocks,
    )


def _stored(sweep: SweepRecord) -> list[Any]:
    values = dict(vars(sweep))
    values["spec"] = json.dumps(sweep.spec)
    values["block_days"] = json.dumps(sweep.block_days)
    return list(values.values())


def _record(values: dict[str, Any]) -> SweepRecord:
    values["spec"] = json.loads(values["spec"])
    values["block_days"] = tuple(json.loads(values["block_days"]))
    return SweepRecord(**values)
