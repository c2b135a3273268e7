"""`sweep.py confirm`: the best rows again, in an engine that trades bar by bar."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.progress import track

from utils.cli import command, examples, json_option, output, print_json, progress_output
from utils.errors import UserError
from utils.sweep.combinations import Swept
from utils.sweep.commands import options
from utils.sweep.reopening import reopen
from utils.sweep.selection import chosen_sweep, top
from utils.sweep.store import Store

PROJECT = Path("algorithms") / "money_line"
SHOWN_DIFFERENCES = 10
"""Differences of a row that are printed; --json has all of them."""


@command("confirm")
@options.database
@options.symbol
@options.moved
@options.ranked_by
@click.option(
    "--top", "count", type=click.IntRange(1), default=20, show_default=True, help="Rows to confirm."
)
@click.option(
    "--engine",
    "engine_name",
    type=click.Choice(["embedded", "docker", "cloud"]),
    default="embedded",
    show_default=True,
    help="What trades them.",
)
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    default=PROJECT,
    show_default=True,
    help="The LEAN algorithm that trades the strategies.",
)
@json_option
@examples(
    "python scripts/sweep.py confirm --db build/mine.db --top 20",
    "python scripts/sweep.py confirm --db build/mine.db --metric pnl --top 5 --json",
)
def confirm(
    db: Path,
    symbol: str | None,
    data: str | None,
    metric: str,
    min_trades: int,
    count: int,
    engine_name: str,
    project: Path,
    as_json: bool,
) -> None:
    """Trade the best rows bar by bar and compare every trade with the simulation's.

    Rows with the same trades are confirmed once. Side, quantity, times, prices and fees of each trade must
    agree, and each row must be as it was stored; exit code 1 when one does not.
    """
    from utils.sweep.confirm.confirmation import Confirmer  # noqa: PLC0415 - the engine takes a moment
    from utils.sweep.confirm.engines import engine  # noqa: PLC0415
    from utils.sweep.confirm.lean_data import lean_data  # noqa: PLC0415
    from utils.workspace import find_project  # noqa: PLC0415

    found = find_project(project)
    with Store.to_read(db) as store:
        record = chosen_sweep(store, symbol)
        rows = top(store, record.id, metric, min_trades, count, distinct=True)
        swept = reopen(store, record, data)
    if not rows:
        raise UserError(f"{record.id}: no row has {min_trades} trades; ask for fewer with --min-trades")
    results = []
    with tempfile.TemporaryDirectory(prefix="confirm-") as folder:
        bars = lean_data(swept, Path(folder))
        confirmer = Confirmer(swept, bars, found, engine(engine_name, found, bars))
        console = progress_output()
        quiet = not console.is_terminal
        for row in track(rows, record.id, console=console, transient=True, disable=quiet):
            confirmation = confirmer.confirm(row)
            results.append(confirmation)
            if not as_json:
                _print(swept, confirmation)
    failures = sum(not result.holds for result in results)
    if as_json:
        shown = [_plain(swept, result) for result in results]
        print_json({"sweep": record.id, "engine": engine_name, "holds": not failures, "rows": shown})
    elif not failures:
        output().print(f"{len(results)} rows of {record.id} confirmed by the {engine_name} engine")
    if failures:
        raise click.exceptions.Exit(1)


def _print(swept: Swept, confirmation: Any) -> None:
    console = output()
    name = f"{swept.rows.noun} {confirmation.number}"
    if confirmation.holds:
        told = f"{confirmation.engine} trades agree" if confirmation.engine else "no trade in either"
        console.print(f"{name}: {told}", markup=False)
        return
    console.print(
        f"{name}: differs: {confirmation.simulated} trades in the simulation, "
        f"{confirmation.engine} in the engine",
        markup=False,
        soft_wrap=True,
    )
    for line in _differences(confirmation):
        console.print(f"  {line}", markup=False, soft_wrap=True)


def _differences(confirmation: Any) -> Iterable[str]:
    for column, (before, now) in confirmation.stored.items():
        yield f"stored {column} is {before}, simulated it is {now}"
    for difference in confirmation.differences[:SHOWN_DIFFERENCES]:
        which = f" ({', '.join(difference.fields)})" if difference.fields else ""
        yield f"trade {difference.number}{which}"
        yield f"  simulation {_trade(difference.simulation)}"
        yield f"  engine     {_trade(difference.engine)}"
    more = len(confirmation.differences) - SHOWN_DIFFERENCES
    if more > 0:
        yield f"and {more} more; --json has all"


def _trade(trade: Any) -> str:
    if trade is None:
        return "none"
    side = "long " if trade.side > 0 else "short"
    return (
        f"{side} {trade.quantity:.10g}: {trade.entry_time} at {trade.entry_price:.10g}, "
        f"{trade.exit_time} at {trade.exit_price:.10g}, fees {trade.fees:.10g}"
    )


def _plain(swept: Swept, confirmation: Any) -> dict[str, Any]:
    return {
        swept.rows.key: confirmation.number,
        "params": confirmation.params,
        "holds": confirmation.holds,
        "stored": {
            name: {"stored": before, "simulated": now} for name, (before, now) in confirmation.stored.items()
        },
        "simulated": confirmation.simulated,
        "engine": confirmation.engine,
        "differences": [
            {
                "trade": one.number,
                "fields": one.fields,
                "simulation": one.simulation and one.simulation._asdict(),
                "engine": one.engine and one.engine._asdict(),
            }
            for one in confirmation.differences
        ],
    }
