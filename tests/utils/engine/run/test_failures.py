"""What goes wrong is said in one line, and the results so far are kept."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from utils.engine.job import BacktestJob
from utils.engine.run.backtest import run_backtest
from utils.engine.testing import Backtest, LeanData
from utils.errors import UserError

HEAD = """
from AlgorithmImports import *

class Broken(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2020, 1, 2)
        self.set_end_date(2020, 1, 10)
        self.spy = self.add_equity("SPY", Resolution.DAILY).symbol
        self.days = 0
"""

CALLBACKS = {
    "on_data": "    def on_data(self, slice):\n        1 / 0\n",
    "on_order_event": (
        "    def on_data(self, slice):\n        self.market_order(self.spy, 1)\n"
        "    def on_order_event(self, event):\n        1 / 0\n"
    ),
    "on_end_of_algorithm": "    def on_end_of_algorithm(self):\n        1 / 0\n",
    "on_securities_changed": "    def on_securities_changed(self, changes):\n        1 / 0\n",
    "on_warmup_finished": "    def on_warmup_finished(self):\n        1 / 0\n",
}


@pytest.fixture
def data(lean_data: LeanData) -> Path:
    return lean_data.daily("equity/usa/daily/spy", "2020-01-02", [100, 101, 102, 103, 104, 105, 106])


def run(folder: Path, data: Path, text: str, **terms: Any) -> Any:
    file = folder / "broken.py"
    file.write_text(text)
    return run_backtest(BacktestJob(file, data, output=folder / "out", **terms))


@pytest.mark.parametrize("name", sorted(CALLBACKS))
def test_an_exception_names_the_algorithms_own_line(name: str, tmp_path: Path, data: Path) -> None:
    text = HEAD + CALLBACKS[name]
    outcome = run(tmp_path, data, text)
    line = text.splitlines().index("        1 / 0") + 1
    assert outcome.status == "Runtime Error"
    assert outcome.error == f"broken.py:{line} in {name}: ZeroDivisionError: division by zero"
    result = json.loads((tmp_path / "out" / "broken.json").read_text())
    assert result["state"]["Status"] == "RuntimeError"
    assert outcome.statistics["Start Equity"] == "100000"


def test_an_exception_in_initialize(tmp_path: Path, data: Path) -> None:
    outcome = run(tmp_path, data, HEAD + "        1 / 0\n")
    assert outcome.error == "broken.py:10 in initialize: ZeroDivisionError: division by zero"


def test_an_endless_loop_ends(tmp_path: Path, data: Path) -> None:
    outcome = run(tmp_path, data, HEAD + "        while True: pass\n", time_limit=timedelta(seconds=1))
    assert outcome.error == "broken.py:10 in initialize: took longer than 1 s in one step"


def test_what_the_engine_lacks_is_refused_by_name(tmp_path: Path, data: Path) -> None:
    outcome = run(tmp_path, data, HEAD + '        self.add_future("ES")\n')
    assert outcome.error_type == "NotSupportedByEngine"
    assert outcome.error == "broken.py:10 in initialize: NotSupportedByEngine: add_future"


def test_a_name_that_only_lean_has_is_refused_by_name(tmp_path: Path, data: Path) -> None:
    outcome = run(tmp_path, data, HEAD + "        FutureFilterUniverse()\n")
    assert outcome.error_type == "NotSupportedByEngine"
    assert "NotSupportedByEngine: FutureFilterUniverse" in outcome.error


def test_a_damaged_zip_is_named(tmp_path: Path, data: Path) -> None:
    path = data / "equity/usa/daily/spy.zip"
    path.write_bytes(path.read_bytes()[:40])
    outcome = run(tmp_path, data, HEAD)
    assert outcome.status == "Runtime Error"
    assert str(path) in outcome.error


def test_missing_data_is_no_error(tmp_path: Path, data: Path) -> None:
    (data / "equity/usa/daily/spy.zip").unlink()
    outcome = run(tmp_path, data, HEAD + CALLBACKS["on_data"])
    assert outcome.completed


def test_a_file_without_algorithm(tmp_path: Path, data: Path) -> None:
    outcome = run(tmp_path, data, "x = 1\n")
    assert "has no class that derives from QCAlgorithm" in outcome.error


def test_syntax_errors_name_the_line(tmp_path: Path, data: Path) -> None:
    outcome = run(tmp_path, data, "def (:\n")
    assert outcome.error.startswith("broken.py:1: SyntaxError")


def test_no_data_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such data folder"):
        run(tmp_path, tmp_path / "nowhere", HEAD)


@pytest.mark.parametrize("name", ["utils.py", "utils/helpers.py"])
def test_a_module_of_the_engines_name_is_refused(tmp_path: Path, backtest: Backtest, name: str) -> None:
    module, algorithm = tmp_path / "mine" / name, tmp_path / "mine" / "main.py"
    module.parent.mkdir(parents=True)
    module.write_text("ANSWER = 42\n", encoding="utf-8")
    algorithm.write_text("from AlgorithmImports import *\n", encoding="utf-8")
    with pytest.raises(UserError, match="has this name and would be imported instead; rename it"):
        backtest(algorithm, tmp_path)
