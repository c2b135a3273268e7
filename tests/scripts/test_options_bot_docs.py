"""The commands of docs/options-bot.md over the real chains that it names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_docs import COPIED, commands
from trading.execution.decisions import read_decisions
from trading.settings import settings_schema

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "options-bot.md"
NAME = "options_trading_bot"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Path:
    """A copy of the workspace in which every command of the page has run."""
    folder = tmp_path_factory.mktemp("options-bot") / "workspace"
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "backtests"))
        else:
            shutil.copy(source, folder)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for line in commands(PAGE):
        line = line.replace("../Lean/Data", str(sample_data / "lean"))  # noqa: PLW2901
        run = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert run.returncode == 0, f"$ {line}\n{run.stdout}{run.stderr}"
    return folder


@pytest.mark.parametrize("output", ["options-bot", "options-bot-twx"])
def test_real_spreads_are_placed_and_closed_and_the_report_shows_why(workspace: Path, output: str) -> None:
    results = workspace / "build" / output
    store = results / "storage" / NAME
    decisions = list(read_decisions((store / "decisions.jsonl").read_text()))
    assert any("hedged, net debit" in one.reason for one in decisions)
    closed = [one for one in decisions if one.verdict == "closed"]
    assert closed
    assert not [one for one in decisions if one.verdict == "left"]
    page = (results / f"{NAME}.html").read_text()
    assert page.count('<td class="reason">') == len(decisions)
    assert closed[0].subject in page
    assert json.loads((store / "resource_metrics.jsonl").read_text().splitlines()[0])
    statistics = json.loads((results / f"{NAME}.json").read_text())["statistics"]
    assert int(statistics["Total Orders"]) >= 4


def test_the_schema_that_is_written_is_the_one_that_is_there(workspace: Path) -> None:
    written = json.loads((workspace / "build" / "settings.schema.json").read_text())
    assert written == settings_schema()
