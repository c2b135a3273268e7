"""How fast a disk takes and gives back bytes: bounded in size and time, and nothing is left behind."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Final

BLOCK: Final = 4 * 2**20
MOST_BYTES: Final = 256 * 2**20
MOST_SECONDS: Final = 2.0
FREE_BYTES: Final = 4 * MOST_BYTES
"""That must be free for a measurement: it shall fill nobody's disk."""


def disk_speed(folder: Path) -> tuple[float, float] | None:
    """MB/s (of 1,000,000 bytes) written through to the disk and read back; None without room or permission.

    The blocks are random, for compressing file systems, and the file has no name where the system allows it,
    so that it is gone even after a crash.
    """
    try:
        state = os.statvfs(folder)
        if state.f_bavail * state.f_frsize < FREE_BYTES:
            return None
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            return _measured(file.fileno())
    except OSError:
        return None


def _measured(descriptor: int) -> tuple[float, float]:
    block = os.urandom(BLOCK)
    written, began = 0, time.perf_counter()
    while written < MOST_BYTES and time.perf_counter() - began < MOST_SECONDS:
        written += os.write(descriptor, block)
        os.fsync(descriptor)
    write_s = time.perf_counter() - began
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)  # else memory is read, not the disk
    os.lseek(descriptor, 0, os.SEEK_SET)
    read, began = 0, time.perf_counter()
    while time.perf_counter() - began < MOST_SECONDS and (part := len(os.read(descriptor, BLOCK))):
        read += part
    read_s = time.perf_counter() - began
    return written / write_s / 1e6, read / read_s / 1e6
