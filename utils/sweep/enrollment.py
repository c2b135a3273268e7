"""A sweep's place in a store: made once, found again when it resumes, refused when it is another one."""

from __future__ import annotations

from utils.errors import UserError
from utils.sweep.definition import Sweep, differences
from utils.sweep.store import Store, SweepRecord


def enroll(store: Store, sweep: Sweep) -> SweepRecord:
    """The row of `sweep` in `store`, added if it is new.

    A sweep that resumes keeps the chunk size it began with.

    Raises:
        UserError: the store holds another sweep, or this one over other data, values, terms or code; the
            message says which.
    """
    asked = sweep.record()
    stored = {record.id: record for record in store.sweeps()}
    for record in stored.values():
        if record.name != asked.name or record.is_search:
            kind = "search" if record.is_search else "sweep"
            raise UserError(
                f"{store.path}: it holds the {kind} {record.name}, not the sweep {asked.name}; "
                "choose another --db"
            )
    if asked.id not in stored:
        store.add(asked)
        return asked
    different = differences(stored[asked.id], asked)
    if different:
        raise UserError(
            f"{store.path}: it holds another sweep {asked.id}, which differs in {', '.join(different)}; "
            "choose another --db"
        )
    return stored[asked.id]
