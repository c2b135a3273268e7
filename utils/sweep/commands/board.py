"""The best rows, as commands print them and write them to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from utils.cli import output, progress_output
from utils.errors import UserError
from utils.sweep.combinations import Combinations
from utils.sweep.detail import Details
from utils.sweep.leaderboard import leaderboard, overfitting_figures
from utils.sweep.presentation import overfitting_lines, rows_table
from utils.sweep.robustness import assess_store
from utils.sweep.store import Store, SweepRecord

SHOWN_ROWS = 10
SHOWN_COLUMNS = {
    "pnl": "pnl",
    "sharpe": "Sharpe",
    "profit_factor": "profit factor",
    "max_drawdown": "drawdown",
    "total_trades": "trades",
    "deflated_sharpe_distinct": "deflated",
    "plateau": "plateau",
    "holdout_sharpe": "holdout Sharpe",
}


def csv_beside(wanted: Path | None, database: Path, symbol: str) -> Path:
    """Where the top rows go: beside the database by default, with the symbol in the name among several."""
    path = wanted or database.with_name(f"{database.stem}_top.csv")
    return path.with_name(f"{path.stem}_{symbol}{path.suffix}") if symbol else path


def only_symbol(symbols: tuple[str, ...]) -> tuple[str]:
    """The one symbol there is, or UserError."""
    if len(symbols) > 1:
        raise UserError(
            f"the sweep file names several symbols; name one of {', '.join(symbols)} with --symbol"
        )
    return (symbols[0],)


def best_rows(
    store: Store,
    record: SweepRecord,
    combinations: Combinations,
    details: Details | None,
    metric: str,
    min_trades: int,
    count: int,
    distinct: bool,
) -> dict[str, Any]:
    """Top rows, and the overfitting figures of all."""
    with progress_output().status(f"{record.id}: how far to believe the best rows"):
        assessment = assess_store(store, record)
        rows = leaderboard(
            store, record.id, combinations, details, metric, min_trades, count, distinct, assessment
        )
    return {"rows": rows, "overfitting": overfitting_figures(assessment)}


def print_best(
    sweep_id: str, combinations: Combinations, best: dict[str, Any], metric: str, min_trades: int
) -> None:
    """Print the first rows, and how far to believe them."""
    console = output()
    if not best["rows"]:
        console.print(f"{sweep_id}: no row has {min_trades} trades; ask for fewer with --min-trades")
        return
    console.print(f"[bold]{sweep_id}[/bold]: best by {metric} of rows with {min_trades} trades or more")
    columns = SHOWN_COLUMNS if metric in SHOWN_COLUMNS else {metric: metric, **SHOWN_COLUMNS}
    console.print(rows_table(best["rows"][:SHOWN_ROWS], combinations, columns))
    console.print(overfitting_lines(best["overfitting"]), soft_wrap=True)
