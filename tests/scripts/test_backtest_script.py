"""backtest.py as a process: results, report, exit codes, errors of one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from utils.engine.testing import LeanData

ROOT = Path(__file__).parents[2]
SCRIPT = str(ROOT / "scripts" / "backtest.py")

ALGORITHM = """
from AlgorithmImports import *

class Holder(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2020, 1, 2)
        self.set_end_date(2020, 1, 10)
        self.spy = self.add_equity("SPY", Resolution.DAILY).symbol
        self.fail_on = int(self.get_parameter("fail_on", "-1"))
        self.days = 0
    def on_data(self, data):
        print("a line of the algorithm's own")
        self.days += 1
        if self.days == self.fail_on:
            raise ValueError("<b>no</b> more")
        if self.days == 1:
            self.market_order(self.spy, 7)
        if self.days == 4:
            self.liquidate()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "lean.json", tmp_path)
    project = tmp_path / "algorithms" / "holder"
    project.mkdir(parents=True)
    (project / "main.py").write_text(ALGORITHM)
    (project / "config.json").write_text(json.dumps({"parameters": {"fail_on": "-1"}}))
    LeanData(tmp_path / "data").daily(
        "equity/usa/daily/spy", "2020-01-02", [100, 101, 102, 103, 104, 105, 106]
    )
    return tmp_path


def run(workspace: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"PATH": path} if path else {})
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        cwd=workspace,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_statistics_files_and_report(workspace: Path) -> None:
    done = run(workspace, "algorithms/holder", "--output", "out")
    assert done.returncode == 0, done.stderr
    assert "Total Orders" in done.stdout and "Completed in" in done.stdout
    assert "algorithm's own" not in done.stdout
    result = json.loads((workspace / "out" / "holder.json").read_text())
    assert result["statistics"]["Total Orders"] == "2"
    page = (workspace / "out" / "holder.html").read_text()
    assert "src=" not in page.split("<script", 1)[0] and 'href="http' not in page.split("<script", 1)[0]
    assert "SPY" in page and "Sharpe Ratio" in page and 'id="chart"' in page
    written = {path.name for path in (workspace / "out").iterdir() if not path.name.startswith(".")}
    assert written == {
        "holder.html",
        "holder.json",
        "holder-summary.json",
        "holder-order-events.json",
        "holder-log.txt",
        "storage",
    }


def test_json_is_one_document_and_results_go_beside_the_project(workspace: Path) -> None:
    done = run(workspace, "algorithms/holder", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["status"] == "Completed" and answer["error"] is None
    assert answer["statistics"]["Start Equity"] == "100000" and "Equity" in answer["runtime_statistics"]
    assert answer["data_points"] > 0 and answer["seconds"] > 0
    for path in answer["files"].values():
        assert Path(path).is_file() and Path(path).is_relative_to(workspace / "algorithms/holder/backtests")


def test_an_exception_names_its_line_and_keeps_the_results_so_far(workspace: Path) -> None:
    done = run(workspace, "algorithms/holder", "--parameter", "fail_on", "3", "--output", "out", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert answer["status"] == "Runtime Error" and answer["statistics"]["Total Orders"] == "1"
    line = ALGORITHM.splitlines().index('            raise ValueError("<b>no</b> more")') + 1
    assert answer["error"] == f"main.py:{line} in on_data: ValueError: <b>no</b> more"
    assert done.stderr.splitlines()[-1] == f"error: {answer['error']}" and "Traceback" not in done.stderr
    assert "<b>no</b>" not in (workspace / "out" / "holder.html").read_text().split("<script", 1)[0]


def test_damaged_data_is_named(workspace: Path) -> None:
    (workspace / "data/equity/usa/daily/spy.zip").write_bytes(b"PK\x03\x04 torn")
    done = run(workspace, "algorithms/holder", "--output", "out")
    assert done.returncode == 1 and "spy.zip" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["algorithms/nothing"], 1, "algorithms/nothing: no such project"),
        (["algorithms/holder", "--data-folder", "nowhere"], 1, "nowhere: no such data folder"),
        (["algorithms/holder", "--engine", "abacus"], 2, "abacus"),
        (["algorithms/holder", "--engine", "docker", "--data-folder", "data"], 2, "--data-folder"),
        (["algorithms/holder", "--parameter", "fail_on"], 2, "--parameter"),
        (["algorithms/holder", "--parameter", "fail_on", "x"], 1, "main.py:9 in initialize: ValueError"),
    ],
)
def test_mistakes_are_one_line(workspace: Path, arguments: list[str], code: int, said: str) -> None:
    done = run(workspace, *arguments)
    assert done.returncode == code and said in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def test_an_unknown_parameter_is_remarked(workspace: Path) -> None:
    done = run(workspace, "algorithms/holder", "--parameter", "fial_on", "3", "--output", "out")
    assert done.returncode == 0 and "fial_on" in done.stderr
