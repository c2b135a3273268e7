"""The Object Store: keys, their data, quotas, and downloads as zips."""

from __future__ import annotations

import hashlib
import io
import json
import mimetypes
import sqlite3
import uuid
import zipfile
from typing import Any

from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.settings import Limits
from utils.quantconnect.emulator.times import api_time

LONGEST_KEY = 1_024
PREVIEW_CHARACTERS = 50


def checked_key(key: str) -> str:
    """A key without the slash before it.

    Raises:
        RefusalError: it is empty, too long, or could lead out of the folder it is unpacked to.
    """
    trimmed = key.strip().lstrip("/")
    parts = trimmed.split("/")
    if not trimmed or len(trimmed) > LONGEST_KEY or "\\" in trimmed or "\x00" in trimmed:
        raise RefusalError("Object Store key is not valid")
    if any(part in ("", ".", "..") for part in parts):
        raise RefusalError("Object Store key is not valid")
    return trimmed


def set_object(db: sqlite3.Connection, key: str, data: bytes, limits: Limits, now: float) -> None:
    """Keep data under a key, in place of what was there.

    Raises:
        RefusalError: the data is too large, or the store would be.
    """
    name = checked_key(key)
    if len(data) > limits.object_file_bytes:
        raise RefusalError(
            f"Object Store file is too large: {name} has {len(data)} bytes, "
            f"the limit is {limits.object_file_bytes}"
        )
    others = db.execute(
        "SELECT count(*) AS count, coalesce(sum(length(data)), 0) AS size FROM object WHERE key <> ?", (name,)
    ).fetchone()
    if others["count"] + 1 > limits.object_count:
        raise RefusalError(f"Object Store is full: the limit is {limits.object_count} files")
    if others["size"] + len(data) > limits.object_bytes:
        raise RefusalError(
            f"Object Store is full: {others['size']} of {limits.object_bytes} bytes are used, "
            f"{name} has {len(data)}"
        )
    db.execute(
        "INSERT INTO object VALUES (?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET data = excluded.data, modified = excluded.modified",
        (name, data, now, now),
    )


def find_object(db: sqlite3.Connection, key: str) -> sqlite3.Row:
    """An object's row.

    Raises:
        RefusalError: there is no such key.
    """
    row: sqlite3.Row | None = db.execute("SELECT * FROM object WHERE key = ?", (checked_key(key),)).fetchone()
    if row is None:
        raise RefusalError(f"Object Store key not found: {key[:200]}")
    return row


def delete_object(db: sqlite3.Connection, key: str) -> None:
    """Remove a key, or everything below a folder.

    Raises:
        RefusalError: there is neither.
    """
    keys = _keys_under(db, checked_key(key))
    if not keys:
        raise RefusalError(f"Object Store key not found: {key[:200]}")
    db.executemany("DELETE FROM object WHERE key = ?", [(name,) for name in keys])


def _keys_under(db: sqlite3.Connection, path: str) -> list[str]:
    """The key `path` itself, and the keys in the folder of that name."""
    rows = db.execute(
        "SELECT key FROM object WHERE key = ?1 OR substr(key, 1, length(?1) + 1) = ?1 || '/' ORDER BY key",
        (path,),
    )
    return [row["key"] for row in rows]


def list_objects(db: sqlite3.Connection, path: str) -> list[dict[str, Any]]:
    """What lies directly in a folder, as the API lists it; the root is `/` or nothing."""
    folder = path.strip().strip("/")
    start = f"{folder}/" if folder else ""
    entries: dict[str, dict[str, Any]] = {}
    rows = db.execute("SELECT key, length(data) AS size, modified FROM object ORDER BY key")
    for row in rows:
        if not row["key"].startswith(start):
            continue
        name, _, rest = row["key"][len(start) :].partition("/")
        if rest:
            entry = entries.setdefault(name, _entry(start + name, name, "directory", True))
            entry["size"] += row["size"]
            entry["modified"] = max(entry["modified"], row["modified"])
        else:
            entries[name] = _entry(start + name, name, mime_type(name), False) | {
                "size": row["size"],
                "modified": row["modified"],
            }
    return [entry | {"modified": api_time(entry["modified"])} for entry in entries.values()]


def _entry(key: str, name: str, mime: str, folder: bool) -> dict[str, Any]:
    return {"key": f"/{key}", "name": name, "mime": mime, "folder": folder, "size": 0, "modified": 0.0}


def mime_type(name: str) -> str:
    """The kind of data, judged by the name."""
    return mimetypes.guess_type(name)[0] or "text/plain"


def used_bytes(db: sqlite3.Connection) -> int:
    """What the store holds."""
    return int(db.execute("SELECT coalesce(sum(length(data)), 0) FROM object").fetchone()[0])


def describe_object(row: sqlite3.Row) -> dict[str, Any]:
    """An object's properties as the API gives them."""
    data: bytes = row["data"]
    return {
        "key": row["key"],
        "created": api_time(row["created"]),
        "modified": api_time(row["modified"]),
        "size": len(data),
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "mime": mime_type(row["key"]),
        "preview": data[: 4 * PREVIEW_CHARACTERS].decode(errors="replace")[:PREVIEW_CHARACTERS],
    }


def request_download(db: sqlite3.Connection, keys: list[str], now: float) -> str:
    """Ask for keys, or whole folders; returns the id of the job that packs them.

    Raises:
        RefusalError: no key was given, or one is not there.
    """
    found: list[str] = []
    for key in keys:
        below = _keys_under(db, checked_key(key))
        if not below:
            raise RefusalError(f"Object Store key not found: {key[:200]}")
        found += below
    if not found:
        raise RefusalError("keys is required")
    job_id = uuid.uuid4().hex
    db.execute("INSERT INTO object_download VALUES (?, ?, ?)", (job_id, json.dumps(sorted(set(found))), now))
    return job_id


def download_ready(db: sqlite3.Connection, job_id: str, now: float, latency: float) -> bool:
    """Whether a job has packed its keys.

    Raises:
        RefusalError: there is no such job.
    """
    row = db.execute("SELECT created FROM object_download WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        raise RefusalError(f"Object Store job not found: {job_id[:100]}")
    return bool(now >= row["created"] + latency)


def pack(db: sqlite3.Connection, job_id: str) -> bytes | None:
    """The zip of a job's keys; those deleted since are left out. None when there is no such job."""
    row = db.execute("SELECT keys FROM object_download WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for key in json.loads(row["keys"]):
            entry = db.execute("SELECT data FROM object WHERE key = ?", (key,)).fetchone()
            if entry is not None:
                archive.writestr(key, entry["data"])
    return packed.getvalue()
