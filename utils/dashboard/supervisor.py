"""Runs one sweep, and writes down beside its database how it ended.

    python utils/dashboard/supervisor.py build/btc.db python scripts/sweep.py run btc.yaml --db build/btc.db

A program of its own, in a session of its own: the dashboard that started it may end meanwhile. It needs the
standard library only, so that it takes little memory beside the sweep.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

LINE_LENGTH = 500
"""Characters that are kept of the last line."""


def record_path(database: Path) -> Path:
    """Where it is written how the latest run went."""
    return database.with_name(f"{database.name}.run.json")


def log_path(database: Path) -> Path:
    """What the latest run said on standard output and error."""
    return database.with_name(f"{database.name}.run.log")


def supervise(database: Path, command: Sequence[str]) -> int:
    """Run `command` to its end; its exit code, minus the signal that killed it."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _stay)
    with log_path(database).open("wb") as log:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    record = {"pid": child.pid, "created": time.time(), "command": list(command)}
    _write(record_path(database), record)
    code = child.wait()
    ended = {"exit_code": code, "ended": time.time(), "last_line": _last_line(log_path(database))}
    _write(record_path(database), {**record, **ended})
    return code


def _stay(_number: int, _frame: FrameType | None) -> None:
    """A handler, not SIG_IGN, which the sweep would inherit."""


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1][:LINE_LENGTH] if lines else ""


def _write(path: Path, record: dict[str, object]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(record), encoding="utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    sys.exit(supervise(Path(sys.argv[1]), sys.argv[2:]))
