"""What the resource monitor measures: this machine, or figures stated for a backtest or a drill."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from trading.monitoring.cpu_use import CpuGauge
from trading.monitoring.memory_use import MemoryGauge
from trading.monitoring.pseudo_file import PseudoFile

ROOT: Final = Path("/")


class Usage(NamedTuple):
    """One reading.

    Attributes:
        memory_used: bytes that count against the limit.
        memory_limit: bytes there may be.
        memory_source: whose they are: ``cgroup v1``, ``cgroup v2``, ``host``, or ``stated``.
        process_memory: bytes of this process that are resident.
        cpu_pct: percent of the allowed processors, NaN before it is known.
        cpu_cores: how many processors are allowed.
        load: processes that ran or waited to run, on average of the last minute.
    """

    memory_used: int
    memory_limit: int
    memory_source: str
    process_memory: int
    cpu_pct: float
    cpu_cores: float
    load: float

    @property
    def memory_pct(self) -> float:
        """Percent of the limit that is in use."""
        return 100 * self.memory_used / self.memory_limit


class Probe(Protocol):
    """Where readings come from."""

    def read(self) -> Usage:
        """The present figures.

        Raises:
            OSError: they cannot be had.
        """

    def close(self) -> None:
        """Let go of what it holds."""


SLOW_SECONDS: Final = 1.0
"""How long the last figures but the memory's use stand: the kernel itself is no faster with the load."""


class MachineProbe:
    """Reads /proc and /sys, whose files stay open."""

    def __init__(
        self, root: Path = ROOT, stopwatch: Callable[[], float] = time.monotonic, affinity: int | None = None
    ) -> None:
        """`root` has /proc and /sys, `stopwatch` counts seconds, `affinity` stands in for the system's."""
        self._memory = MemoryGauge(root)
        self._cpu = CpuGauge(root, stopwatch, affinity)
        self._process = PseudoFile(root / "proc/self/statm")
        self._load = PseudoFile(root / "proc/loadavg")
        self._page = os.sysconf("SC_PAGE_SIZE")
        self._stopwatch = stopwatch
        self._read_slow(stopwatch())

    def read(self) -> Usage:
        """The machine's present figures, of the container where it is limited."""
        now = self._stopwatch()
        if now - self._slowly_read >= SLOW_SECONDS:
            self._memory.read_limits()
            self._cpu.read()
            self._read_slow(now)
        used, limit, source = self._memory.read()
        cpu = self._cpu.last
        return Usage(used, limit, source, self._resident, cpu.pct, cpu.cores, self._load_average)

    def _read_slow(self, now: float) -> None:
        self._slowly_read = now
        self._resident = int(self._process.read().split()[1]) * self._page
        self._load_average = float(self._load.read().split(None, 1)[0])

    def close(self) -> None:
        """Close the files."""
        for part in (self._memory, self._cpu, self._process, self._load):
            part.close()


class PsutilProbe:
    """Where there is no /proc: the host's figures by way of psutil."""

    def __init__(self, psutil: Any) -> None:
        self._psutil = psutil
        self._process = psutil.Process()
        psutil.cpu_percent(None)  # begins the first window

    def read(self) -> Usage:
        """The host's present figures."""
        memory = self._psutil.virtual_memory()
        return Usage(
            memory.total - memory.available,
            memory.total,
            "host",
            self._process.memory_info().rss,
            self._psutil.cpu_percent(None),
            float(self._psutil.cpu_count() or 1),
            self._psutil.getloadavg()[0],
        )

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class StatedProbe:
    """Figures that somebody states, and may change between two readings.

    A backtest needs them to come out the same each time, whatever else its machine does; a drill, to see
    what happens at 91 percent of the memory.

    >>> StatedProbe(memory_pct=91).read().memory_pct
    91.0
    """

    memory_pct: float = 25
    cpu_pct: float = 10
    memory_limit: int = 4_000_000_000
    process_memory: int = 1_000_000_000
    cpu_cores: float = 2
    load: float = 0

    def read(self) -> Usage:
        """The stated figures."""
        return Usage(
            round(self.memory_limit * self.memory_pct / 100),
            self.memory_limit,
            "stated",
            self.process_memory,
            self.cpu_pct,
            self.cpu_cores,
            self.load,
        )

    def close(self) -> None:
        """Nothing is held."""


UNKNOWN: Final = Usage(0, 1, "unknown", 0, math.nan, 1, math.nan)
"""Before anything could be read."""


def machine_probe() -> Probe:
    """This machine's probe.

    Raises:
        ValueError: there is neither /proc nor psutil.
    """
    try:
        return MachineProbe()
    except OSError as without_proc:
        try:
            import psutil  # noqa: PLC0415 - LEAN's image may lack it, and needs it only without /proc
        except ImportError:
            raise ValueError(f"resource monitor: {without_proc}; install psutil") from None
        return PsutilProbe(psutil)
