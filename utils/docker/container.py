"""One container: a process of its own that runs the embedded engine."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from utils.docker.create_request import CreateRequest
from utils.docker.errors import DockerError
from utils.docker.images import ENGINE
from utils.docker.logs import STDERR, STDOUT, Logs
from utils.docker.run_spec import RunSpec

ENTRY = Path(__file__).parent / "inside" / "entry.py"
_NEVER = "0001-01-01T00:00:00Z"


class Status(StrEnum):
    """Docker's names of what a container is doing."""

    CREATED = "created"
    RUNNING = "running"
    EXITED = "exited"


class Container:
    """A container from its creation on.

    Args:
        name: without slash.
        spec: what runs in it.
    """

    def __init__(self, name: str, request: CreateRequest, spec: RunSpec) -> None:
        self.id = secrets.token_hex(32)
        self.name = name
        self.request = request
        self.logs = Logs()
        self.exit_code = 0
        self.status = Status.CREATED
        self._spec = spec
        self._created = _now()
        self._started, self._finished = _NEVER, _NEVER
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> bool:
        """Start the process; False when it runs already.

        Raises:
            DockerError: it ran before.
        """
        with self._lock:
            if self.status is Status.RUNNING:
                return False
            if self.status is Status.EXITED:
                raise DockerError(409, f"{self.name}: ran already; create a new container")
            folder = tempfile.TemporaryDirectory(prefix="lean-container-")
            # Isolated and without site: neither the caller's variables nor .pth files reach the path.
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-u", str(ENTRY), *_package_folders()],
                cwd=folder.name,
                env=self._environment(folder.name),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._process, self._started, self.status = process, _now(), Status.RUNNING
        assert process.stdin is not None
        try:
            process.stdin.write(self._spec.to_json().encode())
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended; its output and exit code say why
        threading.Thread(target=self._follow, args=(process, folder), daemon=True, name=self.name).start()
        return True

    def send(self, number: signal.Signals) -> None:
        """Send a signal; SIGKILL reaches whatever the process started too.

        Raises:
            DockerError: it does not run.
        """
        process = self._process
        if self.status is not Status.RUNNING or process is None:
            raise DockerError(409, f"Container {self.id[:12]} is not running")
        try:
            if number is signal.SIGKILL:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        except ProcessLookupError:
            return  # it ended this moment

    def inspect(self) -> dict[str, Any]:
        """As `docker inspect` shows it."""
        return {
            "Id": self.id,
            "Name": f"/{self.name}",
            "Created": self._created,
            "Image": self.request.image,
            "Config": {
                "Image": self.request.image,
                "Tty": self.request.tty,
                "Labels": {},
                "Env": list(self.request.environment),
                "StopSignal": self.request.stop_signal,
            },
            "HostConfig": {
                "AutoRemove": self.request.host_config.auto_remove,
                "LogConfig": {"Type": "json-file"},
            },
            "NetworkSettings": {"Networks": {}, "Ports": {}},
            "Mounts": [],
            "State": {
                "Status": self.status.value,
                "Running": self.status is Status.RUNNING,
                "Paused": False,
                "Restarting": False,
                "OOMKilled": False,
                "Dead": False,
                "Pid": self._process.pid if self._process and self.status is Status.RUNNING else 0,
                "ExitCode": self.exit_code,
                "Error": "",
                "StartedAt": self._started,
                "FinishedAt": self._finished,
            },
        }

    def summary(self) -> dict[str, Any]:
        """As `docker ps` lists it."""
        return {
            "Id": self.id,
            "Names": [f"/{self.name}"],
            "Image": self.request.image,
            "ImageID": ENGINE,
            "Command": "dotnet QuantConnect.Lean.Launcher.dll",
            "Created": int(datetime.fromisoformat(self._created).timestamp()),
            "State": self.status.value,
            "Status": self.status.value,
            "Ports": [],
            "Labels": {},
            "NetworkSettings": {"Networks": {}},
            "Mounts": [],
        }

    def _environment(self, home: str) -> dict[str, str]:
        given = dict(entry.partition("=")[::2] for entry in self.request.environment if "=" in entry)
        return {"PATH": os.defpath, "HOME": home, "LANG": "C.UTF-8", "TZ": "UTC", **given}

    def _follow(self, process: subprocess.Popen[bytes], folder: tempfile.TemporaryDirectory[str]) -> None:
        """Take in what it prints until it has ended."""
        assert process.stdout is not None and process.stderr is not None
        errors = threading.Thread(target=self._read, args=(STDERR, process.stderr), daemon=True)
        errors.start()
        self._read(STDOUT, process.stdout)
        errors.join()
        code = process.wait()
        folder.cleanup()
        with self._lock:
            self.exit_code = 128 - code if code < 0 else code
            self._finished = _now()
            self.status = Status.EXITED

    def _read(self, stream: int, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self.logs.add(stream, line)


def _package_folders() -> list[str]:
    """Where this interpreter has its packages."""
    return [entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
