"""The Object Store of one backtest: what a project is given in it, and the records it leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

from utils.errors import UserError
from utils.files import write_atomic
from utils.workspace import Project

STORAGE = "storage"
"""Folder of the Object Store beside a backtest's results."""

_MARK = ".of-a-backtest"
_RECORDS = {"decisions": "decisions.jsonl", "resource_metrics": "resource_metrics.jsonl"}


def fresh_object_store(project: Project, output: Path) -> Path:
    """A store with nothing in it but the files that config.json puts there; an earlier run's is dropped.

    Raises:
        UserError: a file cannot be read, or the folder is there and not an earlier run's.
    """
    store = output / STORAGE
    if store.exists():
        if not (output / _MARK).exists():
            raise UserError(f"{store}: is no backtest's; choose another --output or move it away")
        shutil.rmtree(store)
    write_atomic(output / _MARK, "")
    store.mkdir(parents=True)
    for key, name in project.config.object_store.items():
        source = project.workspace / name
        try:
            write_atomic(store / key, source.read_bytes())
        except OSError as error:
            reason = error.strerror or error
            raise UserError(f"{source}: cannot be read: {reason}; config.json puts it under {key}") from None
    return store


def records_of(store: Path) -> dict[str, Path]:
    """The records that an algorithm left, by kind: its decisions, and the machine's resources."""
    found: dict[str, Path] = {}
    for kind, name in _RECORDS.items():
        for path in sorted(store.glob(f"*/{name}")):
            found.setdefault(kind, path)
    return found
