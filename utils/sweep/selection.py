"""What is in a store: its sweeps, how far they are, and their best rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.errors import UserError
from utils.sweep.grid import Values
from utils.sweep.store import REAL_METRICS, Store, SweepRecord

METRICS: tuple[str, ...] = (*REAL_METRICS, "total_trades")
"""Metrics of a stored row, by their column."""

ASCENDING = frozenset({"max_drawdown", "fees"})
"""Metrics of which less is better."""


@dataclass(frozen=True)
class Row:
    """A stored result.

    Attributes:
        combo: its number in the grid, or the trial's in a search.
        params: complete parameters.
        status: "ok", "invalid", "bust" or "pruned".
        metrics: `METRICS` by name, None where undefined.
        trades_hash: equal for rows with equal trades; None when nothing was simulated.
    """

    combo: int
    params: Values
    status: str
    metrics: dict[str, float | int | None]
    trades_hash: int | None


def chosen_sweep(store: Store, symbol: str | None) -> SweepRecord:
    """The sweep of a symbol in a store, or the only one when none is named.

    Raises:
        UserError: there is none, or there are several.
    """
    records = store.sweeps()
    if not records:
        raise UserError(f"{store.path}: it holds no sweep yet; run one first")
    known = ", ".join(record.symbol or "(unnamed)" for record in records)
    if symbol is None and len(records) > 1:
        raise UserError(f"{store.path}: it holds several symbols; name one of {known} with --symbol")
    for record in records:
        if symbol is None or record.symbol == symbol.upper():
            return record
    raise UserError(f"{store.path}: it holds no symbol {symbol}; name one of {known} with --symbol")


def state(store: Store, sweep: SweepRecord) -> dict[str, Any]:
    """How far a sweep is: its size, combinations done, and chunks by status."""
    return {
        "sweep": sweep.id,
        "strategy": sweep.strategy,
        "bars": sweep.bars,
        "combos": sweep.combos,
        "combos_done": store.combos_done(sweep.id),
        "chunks": store.chunk_counts(sweep.id),
    }


def top(
    store: Store, sweep_id: str, metric: str, min_trades: int, count: int, distinct: bool = False
) -> list[Row]:
    """The best `count` rows of a sweep that neither went bust nor made no sense.

    Undefined comes last, ties are broken by combination.

    Args:
        metric: one of `METRICS`; `ASCENDING` ones from the smallest on.
        min_trades: rows with fewer closed trades are left out.
        distinct: of rows with the same trades, only the first.
    Raises:
        UserError: no such metric.
    """
    if metric not in METRICS:
        raise UserError(f"metric: unknown {metric!r}; known: {', '.join(METRICS)}")
    ranked = store.query(
        "SELECT coalesce(combo, trial), trades_hash FROM strategies"
        " WHERE sweep = ? AND status = 'ok' AND total_trades >= ?"
        f" ORDER BY {metric} IS NULL, {metric} {'ASC' if metric in ASCENDING else 'DESC'}, id",
        (sweep_id, min_trades),
    )
    if distinct:
        first_of: dict[int, int] = {}
        for combo, trades_hash in ranked:
            first_of.setdefault(trades_hash, combo)
        chosen = list(first_of.values())
    else:
        chosen = [combo for combo, _ in ranked]
    return [stored_row(store, sweep_id, combo) for combo in chosen[:count]]


def stored_row(store: Store, sweep_id: str, combo: int) -> Row:
    """The result of one combination.

    Raises:
        UserError: it is outside the grid, or has not been computed yet.
    """
    columns = ("params", "status", "trades_hash", *METRICS)
    rows: list[tuple[Any, ...]] = store.query(
        f"SELECT {', '.join(columns)} FROM strategies"
        " WHERE sweep = ? AND (combo = ? OR (combo IS NULL AND trial = ?))",
        (sweep_id, combo, combo),
    )
    if not rows:
        sizes = {record.id: (record.combos, record.is_search) for record in store.sweeps()}
        count, is_search = sizes.get(sweep_id, (0, False))
        kind, noun = ("search", "trial") if is_search else ("sweep", "combination")
        if 0 <= combo < count:
            raise UserError(f"{store.path}: {noun} {combo} is not done yet; run the {kind} to its end")
        raise UserError(f"{store.path}: no {noun} {combo} in {sweep_id}; they go from 0 to {count - 1}")
    params, status, trades_hash, *metrics = rows[0]
    return Row(combo, json.loads(params), status, dict(zip(METRICS, metrics, strict=True)), trades_hash)


def metric_table(store: Store, sweep_id: str, metric: str, combos: int) -> NDArray[np.float64]:
    """A metric of every combination in order, NaN where undefined or not simulated, shape (combos,).

    Args:
        metric: one of `METRICS`.
        combos: size of the grid.
    """
    table = np.full(combos, np.nan)
    rows = store.query(
        f"SELECT coalesce(combo, trial), {metric} FROM strategies"
        f" WHERE sweep = ? AND {metric} IS NOT NULL AND status = 'ok'",
        (sweep_id,),
    )
    if rows:
        numbers, values = np.array(rows, np.float64).T
        table[numbers.astype(np.int64)] = values
    return table
