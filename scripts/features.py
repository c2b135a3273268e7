"""Features of forex rates in three tracks, kept in a database."""

from __future__ import annotations

import json
import logging
from collections import Counter
from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import ValidationError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from utils.cli import examples, group, json_option, output, print_json, progress_output, resumable
from utils.errors import UserError
from utils.features.access import DEFAULT, VARIABLE, open_store
from utils.features.export import export_training, export_unit
from utils.features.leakage import columns_that_see_ahead
from utils.features.pipeline import Pipeline, Series, Task, tasks_of
from utils.features.plan import FeaturePlan
from utils.features.rates import list_rates, load_rates
from utils.features.schema import TRACKS
from utils.features.selection import SelectionTerms, judge_features
from utils.features.track import Spans
from utils.features.training import training_set
from utils.files import read_text

CHECKED_ROWS = 20_000

database_option = click.option(
    "--db",
    metavar="URL|FILE",
    help=f"PostgreSQL as postgresql://USER@HOST/DATABASE, its password from PGPASSWORD or ~/.pgpass, or a "
    f"DuckDB file.  [default: ${VARIABLE}, else {DEFAULT}]",
)
plan_option = click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    help="Windows, workers, memory, connections (YAML).",
)
lag_option = click.option(
    "--lag",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Rows by which features are older than the beginning of their target.",
)


@group()
def main() -> None:
    """Features of rates: statistics, regressions, and what they shall tell."""


@main.command()
@examples(
    "python scripts/features.py run --data data --tracks 1,2,3",
    "PGPASSWORD=... python scripts/features.py run --tracks 1,2 --db postgresql://me@localhost/features",
)
@click.option("--data", "folder", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--tracks", default="1,2,3", show_default=True, help="Numbers of the tracks to run.")
@click.option("--symbols", default="", help="Pairs, such as EURUSD,NZDUSD.  [default: all]")
@click.option(
    "--logs",
    type=click.Path(path_type=Path),
    default=Path("logs"),
    show_default=True,
    help="Folder of the logs.",
)
@database_option
@plan_option
@json_option
def run(
    folder: Path,
    tracks: str,
    symbols: str,
    logs: Path,
    db: str | None,
    plan_file: Path | None,
    as_json: bool,
) -> None:
    """Compute what is missing and store it; run again, it goes on where it was."""
    plan = _plan(plan_file)
    numbers = _numbers(tracks)
    chosen = [track for track in TRACKS if track.number in numbers]
    wanted = [symbol for symbol in symbols.split(",") if symbol]
    rates = [load_rates(folder, series) for series in list_rates(folder, wanted)]
    if 3 in numbers:
        _check_for_leaks(rates[0], plan)
    store = open_store(db, plan.connections, plan.patience_s)
    try:
        before = store.digests()
        tasks = tasks_of(rates, chosen, plan, before)
        with resumable("what is done is kept; the same command goes on from there"), _progress() as progress:
            bar = progress.add_task("features", total=len(tasks))

            def note(_task: Task) -> None:
                progress.advance(bar)

            Pipeline(store, plan, _Logs(logs), note).run(tasks)
        if store.remark:
            click.echo(store.remark, err=True)
    finally:
        store.close()
    counted = Counter(task.track.name for task in tasks)
    units = sum(len(plan.rows_of(track.spans)) for track in chosen) * len(rates)
    if as_json:
        done = {"stored": dict(counted), "units": len(tasks), "unchanged": units - len(tasks)}
        print_json({**done, "series": [one.name for one in rates]})
    else:
        output().print(f"{len(tasks)} units stored, {units - len(tasks)} unchanged", markup=False)


@main.command()
@examples("python scripts/features.py status", "python scripts/features.py status --json")
@database_option
@json_option
def status(db: str | None, as_json: bool) -> None:
    """What is stored: series, tables, windows."""
    store = open_store(db, 1)
    try:
        units = sorted(store.digests())
    finally:
        store.close()
    windows: dict[tuple[str, str], list[int]] = {}
    for unit in units:
        windows.setdefault((unit.series, unit.table), []).append(unit.window)
    if as_json:
        print_json([{"series": s, "table": t, "windows": w} for (s, t), w in windows.items()])
        return
    table = Table("series", "table", "windows or horizons")
    for (series, name), rows in windows.items():
        table.add_row(series, name, ", ".join(map(str, rows)))
    output().print(table)


@main.command()
@examples(
    "python scripts/features.py select forex/oanda/minute/eurusd/quote --horizon 60",
    "python scripts/features.py select forex/oanda/minute/eurusd/quote --horizon 60 --windows 15,60 --json",
)
@click.argument("series")
@click.option("--horizon", type=click.IntRange(min=1), default=60, show_default=True)
@click.option("--windows", default="", help="Windows whose features take part.  [default: the plan's]")
@click.option(
    "--lag", type=click.IntRange(min=0), default=0, show_default=True, help="Rows features are older."
)
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True)
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True)
@database_option
@plan_option
@json_option
def select(
    series: str,
    horizon: int,
    windows: str,
    lag: int,
    folds: int,
    top: int,
    db: str | None,
    plan_file: Path | None,
    as_json: bool,
) -> None:
    """Which features tell something of the returns that follow, judged walk-forward."""
    used = tuple(_whole_numbers(windows, "--windows")) or _plan(plan_file).windows
    store = open_store(db, 1)
    try:
        training = training_set(store, series, used, horizon, lag)
    finally:
        store.close()
    with progress_output().status("Learning"):
        judged = judge_features(training, SelectionTerms(folds=folds, best=top))[:top]
    if as_json:
        print_json([vars(one) for one in judged])
        return
    table = Table("feature", "stability", "permutation", "importance")
    for one in judged:
        table.add_row(one.name, f"{one.stability:.0%}", f"{one.permutation:+.5f}", f"{one.importance:.4f}")
    output().print(table)


