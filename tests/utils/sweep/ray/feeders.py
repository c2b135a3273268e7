"""Which feeders there are."""

from __future__ import annotations

import contextlib

import psutil


def feeders_of(pid: int) -> list[psutil.Process]:
    """The feeders that a coordinator has started and that are alive."""
    found = []
    for child in psutil.Process(pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if any("feeder" in word for word in child.cmdline()):
                found.append(child)
    return found
