"""The embedded engine against LEAN's own regression algorithms."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from utils.cli import command, examples, json_option, output, print_json, progress_output
from utils.engine.conformance.checkout import Checkout, Expected, read_expected
from utils.engine.conformance.suite import Suite
from utils.engine.conformance.verdict import Status, Verdict
from utils.errors import UserError

STYLES = {Status.MATCH: "green", Status.MATCH_CORE: "yellow", Status.REFUSED: "cyan"}
SHOWN_DIFFERENCES = 3


@command()
@examples(
    "python scripts/conformance.py --lean ../Lean --data ../Lean/Data BasicTemplateAlgorithm",
    "python scripts/conformance.py --lean ../Lean --data ../Lean/Data --expected expected.json --json",
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--lean", required=True, type=click.Path(path_type=Path), help="Folder of a checkout of LEAN.")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="LEAN-format data.")
@click.option(
    "--expected",
    "expected_file",
    type=click.Path(path_type=Path),
    help="JSON file of expected statistics by algorithm.  [default: those of LEAN's C# sources]",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Algorithms at a time."
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=300.0,
    show_default=True,
    help="Seconds for one algorithm.",
)
@json_option
def main(
    names: tuple[str, ...],
    lean: Path,
    data: Path,
    expected_file: Path | None,
    jobs: int,
    time_limit: float,
    as_json: bool,
) -> None:
    """Run LEAN's Python regression algorithms, all or those of each NAME, and compare every statistic.

    An algorithm matches, matches in its core (orders, trades, equity, fees), differs, is refused because it
    uses what the engine does not have, or crashed. Where the data folder has nothing of a security, the
    differences begin with that. Exit code 0: each matches or is refused.
    """
    checkout = Checkout(lean)
    if not data.is_dir():
        raise UserError(f"--data {data}: no such folder; give LEAN-format data")
    expected = read_expected(expected_file) if expected_file else checkout.expected()
    chosen = _chosen(names, checkout, expected)
    if not as_json:
        output().print(f"LEAN {checkout.commit or '(not a git checkout, commit unknown)'}", markup=False)
    verdicts = []
    with _progress() as progress:
        task = progress.add_task("running", total=len(chosen))
        for verdict in Suite(checkout, data, time_limit, jobs).run(chosen, expected):
            verdicts.append(verdict)
            progress.advance(task)
            if not as_json:
                _show(verdict)
    if as_json:
        print_json([verdict.data() for verdict in verdicts])
    else:
        _sum_up(verdicts)
    if not all(verdict.passed for verdict in verdicts):
        raise click.exceptions.Exit(1)


def _chosen(names: tuple[str, ...], checkout: Checkout, expected: Expected) -> list[str]:
    chosen = list(dict.fromkeys(names or expected))
    for name in chosen:
        if name not in expected:
            raise click.UsageError(f"{name}: no statistics are expected of an algorithm of this name")
        if not checkout.algorithm(name).is_file():
            raise click.UsageError(f"{name}: {checkout.algorithm(name)} is not there")
    if not chosen:
        raise click.UsageError("no algorithm to run: the expected statistics are empty")
    return chosen


def _progress() -> Progress:
    console = progress_output()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _show(verdict: Verdict) -> None:
    more = len(verdict.differences) - SHOWN_DIFFERENCES
    said = "; ".join(verdict.differences[:SHOWN_DIFFERENCES]) + (f"; {more} more" if more > 0 else "")
    style = STYLES.get(verdict.status, "red")
    output().print(f"{verdict.status:10} {verdict.name}  {said}".rstrip(), style=style, markup=False)


def _sum_up(verdicts: list[Verdict]) -> None:
    counts = Counter(verdict.status for verdict in verdicts)
    rest = ", ".join(f"{count} {status}" for status, count in counts.items() if status is not Status.MATCH)
    line = f"{counts[Status.MATCH]} of {len(verdicts)} match"
    output().print(f"{line} ({rest})" if rest else line, markup=False)


if __name__ == "__main__":
    main()
