"""Ranking against a plain sort."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from numpy.typing import NDArray

from trading.simulation import Status
from utils.errors import UserError
from utils.sweep.grid import Grid
from utils.sweep.selection import ASCENDING, METRICS, stored_row, top
from utils.sweep.store import Store, SweepRecord

Rows = Callable[[int, int], NDArray[Any]]


@pytest.fixture
def database(tmp_path: Path, toy_grid: Grid, record_of: Callable[..., SweepRecord], rows_of: Rows) -> Path:
    path = tmp_path / "toy.db"
    with Store.to_write(path) as store:
        for symbol in ("AAA", "BBB"):
            record = record_of(chunk_size=100, symbol=symbol)
            store.add(record)
            chunks = store.unfinished(record.id)
            for chunk in chunks if symbol == "AAA" else chunks[:1]:
                span = chunk.start_combo, chunk.end_combo
                store.complete(record, chunk, toy_grid.params_json(*span), rows_of(*span))
    return path


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("distinct", [False, True])
def test_best_first(database: Path, rows_of: Rows, metric: str, distinct: bool) -> None:
    rows = rows_of(0, 200)

    def key(combo: int) -> tuple[bool, float, int]:
        value = float(rows[metric][combo])
        return value != value, value if metric in ASCENDING else -value, combo  # noqa: PLR0124 - NaN

    wanted = [k for k in range(200) if rows["status"][k] == Status.OK and rows["total_trades"][k] >= 7]
    ranked = sorted(wanted, key=key)
    if distinct:
        firsts = {int(rows["trades_hash"][combo]): combo for combo in reversed(ranked)}
        ranked = [combo for combo in ranked if firsts[int(rows["trades_hash"][combo])] == combo]
    with Store.to_read(database) as store:
        assert [row.combo for row in top(store, "toy:AAA", metric, 7, 60, distinct)] == ranked[:60]
        assert [row.combo for row in top(store, "toy:AAA", metric, 7, 1000, distinct)] == ranked


def test_one_row(database: Path, toy_grid: Grid, rows_of: Rows) -> None:
    with Store.to_read(database) as store:
        row = stored_row(store, "toy:AAA", 25)
    result = rows_of(0, 26)[25]
    assert (row.combo, row.params, row.status) == (25, toy_grid.values(25), "ok")
    assert row.metrics["profit_factor"] is None
    assert row.metrics["pnl"] == result["pnl"]
    assert row.trades_hash is not None
    assert row.trades_hash % 2**64 == int(result["trades_hash"])


def test_rows_that_are_not_there(database: Path) -> None:
    with Store.to_read(database) as store:
        with pytest.raises(UserError, match="combination 150 is not done yet"):
            stored_row(store, "toy:BBB", 150)
        with pytest.raises(UserError, match=r"no combination 200 in toy:AAA; they go from 0 to 199"):
            stored_row(store, "toy:AAA", 200)
        with pytest.raises(UserError, match="unknown 'luck'; known: pnl"):
            top(store, "toy:AAA", "luck", 0, 10)
