"""Backtests: queued, starting on a node, running, then completed or failed."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Mapping
from typing import Any

from utils.quantconnect.emulator.compilations import snapshot_of
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.projects import find_project
from utils.quantconnect.emulator.runners import BacktestJob, BacktestOutcome
from utils.quantconnect.emulator.times import api_time

QUEUED, STARTING, RUNNING, COMPLETED, FAILED = "queued", "starting", "running", "completed", "failed"
DONE = (COMPLETED, FAILED)

Parameter = str | int | float


def create_backtest(
    db: sqlite3.Connection,
    compilation: sqlite3.Row,
    name: str,
    parameters: Mapping[str, Parameter],
    now: float,
    optimization_id: str | None = None,
) -> sqlite3.Row:
    """Put a backtest of a successful compilation into the queue."""
    backtest_id = uuid.uuid4().hex
    project_id = compilation["project_id"]
    db.execute(
        "INSERT INTO backtest (id, project_id, compilation_id, optimization_id, name, parameters, created) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (backtest_id, project_id, compilation["id"], optimization_id, name, json.dumps(parameters), now),
    )
    return find_backtest(db, project_id, backtest_id)


def find_backtest(db: sqlite3.Connection, project_id: int, backtest_id: str) -> sqlite3.Row:
    """A backtest's row.

    Raises:
        RefusalError: the project has no such backtest.
    """
    find_project(db, project_id)
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM backtest WHERE id = ? AND project_id = ?", (backtest_id, project_id)
    ).fetchone()
    if row is None:
        raise RefusalError(f"Backtest not found: {backtest_id[:100]}")
    return row


def backtests_of(db: sqlite3.Connection, project_id: int) -> list[sqlite3.Row]:
    """A project's backtests, the newest first; without those of optimizations."""
    find_project(db, project_id)
    return db.execute(
        "SELECT * FROM backtest WHERE project_id = ? AND optimization_id IS NULL "
        "ORDER BY created DESC, rowid DESC",
        (project_id,),
    ).fetchall()


def delete_backtest(db: sqlite3.Connection, project_id: int, backtest_id: str) -> None:
    """Remove a backtest; one that runs is cancelled."""
    find_backtest(db, project_id, backtest_id)
    db.execute("DELETE FROM backtest WHERE id = ?", (backtest_id,))


def job_of(db: sqlite3.Connection, row: sqlite3.Row) -> BacktestJob:
    """What a runner needs to know of a backtest."""
    compilation = db.execute("SELECT * FROM compilation WHERE id = ?", (row["compilation_id"],)).fetchone()
    snapshot = snapshot_of(compilation)
    own = {key: str(value) for key, value in json.loads(row["parameters"]).items()}
    return BacktestJob(row["id"], row["project_id"], row["name"], snapshot, snapshot.parameters | own)


def outcome_of(row: sqlite3.Row) -> BacktestOutcome:
    """What came of a backtest so far."""
    return BacktestOutcome(**json.loads(row["outcome"])) if row["outcome"] else BacktestOutcome()


def status_text(row: sqlite3.Row) -> str:
    """The state as the API words it."""
    match row["state"]:
        case "completed":
            return "Completed."
        case "failed":
            return "Runtime Error"
        case "running":
            return f"Running: {100 * row['progress']:.0f}%"
        case _:
            return "In Queue..."


def describe_backtest(row: sqlite3.Row, organization_id: str, node_name: str | None) -> dict[str, Any]:
    """A backtest as the API gives it."""
    outcome = outcome_of(row)
    done = row["state"] in DONE
    good = row["state"] == COMPLETED
    return {
        "backtestId": row["id"],
        "projectId": row["project_id"],
        "organizationId": organization_id,
        "optimizationId": row["optimization_id"],
        "name": row["name"],
        "note": row["note"] or outcome.note or None,
        "created": api_time(row["created"]),
        "status": status_text(row),
        "completed": done,
        "progress": 1.0 if done else row["progress"],
        "error": outcome.error,
        "stacktrace": outcome.stacktrace or None,
        "hasInitializeError": False,
        "nodeName": node_name,
        "parameterSet": json.loads(row["parameters"]) or [],
        "charts": {name: {"name": name} for name in outcome.charts},
        "rollingWindow": {} if good else None,
        "statistics": outcome.statistics if good else None,
        "runtimeStatistics": outcome.runtime_statistics if good else None,
        "totalPerformance": outcome.total_performance if good else None,
    }


def summarize_backtest(row: sqlite3.Row, statistics: bool) -> dict[str, Any]:
    """A backtest as a list of backtests gives it."""
    summary = {
        "backtestId": row["id"],
        "name": row["name"],
        "created": api_time(row["created"]),
        "status": status_text(row),
        "completed": row["state"] in DONE,
        "progress": 1.0 if row["state"] in DONE else row["progress"],
        "optimizationId": row["optimization_id"],
        "parameterSet": json.loads(row["parameters"]) or [],
        "tags": [],
    }
    if statistics and row["state"] == COMPLETED:
        figures = outcome_of(row).statistics
        summary |= {field: figure(figures.get(name)) for field, name in _SUMMARY_FIGURES.items()}
    return summary


_SUMMARY_FIGURES = {
    "sharpeRatio": "Sharpe Ratio",
    "sortinoRatio": "Sortino Ratio",
    "alpha": "Alpha",
    "beta": "Beta",
    "compoundingAnnualReturn": "Compounding Annual Return",
    "drawdown": "Drawdown",
    "netProfit": "Net Profit",
    "winRate": "Win Rate",
    "lossRate": "Loss Rate",
    "psr": "Probabilistic Sharpe Ratio",
    "trades": "Total Orders",
    "treynorRatio": "Treynor Ratio",
}


def figure(text: str | None) -> float | None:
    """The number in a statistic such as `10.000%` or `$1,000.00`; None when there is none."""
    try:
        return None if text is None else float(text.strip(" %$").replace(",", ""))
    except ValueError:
        return None
