"""Options that several commands of scripts/sweep.py have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from utils.notify.sweeps import STALL_MINUTES
from utils.sweep.selection import METRICS

F = TypeVar("F", bound=Callable[..., object])


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in their order."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


day = click.DateTime(["%Y-%m-%d"])
database = click.option("--db", type=click.Path(path_type=Path), required=True, help="The sweep's database.")
symbol = click.option("--symbol", help="Which sweep of the database, where it holds several symbols.")
moved = click.option("--data", help="Where the bars are now, if they moved.")
overriding = together(
    click.option("--data", help="CSV or Parquet file, or LEAN data folder; {symbol} stands for each symbol."),
    click.option("--symbol", "symbols", multiple=True, help="Symbol to sweep; may be repeated."),
    click.option("--from", "start", type=day, help="First trading date, YYYY-MM-DD."),
    click.option("--to", "end", type=day, help="Last trading date, YYYY-MM-DD."),
    click.option("--holdout", type=click.FloatRange(0, 0.9), help="Share of the bars set apart at the end."),
)
"""Adds data, symbols, start, end and holdout, which replace what a file says: `overrides`."""

ranked_by = together(
    click.option(
        "--metric", type=click.Choice(METRICS), default="sharpe", show_default=True, help="Rank by it."
    ),
    click.option(
        "--min-trades",
        type=click.IntRange(0),
        default=10,
        show_default=True,
        help="Leave out rows with fewer.",
    ),
)
ranking = together(
    ranked_by,
    click.option(
        "--top", "count", type=click.IntRange(1), default=100, show_default=True, help="Rows to keep."
    ),
    click.option("--distinct", is_flag=True, help="Of rows with the same trades keep the first."),
    click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="Write the top rows there."),
)
notification = together(
    click.option(
        "--notify",
        type=click.Path(path_type=Path),
        help="apprise configuration with who hears how it ends; see docs/notifications.md.",
    ),
    click.option(
        "--stall",
        "stall_minutes",
        type=click.FloatRange(0),
        default=STALL_MINUTES,
        show_default=True,
        help="Minutes without a completed chunk that they hear of; 0: never.",
    ),
)


def overrides(
    data: str | None,
    symbols: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    holdout: float | None,
    **more: Any,
) -> dict[str, Any]:
    """Dotted field -> value of what was given on the command line; `more` with `_` for the dots."""
    given: dict[str, Any] = {
        "data.path": data,
        "data.symbols": list(symbols) or None,
        "data.start": start and start.date(),
        "data.end": end and end.date(),
        "holdout": holdout,
        **more,
    }
    return {field: value for field, value in given.items() if value is not None}
