"""One search from its place in the store to its last trial, whoever evaluates it."""

from __future__ import annotations

import time
from types import FrameType

from rich.console import Console

from utils.cli import resumable
from utils.sweep import progress
from utils.sweep.runner import signals_handled_by
from utils.sweep.search.definition import Search
from utils.sweep.search.evaluation import TrialEvaluation
from utils.sweep.search.runner import run_search
from utils.sweep.search.summary import Effort
from utils.sweep.search.told import Told
from utils.sweep.search.trials import enroll_search, stored_trials
from utils.sweep.store import Store, SweepRecord

Searched = tuple[SweepRecord, list[Told], Effort]
"""A search's row in the store, all its trials, and what this run took."""


def execute(store: Store, search: Search, evaluation: TrialEvaluation, console: Console) -> Searched:
    """Begin or resume a search, with its progress on `console`.

    Raises:
        KeyboardInterrupt: a signal stopped it; the message says how to go on.
        UserError: the store is not this search's, or cannot be written.
    """
    record = enroll_search(store, search)
    before = len(stored_trials(store, record.id))
    if before:
        console.print(f"{record.id}: {before:,} of {record.combos:,} trials are done already")
    begun, cpu = time.monotonic(), time.process_time()
    kept = f"finished batches are kept in {store.path}; the same command goes on from there"
    with (
        resumable(kept),
        signals_handled_by(_interrupt),
        progress.shown(console, record.id, before, record.combos, "trials") as on_progress,
    ):
        trials = run_search(store, record, search, evaluation, on_progress)
    seconds, cpu_seconds = time.monotonic() - begun, time.process_time() - cpu
    return record, trials, Effort(len(trials) - before, seconds, cpu_seconds, evaluation.cores)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends it as Ctrl-C does: what a batch has not stored is not there."""
    raise KeyboardInterrupt
