"""Compilation: a snapshot of a project with its libraries, every Python file of it compiled."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.files import contents
from utils.quantconnect.emulator.projects import (
    LATEST_LEAN,
    LIBRARY_FOLDER,
    all_libraries_of,
    find_project,
)

SUCCESS = "BuildSuccess"
ERROR = "BuildError"
QUEUED = "InQueue"


@dataclass(frozen=True)
class Snapshot:
    """What was compiled, and what a backtest of the compilation runs.

    Attributes:
        files: file name -> text.
        libraries: library's name (`Library/trading`) -> file name -> text.
    """

    name: str
    language: str
    files: dict[str, str]
    libraries: dict[str, dict[str, str]]
    parameters: dict[str, str]

    @property
    def signature(self) -> str:
        """A hash of all source text."""
        return hashlib.sha256(json.dumps([self.files, self.libraries], sort_keys=True).encode()).hexdigest()


def compile_project(db: sqlite3.Connection, project_id: int, now: float) -> tuple[str, Snapshot]:
    """Compile a project as it is now; returns the compilation's id."""
    project = find_project(db, project_id)
    libraries = {row["name"]: contents(db, row["id"]) for row in all_libraries_of(db, project_id)}
    snapshot = Snapshot(
        project["name"],
        project["language"],
        contents(db, project_id),
        libraries,
        json.loads(project["parameters"]),
    )
    compile_id = f"{uuid.uuid4().hex}-{snapshot.signature[:32]}"
    errors = build_errors(snapshot)
    logs = errors or [
        f"Build Request Successful for Project ID: {project_id}, with CompileID: {compile_id}, "
        f"Lean Version: {project['lean_version'] or LATEST_LEAN}"
    ]
    db.execute(
        "INSERT INTO compilation VALUES (?, ?, ?, ?, ?, ?)",
        (
            compile_id,
            project_id,
            now,
            ERROR if errors else SUCCESS,
            json.dumps(logs),
            json.dumps(asdict(snapshot)),
        ),
    )
    return compile_id, snapshot


def find_compilation(db: sqlite3.Connection, project_id: int, compile_id: str) -> sqlite3.Row:
    """A compilation's row.

    Raises:
        RefusalError: the project has no such compilation.
    """
    find_project(db, project_id)
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM compilation WHERE id = ? AND project_id = ?", (compile_id, project_id)
    ).fetchone()
    if row is None:
        raise RefusalError(f"Compile not found: {compile_id[:100]}")
    return row


def compilation_state(row: sqlite3.Row, now: float, latency: float) -> str:
    """InQueue until its time is over, then BuildSuccess or BuildError."""
    return QUEUED if now < row["created"] + latency else str(row["outcome"])


def successful_compilation(
    db: sqlite3.Connection, project_id: int, compile_id: str, now: float, latency: float
) -> sqlite3.Row:
    """A compilation that something can be started from.

    Raises:
        RefusalError: there is no such compilation, or it is not done, or it failed.
    """
    row = find_compilation(db, project_id, compile_id)
    state = compilation_state(row, now, latency)
    if state != SUCCESS:
        raise RefusalError(f"Compile {compile_id} is not successful: {state}")
    return row


def snapshot_of(row: sqlite3.Row) -> Snapshot:
    """What was compiled."""
    return Snapshot(**json.loads(row["snapshot"]))


def build_errors(snapshot: Snapshot) -> list[str]:
    """One line per file that does not compile; none when all do."""
    if snapshot.language != "Py":
        return [
            f"Build Error: the emulator compiles Python only, the project's language is {snapshot.language}"
        ]
    errors = _syntax_errors(snapshot.files, "")
    for name, files in snapshot.libraries.items():
        errors += _syntax_errors(files, f"{name.removeprefix(LIBRARY_FOLDER)}/")
    if "main.py" not in snapshot.files and not snapshot.name.startswith(LIBRARY_FOLDER):
        errors.append("Build Error: File: main.py - the project has no such file")
    return errors


def _syntax_errors(files: Mapping[str, str], folder: str) -> list[str]:
    found = (
        _syntax_error(f"{folder}{name}", text)
        for name, text in files.items()
        if PurePosixPath(name).suffix == ".py"
    )
    return [error for error in found if error]


def _syntax_error(name: str, text: str) -> str:
    try:
        compile(text.removeprefix("\ufeff"), name, "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"Build Error: File: {name} Line:{error.lineno or 0} Column:{error.offset or 0} - {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes; nested too deeply
        return f"Build Error: File: {name} Line:0 Column:0 - {error or 'too complex'}"
    return ""


def describe_compilation(row: sqlite3.Row, now: float, latency: float) -> dict[str, Any]:
    """A compilation as the API gives it."""
    state = compilation_state(row, now, latency)
    snapshot = snapshot_of(row)
    return {
        "compileId": row["id"],
        "projectId": row["project_id"],
        "state": state,
        "logs": [] if state == QUEUED else json.loads(row["logs"]),
        "parameters": [],
        "signature": snapshot.signature,
        "signatureOrder": sorted(snapshot.files),
    }
