"""How much memory is in use, and of how much: the container's where it is limited, else the host's.

In use counts what cannot be reclaimed at once: a group's memory without its inactive file cache, as
container runtimes and Kubernetes count it; a host's total less what the kernel calls available.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from trading.monitoring.control_groups import ControlGroup, groups_of
from trading.monitoring.pseudo_file import PseudoFile, opened

_KIB: Final = 1_024
_FIRST_LINES: Final = 128
"""Bytes of /proc/meminfo that have its total and what is available."""


class MemoryUse(NamedTuple):
    """Bytes in use, bytes there may be, and whose: ``cgroup v1``, ``cgroup v2`` or ``host``."""

    used: int
    limit: int
    source: str


class _Group:
    """The memory of one control group; its limit may change while it runs."""

    def __init__(self, group: ControlGroup, limit: PseudoFile) -> None:
        names = ("memory.usage_in_bytes", b"total_inactive_file")
        if group.version == 2:
            names = ("memory.current", b"inactive_file")
        self._usage = PseudoFile(group.folder / names[0])
        self._details = opened(group.folder / "memory.stat")
        self._reclaimable = names[1]
        self._limit = limit
        self.source = f"cgroup v{group.version}"

    def limit(self) -> int | None:
        return self._limit.number()

    def used(self) -> int:
        reclaimable = self._details.field(self._reclaimable) if self._details else None
        return max(0, (self._usage.number() or 0) - (reclaimable or 0))

    def close(self) -> None:
        for file in (self._usage, self._details, self._limit):
            if file is not None:
                file.close()


class MemoryGauge:
    """Reads memory use over and over.

    The group with the least limit counts, be it this process's own or one around it: it is the one that
    runs out. Limits that are not below the host's memory are none.
    """

    def __init__(self, root: Path) -> None:
        self._host = PseudoFile(root / "proc/meminfo")
        self._host_total = (self._host.field(b"MemTotal:") or 0) * _KIB
        self._groups: list[_Group] = []
        self._tightest: _Group | None = None
        for group in groups_of("memory", root):
            name = "memory.max" if group.version == 2 else "memory.limit_in_bytes"
            limit = opened(group.folder / name)  # the root of a hierarchy has none
            if limit is not None:
                self._groups.append(_Group(group, limit))
        self.read_limits()

    def read_limits(self) -> None:
        """Find out which limit counts."""
        self._least, self._tightest = self._host_total, None
        for group in self._groups:
            limit = group.limit()
            if limit is not None and 0 < limit < self._least:
                self._least, self._tightest = limit, group

    def read(self) -> MemoryUse:
        """The present use, against the limit that counted when limits were last read."""
        if self._tightest is not None:
            return MemoryUse(self._tightest.used(), self._least, self._tightest.source)
        available = (self._host.field(b"MemAvailable:", _FIRST_LINES) or 0) * _KIB
        return MemoryUse(self._host_total - available, self._host_total, "host")

    def close(self) -> None:
        """Close the files."""
        self._host.close()
        for group in self._groups:
            group.close()
