"""Keeps a program running on a host: whenever it ends, it is started again.

    supervisor.py run FOLDER      in FOLDER/service: service.json says what; state.json what became of it
    supervisor.py start FOLDER    the same in the background
    supervisor.py stop FOLDER     end it, and all that it started

Whoever holds the lock of FOLDER/service/lock is the supervisor; there is never a second one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

FIRST_DELAY_S = 1.0
LAST_DELAY_S = 15.0
STEADY_S = 60.0
"""A program that ran so long has started well: the next delay is the first one again."""

STOP_S = 15.0
MARK = "LEAN_CLUSTER_SERVICE"
"""Environment variable of all that the supervisor starts, by which what is left of it is found."""

LOG_BYTES = 5_000_000


class Supervisor:
    """Runs the program of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._service = folder / "service"
        self._stopping = False
        self._process: subprocess.Popen[bytes] | None = None
        self._restarts = 0

    def run(self) -> int:
        """Until SIGTERM or SIGINT."""
        self._service.mkdir(parents=True, exist_ok=True)
        with (self._service / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return 0
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
            try:
                self._keep_running()
            finally:
                end_all(self._folder)
                (self._service / "state.json").unlink(missing_ok=True)
        return 0

    def _stop(self, *_: object) -> None:
        self._stopping = True
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.terminate()

    def _keep_running(self) -> None:
        delay = FIRST_DELAY_S
        while not self._stopping:
            end_all(self._folder)  # what a killed program, or a killed supervisor, left behind
            began = time.monotonic()
            code = self._run_once()
            self._restarts += 1
            delay = FIRST_DELAY_S if time.monotonic() - began >= STEADY_S else delay
            self._note(None, f"ended with code {code}; again in {delay:.0f} s")
            self._sleep(delay)
            delay = min(2 * delay, LAST_DELAY_S)

    def _run_once(self) -> int:
        terms = json.loads((self._service / "service.json").read_text())
        environment = os.environ | terms["environment"] | {MARK: str(self._folder)}
        with self._log() as log:
            self._process = subprocess.Popen(
                terms["command"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                cwd=self._folder, start_new_session=True,
            )  # fmt: skip
        self._note(self._process.pid, "running")
        after = None
        if terms.get("afterwards"):
            after = subprocess.Popen(
                terms["afterwards"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env=environment, cwd=self._folder, start_new_session=True,
            )  # fmt: skip
        try:
            return self._wait()
        finally:
            if after is not None:
                after.kill()
                after.wait()

    def _wait(self) -> int:
        assert self._process is not None
        deadline = None
        while (code := self._process.poll()) is None:
            if self._stopping and deadline is None:
                deadline = time.monotonic() + STOP_S
                self._process.terminate()
            if deadline is not None and time.monotonic() > deadline:
                self._process.kill()
            time.sleep(0.2)
        return code

    def _sleep(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self._stopping:
            time.sleep(0.1)

    def _note(self, pid: int | None, state: str) -> None:
        """Write the state; a full disk must not end the supervisor."""
        now = time.time()
        content = {
            "supervisor": os.getpid(),
            "pid": pid,
            "state": state,
            "since": now,
            "restarts": self._restarts,
        }
        beside = self._service / ".state.json"
        with contextlib.suppress(OSError):
            beside.write_text(json.dumps(content))
            beside.replace(self._service / "state.json")

    def _log(self) -> IO[bytes]:
        path = self._service / "log"
        with contextlib.suppress(OSError):
            if path.exists() and path.stat().st_size > LOG_BYTES:
                path.replace(path.with_name("log.1"))
        return path.open("ab")


def end_all(folder: Path) -> None:
    """Kill everything that bears the mark of this folder: programs that left their session included."""
    wanted = f"{MARK}={folder}".encode()
    for _ in range(20):
        found = [pid for pid in _pids() if pid != os.getpid() and wanted in _variables(pid)]
        if not found:
            return
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


def _pids() -> list[int]:
    return (
        [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        if Path("/proc").is_dir()
        else []
    )


def _variables(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def start(folder: Path) -> None:
    """Begin in the background, if it does not run."""
    if running(folder) is None:
        subprocess.Popen(
            [sys.executable, "-I", __file__, "run", str(folder)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True,
        )  # fmt: skip


def stop(folder: Path) -> None:
    """End it, and wait until it is gone."""
    supervisor = running(folder)
    if supervisor is not None:
        with contextlib.suppress(OSError):
            os.kill(supervisor, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S + 15
    while running(folder) is not None:
        if time.monotonic() > deadline:
            raise SystemExit(f"{folder}: its supervisor does not end; kill process {supervisor}")
        time.sleep(0.1)
    end_all(folder)


def running(folder: Path) -> int | None:
    """Process id of the supervisor (0 when it is only just starting), None when there is none."""
    path = folder / "service" / "lock"
    if not path.exists():
        return None
    with path.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return int(_noted(folder).get("supervisor", 0))
    return None


def _noted(folder: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((folder / "service" / "state.json").read_text())
    except (OSError, ValueError):
        return {}
    return content


def main(words: list[str]) -> int:
    """`run`, `start` or `stop` FOLDER."""
    verb, folder = words[0], Path(words[1]).absolute()
    if verb == "run":
        return Supervisor(folder).run()
    {"start": start, "stop": stop}[verb](folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
