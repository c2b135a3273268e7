"""Optimizations: a backtest for every combination of parameters, new, running, completed or aborted."""

from __future__ import annotations

import itertools
import json
import math
import sqlite3
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from utils.quantconnect.emulator.backtests import (
    COMPLETED,
    DONE,
    FAILED,
    QUEUED,
    create_backtest,
    figure,
    outcome_of,
)
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.projects import find_project
from utils.quantconnect.emulator.times import api_time

NODE_TYPES = ("O2-8", "O4-12", "O8-16")
MOST_BACKTESTS = 1_000
SECONDS_PER_BACKTEST = 60


@dataclass(frozen=True)
class OptimizationParameter:
    """A parameter and the values it takes, from `min` to `max` by `step`."""

    name: str
    min: float
    max: float
    step: float

    def values(self) -> list[str]:
        """The values as an algorithm's parameters are written."""
        count = math.floor((self.max - self.min) / self.step + 1e-9) + 1
        return [f"{self.min + index * self.step:.10g}" for index in range(count)]

    def check(self) -> None:
        """Refuse a range that has no values, or too many."""
        numbers = (self.min, self.max, self.step)
        if not all(math.isfinite(number) for number in numbers) or self.step <= 0 or self.max < self.min:
            raise RefusalError(f"Parameter {self.name} needs min <= max and a step above 0")
        if (self.max - self.min) / self.step >= MOST_BACKTESTS:
            raise RefusalError(f"Parameter {self.name} has more than {MOST_BACKTESTS} values")


@dataclass(frozen=True)
class OptimizationRequest:
    """What an optimization was asked to do."""

    name: str
    target: str
    target_to: str
    target_value: str
    strategy: str
    node_type: str
    parallel_nodes: int
    parameters: list[OptimizationParameter]
    constraints: list[dict[str, Any]]


def combinations(parameters: list[OptimizationParameter]) -> list[dict[str, str]]:
    """Every combination of the parameters' values.

    Raises:
        RefusalError: there are no parameters, or too many combinations.
    """
    if not parameters:
        raise RefusalError("parameters is required")
    for parameter in parameters:
        parameter.check()
    if math.prod(len(parameter.values()) for parameter in parameters) > MOST_BACKTESTS:
        raise RefusalError(f"An optimization has at most {MOST_BACKTESTS} backtests")
    names = [parameter.name for parameter in parameters]
    grid = itertools.product(*(parameter.values() for parameter in parameters))
    return [dict(zip(names, values, strict=True)) for values in grid]


def create_optimization(
    db: sqlite3.Connection, compilation: sqlite3.Row, request: OptimizationRequest, now: float
) -> sqlite3.Row:
    """Put the backtests of an optimization into the queue."""
    if request.node_type not in NODE_TYPES:
        raise RefusalError(f"Node type not found: {request.node_type}; choose one of {', '.join(NODE_TYPES)}")
    sets = combinations(request.parameters)
    optimization_id = f"O-{uuid.uuid4().hex}"
    db.execute(
        "INSERT INTO optimization (id, project_id, name, created, request) VALUES (?, ?, ?, ?, ?)",
        (optimization_id, compilation["project_id"], request.name, now, json.dumps(asdict(request))),
    )
    for number, parameters in enumerate(sets, start=1):
        create_backtest(db, compilation, f"{request.name} {number}", parameters, now, optimization_id)
    return find_optimization(db, optimization_id)


def find_optimization(db: sqlite3.Connection, optimization_id: str) -> sqlite3.Row:
    """An optimization's row.

    Raises:
        RefusalError: there is no such optimization.
    """
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM optimization WHERE id = ?", (optimization_id,)
    ).fetchone()
    if row is None:
        raise RefusalError(f"Optimization not found: {optimization_id[:100]}")
    return row


def optimizations_of(db: sqlite3.Connection, project_id: int) -> list[sqlite3.Row]:
    """A project's optimizations, the newest first."""
    find_project(db, project_id)
    return db.execute(
        "SELECT * FROM optimization WHERE project_id = ? ORDER BY created DESC, rowid DESC", (project_id,)
    ).fetchall()


def abort_optimization(db: sqlite3.Connection, optimization_id: str, now: float) -> None:
    """Run no more of its backtests; those that are done stay.

    Raises:
        RefusalError: there is no such optimization, or it has ended.
    """
    row = find_optimization(db, optimization_id)
    if _status(row, _states(db, optimization_id)) in ("completed", "aborted"):
        raise RefusalError("The optimization has ended already")
    db.execute("UPDATE optimization SET aborted = ? WHERE id = ?", (now, optimization_id))
    db.execute(
        "DELETE FROM backtest WHERE optimization_id = ? AND state NOT IN ('completed', 'failed')",
        (optimization_id,),
    )


def delete_optimization(db: sqlite3.Connection, optimization_id: str) -> None:
    """Remove an optimization and its backtests."""
    find_optimization(db, optimization_id)
    db.execute("DELETE FROM optimization WHERE id = ?", (optimization_id,))


def _states(db: sqlite3.Connection, optimization_id: str) -> list[str]:
    rows = db.execute("SELECT state FROM backtest WHERE optimization_id = ?", (optimization_id,))
    return [row["state"] for row in rows]


def _status(row: sqlite3.Row, states: list[str]) -> str:
    if row["aborted"] is not None:
        return "aborted"
    if all(state in DONE for state in states):
        return "completed"
    return "new" if all(state == QUEUED for state in states) else "running"


def describe_optimization(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """An optimization as the API gives it."""
    backtests = db.execute(
        "SELECT * FROM backtest WHERE optimization_id = ? ORDER BY rowid", (row["id"],)
    ).fetchall()
    return summarize_optimization(db, row) | {
        "backtests": {backtest["id"]: _describe_backtest(backtest) for backtest in backtests},
    }


def summarize_optimization(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """An optimization as a list of optimizations gives it."""
    request = json.loads(row["request"])
    states = _states(db, row["id"])
    return {
        "optimizationId": row["id"],
        "projectId": row["project_id"],
        "name": row["name"],
        "status": _status(row, states),
        "created": api_time(row["created"]),
        "requested": api_time(row["created"]),
        "nodeType": request["node_type"],
        "parallelNodes": request["parallel_nodes"],
        "strategy": request["strategy"],
        "criterion": {
            "target": request["target"],
            "extremum": request["target_to"],
            "targetValue": figure(request["target_value"]),
        },
        "optimizationTarget": request["target"],
        "targetValue": figure(request["target_value"]),
        "parameters": request["parameters"],
        "constraints": request["constraints"],
        "runtimeStatistics": {
            "Total": str(len(states)),
            "Completed": str(states.count(COMPLETED)),
            "Failed": str(states.count(FAILED)),
            "In Queue": str(states.count(QUEUED)),
            "Running": str(sum(state not in (*DONE, QUEUED) for state in states)),
        },
    }


def _describe_backtest(row: sqlite3.Row) -> dict[str, Any]:
    figures = [figure(text) for text in outcome_of(row).statistics.values()]
    return {
        "id": row["id"],
        "name": row["name"],
        "progress": row["progress"],
        "exitCode": int(row["state"] == FAILED),
        "parameterSet": json.loads(row["parameters"]),
        "statistics": [value for value in figures if value is not None],
    }
