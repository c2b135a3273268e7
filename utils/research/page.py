"""The docs' page of the notebooks' results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from utils.files import write_atomic
from utils.research.notebook import Study

HEAD = (
    "# Research\n\n"
    "Notebooks in `research/`, small enough to be read, to be copied and changed. They run in Jupyter here, "
    "in `lean research`, and on QuantConnect's research nodes: the first cell takes `QuantBook` where there "
    "is one, else LEAN-format data from the folder that `RESEARCH_DATA` names (`data`, as "
    "`scripts/data.py sample` makes it). On a research node they need the library `trading` in the project; "
    "`sweep_analysis` and `features` read there what was computed here and put into the Object Store. The "
    "embedded engine has no `QuantBook`.\n\n"
    "```text\nmake research\n```\n\n"
    "runs them all and writes this page: its figures and pictures are theirs. "
    "`python scripts/research.py exploration` runs one. The option chain comes from LEAN's own sample data, "
    "in the folder `lean` of what `TRADING_SAMPLE_DATA` names; without it that notebook says so.\n"
)


def write_page(studies: Sequence[Study], docs: Path) -> Path:
    """Write `research.md`, and the pictures into `images`.

    Raises:
        UserError: a file cannot be written.
    """
    parts = [HEAD]
    for study in studies:
        parts.append(f"## {study.title}\n\n`research/{study.name}.ipynb`: {study.question}\n")
        rows = "\n".join(f"| {name} | {value} |" for name, value in study.figures.items())
        parts.append(f"| figure | value |\n|---|---|\n{rows}\n")
        for number, picture in enumerate(study.pictures, 1):
            name = f"research-{study.name}-{number}.png"
            write_atomic(docs / "images" / name, picture)
            parts.append(f"![{study.title}](images/{name})\n")
    path = docs / "research.md"
    write_atomic(path, "\n".join(parts))
    return path
