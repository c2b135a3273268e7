"""What a backtest loads: an algorithm without tables does not wait for pandas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

ALGORITHM = """
from AlgorithmImports import *

class Crossing(QCAlgorithm):
    def initialize(self):
        self.log(f"at the start {loaded()}")
        self.set_start_date(2020, 1, 2)
        self.set_end_date(2020, 1, 9)
        self.average = self.sma(self.add_equity("SPY", Resolution.DAILY).symbol, 2)

    def on_data(self, slice):
        if self.average.is_ready and not self.portfolio.invested:
            self.set_holdings("SPY", 1)

    def on_end_of_algorithm(self):
        self.log(f"at the end {loaded()}")
        self.log(f"a table of {pd.DataFrame({'close': [1, 2]}).size}")

def loaded():
    import sys
    slow = ("pandas.core", "pyarrow", "pyarrow.compute", "numba", "scipy")
    return [name for name in slow if name in sys.modules]
"""
RUN = """
import sys
from pathlib import Path
from utils.engine.job import BacktestJob
from utils.engine.run.backtest import run_backtest

algorithm, data, output = map(Path, sys.argv[1:])
outcome = run_backtest(BacktestJob(algorithm, data, output=output), log=print)
assert outcome.completed, outcome.error
assert len(outcome.orders) == 1
"""


def test_slow_packages_are_loaded_when_something_needs_them(tmp_path: Path, lean_data: Any) -> None:
    data = lean_data.daily("equity/usa/daily/spy", "2020-01-02", closes=[100, 101, 102, 103, 104])
    algorithm = tmp_path / "crossing.py"
    algorithm.write_text(ALGORITHM, encoding="utf-8")
    command = [sys.executable, "-c", RUN, str(algorithm), str(data), str(tmp_path / "results")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "at the start []" in done.stdout
    assert "at the end ['pyarrow']" in done.stdout  # reads the data
    assert "a table of 2" in done.stdout
