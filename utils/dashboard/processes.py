"""Sweeps as processes of their own: how they are started, stopped, and found again.

A sweep is started through `utils.dashboard.supervisor`, which outlives the dashboard and writes down, beside
the database, how the sweep ended. Whether one runs is said by the store's lock, whoever started it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from utils.dashboard.supervisor import log_path, record_path
from utils.errors import UserError
from utils.sweep.lock import lock_holder

STARTING_SECONDS = 60.0
"""How long a started process may take until it holds the store's lock."""

_PLACING = ("--workers=", "--ray=")
"""Options of a sweep that say where it runs, and change nothing else."""

_ROOT = Path(__file__).resolve().parents[2]
_SUPERVISOR = _ROOT / "utils" / "dashboard" / "supervisor.py"


@dataclass(frozen=True)
class Run:
    """The latest run that a dashboard started into a store.

    Attributes:
        pid: the sweep's process; created: when it began, seconds since 1970.
        exit_code: how it ended, minus a signal's number; None while it runs, and where nobody knows.
        last_line: the last that it said on standard error, once it has ended.
        command: its command line.
    """

    pid: int
    created: float
    exit_code: int | None
    last_line: str
    command: tuple[str, ...]

    @property
    def placement(self) -> tuple[str, ...]:
        """Options that say where it ran."""
        return tuple(option for option in self.command if option.startswith(_PLACING))

    @property
    def alive(self) -> bool:
        """Whether its process still runs."""
        return self.exit_code is None and _process(self.pid, self.created) is not None


def latest_run(database: Path) -> Run | None:
    """What the supervisor wrote down; None where no dashboard ever started a sweep into `database`."""
    try:
        record: dict[str, Any] = json.loads(record_path(database).read_text(encoding="utf-8"))
        begun, command = (record["pid"], record["created"]), tuple(map(str, record["command"]))
        return Run(*begun, record.get("exit_code"), record.get("last_line", ""), command)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none, or none that a supervisor wrote


class Processes:
    """Starts and stops sweeps.

    Args:
        environment: of what it starts, on top of this process's own; None takes a variable out.
    """

    def __init__(self, environment: Mapping[str, str | None] | None = None) -> None:
        self._changes = environment or {}
        self._supervisors: list[subprocess.Popen[bytes]] = []
        self._stopping: dict[Path, int] = {}

    def start(self, database: Path, arguments: Sequence[str]) -> None:
        """Start `scripts/sweep.py` with `arguments`, which sweep into `database`; returns once it runs.

        Raises:
            UserError: one is running already, or it cannot be started.
        """
        self.reap()
        if self.running(database):
            raise UserError(f"{database}: a sweep into it is running already; stop it first")
        command = [sys.executable, str(_ROOT / "scripts" / "sweep.py"), *arguments]
        environment = {**os.environ, **{k: v for k, v in self._changes.items() if v is not None}}
        for name in (name for name, value in self._changes.items() if value is None):
            environment.pop(name, None)
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            record_path(database).unlink(missing_ok=True)
            supervisor = subprocess.Popen(
                [sys.executable, "-I", str(_SUPERVISOR), str(database), *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,  # a Ctrl-C in the dashboard's terminal is not meant for it
            )
        except OSError as error:
            raise UserError(f"{database}: the sweep cannot be started: {error.strerror or error}") from None
        self._supervisors.append(supervisor)
        self._stopping.pop(database, None)
        deadline = time.monotonic() + 10.0
        while latest_run(database) is None:
            if supervisor.poll() is not None or time.monotonic() > deadline:
                raise UserError(f"{database}: the sweep cannot be started; see {log_path(database)}")
            time.sleep(0.02)

    def stop(self, database: Path) -> None:
        """Interrupt the sweep into `database` as Ctrl-C does: what is done is kept, and it can be resumed.

        Raises:
            UserError: none is running here, or it is another user's.
        """
        pid, created = self._target(database)
        process = _process(pid, created)
        if process is None:
            raise UserError(f"{database}: no sweep into it is running; nothing to stop")
        try:
            process.send_signal(signal.SIGINT)  # psutil makes sure that it is still the same process
        except psutil.NoSuchProcess:
            raise UserError(f"{database}: no sweep into it is running; nothing to stop") from None
        except psutil.AccessDenied:
            raise UserError(f"{database}: process {pid} is another user's; stop it as that user") from None
        self._stopping[database] = pid

    def stopping(self, database: Path, pid: int) -> bool:
        """Whether the process was asked to stop."""
        return self._stopping.get(database) == pid

    def running(self, database: Path) -> bool:
        """Whether a sweep into `database` runs, or is about to."""
        holder = lock_holder(database)
        if holder is not None and holder.alive is not False:
            return True
        run = latest_run(database)
        return run is not None and run.alive

    def reap(self) -> None:
        """Let go of supervisors that have ended."""
        self._supervisors = [process for process in self._supervisors if process.poll() is None]

    def _target(self, database: Path) -> tuple[int, float | None]:
        """The process to interrupt: who holds the lock, or who is about to take it."""
        holder = lock_holder(database)
        if holder is not None and holder.alive is None:
            raise UserError(
                f"{database}: process {holder.pid} on {holder.host} sweeps into it; stop it there"
            )
        if holder is not None and holder.alive:
            return holder.pid, None
        run = latest_run(database)
        if run is None or not run.alive:
            raise UserError(f"{database}: no sweep into it is running; nothing to stop")
        return run.pid, run.created


def _process(pid: int, created: float | None) -> psutil.Process | None:
    """The process of this number, if it runs and began at `created` (None: whenever)."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process if created is None or abs(process.create_time() - created) < 2.0 else None
    except psutil.NoSuchProcess:
        return None
