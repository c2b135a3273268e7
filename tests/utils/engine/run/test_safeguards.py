"""Resource monitor, circuit breaker and load shedding in an algorithm that the engine runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from utils.engine.job import BacktestJob
from utils.engine.run.backtest import run_backtest
from utils.engine.testing import LeanData
from utils.logs import bot_logs

ALGORITHM = """
from AlgorithmImports import *

from trading.monitoring.metrics import LOG_PREFIX
from trading.monitoring.monitor import create_resource_monitor
from trading.monitoring.probe import StatedProbe
from trading.risk.circuit_breaker import create_circuit_breaker

class Guarded(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2020, 1, int(self.get_parameter("first")))
        self.set_end_date(2020, 1, int(self.get_parameter("last")))
        self.set_cash(100_000)
        self.spy = self.add_equity("SPY", Resolution.DAILY).symbol
        clock = lambda: self.utc_time
        self.breaker = create_circuit_breaker(
            {"human_reset": ["resources"]}, clock=clock, object_store=self.object_store, log=self.log
        )
        self.probe = StatedProbe()
        self.monitor = create_resource_monitor(
            {"quantconnect": {}}, self.breaker, clock=clock, probe=self.probe, log=self.log,
            object_store=self.object_store, metrics_sink=lambda line: self.log(LOG_PREFIX + line),
        )

    def on_data(self, slice):
        self.probe.memory_pct = 91 if self.time.day == 8 else 40
        self.monitor.update(active_securities=1, active_positions=int(self.portfolio.invested))
        self.breaker.observe_equity(self.portfolio.total_portfolio_value)
        if self.breaker.allows(opening=True):
            self.market_order(self.spy, 1)
        elif self.portfolio.invested and self.breaker.allows(opening=False):
            self.liquidate(self.spy)

    def on_end_of_algorithm(self):
        self.monitor.close()
"""


def run(tmp_path: Path, data: Path, first: int, last: int) -> Any:
    file = tmp_path / "guarded.py"
    file.write_text(ALGORITHM)
    parameters = {"first": str(first), "last": str(last)}
    job = BacktestJob(
        file,
        data,
        parameters,
        object_store=tmp_path / "store",
        output=tmp_path / "out",
    )
    outcome = run_backtest(job)
    assert outcome.completed, outcome.error
    return outcome


def test_memory_at_91_percent_ends_flat_says_why_and_stays_so_in_the_next_run(
    tmp_path: Path, lean_data: LeanData
) -> None:
    data = lean_data.daily("equity/usa/daily/spy", "2020-01-02", [100.0] * 20)
    outcome = run(tmp_path, data, 2, 14)
    quantities = [order.quantity for order in outcome.orders]
    assert quantities[-1] == -sum(quantities[:-1])
    assert all(quantity == 1 for quantity in quantities[:-1])
    assert len(quantities) > 2
    lines = (tmp_path / "out" / "guarded-log.txt").read_text().splitlines()
    (opened,) = (line for line in lines if "CRITICAL circuit breaker" in line)
    assert opened.endswith(
        "CRITICAL circuit breaker closed -> open: resources: "
        "memory at 91.0 % of 4,000 MB (stated); critical from 90 %"
    )
    metrics = (tmp_path / "store" / "options_trading_bot" / "resource_metrics.jsonl").read_text()
    assert '"level": "critical"' in metrics

    logs = bot_logs(tmp_path / "logs")
    for line in lines:
        logs(line)
    kept = (tmp_path / "logs" / "resource_metrics.json").read_text()
    assert kept == metrics

    again = run(tmp_path, data, 15, 21)
    assert not again.orders
