"""Runs algorithms of LEAN's, each in a process of its own, several at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from utils.engine.conformance.checkout import Checkout
from utils.engine.conformance.verdict import Status, Verdict, compare, without_data

CHILD = "utils.engine.process"
TAIL = 300  # characters of a crash's last words


class Suite:
    """Algorithms of a checkout over a data folder.

    Args:
        time_limit: seconds for one algorithm; its whole process group is killed then.
        jobs: how many at a time.
    """

    def __init__(self, checkout: Checkout, data: Path, time_limit: float = 300.0, jobs: int = 2) -> None:
        self._checkout, self._data = checkout, data.resolve()
        self._time_limit, self._jobs = time_limit, jobs
        self._parameters = checkout.parameters()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = Lock()
        self._stopped = False

    def run(self, names: Sequence[str], expected: Mapping[str, Mapping[str, str]]) -> Iterator[Verdict]:
        """Verdicts in the order of the names, each as soon as it and those before it are done."""
        pool = ThreadPoolExecutor(self._jobs)
        try:
            yield from pool.map(lambda name: self._one(name, expected[name]), names)
        finally:
            self._stop()
            pool.shutdown(cancel_futures=True)

    def _one(self, name: str, expected: Mapping[str, str]) -> Verdict:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as folder:
            asked, answered = Path(folder) / "job.json", Path(folder) / "answer.json"
            algorithm = self._checkout.algorithm(name).resolve()
            job = {
                "algorithm": str(algorithm),
                "python_paths": [str(algorithm.parent)],
                "data": str(self._data),
                "parameters": self._parameters,
            }
            asked.write_text(json.dumps(job), encoding="utf-8")
            command = [sys.executable, "-m", CHILD, str(asked), str(answered)]
            crash = self._finish(command, Path(folder))
            seconds = time.monotonic() - started
            if not answered.is_file():
                return Verdict(name, Status.CRASHED, (crash or "ended without an answer",), seconds)
            answer = json.loads(answered.read_text(encoding="utf-8"))
        if answer["error"] is not None:
            refused = answer["error_type"] == "NotSupportedByEngine"
            status = Status.REFUSED if refused else Status.CRASHED
            found = Verdict(name, status, (answer["error"],), seconds)
        else:
            found = compare(name, expected, answer["statistics"], seconds)
        return without_data(found, answer["absent_data"])

    def _finish(self, command: list[str], folder: Path) -> str | None:
        """Wait for a process; why it failed, or None."""
        with tempfile.TemporaryFile() as said:
            with self._lock:
                if self._stopped:
                    return "interrupted"
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    cwd=folder,
                    env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
                    start_new_session=True,
                )
                self._running.add(process)
            try:
                code = process.wait(self._time_limit)
            except subprocess.TimeoutExpired:
                return f"took longer than {self._time_limit:g} s"
            finally:
                _kill_group(process)  # at the limit, or what the algorithm left behind
                process.wait()
                with self._lock:
                    self._running.discard(process)
            said.seek(0)
            words = " ".join(said.read().decode(errors="replace").split())
        return f"exit code {code}: {words[-TAIL:]}" if code else None

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            for process in self._running:
                _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    except PermissionError:  # macOS says so of a group whose processes have all ended
        return
