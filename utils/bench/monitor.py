"""The resource monitor's figures: how long an update takes, against psutil, and whether memory grows.

What is measured is the monitor with a circuit breaker and a line of metrics for each update, which nothing
takes: how long a disk takes is not its affair.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psutil

from trading.monitoring.monitor import ResourceMonitor, create_resource_monitor
from trading.risk.circuit_breaker import create_circuit_breaker

TIMED = 20_000
WARM_UP = 50_000
UPDATES = 1_000_000

Figures = dict[str, Any]


def update() -> Figures:
    """Median and 99th percentile of an update, and of the same figures from psutil, taken in turn."""
    process = psutil.Process()

    def by_psutil() -> None:
        psutil.virtual_memory()
        psutil.cpu_percent(None)
        process.memory_info()
        psutil.getloadavg()

    with _monitor() as monitor:
        ours: list[float] = []
        theirs: list[float] = []
        for step in range(TIMED):
            ours.append(_seconds(partial(_update, monitor, step)))
            theirs.append(_seconds(by_psutil))
        source = monitor.get_statistics()["memory"]["source"]
    return {
        "updates": TIMED,
        "memory_source": source,
        "median_us": _us(statistics.median(ours)),
        "p99_us": _us(statistics.quantiles(ours, n=100)[-1]),
        "psutil_median_us": _us(statistics.median(theirs)),
        "times_psutil": round(statistics.median(theirs) / statistics.median(ours), 2),
    }


def memory() -> Figures:
    """Resident memory after a warm-up, and after a million updates more."""
    process = psutil.Process()
    with _monitor() as monitor:
        _run(monitor, WARM_UP)
        before = process.memory_info().rss
        started = time.perf_counter()
        _run(monitor, UPDATES)
        seconds = time.perf_counter() - started
        growth = process.memory_info().rss - before
    return {
        "updates": UPDATES,
        "seconds": round(seconds, 1),
        "rss_mb": round(before / 1e6, 1),
        "growth_kb": round(growth / 1e3, 1),
    }


MEASUREMENTS: dict[str, Callable[[], Figures]] = {"monitor/update": update, "monitor/memory": memory}


@contextmanager
def _monitor() -> Iterator[ResourceMonitor]:
    monitor = create_resource_monitor(
        circuit_breaker=create_circuit_breaker(), metrics_sink=lambda _line: None
    )
    try:
        yield monitor
    finally:
        monitor.close()


def _run(monitor: ResourceMonitor, updates: int) -> None:
    for step in range(updates):
        _update(monitor, step)
    gc.collect()


def _update(monitor: ResourceMonitor, step: int) -> None:
    monitor.update(active_securities=510, active_positions=step % 20, broker_latency_ms=5.0 + step % 90)


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _us(seconds: float) -> float:
    return round(seconds * 1e6, 1)
