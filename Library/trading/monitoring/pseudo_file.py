"""A file of /proc or /sys that is read again and again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_ENOUGH: Final = 8_192


class PseudoFile:
    """Keeps the file open: reading from the start again gives the kernel's present figures.

    Raises `OSError` when the file is not there, or no longer.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)

    def read(self, size: int = _ENOUGH) -> bytes:
        """Its content, at most `size` bytes of it."""
        return os.pread(self._descriptor, size, 0)

    def number(self) -> int | None:
        """The number it holds; None for a word such as ``max``, or for nothing."""
        text = self.read().split(None, 1)
        return _integer(text[0]) if text else None

    def field(self, name: bytes, size: int = _ENOUGH) -> int | None:
        """The number after `name` at the start of a line, None if no line has it."""
        text = b"\n" + self.read(size)
        start = text.find(b"\n" + name + b" ")
        return None if start < 0 else _integer(text[start + len(name) + 1 :].split(None, 1)[0])

    def close(self) -> None:
        """Close the file; once is enough, twice does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def opened(path: Path) -> PseudoFile | None:
    """The file, or None when it cannot be opened."""
    try:
        return PseudoFile(path)
    except OSError:
        return None


def _integer(word: bytes) -> int | None:
    try:
        return int(word)
    except ValueError:
        return None
