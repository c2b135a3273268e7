"""Whether the simulator behind the sweep and the embedded engine make the same trades."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from utils.cli import command, examples, json_option, output, print_json, progress_output
from utils.data.lean.series import LeanSeries
from utils.engine.parity import Parity, ParityCase, compare
from utils.engine.parity_cases import PARAMETERS, STRATEGIES, made_up_cases, parity_case
from utils.errors import UserError
from utils.workspace import find_project

PROJECT = Path("algorithms") / "money_line"
DATE = click.DateTime(["%Y-%m-%d"])


@command()
@examples(
    "python scripts/parity.py",
    "python scripts/parity.py --strategy money_line --data-folder data --series equity/usa/minute/synth",
)
@click.option(
    "--strategy", "strategies", type=click.Choice(STRATEGIES), multiple=True, help="[default: each of them]"
)
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    default=PROJECT,
    show_default=True,
    help="The algorithm that trades the strategies in the engine.",
)
@click.option(
    "--data-folder",
    "data",
    type=click.Path(path_type=Path),
    help="LEAN-format data.  [default: made-up bars]",
)
@click.option("--series", metavar="TYPE/MARKET/RESOLUTION/SYMBOL", help="The bars in --data-folder.")
@click.option("--from", "start", type=DATE, help="First day.  [default: the first there is]")
@click.option("--to", "end", type=DATE, help="Last day.  [default: the last there is]")
@click.option(
    "--parameter",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="Of the strategy; repeat for more.",
)
@click.option(
    "--slippage",
    type=click.FloatRange(0, 0.5, max_open=True),
    default=0.0,
    show_default=True,
    help="Fraction of the price.",
)
@json_option
def main(
    strategies: tuple[str, ...],
    project: Path,
    data: Path | None,
    series: str | None,
    start: datetime | None,
    end: datetime | None,
    parameters: tuple[tuple[str, str], ...],
    slippage: float,
    as_json: bool,
) -> None:
    """Run a strategy through both on the same bars and compare every trade.

    Side, quantity, times, prices and fees of each trade must agree. One line a case; exit code 1 when a trade
    differs, and the first difference is told.
    """
    if (data is None) != (series is None):
        raise click.UsageError("--data-folder and --series belong together")
    if data is None and (start or end):
        raise click.UsageError("--from and --to belong to --data-folder")
    found = find_project(project)
    chosen = strategies or STRATEGIES
    given = dict(parameters)
    with _folder(data) as folder:
        if series is None:
            cases = list(made_up_cases(found, folder, chosen, slippage, given))
        else:
            parsed = LeanSeries.parse(series)
            span = (start.date() if start else None, end.date() if end else None)
            cases = [
                parity_case(found, folder, parsed, one, PARAMETERS[one] | given, span, slippage)
                for one in chosen
            ]
        results = [_checked(case, as_json) for case in cases]
    if as_json:
        print_json(results)
    if not all(result["holds"] for result in results):
        raise click.exceptions.Exit(1)


def _checked(case: ParityCase, as_json: bool) -> dict[str, object]:
    name = f"{case.parameters['strategy']} on {str(case.series).removesuffix('/trade')}"
    console = progress_output()
    if console.is_terminal:
        with console.status(name):
            parity = compare(case)
    else:
        parity = compare(case)
    if not as_json:
        output().print(f"{name}: {_told(parity)}", markup=False)
    return {
        "case": name,
        "holds": parity.holds,
        "simulated": len(parity.simulated),
        "engine": len(parity.engine),
        "differences": list(parity.differences),
    }


def _told(parity: Parity) -> str:
    if not parity.holds:
        return f"differs: {parity.differences[0]}"
    count = len(parity.engine)
    return f"{count} trades agree" if count else "no trade in either: nothing was compared"


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is None:
        with tempfile.TemporaryDirectory(prefix="parity-") as folder:
            yield Path(folder)
    elif data.is_dir():
        yield data
    else:
        raise UserError(f"--data-folder {data}: no such folder; give LEAN-format data")


if __name__ == "__main__":
    main()
