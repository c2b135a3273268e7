"""One backtest of a project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from utils.backtest.answer import Answer
from utils.backtest.cloud import run_cloud
from utils.backtest.docker import lean_program, run_docker
from utils.backtest.embedded import run_embedded
from utils.cli import command, examples, json_option, output, print_json, progress_output, resumable
from utils.engine.job import Progress
from utils.errors import UserError
from utils.quantconnect.records import Backtest
from utils.workspace import Project, data_folder, find_project

ENGINES = ("embedded", "docker", "cloud")


@command()
@examples(
    "python scripts/backtest.py algorithms/money_line --data-folder data",
    "python scripts/backtest.py algorithms/money_line --parameter atr_period 14 --json",
    "python scripts/backtest.py algorithms/money_line --engine docker",
)
@click.argument("algorithm", metavar="PROJECT", type=click.Path(path_type=Path))
@click.option(
    "--engine", type=click.Choice(ENGINES), default="embedded", show_default=True, help="What runs it."
)
@click.option(
    "--parameter",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="Instead of the one in config.json; repeat for more.",
)
@click.option(
    "--data-folder",
    "data",
    type=click.Path(path_type=Path),
    help="LEAN-format data, for the embedded engine.  [default: data-folder of lean.json]",
)
@click.option(
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder for the results.  [default: PROJECT/backtests/TIME]",
)
@click.option("--node", help="Node model in the cloud, such as B8-16.  [default: the recommended one]")
@click.option("--api", help="API address of the cloud, or `local` for the emulator.  [default: QC_API]")
@json_option
def main(
    algorithm: Path,
    engine: str,
    parameters: tuple[tuple[str, str], ...],
    data: Path | None,
    folder: Path | None,
    node: str | None,
    api: str | None,
    as_json: bool,
) -> None:
    """Backtest PROJECT (its folder, its main.py, or algorithms/NAME.py).

    Writes LEAN's result files and an HTML report, and prints the statistics. Exit code 1: the algorithm
    failed; the results so far are written.
    """
    if data is not None and engine != "embedded":
        raise click.UsageError(
            f"--data-folder: {engine} has data of its own; it belongs to --engine embedded"
        )
    if engine != "cloud" and (node or api):
        raise click.UsageError("--node and --api belong to --engine cloud")
    if engine == "cloud" and folder is not None:
        raise click.UsageError("--output: the cloud keeps its results; it belongs to embedded and docker")
    project = find_project(algorithm)
    given = _given(project, parameters)
    folder = folder or project.folder / "backtests" / datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    match engine:
        case "cloud":
            answer = _cloud(project, given, node, api)
        case "docker":
            lean_program()
            answer = run_docker(project, given, folder)
        case _:
            answer = _embedded(project, data or data_folder(project.workspace), given, folder)
    if answer.completed and answer.data_points == 0:
        click.echo("note: no bar was read; is the symbol in the data folder, in this resolution?", err=True)
    if as_json:
        print_json(answer.data())
    else:
        _show(answer)
    if not answer.completed:
        raise UserError(answer.error or answer.status)


def _given(project: Project, pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    given = dict(pairs)
    for name in given.keys() - project.config.parameters.keys():
        click.echo(f"note: --parameter {name}: config.json of {project.name} has no such parameter", err=True)
    return given


def _bar() -> Bar:
    console = progress_output()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    return Bar(*columns, console=console, transient=True, disable=not console.is_terminal)


def _embedded(project: Project, data: Path, given: dict[str, str], folder: Path) -> Answer:
    with _bar() as bar:
        task = bar.add_task("starting", total=1.0)

        def progress(now: Progress) -> None:
            described = f"{now.time:%Y-%m-%d %H:%M}  equity {now.equity:,.2f}"
            bar.update(task, description=described, completed=now.fraction)

        sink: Callable[[Progress], None] | None = None if bar.disable else progress
        return run_embedded(project, data, given, folder, sink)


def _cloud(project: Project, given: dict[str, str], node: str | None, api: str | None) -> Answer:
    with _bar() as bar, resumable("what was started in the cloud goes on; see the project's page"):
        task = bar.add_task("deploying", total=1.0)

        def progress(now: Backtest) -> None:
            bar.update(task, description=now.status or "backtest", completed=now.progress)

        return run_cloud(project, given, node, api, lambda text: click.echo(text, err=True), progress)


def _show(answer: Answer) -> None:
    if answer.statistics:
        table = Table(box=None, header_style="bold")
        table.add_column("statistic")
        table.add_column("value", justify="right")
        for name, value in answer.statistics.items():
            table.add_row(name, value)
        output().print(table)
    for kind, path in answer.files.items():
        output().print(f"{kind}: {path}", markup=False, soft_wrap=True)
    if answer.url:
        output().print(answer.url, markup=False)
    points = "" if answer.data_points is None else f", {answer.data_points:,} data points"
    output().print(f"{answer.status} in {answer.seconds:.1f} s{points}", markup=False)


if __name__ == "__main__":
    main()
