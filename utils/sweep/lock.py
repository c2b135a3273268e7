"""One coordinator a store: two sweeps into the same database would do the work twice."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from types import TracebackType

from utils.errors import UserError


class CoordinatorLock:
    """Held by the process that writes a store; the system frees it when the process ends, however it ends.

    The lock is on a file of its own beside the database: SQLite's own locks come and go with transactions.

    Args:
        database: the store; the lock is `<database>.lock`.
    Raises:
        UserError: another process holds it (the message says which), or the folder cannot be written.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.lock")
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
