"""`sweep.py search`: parameters proposed by Optuna instead of a grid of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from utils.cli import command, examples, json_option, output, print_json, progress_output
from utils.files import write_atomic
from utils.notify.notifier import Notifier
from utils.notify.sweeps import announced
from utils.notify.targets import targets
from utils.sweep.commands import options
from utils.sweep.commands.board import best_rows, csv_beside, print_best
from utils.sweep.commands.placement import placing, ray_clusters
from utils.sweep.detail import Details
from utils.sweep.export import table_csv
from utils.sweep.market_data import symbols_of
from utils.sweep.presentation import shown
from utils.sweep.runner import available_cores
from utils.sweep.store import Store

SHOWN_FRONT = 10
"""Trials of a front that are printed; --json has all of them."""


@command("search")
@click.argument("config", type=click.Path(path_type=Path))
@options.overriding
@click.option("--db", type=click.Path(path_type=Path), help="Database.  [default: build/NAME.db]")
@placing
@click.option("--trials", type=click.IntRange(1), help="Trials wanted, those of earlier runs included.")
@click.option(
    "--sampler", type=click.Choice(["tpe", "cmaes", "nsga2", "qmc", "random"]), help="What proposes."
)
@click.option("--seed", type=click.IntRange(0), help="The same seed, the same trials.")
@click.option("--top", "count", type=click.IntRange(1), default=100, show_default=True, help="Rows to keep.")
@options.notification
@json_option
@examples(
    "python scripts/sweep.py search config/sweeps/rules_mining_demo.yaml",
    "python scripts/sweep.py search config/sweeps/money_line_search.yaml --data BTC-USD.csv --trials 400",
    "python scripts/sweep.py search mine.yaml --sampler random --seed 7 --json",
    "python scripts/sweep.py search mine.yaml --ray auto",
)
def search(
    config: Path,
    data: str | None,
    symbols: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    holdout: float | None,
    db: Path | None,
    workers: int | None,
    address: str | None,
    cluster_file: Path | None,
    trials: int | None,
    sampler: str | None,
    seed: int | None,
    count: int,
    notify: Path | None,
    stall_minutes: float,
    as_json: bool,
) -> None:
    """Search the space of CONFIG; a search that was interrupted goes on where it was.

    Prints the best trials and writes them as CSV beside the database.
    """
    from utils.sweep.search.definition import define_search, load_search  # noqa: PLC0415 - Optuna takes a moment
    from utils.sweep.search.local import search_here  # noqa: PLC0415
    from utils.sweep.search.remote import search_on_ray  # noqa: PLC0415
    from utils.sweep.search.stored import StoredSearch, stored_trials_of  # noqa: PLC0415
    from utils.sweep.search.summary import summary  # noqa: PLC0415

    asked = {"search.trials": trials, "search.sampler": sampler, "search.seed": seed}
    settings = load_search(config, options.overrides(data, symbols, start, end, holdout, **asked))
    path = db or Path("build") / f"{settings.name}.db"
    searches = [define_search(settings, symbol, str(config)) for symbol in symbols_of(settings.data)]
    threads = workers or available_cores()
    clusters = ray_clusters(threads, address, cluster_file)
    plan = settings.search
    metric = plan.objectives[0]
    results = []
    notifier = Notifier(targets(notify), progress_output().print)
    with announced(path, settings.name, notifier, stall_minutes), Store.to_write(path) as store:
        for one in searches:
            if clusters:
                record, told, effort = search_on_ray(store, one, clusters, progress_output())
            else:
                record, told, effort = search_here(store, one, threads, progress_output())
            rows = stored_trials_of(store, record)
            found = summary(store, record, one, told, effort)
            details = Details(StoredSearch.of(one, rows))
            best = best_rows(store, record, rows, details, metric, plan.min_trades, count, distinct=True)
            target = csv_beside(None, path, one.symbol if len(searches) > 1 else "")
            write_atomic(target, table_csv(best["rows"]))
            results.append({**found, "csv": target, **best})
            if not as_json:
                _print_summary(found)
                print_best(record.id, rows, best, metric, plan.min_trades)
                output().print(f"top rows: {target}   all {len(told):,}: {path}", soft_wrap=True)
    if as_json:
        print_json(results[0] if len(results) == 1 else results)


def _print_summary(found: Mapping[str, Any]) -> None:
    console = output()
    console.print(
        f"{found['evaluations']:,} of {found['study_evaluations']:,} evaluations x "
        f"{found['total_candles']:,} candles in {found['time_seconds']:.1f} s on {found['parallelization']} "
        f"cores: {found['complete']:,} complete, {found['pruned']:,} pruned, "
        f"{found['infeasible']:,} infeasible",
        soft_wrap=True,
    )
    if len(found["front"]) > 1:
        console.print(f"front: {len(found['front'])} trials that no other one beats in every objective")
        console.print(_front_table(found["front"]))


def _front_table(front: Sequence[Mapping[str, Any]]) -> Table:
    names = list(front[0]["objectives"])
    table = Table(box=None)
    for heading in ("trial", *names):
        table.add_column(heading, justify="right")
    for trial in front[:SHOWN_FRONT]:
        table.add_row(str(trial["trial"]), *(shown(name, trial["objectives"][name]) for name in names))
    return table
