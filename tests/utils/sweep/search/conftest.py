"""A small search over a random walk, and ways to run it and to look at what it stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trading.bars import Bars, always_open_bars
from utils.sweep.search.config import SearchConfig
from utils.sweep.search.definition import Search
from utils.sweep.search.evaluation import TrialEvaluation, TrialEvaluator
from utils.sweep.search.runner import run_search
from utils.sweep.search.told import Told
from utils.sweep.search.trials import enroll_search
from utils.sweep.store import Store

HOUR = 3_600_000_000_000
SPACE: dict[str, Any] = {
    "atr_period": {"int": [3, 20]},
    "multiplier": {"float": [0.8, 3.0], "step": 0.1},
    "stop_atr": {"choice": [0, 1.5, 3]},
    "adx_min": {"float": [0, 30]},
}
DECLARED: dict[str, Any] = {
    "name": "walk",
    "strategy": "money_line",
    "fixed": {"ma_fast": 5, "ma_slow": 20, "ma_gap_min": -1, "volume_min": 0},
    "space": SPACE,
    "instrument": {"security_type": "crypto", "lot_size": 0.001, "fees": {"rate": 0.0005}},
    "holdout": 0,
}
MINED: dict[str, Any] = {
    **DECLARED,
    "name": "mined",
    "strategy": "rules",
    "fixed": {},
    "space": {},
    "mining": {"rules": 2},
}

RunSearch = Callable[..., list[Told]]


def random_walk(count: int, seed: int = 3) -> Bars:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, count)))
    open_ = np.concatenate(([100.0], close[:-1]))
    high = np.maximum(open_, close) * rng.uniform(1, 1.01, count)
    low = np.minimum(open_, close) * rng.uniform(0.99, 1, count)
    volume = rng.uniform(1, 9, count)
    return always_open_bars(np.arange(count, dtype=np.int64) * HOUR, open_, high, low, close, volume, HOUR)


BARS = random_walk(1500)


def search_of(content: dict[str, Any], **plan: Any) -> Search:
    usual = {"trials": 40, "batch": 8, "min_trades": 5}
    config = SearchConfig.model_validate({**content, "search": {**usual, **plan}})
    return Search(config, "", BARS, len(BARS))


def evaluator(search: Search, workers: int = 1) -> TrialEvaluator:
    config = search.config
    return TrialEvaluator(config.registered(), search.swept_bars, config.instrument, config.capital, workers)


@pytest.fixture
def run(tmp_path: Path) -> RunSearch:
    """Run a search to its end into a database: `run(search)`, `run(search, "other.db")`."""

    def execute(
        search: Search, name: str = "search.db", evaluation: TrialEvaluation | None = None
    ) -> list[Told]:
        with Store.to_write(tmp_path / name) as store:
            record = enroll_search(store, search)
            return run_search(store, record, search, evaluation or evaluator(search), lambda _: None)

    return execute
