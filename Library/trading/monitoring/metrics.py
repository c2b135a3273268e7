"""One line of the resource monitor's record."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final, NamedTuple, get_type_hints

from trading.monitoring.levels import Level

LOG_PREFIX: Final = "resource_metrics: "
"""Begins a line of metrics where they share a log with other lines."""

_BYTES_PER_MB: Final = 1e6


class ResourceMetrics(NamedTuple):
    """What was in use at a moment. MB are a million bytes; what was not measured is NaN, in JSON null.

    Attributes:
        time: when, in UTC.
        level: the worst level of all resources.
        memory_source: whose memory it is: ``cgroup v1``, ``cgroup v2``, ``host``, or ``stated``.
        memory_pct: memory in use, percent of its limit.
        memory_used_mb: memory in use.
        memory_limit_mb: its limit.
        process_mb: resident memory of this process.
        cpu_pct: processors in use, percent of those allowed.
        cpu_cores: processors allowed.
        load: the machine's load average of a minute.
        broker_latency_ms: the latest latency told of.
        latency_p50_ms, latency_p95_ms, latency_p99_ms: percentiles of the latest thousand.
        active_securities, active_contracts, active_positions: as told.
        gc_collections: garbage collections since the monitor began.
        gc_pause_ms, gc_longest_pause_ms: how long they took, in all and at most.
    """

    time: datetime
    level: Level
    memory_source: str
    memory_pct: float
    memory_used_mb: float
    memory_limit_mb: float
    process_mb: float
    cpu_pct: float
    cpu_cores: float
    load: float
    broker_latency_ms: float
    latency_p50_ms: float
    latency_p95_ms: float
    latency_p99_ms: float
    active_securities: int
    active_contracts: int
    active_positions: int
    gc_collections: int
    gc_pause_ms: float
    gc_longest_pause_ms: float

    def to_json(self) -> str:
        """One line of JSON."""
        figures = _FIGURES % self[_FIRST_FIGURE:]
        if "nan" in figures or "inf" in figures:
            for unmeasured in ("nan", "-inf", "inf"):
                figures = figures.replace(f": {unmeasured}", ": null")
        time = self.time.isoformat(timespec="milliseconds")
        level = _LEVELS[self.level]
        source = _SOURCES.get(self.memory_source) or json.dumps(self.memory_source)
        return f'{{"time": "{time}", "level": "{level}", "memory_source": {source}, {figures}}}'


_LEVELS: Final = {level: level.name.lower() for level in Level}
_SOURCES: Final = {source: json.dumps(source) for source in ("cgroup v1", "cgroup v2", "host", "stated")}

# A template, since json.dumps of a dictionary takes as long as all the measuring.
_FIRST_FIGURE: Final = ResourceMetrics._fields.index("memory_pct")
_FIGURES: Final = ", ".join(
    f'"{name}": {"%d" if kind is int else "%.3f"}'
    for name, kind in list(get_type_hints(ResourceMetrics).items())[_FIRST_FIGURE:]
)


def megabytes(size: int) -> float:
    """Bytes as MB."""
    return size / _BYTES_PER_MB
