"""The research notebooks, each run in a kernel as a reader would."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from arch.data import sp500

from scripts.research import NOTEBOOKS
from utils.errors import UserError
from utils.research.notebook import Study, run_notebook
from utils.research.page import write_page

ROOT = Path(__file__).parents[2]
SAMPLE = Path(os.environ.get("TRADING_SAMPLE_DATA", ROOT.parent / "shared" / "data")).resolve()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("research") / "data"
    script = [sys.executable, str(ROOT / "scripts/data.py"), "sample", "--output", str(folder)]
    subprocess.run(script, check=True, capture_output=True, timeout=300)
    return folder


def study(name: str, data: Path, folder: Path) -> Study:
    """Run in a folder of its own, with what a notebook calls of the workspace."""
    for part in ("scripts", "config"):
        (folder / part).symlink_to(ROOT / part)
    variables = {"RESEARCH_DATA": str(data), "TRADING_SAMPLE_DATA": str(SAMPLE)}
    return run_notebook(ROOT / "research" / f"{name}.ipynb", folder, variables, seconds=300)


def cells(name: str) -> list[Any]:
    notebook: Any = nbformat.read(ROOT / "research" / f"{name}.ipynb", as_version=4)
    return list(notebook.cells)


def test_every_notebook_is_in_the_list() -> None:
    assert {path.stem for path in (ROOT / "research").glob("*.ipynb")} == set(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_kept_without_outputs_and_runs_in_both_places(name: str) -> None:
    first, second, *_ = found = cells(name)
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert "qb = QuantBook()" in second.source
    for cell in found:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert "%matplotlib" in cell.source or ast.parse(cell.source)


def test_exploration_is_what_the_index_did(data: Path, tmp_path: Path) -> None:
    found = study("exploration", data, tmp_path)
    close = sp500.load()["Adj Close"].to_numpy(float)
    change = np.diff(np.log(close))
    assert found.figures["days"] == len(close)
    assert found.figures["volatility a year"] == f"{change.std() * 252**0.5:.2%}"
    assert found.figures["deepest drawdown"] == f"{(close / np.maximum.accumulate(close) - 1).min():.1%}"
    assert [picture[:4] for picture in found.pictures] == [b"\x89PNG"] * 2


@pytest.mark.skipif(not SAMPLE.is_dir(), reason=f"no option chain at {SAMPLE}: set TRADING_SAMPLE_DATA")
def test_the_surface_of_a_real_chain(data: Path, tmp_path: Path) -> None:
    figures = study("volatility_surface", data, tmp_path).figures
    below, at, above = (
        float(str(figures[name]).rstrip("%"))
        for name in (
            "10 % below the forward, 30 days",
            "at the money, 30 days",
            "10 % above the forward, 30 days",
        )
    )
    assert below > at > above  # the skew of shares
    assert 10 < at < 60
    assert 100 < figures["with an implied volatility"] < figures["contracts"]


def test_draws_of_trades_are_around_what_was(data: Path, tmp_path: Path) -> None:
    figures = study("monte_carlo", data, tmp_path).figures
    assert figures["trades"] >= 30
    low, high = map(float, str(figures["5 % to 95 %"]).split(" to "))
    assert low < float(figures["equity at the end, as it was"]) < high
    assert low < float(figures["median of the draws"]) < high


def test_nobody_walks_better_than_hindsight(data: Path, tmp_path: Path) -> None:
    figures = study("walk_forward", data, tmp_path).figures
    assert float(figures["Sharpe ratio, best in hindsight"]) >= float(
        figures["Sharpe ratio, median of the grid"]
    )
    assert figures["years traded"] == 15
    assert 1 <= figures["different choices"] <= 15


def test_a_sweep_is_read(data: Path, tmp_path: Path) -> None:
    figures = study("sweep_analysis", data, tmp_path).figures
    assert 1_000 < figures["rows that trade"] <= 13_824
    assert float(figures["best Sharpe ratio"]) > float(figures["median Sharpe ratio"])
    assert 0 <= float(figures["best row's deflated Sharpe ratio"]) <= 1


def test_features_of_made_up_rates(data: Path, tmp_path: Path) -> None:
    figures = study("features", data, tmp_path).figures
    assert figures["features"] == 3 * (28 + 18) + 7
    again = "of these with the same sign, and beyond chance, in the second"
    assert figures[again] < figures["features"] / 4


def test_data_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"exploration\.ipynb: UserError: .*nowhere") as caught:
        run_notebook(
            ROOT / "research/exploration.ipynb", tmp_path, {"RESEARCH_DATA": str(tmp_path / "nowhere")}
        )
    assert "\n" not in str(caught.value)


def test_the_page_shows_figures_and_pictures(tmp_path: Path) -> None:
    page = write_page([Study("one", "One", "Why?", {"rows": 3}, (b"\x89PNG",))], tmp_path)
    text = page.read_text()
    assert "## One" in text
    assert "| rows | 3 |" in text
    assert "(images/research-one-1.png)" in text
    assert (tmp_path / "images/research-one-1.png").read_bytes() == b"\x89PNG"


def test_a_name_that_is_none_is_bad_usage() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/research.py"), "nothing"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "no notebook 'nothing'; there are exploration, " in done.stderr
