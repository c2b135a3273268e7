"""Runs scripts/sweep.py in this process, and reads what it stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from scripts.sweep import main

ROOT = Path(__file__).parents[2]

SweepFile = Callable[..., Path]
BarsFile = Callable[..., Path]
METRICS = (
    "pnl", "win_rate", "profit_factor", "max_drawdown", "sharpe", "sortino", "exposure", "fees", "open_pnl",
    "total_trades",
)  # fmt: skip


def sweep(*arguments: str | Path) -> Result:
    """Run scripts/sweep.py in this process, with no terminal."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def done(*arguments: str | Path) -> str:
    result = sweep(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def failed(*arguments: str | Path, code: int = 1) -> str:
    """The one line of a command that fails."""
    result = sweep(*arguments)
    assert result.exit_code == code, result.output
    if code == 1:
        assert result.stderr.startswith("error: ")
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""
    return result.stderr


def query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def strategies(database: Path) -> list[tuple[Any, ...]]:
    """Results, without what says how they were cut into chunks."""
    names = (
        f"id, sweep, combo, trial, params, status, {', '.join(METRICS)}, buy_and_hold, trades_hash, blocks"
    )
    return query(database, f"SELECT {names} FROM strategies ORDER BY id")
