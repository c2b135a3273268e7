"""Sweeps, rows and details as tables for a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from utils.sweep.combinations import Combinations
from utils.sweep.detail import Figures, Year
from utils.sweep.selection import METRICS

PERCENT = frozenset({"win_rate", "max_drawdown", "exposure", "buy_and_hold", "growth"})
MONEY = frozenset({"pnl", "fees", "open_pnl", "profit"})


def shown(name: str, value: Any) -> str:
    """A metric, or one of the holdout, as a person reads it; "-" when undefined."""
    name = name.removeprefix("holdout_")
    if value is None:
        return "-"
    if name in PERCENT:
        return f"{value:.1%}"
    if name in MONEY:
        return f"{value:,.0f}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def status_table(sweeps: Sequence[Mapping[str, Any]]) -> Table:
    """Chunks and combinations of each sweep of a store."""
    table = Table(box=None)
    table.add_column("sweep")
    for name in ("pending", "running", "completed", "failed", "combinations", "done"):
        table.add_column(name, justify="right")
    for sweep in sweeps:
        chunks = sweep["chunks"]
        table.add_row(
            sweep["sweep"],
            *(str(chunks[name]) for name in ("pending", "running", "completed", "failed")),
            f"{sweep['combos_done']:,} of {sweep['combos']:,}",
            f"{sweep['combos_done'] / sweep['combos']:.0%}",
        )
    return table


def rows_table(
    rows: Sequence[Mapping[str, Any]], combinations: Combinations, columns: Mapping[str, str]
) -> Table:
    """Best rows first: rank, number, what the parameters are at, and columns (key -> heading)."""
    axes = combinations.names
    table = Table(box=None, caption=f"parameters: {' / '.join(axes)}", caption_justify="left")
    table.add_column("", justify="right")
    table.add_column(combinations.key, justify="right")
    table.add_column("parameters")
    for heading in columns.values():
        table.add_column(heading, justify="right")
    for rank, row in enumerate(rows, 1):
        setting = " / ".join(brief(row[axis]) for axis in axes)
        table.add_row(
            str(rank), str(row[combinations.key]), setting, *(shown(key, row[key]) for key in columns)
        )
    return table


def figures_table(cases: Mapping[str, Figures | None]) -> Table:
    """Metrics, one column a case."""
    table = Table(box=None)
    table.add_column("")
    present = {name: figures for name, figures in cases.items() if figures is not None}
    for name in present:
        table.add_column(name, justify="right")
    for metric in (*METRICS, "buy_and_hold", "status"):
        table.add_row(metric, *(shown(metric, figures[metric]) for figures in present.values()))
    return table


def years_table(years: Sequence[Year]) -> Table:
    """Calendar years, one a line."""
    table = Table(box=None)
    names = ("year", "profit", "growth", "max_drawdown", "sharpe", "trades")
    for name in names:
        table.add_column(name, justify="right")
    for year in years:
        table.add_row(*(shown(name, getattr(year, name)) for name in names))
    return table


def overfitting_lines(figures: Mapping[str, Any]) -> str:
    """What speaks against all of it, in two lines."""
    probability = shown("win_rate", figures["probability_of_overfitting"])
    anchored = shown("sharpe", figures["walk_forward_sharpe"])
    rolling = shown("sharpe", figures["walk_forward_sharpe_rolling"])
    return (
        f"{figures['rows']:,} rows, {figures['distinct_rows']:,} of them different; probability of backtest "
        f"overfitting {probability}; walk-forward Sharpe {anchored} anchored, {rolling} rolling\n"
        f"{figures['verdict']}"
    )


def brief(value: Any) -> str:
    """A parameter's value: 3.0 as 3."""
    return (
        f"{value:g}" if isinstance(value, float) else value if isinstance(value, str) else json.dumps(value)
    )
