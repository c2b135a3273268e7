"""A PostgreSQL server of a test's own: Debian's programs, a temporary folder, a socket instead of a port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import URL

OWNER = "postgres"


def programs() -> Path | None:
    """Folder of the newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


class Server:
    """A server that is running, or has been stopped."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs = folder, programs

    def url(self, user: str = OWNER) -> URL:
        """Where its database is."""
        return URL.create("postgresql", user, database="postgres", query={"host": str(self._folder)})

    def start(self) -> None:
        """Begin to answer."""
        options = f"-k {self._folder} -c listen_addresses='' -c fsync=off -c max_connections=12"
        self._run(
            "pg_ctl", "-D", f"{self._folder}/data", "-o", options, "-w", "-l", f"{self._folder}/log", "start"
        )

    def stop(self) -> None:
        """Stop at once, as in a crash."""
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", "immediate", "stop")

    def runs(self) -> bool:
        """Whether it has been started and neither stopped nor killed."""
        return (self._folder / "data/postmaster.pid").exists() and psutil.pid_exists(self._pid())

    def _pid(self) -> int:
        return int((self._folder / "data/postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """As when the machine loses power: no process of the server says good-bye."""
        postmaster = psutil.Process(self._pid())
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=30)

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A session of the server's owner, each statement a transaction."""
        url = self.url().render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, connect_timeout=10)

    def make(self, *terms: str) -> None:
        """Make the database's files."""
        self._run("initdb", "-D", f"{self._folder}/data", "-U", OWNER, "--no-sync", *terms)

    def _run(self, program: str, *arguments: str) -> None:
        # The server refuses to run as root.
        user = OWNER if os.geteuid() == 0 else None
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=60, user=user, cwd=self._folder)


@contextmanager
def running(programs: Path, *terms: str) -> Iterator[Server]:
    """A server that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        server = Server(folder, programs)
        server.make(*terms or ("-A", "trust"))
        server.start()
        try:
            yield server
        finally:
            if server.runs():
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
