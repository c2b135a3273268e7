"""Run the research notebooks."""

from __future__ import annotations

from pathlib import Path

import click

from utils.cli import command, examples, output, progress_output
from utils.errors import UserError
from utils.research.notebook import Study, run_notebook
from utils.research.page import write_page

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ("exploration", "volatility_surface", "monte_carlo", "walk_forward", "sweep_analysis", "features")


@command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--data", "folder", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--docs", type=click.Path(path_type=Path), help="Write research.md and its pictures there.")
@examples(
    "python scripts/research.py exploration",
    "python scripts/research.py --data data --docs docs",
)
def main(names: tuple[str, ...], folder: Path, docs: Path | None) -> None:
    """Run the notebooks NAMES, or all of them, and print their figures."""
    unknown = [name for name in names if name not in NOTEBOOKS]
    if unknown:
        raise click.UsageError(f"no notebook {unknown[0]!r}; there are {', '.join(NOTEBOOKS)}")
    if docs and names:
        raise click.UsageError("--docs writes a page of all notebooks: name none")
    if not folder.is_dir():
        raise UserError(f"--data {folder}: no such folder; `scripts/data.py sample --output data` makes one")
    studies: list[Study] = []
    for name in names or NOTEBOOKS:
        with progress_output().status(name):
            variables = {"RESEARCH_DATA": str(folder.resolve())}
            studies.append(run_notebook(ROOT / "research" / f"{name}.ipynb", ROOT, variables))
        figures = ", ".join(f"{label}: {value}" for label, value in studies[-1].figures.items())
        output().print(f"{name}: {figures}", markup=False)
    if docs:
        output().print(str(write_page(studies, docs)), markup=False)


if __name__ == "__main__":
    main()
