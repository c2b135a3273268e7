"""Runs of the options trading bot in the engine, over a day of real quotes."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from trading.execution.decisions import Decision, read_decisions
from utils.engine.imports.finder import install
from utils.engine.job import BacktestJob, BacktestOutcome
from utils.engine.run.backtest import run_backtest

ROOT = Path(__file__).parents[2]
PARAMETERS = {
    "universe.equities": '["GOOG"]',
    "universe.option_underlyings": '["GOOG"]',
    "backtest.start_date": "2015-12-24",
    "backtest.end_date": "2015-12-24",
}


def bot_module() -> ModuleType:
    """The project's main.py."""
    install()
    path = ROOT / "algorithms" / "options_trading_bot" / "main.py"
    if str(path.parent) not in sys.path:  # LEAN runs a project in its folder
        sys.path.append(str(path.parent))
    spec = importlib.util.spec_from_file_location("options_trading_bot_main", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BotRun:
    """What a run came to: orders, decisions, and what is left."""

    def __init__(self, kind: type, data: Path, folder: Path, **parameters: Any) -> None:
        given = {name.replace("__", "."): str(value) for name, value in parameters.items()}
        self.store = folder / "store"
        self.store.mkdir(parents=True, exist_ok=True)
        job = BacktestJob(
            Path("OptionsTradingBot.py"),
            data,
            PARAMETERS | given,
            object_store=self.store,
            output=folder / "results",
        )
        self.outcome: BacktestOutcome = run_backtest(job, algorithm_class=kind)
        assert self.outcome.completed, self.outcome.error
        text = (self.store / "options_trading_bot" / "decisions.jsonl").read_text()
        self.decisions: Sequence[Decision] = list(read_decisions(text))

    @property
    def algorithm(self) -> Any:
        return self.outcome.algorithm

    def of(self, kind: str, verdict: str) -> list[Decision]:
        return [one for one in self.decisions if (one.kind, one.verdict) == (kind, verdict)]

    def reasons(self) -> str:
        return "\n".join(f"{one.time} {one}" for one in self.decisions)

    def holdings(self) -> dict[str, float]:
        return {
            str(holding.symbol.value): float(holding.quantity)
            for holding in self.algorithm.portfolio.values()
            if float(holding.quantity)
        }

    def assert_flat_or_hedged(self) -> None:
        """Longs and shorts of options cancel, and no order is left working."""
        assert sum(self.holdings().values()) == 0, self.holdings()
        assert not list(self.algorithm.transactions.get_open_orders())

    def metrics(self) -> list[dict[str, Any]]:
        text = (self.store / "options_trading_bot" / "resource_metrics.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines()]
