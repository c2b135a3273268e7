"""The emulator's state: one SQLite file, whole after a crash, or memory."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from utils.errors import UserError
from utils.quantconnect.emulator.schema import FIRST_PROJECT_ID, SCHEMA

VERSION = 1


class Store:
    """A database with one writer at a time.

    Args:
        path: the file, made when it is not there; None keeps everything in memory.

    Raises:
        UserError: the file cannot be opened, is no database of the emulator, or another emulator has it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path, isolation_level=None, check_same_thread=False, timeout=0
            )
            self._prepare(path)
        except sqlite3.Error as error:
            raise UserError(
                f"{path}: not usable as a database: {error}; close what uses it or name another file"
            ) from error

    def _prepare(self, path: Path | None) -> None:
        db = self._connection
        db.row_factory = sqlite3.Row
        db.execute(
            "PRAGMA locking_mode = EXCLUSIVE"
        )  # a second emulator on the file would run backtests twice
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA foreign_keys = ON")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version != VERSION and tables:
            raise UserError(f"{path}: made by another program or version; name another file")
        with self.transaction():
            for statement in SCHEMA.split(";\n"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {VERSION}")
            if not tables:
                db.execute("INSERT INTO sqlite_sequence VALUES ('project', ?)", (FIRST_PROJECT_ID - 1,))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is done inside, on disk when it ends, or none of it when it raises. Does not nest."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Give the file free."""
        with self._lock:
            self._connection.close()
