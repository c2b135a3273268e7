"""One search on the cores of this machine."""

from __future__ import annotations

from rich.console import Console

from utils.sweep.search.definition import Search
from utils.sweep.search.evaluation import TrialEvaluator
from utils.sweep.search.execution import Searched, execute
from utils.sweep.store import Store


def search_here(store: Store, search: Search, workers: int, console: Console) -> Searched:
    """Begin or resume a search on `workers` threads; see `execute`."""
    config = search.config
    evaluator = TrialEvaluator(
        config.registered(), search.swept_bars, config.instrument, config.capital, workers
    )
    return execute(store, search, evaluator, console)
