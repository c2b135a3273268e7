"""Whatever a store holds, sweep or search, opened again."""

from __future__ import annotations

from utils.sweep.combinations import Combinations, Swept
from utils.sweep.definition import redefine, stored_grid
from utils.sweep.search.stored import reopen_search, stored_trials_of
from utils.sweep.store import Store, SweepRecord


def stored_combinations(store: Store, record: SweepRecord) -> Combinations:
    """What the rows of a stored sweep or search stand for; its bars are not needed."""
    return stored_trials_of(store, record) if record.is_search else stored_grid(record)


def reopen(store: Store, record: SweepRecord, data_path: str | None = None) -> Swept:
    """A stored sweep or search, its bars read again.

    Args:
        data_path: where the bars are now, if they moved.
    Raises:
        UserError: the bars cannot be read, or bars or code are not what they were.
    """
    if record.is_search:
        return reopen_search(store, record, data_path)
    return redefine(record, data_path)
