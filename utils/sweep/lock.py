"""One coordinator a store: two sweeps into the same database would do the work twice."""

from __future__ import annotations

import fcntl
import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from utils.errors import UserError

_SIGNATURE = re.compile(r"process (\d+) on (\S+)\s*")
_CLOCK_SLACK = 2.0  # seconds: a process's start is known to a tick, and counted from a boot time that moves


@dataclass(frozen=True)
class Holder:
    """Who signed the lock of a store.

    Attributes:
        pid, host: the process.
        alive: whether it still runs; None on another host, where it cannot be known. A process that ended by
            itself has removed the lock: one that is dead and signed it was killed.
        since: when it took the lock, seconds since 1970.
    """

    pid: int
    host: str
    alive: bool | None
    since: float


def lock_path(database: Path) -> Path:
    """The file beside a store that its writer locks."""
    return database.with_name(f"{database.name}.lock")


def lock_holder(database: Path) -> Holder | None:
    """Who sweeps into a store, or did so until it was killed; None when nobody does.

    It only reads what the holder wrote: to try the lock would turn away a sweep that begins at that moment.
    """
    path = lock_path(database)
    try:
        text, since = path.read_text(errors="replace"), path.stat().st_mtime
    except OSError:
        return None
    signed = _SIGNATURE.fullmatch(text)
    if signed is None:
        return None  # about to be signed
    pid, host = int(signed[1]), signed[2]
    alive = _signed_by(pid, since) if host == socket.gethostname() else None
    return Holder(pid, host, alive, since)


def _signed_by(pid: int, signed_at: float) -> bool:
    """Whether the process runs that had this number at that time, not a later one with the same number."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= signed_at + _CLOCK_SLACK
    except psutil.NoSuchProcess:
        return False


class CoordinatorLock:
    """Held by the process that writes a store; the system frees it when the process ends, however it ends.

    The lock is on a file of its own beside the database: SQLite's own locks come and go with transactions.

    Args:
        database: the store; the lock is `<database>.lock`.
    Raises:
        UserError: another process holds it (the message says which), or the folder cannot be written.
    """

    def __init__(self, database: Path) -> None:
        self._path = lock_path(database)
        try:
            self._descriptor = self._acquire(database)
        except OSError as error:
            raise UserError(
                f"{database}: its folder cannot be written: {error.strerror}; choose another --db"
            ) from error

    def release(self) -> None:
        """Let another process have it."""
        self._path.unlink(missing_ok=True)  # while still held: whoever comes next makes a new file
        os.close(self._descriptor)

    def __enter__(self) -> CoordinatorLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _acquire(self, database: Path) -> int:
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.read(descriptor, 200).decode(errors="replace").strip() or "another process"
                os.close(descriptor)
                raise UserError(f"{database}: {holder} is sweeping into it; wait for it or stop it") from None
            if self._is_current(descriptor):
                self._sign(descriptor)
                return descriptor
            os.close(descriptor)  # its holder removed the file between our open and lock

    def _sign(self, descriptor: int) -> None:
        """Say in the file who holds it."""
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        except OSError:
            self._path.unlink(missing_ok=True)
            os.close(descriptor)
            raise

    def _is_current(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False
