"""A PostgreSQL server of a test's own: Debian's programs, a temporary folder, a socket instead of a port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
            if (folder / "data/postmaster.pid").exists():
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
