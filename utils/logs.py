"""Log files that stay small: lines for `tail -f` and `grep`, with a few older files beside them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from trading.clock import Clock, in_utc
from trading.monitoring.metrics import LOG_PREFIX
from utils.errors import UserError

MAX_BYTES: Final = 10_000_000
KEPT: Final = 5

METRICS_FILE: Final = "resource_metrics.json"
BOT_FILE: Final = "trading_bot.log"


class RotatedLog:
    """Appends lines; a full file's content moves to ``NAME.1``, that of it to ``NAME.2``, and so on.

    The file itself stays where it is and is emptied, so that `tail -f` goes on. Each line is written at once
    and whole. A line that a crash cut short is ended before the next.

    >>> alerts = RotatedLog(Path("logs/trading_bot.log"), clock=lambda: algorithm.utc_time)
    >>> monitor = create_resource_monitor(log=alerts, metrics_sink=RotatedLog(Path("logs/metrics.json")))
    """

    def __init__(
        self, path: Path, *, clock: Clock | None = None, max_bytes: int = MAX_BYTES, kept: int = KEPT
    ) -> None:
        """Open the file, and make its folder.

        Args:
            path: the file.
            clock: puts its time, in UTC, in front of each line; None: lines as they come.
            max_bytes: of one file, but for a longer line.
            kept: how many older files there are at most.

        Raises:
            UserError: the folder or the file cannot be written.
        """
        self._path = path
        self._clock = clock
        self._max_bytes = max_bytes
        self._kept = kept
        self._descriptor = -1
        self._open()

    def __call__(self, line: str) -> None:
        """Write a line; breaks within it become spaces.

        Raises:
            UserError: the file cannot be written.
        """
        text = " ".join(line.splitlines())
        if self._clock is not None:
            text = f"{in_utc(self._clock()).isoformat(timespec='milliseconds')} {text}"
        data = f"{text}\n".encode()
        try:
            status = os.fstat(self._descriptor)
            if status.st_nlink == 0:  # somebody has removed or replaced it
                os.close(self._descriptor)
                self._open()
            elif status.st_size and status.st_size + len(data) > self._max_bytes:
                self._rotate()
            os.write(self._descriptor, data)
        except OSError as error:
            raise self._failed(error) from None

    def close(self) -> None:
        """Close the file; once is enough, twice does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
            size = os.fstat(self._descriptor).st_size
            if size and os.pread(self._descriptor, 1, size - 1) != b"\n":
                os.write(self._descriptor, b"\n")
        except OSError as error:
            raise self._failed(error) from None

    def _rotate(self) -> None:
        """Copy, then empty: a crash between the two leaves lines twice, never none."""
        for number in range(self._kept - 1, 0, -1):
            older = self._older(number)
            if older.exists():
                older.replace(self._older(number + 1))
        if self._kept:
            copy = self._path.with_name(f".{self._path.name}.copy")
            copy.write_bytes(self._path.read_bytes())
            copy.replace(self._older(1))
        os.ftruncate(self._descriptor, 0)

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _failed(self, error: OSError) -> UserError:
        reason = error.strerror or error
        return UserError(f"{self._path}: cannot be written: {reason}; free space or choose another path")


def bot_logs(folder: Path) -> Callable[[str], None]:
    """Takes the lines that an algorithm logs, and keeps them in two files of `folder`.

    Metrics, which an algorithm logs behind `LOG_PREFIX`, go to resource_metrics.json as lines of JSON, all
    else to trading_bot.log as it comes.

    Raises:
        UserError: the folder or its files cannot be written, then or later.
    """
    metrics, rest = RotatedLog(folder / METRICS_FILE), RotatedLog(folder / BOT_FILE)

    def sort(line: str) -> None:
        _, found, record = line.partition(f"{LOG_PREFIX}{{")
        if found:
            metrics(f"{{{record}")
        else:
            rest(line)

    return sort
