"""Source files of projects."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.times import api_time

SUFFIXES = frozenset({".py", ".cs", ".ipynb", ".css", ".html"})


def contents(db: sqlite3.Connection, project_id: int) -> dict[str, str]:
    """File name -> text, all files of a project, by name."""
    rows = db.execute("SELECT name, content FROM file WHERE project_id = ? ORDER BY name", (project_id,))
    return {row["name"]: row["content"] for row in rows}


def find_file(db: sqlite3.Connection, project_id: int, name: str) -> sqlite3.Row:
    """A file's row.

    Raises:
        RefusalError: there is no such file.
    """
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM file WHERE project_id = ? AND name = ?", (project_id, name)
    ).fetchone()
    if row is None:
        raise RefusalError(f"File not found: {name}")
    return row


def create_file(
    db: sqlite3.Connection, project_id: int, name: str, content: str, limit: int, now: float
) -> sqlite3.Row:
    """Add a file; its name is new to the project."""
    _check(name, content, limit)
    if db.execute("SELECT 1 FROM file WHERE project_id = ? AND name = ?", (project_id, name)).fetchone():
        raise RefusalError(f"File already exists: {name}")
    _insert(db, project_id, name, content, now)
    touch(db, project_id, now)
    return find_file(db, project_id, name)


def update_file(
    db: sqlite3.Connection, project_id: int, name: str, content: str, limit: int, now: float
) -> sqlite3.Row:
    """Give a file that is there another content."""
    file = find_file(db, project_id, name)
    _check(name, content, limit)
    db.execute("UPDATE file SET content = ?, modified = ? WHERE id = ?", (content, now, file["id"]))
    touch(db, project_id, now)
    return find_file(db, project_id, name)


def rename_file(db: sqlite3.Connection, project_id: int, name: str, new_name: str, now: float) -> sqlite3.Row:
    """Call a file that is there something that is free."""
    file = find_file(db, project_id, name)
    _check_name(new_name)
    if name != new_name and new_name in contents(db, project_id):
        raise RefusalError(f"File already exists: {new_name}")
    db.execute("UPDATE file SET name = ?, modified = ? WHERE id = ?", (new_name, now, file["id"]))
    touch(db, project_id, now)
    return find_file(db, project_id, new_name)


def delete_file(db: sqlite3.Connection, project_id: int, name: str, now: float) -> None:
    """Remove a file that is there."""
    db.execute("DELETE FROM file WHERE id = ?", (find_file(db, project_id, name)["id"],))
    touch(db, project_id, now)


def replace_files(
    db: sqlite3.Connection, project_id: int, files: Mapping[str, str], limit: int, now: float
) -> None:
    """The files of a project are these, and no others. What does not change keeps its time."""
    before = contents(db, project_id)
    for name, content in files.items():
        _check(name, content, limit)
        if name not in before:
            _insert(db, project_id, name, content, now)
        elif before[name] != content:
            db.execute(
                "UPDATE file SET content = ?, modified = ? WHERE project_id = ? AND name = ?",
                (content, now, project_id, name),
            )
    for name in before.keys() - files.keys():
        db.execute("DELETE FROM file WHERE project_id = ? AND name = ?", (project_id, name))
    if before != dict(files):
        touch(db, project_id, now)


def touch(db: sqlite3.Connection, project_id: int, now: float) -> None:
    """Note that a project has changed."""
    db.execute("UPDATE project SET modified = ? WHERE id = ?", (now, project_id))


def describe_file(row: sqlite3.Row) -> dict[str, Any]:
    """A file as the API gives it."""
    return {
        "id": row["id"],
        "projectId": row["project_id"],
        "name": row["name"],
        "content": row["content"],
        "modified": api_time(row["modified"]),
        "open": False,
        "isLibrary": False,
    }


def _insert(db: sqlite3.Connection, project_id: int, name: str, content: str, now: float) -> None:
    db.execute(
        "INSERT INTO file (project_id, name, content, modified) VALUES (?, ?, ?, ?)",
        (project_id, name, content, now),
    )


def _check(name: str, content: str, limit: int) -> None:
    _check_name(name)
    size = len(content.encode())
    if size > limit:
        raise RefusalError(f"File is too large: {name} has {size} bytes, the organization's limit is {limit}")


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    plain = name == str(path) and not path.is_absolute() and ".." not in path.parts
    if not plain or "\\" in name or "\x00" in name or path.suffix not in SUFFIXES:
        raise RefusalError(f"File name is not valid: {name[:100]}")
