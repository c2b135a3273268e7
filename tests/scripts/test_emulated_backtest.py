"""A project pushed to the emulator is run by the embedded engine: the same figures as at home."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripts.test_qc_emulator_script import started
from utils.engine.testing import LeanData

ROOT = Path(__file__).parents[2]
BACKTEST = str(ROOT / "scripts" / "backtest.py")

BUYER = """
from AlgorithmImports import *

class Buyer(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2020, 1, 2)
        self.set_end_date(2020, 1, 10)
        self.spy = self.add_equity("SPY", Resolution.DAILY).symbol
        self.shares = int(self.get_parameter("shares", "0"))
    def on_data(self, data):
        if not self.portfolio.invested:
            self.market_order(self.spy, 10 // self.shares)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "lean.json", tmp_path)
    shutil.copytree(ROOT / "config", tmp_path / "config")
    project = tmp_path / "algorithms" / "buyer"
    project.mkdir(parents=True)
    (project / "main.py").write_text(BUYER)
    (project / "config.json").write_text(
        json.dumps({"algorithm-language": "Python", "parameters": {"shares": "5"}})
    )
    LeanData(tmp_path / "data").daily(
        "equity/usa/daily/spy", "2020-01-02", [100, 101, 102, 103, 104, 105, 106]
    )
    return tmp_path


def backtest(workspace: Path, *arguments: str, url: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QUANTCONNECT_USER_ID": "1", "QUANTCONNECT_API_TOKEN": "x"}
    if url:
        environment["QC_API"] = url
    command = [sys.executable, BACKTEST, "algorithms/buyer", "--json", *arguments]
    return subprocess.run(
        command, cwd=workspace, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_cloud_s_figures_are_those_of_the_engine(workspace: Path) -> None:
    here = json.loads(backtest(workspace, "--parameter", "shares", "2").stdout)
    with started("--engine", "embedded", "--data-folder", str(workspace / "data")) as (_, api):
        url = api.transport.address  # type: ignore[attr-defined]  # the transport is the real one
        ran = backtest(workspace, "--engine", "cloud", "--parameter", "shares", "2", url=url)
        failed = backtest(workspace, "--engine", "cloud", "--parameter", "shares", "0", url=url)
    assert ran.returncode == 0, ran.stderr
    there = json.loads(ran.stdout)
    assert there["status"] == "Completed" and there["statistics"] == here["statistics"]
    assert there["statistics"]["Total Orders"] == "1"
    assert failed.returncode == 1 and "main.py:12 in on_data: ZeroDivisionError" in failed.stderr
