"""Sweeps that were submitted to a head: each a folder, and a Ray job that does what is left of it.

    FOLDER/sweeps/ID/sweep.json    what was asked: command, number of attempts, whether it shall run
                     sweep.yaml    its configuration; bars are in FOLDER/bars
                     sweep.db      results
                     log           what it printed, of all attempts
                     exit          its exit code, when it came to an end

A job that died with its Ray cluster is submitted again when the cluster is back: the sweep goes on from its
database.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

START_S = 300.0
POLL_S = 0.5
WORKING = ("PENDING", "RUNNING")


def submit(path: str, api: str, id: str, command: list[str], files: dict[str, str]) -> dict[str, Any]:  # noqa: A002
    """Begin a sweep, or go on with one that was stopped; one that works or is done is left alone.

    Args:
        api: address of Ray's jobs.
        command: that runs it in its folder, in which {folder} stands for the cluster's.
        files: name -> text, that it needs there.
    """
    folder = Path.home() / path
    place = folder / "sweeps" / id
    if (place / "sweep.json").exists():
        known = _state(folder, api, id)
        if known["state"] in ("running", "done"):
            return {"new": False, **known}
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        _write(place / name, text)
    (place / "exit").unlink(missing_ok=True)
    before = _record(place)
    words = [word.replace("{folder}", str(folder)) for word in command]
    record = {"command": words, "submitted": time.time(), "attempt": before.get("attempt", 0), "wanted": True}
    _write(place / "sweep.json", json.dumps(record))
    _start(folder, api, id)
    return {"new": True, **_state(folder, api, id)}


def states(path: str, api: str) -> list[dict[str, Any]]:
    """All sweeps, in the order of their submission."""
    folder = Path.home() / path
    found = [_state(folder, api, place.parent.name) for place in (folder / "sweeps").glob("*/sweep.json")]
    return sorted(found, key=lambda state: float(state["submitted"]))


def stop(path: str, api: str, id: str) -> dict[str, Any]:  # noqa: A002
    """End a sweep's job; what is done stays, and `submit` goes on with it."""
    folder = Path.home() / path
    place = _place(folder, id)
    record = _record(place)
    _write(place / "sweep.json", json.dumps({**record, "wanted": False}))
    _call(folder, api, "POST", f"/api/jobs/{_job(id, record)}/stop", missing_ok=True)
    deadline = time.monotonic() + 30
    while _state(folder, api, id)["state"] == "running" and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return _state(folder, api, id)


