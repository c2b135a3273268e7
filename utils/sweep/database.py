"""The SQLite file under a store: its tables, how it is opened, and what its errors mean to a user."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from utils.errors import UserError

APPLICATION_ID = 0x53574550
"""Marks a SQLite file as a sweep store ("SWEP")."""

SCHEMA_VERSION = 1

BUSY_SECONDS = 10.0
"""How long to wait for another program's transaction."""

SCHEMA = """
CREATE TABLE sweeps (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    strategy TEXT NOT NULL,
    symbol TEXT NOT NULL,
    identity TEXT NOT NULL,
    spec TEXT NOT NULL,
    bars INTEGER NOT NULL,
    first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL,
    days INTEGER NOT NULL,
    block_days TEXT NOT NULL,
    combos INTEGER NOT NULL,
    chunk_size INTEGER NOT NULL,
    buy_and_hold REAL,
    created_at INTEGER NOT NULL
);
CREATE TABLE chunks (
    id TEXT PRIMARY KEY,
    sweep TEXT NOT NULL,
    start_combo INTEGER NOT NULL,
    end_combo INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed')),
    assigned_worker TEXT,
    started_at INTEGER,
    completed_at INTEGER
);
CREATE TABLE strategies (
    id INTEGER PRIMARY KEY,
    chunk_id TEXT,
    sweep TEXT NOT NULL,
    combo INTEGER,
    trial INTEGER,
    params TEXT NOT NULL,
    status TEXT NOT NULL,
    pnl REAL,
    win_rate REAL,
    profit_factor REAL,
    max_drawdown REAL,
    total_trades INTEGER,
    sharpe REAL,
    sortino REAL,
    exposure REAL,
    fees REAL,
    open_pnl REAL,
    buy_and_hold REAL,
    trades_hash INTEGER,
    blocks BLOB,
    UNIQUE (sweep, combo)
);
"""


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open a store, or make a new one, for its one writer.

    Write-ahead logging with synchronous=NORMAL: a commit is in the operating system's hands when it returns,
    so a killed process loses none. A power cut may take back the newest commits, whole: since a chunk's rows
    and its mark are one commit, the sweep then does those chunks again.

    Raises:
        UserError: it is locked, read-only, corrupt or no sweep store, or cannot be made; a file that was not
            there before is not there after.
    """
    new = not path.exists()
    if not new and not _writable(path):
        raise UserError(f"{path}: it is read-only; make it writable, or choose another --db")
    with explained(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        with explained(path):
            _check_kind(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if _is_empty(connection):
                with transaction(connection):
                    for statement in SCHEMA.split(";")[:-1]:
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            else:
                _check_pages(connection, path)
    except BaseException:
        connection.close()
        if new:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        raise
    return connection


def open_to_read(path: Path, patience: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open an existing store to look at it, even while a sweep writes it or where nothing can be written.

    Args:
        patience: seconds to wait for another program's transaction.
    Raises:
        UserError: it is not there, corrupt or no sweep store.
    """
    if not path.is_file():
        raise UserError(f"{path}: there is no such database; name one with --db, or run a sweep first")
    with explained(path):
        connection = sqlite3.connect(_reading_uri(path), uri=True, timeout=patience, isolation_level=None)
        try:
            connection.execute("PRAGMA query_only = ON")
            _check_kind(connection, path)
            _check_filled(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the statements inside, or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has already rolled back when the disk was full
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one line that names the database and the remedy."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        for beginning, message in _MEANINGS:
            if name.startswith(beginning):
                raise UserError(f"{path}: {message}") from error
        raise


_MEANINGS = (
    ("SQLITE_BUSY", "another program has locked it; close that program, then run this again"),
    ("SQLITE_LOCKED", "another program has locked it; close that program, then run this again"),
    ("SQLITE_READONLY", "it is read-only; make it and its folder writable, or choose another --db"),
    (
        "SQLITE_CANTOPEN",
        "it cannot be opened; check that its folder exists and may be written, or choose another --db",
    ),
    ("SQLITE_CORRUPT", "it is corrupt; restore a copy, or remove it and sweep again"),
    ("SQLITE_NOTADB", "it is not a SQLite database; choose another --db"),
    ("SQLITE_FULL", "the disk is full; free some space and run the same command to resume"),
    ("SQLITE_IOERR", "the disk failed or is full; free some space and run the same command to resume"),
)


def _writable(path: Path) -> bool:
    """Whether it may be written by its mode too: the superuser may write a file that was set read-only."""
    return os.access(path, os.W_OK) and bool(
        path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    )


def _reading_uri(path: Path) -> str:
    """How to open a store without changing it.

    Readers share memory with a writer through a file beside the store, and the last one removes it: so the
    store is opened for writing where it can be. Where it cannot, nobody writes it, and it is taken as it is,
    unless a log that was not merged says that it is not all there.
    """
    uri = path.resolve().as_uri()
    if _writable(path) and os.access(path.parent, os.W_OK):
        return f"{uri}?mode=rw"
    return f"{uri}?mode=ro" if path.with_name(f"{path.name}-wal").exists() else f"{uri}?immutable=1"


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    if _is_empty(connection):
        return
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise UserError(f"{path}: it is a database, but of no sweep; choose another --db")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        raise UserError(f"{path}: its layout is version {version}, not {SCHEMA_VERSION}; choose another --db")


def _check_filled(connection: sqlite3.Connection, path: Path) -> None:
    if _is_empty(connection):
        raise UserError(f"{path}: it holds no sweep yet; run one first")


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise UserError(f"{path}: it is corrupt; restore a copy, or remove it and sweep again")
