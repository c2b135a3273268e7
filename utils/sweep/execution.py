"""One sweep from its place in the store to its last chunk, whoever evaluates it."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console

from utils.errors import UserError
from utils.sweep import progress
from utils.sweep.definition import Sweep
from utils.sweep.enrollment import enroll
from utils.sweep.runner import RunOutcome
from utils.sweep.store import Store, SweepRecord

RunChunks = Callable[[SweepRecord, Callable[[int], None]], RunOutcome]
"""Does the chunks of a sweep that are not completed, and calls its second argument with the number of
combinations just stored."""


def execute(store: Store, sweep: Sweep, run_chunks: RunChunks, console: Console) -> tuple[SweepRecord, float]:
    """Begin or resume a sweep, with its progress on `console`.

    Returns:
        its row in the store, and the seconds that this run took.
    Raises:
        KeyboardInterrupt: a signal stopped it; the message says how to go on.
        UserError: the store is not this sweep's, cannot be written, or chunks failed.
    """
    record = enroll(store, sweep)
    done = store.combos_done(record.id)
    if done:
        console.print(f"{record.id}: {done:,} of {record.combos:,} combinations are done already")
    begun = time.monotonic()
    with progress.shown(console, record.id, done, record.combos) as on_progress:
        outcome = run_chunks(record, on_progress)
    seconds = time.monotonic() - begun
    if outcome.stopped:
        raise KeyboardInterrupt(
            f"{store.combos_done(record.id):,} of {record.combos:,} combinations are kept in {store.path}; "
            "the same command goes on from there"
        )
    for chunk, problem in outcome.failures.items():
        console.print(f"{chunk} failed: {problem}", markup=False, soft_wrap=True)
    if outcome.failures:
        raise UserError(
            f"{len(outcome.failures)} chunks of {record.id} failed; the same command tries them again"
        )
    return record, seconds