@main.command()
@examples("python scripts/features.py export --output build/features --horizon 60")
@click.option("--output", "folder", type=click.Path(path_type=Path), required=True)
@click.option("--horizon", type=click.IntRange(min=1), help="Write training sets of this horizon as well.")
@click.option(
    "--lag", type=click.IntRange(min=0), default=0, show_default=True, help="Rows features are older."
)
@database_option
def export(folder: Path, horizon: int | None, lag: int, db: str | None) -> None:
    """Write everything that is stored as Parquet files."""
    store = open_store(db, 1)
    try:
        units = sorted(store.digests())
        for unit in units:
            output().print(str(export_unit(store, unit, folder)), markup=False)
        for series in sorted({unit.series for unit in units}) if horizon else ():
            windows = sorted(u.window for u in units if u.series == series and u.table == "track2")
            training = training_set(store, series, windows, horizon or 0, lag)
            output().print(str(export_training(training, folder)), markup=False)
    finally:
        store.close()


class _Logs:
    """A log file for each track."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[int, logging.Logger] = {}

    def __call__(self, number: int) -> logging.Logger:
        """The log of a track."""
        return self._made.get(number) or self._make(number)

    def _make(self, number: int) -> logging.Logger:
        path = self._folder / f"track{number}" / "populate.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log = logging.getLogger(f"features.track{number}")
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.INFO)
        self._made[number] = log
        return log


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = progress_output()
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _check_for_leaks(series: Series, plan: FeaturePlan) -> None:
    """Training rows are worth nothing when a feature knows the future: look before they are made."""
    bars = series.bars[:CHECKED_ROWS]
    for track in TRACKS:
        if track.spans is Spans.HORIZONS:
            continue
        leaking = columns_that_see_ahead(track, bars, min(plan.windows), (len(bars) // 3, 2 * len(bars) // 3))
        if leaking:
            raise UserError(f"{track.name}: {leaking[0]} depends on later rows; nothing was stored")


def _numbers(text: str) -> set[int]:
    numbers = set(_whole_numbers(text, "--tracks"))
    known = {track.number for track in TRACKS}
    if not numbers or not numbers <= known:
        raise click.UsageError(f"--tracks: {text!r} is not some of 1, 2 and 3, as in 1,2")
    return numbers


def _whole_numbers(text: str, option: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise click.UsageError(f"{option}: {text!r} is no list of whole numbers, as 15,60") from None


def _plan(path: Path | None) -> FeaturePlan:
    if path is None:
        return FeaturePlan()
    try:
        values: Any = yaml.safe_load(read_text(path)) or {}
        return FeaturePlan.model_validate_json(json.dumps(values))
    except yaml.YAMLError as error:
        raise UserError(f"{path}: not YAML: {' '.join(str(error).split())[:200]}; correct it") from error
    except (ValidationError, TypeError) as error:
        problem = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        where = ".".join(map(str, problem["loc"])) or "the plan"
        raise UserError(f"{path}: {where}: {problem['msg']}; correct it") from error


if __name__ == "__main__":
    main()
