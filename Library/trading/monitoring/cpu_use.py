"""How much of the processors that this process may use is in use.

Where a control group's quota or the process's affinity allows less than the machine has, it is the group's
time over what is allowed; else the busy share of the machine. Time that a hypervisor took away counts as
busy: it could not be used.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from trading.monitoring.control_groups import ControlGroup, groups_of
from trading.monitoring.pseudo_file import PseudoFile, opened

_FIRST_LINE: Final = 256


class CpuUse(NamedTuple):
    """Percent of the allowed processors, NaN before the second reading, and how many there are."""

    pct: float
    cores: float


class _Group:
    """The processor time of one control group."""

    def __init__(self, group: ControlGroup, usage: PseudoFile, quota: ControlGroup) -> None:
        self._version = group.version
        self._usage = usage
        names = ("cpu.max",) if quota.version == 2 else ("cpu.cfs_quota_us", "cpu.cfs_period_us")
        self._quota = [opened(quota.folder / name) for name in names]

    def cores(self) -> float:
        """Processors that the quota allows, infinity without one."""
        words = [file.read().split() for file in self._quota if file is not None]
        figures = [int(word) for part in words for word in part if word.lstrip(b"-").isdigit()]
        return figures[0] / figures[1] if len(figures) == 2 and min(figures) > 0 else math.inf

    def seconds(self) -> float:
        """Processor seconds used so far."""
        if self._version == 1:
            return (self._usage.number() or 0) / 1e9
        return (self._usage.field(b"usage_usec") or 0) / 1e6

    def close(self) -> None:
        for file in (self._usage, *self._quota):
            if file is not None:
                file.close()


class CpuGauge:
    """Reads processor use between one reading and the next, in seconds of `stopwatch`.

    `affinity` is how many processors the process may run on, None to ask the system.
    """

    def __init__(self, root: Path, stopwatch: Callable[[], float], affinity: int | None = None) -> None:
        self._stopwatch = stopwatch
        self._affinity = affinity
        self._machine = PseudoFile(root / "proc/stat")
        lines = (root / "proc/stat").read_bytes().splitlines()
        self._machine_cores = sum(line.startswith(b"cpu") for line in lines) - 1
        self._groups = _groups(root)
        self._measured = self._counters()
        self._use = CpuUse(math.nan, self._measured[2])

    @property
    def last(self) -> CpuUse:
        """What was read last."""
        return self._use

    def read(self) -> CpuUse:
        """The use since the last reading, which should be a second ago: the kernel counts in 10 ms."""
        earlier, self._measured = self._measured, self._counters()
        busy, total = (self._measured[i] - earlier[i] for i in (0, 1))
        cores = self._measured[2]
        if earlier[2] == cores and total > 0:  # else the limit has changed: the next window is the first
            self._use = CpuUse(min(100.0, max(0.0, 100 * busy / total)), cores)
        return self._use

    def close(self) -> None:
        """Close the files."""
        self._machine.close()
        for group in self._groups:
            group.close()

    def _counters(self) -> tuple[float, float, float]:
        """Time in use and time there was, in the same unit; processors allowed."""
        affinity = self._affinity or _affinity() or self._machine_cores
        cores = float(min(affinity, self._machine_cores))
        tightest: _Group | None = None
        for group in self._groups:
            allowed = group.cores()
            if allowed < cores:
                cores, tightest = allowed, group
        if cores == self._machine_cores:
            jiffies = [int(word) for word in self._machine.read(_FIRST_LINE).split(b"\n", 1)[0].split()[1:9]]
            total = float(sum(jiffies))
            return total - sum(jiffies[3:5]), total, cores  # idle, and waiting for disks
        counting = tightest or next(iter(self._groups), None)
        used = counting.seconds() if counting is not None else time.process_time()
        return used, self._stopwatch() * cores, cores


def _groups(root: Path) -> list[_Group]:
    """Groups that count processor time, the innermost first."""
    found = []
    usages, quotas = groups_of("cpuacct", root), groups_of("cpu", root)
    for usage, quota in zip(usages or quotas, quotas, strict=False):
        name = "cpu.stat" if usage.version == 2 else "cpuacct.usage"
        file = opened(usage.folder / name)
        if file is not None:
            found.append(_Group(usage, file, quota))
    return found


def _affinity() -> int | None:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
