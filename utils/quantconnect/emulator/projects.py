"""Projects, what they are called, and the libraries they use."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.templates import TEMPLATES
from utils.quantconnect.emulator.times import api_time

LIBRARY_FOLDER = "Library/"
LATEST_LEAN = 17_000
LONGEST_NAME = 200
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def find_project(db: sqlite3.Connection, project_id: int) -> sqlite3.Row:
    """A project's row.

    Raises:
        RefusalError: there is no such project.
    """
    row: sqlite3.Row | None = db.execute("SELECT * FROM project WHERE id = ?", (project_id,)).fetchone()
    if row is None:
        raise RefusalError(f"Project not found: {project_id}")
    return row


def create_project(db: sqlite3.Connection, name: str, language: str, now: float) -> sqlite3.Row:
    """A new project with the files every new project has. A name that is taken gets a number."""
    if language not in TEMPLATES:
        raise RefusalError(f"Language is not supported: {language}; choose Py or C#")
    cursor = db.execute(
        "INSERT INTO project (name, language, created, modified) VALUES (?, ?, ?, ?)",
        (_free_name(db, _checked_name(name)), language, now, now),
    )
    project_id = cursor.lastrowid
    assert project_id is not None
    db.executemany(
        "INSERT INTO file (project_id, name, content, modified) VALUES (?, ?, ?, ?)",
        [(project_id, file, content, now) for file, content in TEMPLATES[language].items()],
    )
    return find_project(db, project_id)


def _checked_name(name: str) -> str:
    trimmed = name.strip().strip("/")
    if not trimmed or len(trimmed) > LONGEST_NAME or _FORBIDDEN.search(trimmed):
        raise RefusalError("Project name is not valid")
    return trimmed


def _free_name(db: sqlite3.Connection, name: str) -> str:
    candidate, number = name, 1
    while db.execute("SELECT 1 FROM project WHERE name = ?", (candidate,)).fetchone():
        number += 1
        candidate = f"{name} {number}"
    return candidate


def rename_project(db: sqlite3.Connection, project_id: int, name: str) -> None:
    """Call a project something else.

    Raises:
        RefusalError: the name is not valid, or another project has it.
    """
    checked = _checked_name(name)
    if db.execute("SELECT 1 FROM project WHERE name = ? AND id <> ?", (checked, project_id)).fetchone():
        raise RefusalError(f"Project name is already in use: {checked}")
    db.execute("UPDATE project SET name = ? WHERE id = ?", (checked, project_id))


def delete_project(db: sqlite3.Connection, project_id: int) -> None:
    """Remove a project and everything of it.

    Raises:
        RefusalError: it is not there, or runs live.
    """
    find_project(db, project_id)
    if db.execute("SELECT 1 FROM live WHERE project_id = ? AND stopped IS NULL", (project_id,)).fetchone():
        raise RefusalError("The project has a running live algorithm; stop it first")
    db.execute("DELETE FROM project WHERE id = ?", (project_id,))


def set_libraries(db: sqlite3.Connection, project_id: int, library_ids: Iterable[int]) -> None:
    """The libraries of a project are these, and no others."""
    db.execute("DELETE FROM library WHERE project_id = ?", (project_id,))
    for library_id in library_ids:
        add_library(db, project_id, library_id)


def add_library(db: sqlite3.Connection, project_id: int, library_id: int) -> None:
    """Let a project use a library.

    Raises:
        RefusalError: that project is not there or is no library.
    """
    library = find_project(db, library_id)
    if not library["name"].startswith(LIBRARY_FOLDER) or library_id == project_id:
        raise RefusalError(f"Not a library: {library['name']}; a library's name begins with {LIBRARY_FOLDER}")
    db.execute("INSERT OR IGNORE INTO library VALUES (?, ?)", (project_id, library_id))


def libraries_of(db: sqlite3.Connection, project_id: int) -> list[sqlite3.Row]:
    """The library projects that a project names."""
    return db.execute(
        "SELECT project.* FROM library JOIN project ON id = library_id WHERE project_id = ? ORDER BY name",
        (project_id,),
    ).fetchall()


def all_libraries_of(db: sqlite3.Connection, project_id: int) -> list[sqlite3.Row]:
    """The library projects that a project needs, those of its libraries included."""
    found: dict[int, sqlite3.Row] = {}
    waiting = libraries_of(db, project_id)
    while waiting:
        library = waiting.pop()
        if library["id"] not in found and library["id"] != project_id:
            found[library["id"]] = library
            waiting += libraries_of(db, library["id"])
    return sorted(found.values(), key=lambda row: str(row["name"]))


def set_parameters(db: sqlite3.Connection, project_id: int, parameters: Mapping[str, str]) -> None:
    """The parameters of a project are these, and no others."""
    db.execute("UPDATE project SET parameters = ? WHERE id = ?", (json.dumps(parameters), project_id))


def describe_libraries(db: sqlite3.Connection, project_id: int, owner: str) -> list[dict[str, Any]]:
    """The libraries of a project as the API lists them."""
    return [
        {"projectId": row["id"], "libraryName": row["name"], "ownerName": owner, "access": True}
        for row in libraries_of(db, project_id)
    ]


def describe_project(
    db: sqlite3.Connection, row: sqlite3.Row, user_id: str, organization_id: str
) -> dict[str, Any]:
    """A project as the API gives it."""
    user = f"User {user_id}"
    live = db.execute(
        "SELECT max(launched) AS launched, sum(stopped IS NULL) AS running FROM live WHERE project_id = ?",
        (row["id"],),
    ).fetchone()
    return {
        "projectId": row["id"],
        "organizationId": organization_id,
        "name": row["name"],
        "description": row["description"],
        "created": api_time(row["created"]),
        "modified": api_time(row["modified"]),
        "language": row["language"],
        "ownerId": _number(user_id),
        "owner": True,
        "collaborators": [describe_owner(user_id)],
        "leanVersionId": row["lean_version"] or LATEST_LEAN,
        "leanPinnedToMaster": row["lean_version"] is None,
        "leanEnvironment": row["lean_environment"],
        "parameters": [{"key": key, "value": value} for key, value in json.loads(row["parameters"]).items()],
        "libraries": describe_libraries(db, row["id"], user),
        "lastLiveDeployment": None if live["launched"] is None else api_time(live["launched"]),
        "codeRunning": bool(live["running"]),
        "encrypted": False,
        "encryptionKey": None,
    }


def describe_owner(user_id: str) -> dict[str, Any]:
    """The account's user as a project's collaborator."""
    return {
        "uid": _number(user_id),
        "publicId": user_id,
        "name": f"User {user_id}",
        "profileImage": "",
        "bio": "",
        "permission": "write",
        "liveControl": True,
        "owner": True,
    }


def _number(user_id: str) -> int:
    return int(user_id) if user_id.isascii() and user_id.isdigit() else 0
