"""What a container printed, as Docker sends it."""

from __future__ import annotations

import struct
import threading
from dataclasses import dataclass

STDOUT, STDERR = 1, 2


@dataclass(frozen=True)
class LogLine:
    """One line, with its line end, of one of the two streams."""

    stream: int
    text: bytes

    def frame(self, tty: bool) -> bytes:
        """As bytes on the wire: bare for a terminal, else behind Docker's eight bytes of header."""
        if tty:
            return self.text.replace(b"\n", b"\r\n")
        return struct.pack(">BxxxL", self.stream, len(self.text)) + self.text


class Logs:
    """Lines in the order they came; written by threads, read by any number of followers."""

    def __init__(self) -> None:
        self._lines: list[LogLine] = []
        self._lock = threading.Lock()

    def add(self, stream: int, text: bytes) -> None:
        """Note a line."""
        with self._lock:
            self._lines.append(LogLine(stream, text))

    def read(self, position: int) -> tuple[list[LogLine], int]:
        """Lines from a position on, and the position after them."""
        with self._lock:
            return self._lines[position:], len(self._lines)

    def tail(self, count: int | None) -> int:
        """Position of the last lines; None means all."""
        with self._lock:
            return 0 if count is None else max(0, len(self._lines) - count)