def backup(path: str, id: str) -> dict[str, Any]:  # noqa: A002
    """Make a copy of a sweep's database that is consistent, whoever writes to it meanwhile."""
    place = _place(Path.home() / path, id)
    source = place / "sweep.db"
    if not source.exists():
        raise SystemExit(f"{id} has no results yet; see its log")
    target = place / "fetched.db"
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source, timeout=30)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    with target.open("rb") as file:
        return {"file": str(target), "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def bars(path: str, folder: str, files: dict[str, str]) -> list[str]:
    """Which files of bars are not there yet, or not whole.

    Args:
        folder: of these files, named by their content.
        files: name -> SHA-256.
    """
    place = Path.home() / path / "bars" / folder
    place.mkdir(parents=True, exist_ok=True)
    return [name for name, sha256 in files.items() if _digest(place / name) != sha256]


def take_bars(path: str, folder: str, name: str, sha256: str) -> dict[str, Any]:
    """Accept a file of bars that has arrived, if it is whole."""
    place = Path.home() / path / "bars" / folder
    arrived = place / f"{sha256}.part"
    if _digest(arrived) != sha256:
        raise SystemExit(f"{name} did not arrive whole; try again")
    arrived.replace(place / name)
    return {}


def follow(path: str, id: str, offset: int, wait: bool) -> None:  # noqa: A002
    """Print the log from a byte on, and with `wait` what is added until the sweep comes to an end."""
    folder = Path.home() / path
    log = _place(folder, id) / "log"
    while True:
        over = not wait or (log.parent / "exit").exists() or not _record(log.parent).get("wanted", True)
        if log.exists():
            with log.open("rb") as file:
                file.seek(offset)
                while part := file.read(2**16):
                    offset += len(part)
                    sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
        if over:
            return
        time.sleep(POLL_S)


def resume(folder: Path, api: str) -> None:
    """Submit again what died with its Ray cluster; waits until the cluster takes jobs."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            _call(folder, api, "GET", "/api/version")
            break
        except SystemExit:
            time.sleep(POLL_S)
    for place in sorted((folder / "sweeps").glob("*/sweep.json")):
        sweep = place.parent.name
        if _record(place.parent).get("wanted") and _state(folder, api, sweep)["state"] == "interrupted":
            _start(folder, api, sweep)


def _start(folder: Path, api: str, sweep: str) -> None:
    place = folder / "sweeps" / sweep
    record = _record(place)
    record["attempt"] += 1
    _write(place / "sweep.json", json.dumps(record))
    work = f"cd {shlex.quote(str(place))}; {shlex.join(record['command'])} >> log 2>&1"
    script = f"{work}; echo $? > .exit; mv .exit exit"
    job = {
        "entrypoint": shlex.join(["sh", "-c", script]),
        "submission_id": _job(sweep, record),
        "metadata": {"sweep": sweep},
    }
    _call(folder, api, "POST", "/api/jobs/", job)


def _state(folder: Path, api: str, sweep: str) -> dict[str, Any]:
    place = _place(folder, sweep)
    record = _record(place)
    exit_file = place / "exit"
    code = int(exit_file.read_text()) if exit_file.exists() else None
    if code is not None:
        state = "done" if code == 0 else "failed" if record["wanted"] else "stopped"
    else:
        job = _call(folder, api, "GET", f"/api/jobs/{_job(sweep, record)}", missing_ok=True) or {}
        working = job.get("status") in WORKING
        state = "running" if working else "interrupted" if record["wanted"] else "stopped"
    return {
        "id": sweep,
        "state": state,
        "code": code,
        "submitted": record["submitted"],
        "attempts": record["attempt"],
        "chunks": _chunks(place / "sweep.db"),
    }


def _chunks(database: Path) -> dict[str, int]:
    """Number of chunks in each state; empty before there are any."""
    if not database.exists():
        return {}
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
            return dict(connection.execute("SELECT status, count(*) FROM chunks GROUP BY status"))
    except sqlite3.Error:
        return {}


def _place(folder: Path, sweep: str) -> Path:
    place = folder / "sweeps" / sweep
    if not (place / "sweep.json").exists():
        raise SystemExit(f"there is no sweep {sweep}; scripts/cluster.py jobs lists them")
    return place


def _record(place: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads((place / "sweep.json").read_text())
    except OSError:
        return {}
    return record


def _job(sweep: str, record: dict[str, Any]) -> str:
    return f"{sweep}-{record['attempt']}"


def _call(
    folder: Path, api: str, method: str, path: str, content: Any = None, missing_ok: bool = False
) -> Any:
    """Ask Ray's jobs, which listen on 127.0.0.1 and want the cluster's token."""
    request = urllib.request.Request(
        f"http://{api}{path}",
        data=None if content is None else json.dumps(content).encode(),
        method=method,
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {(folder / 'ray_token').read_text()}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        if error.code == 404 and missing_ok:
            return None
        raise SystemExit(f"Ray's jobs: {error.code} {error.read().decode(errors='replace')[:300]}") from None
    except (OSError, ValueError) as error:
        if missing_ok:
            return None
        raise SystemExit(
            f"Ray's jobs do not answer at {api}: {error}; see scripts/cluster.py status"
        ) from None


def _digest(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(text)
    beside.replace(file)


def main(request: dict[str, Any]) -> None:
    """Do what is asked, by the name of a function above."""
    if request["do"] == "follow":
        del request["do"]
        follow(**request)
        return
    does = {function.__name__: function for function in (submit, states, stop, backup, bars, take_bars)}
    try:
        print(json.dumps(does[request.pop("do")](**request)))  # noqa: T201 - the answer
    except OSError as error:
        raise SystemExit(f"{error.filename or 'disk'}: {error.strerror or error}") from None


if __name__ == "__main__":
    if sys.argv[1:2] == ["resume"]:
        resume(Path(sys.argv[2]), sys.argv[3])
    else:
        main(json.loads(sys.stdin.readline()))
