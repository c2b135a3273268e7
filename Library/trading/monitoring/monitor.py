"""The resource monitor: what a running algorithm uses, whether that is too much, and who is told."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from pydantic import BaseModel

from trading.clock import Clock, in_utc, system_clock
from trading.monitoring.alerts import Alert, AlertLog, Severity
from trading.monitoring.config import MonitorConfig, monitor_config
from trading.monitoring.garbage import GarbageCollections
from trading.monitoring.levels import Level, Watch
from trading.monitoring.memory import MB_PER_GB, MemoryModel
from trading.monitoring.metrics import ResourceMetrics, megabytes
from trading.monitoring.percentiles import RollingPercentiles
from trading.monitoring.probe import UNKNOWN, Probe, Usage, machine_probe
from trading.monitoring.snapshots import ObjectStore, Snapshots
from trading.monitoring.summary import Summary

SNAPSHOT_KEY: Final = "options_trading_bot/resource_metrics.jsonl"
"""Where the Object Store has the latest metrics."""

_GIB: Final = 2**30

Sink = Callable[[str], object]
"""Takes one line of text."""


class Breaker(Protocol):
    """The part of a circuit breaker that the monitor reports to."""

    def observe_resources(self, critical: Sequence[str], /) -> None:
        """What is critical at present, nothing if nothing is."""

    def observe_latency(self, milliseconds: float, /) -> None:
        """The broker's latency."""


class ResourceMonitor:
    """Measures when `update` is called, and keeps what a bounded memory can hold.

    >>> from trading.monitoring.probe import StatedProbe
    >>> monitor = ResourceMonitor(MonitorConfig(), probe=StatedProbe(memory_pct=91))
    >>> metrics = monitor.update(active_securities=10, active_positions=2, broker_latency_ms=20)
    >>> metrics.memory_pct, monitor.is_healthy()
    (91.0, False)
    >>> print(monitor.get_recent_alerts(limit=1)[0])
    CRITICAL memory_critical: memory at 91.0 % of 4,000 MB (stated); critical from 90 %
    """

    def __init__(
        self,
        config: MonitorConfig,
        *,
        probe: Probe,
        circuit_breaker: Breaker | None = None,
        clock: Clock = system_clock,
        metrics_sink: Sink | None = None,
        log: Sink | None = None,
        snapshots: Snapshots | None = None,
        memory_model: MemoryModel | None = None,
    ) -> None:
        """Use `create_resource_monitor`, which says what the arguments are."""
        limits = config.resource_limits
        self.config = config
        self._probe = probe
        self._breaker = circuit_breaker
        self._clock = clock
        self._metrics_sink = metrics_sink
        self._log = log
        self._snapshots = snapshots
        self._memory_model = memory_model or MemoryModel()
        margin = limits.hysteresis_pct
        sustained = timedelta(seconds=limits.cpu_sustained_seconds)
        self._memory = Watch(limits.memory_warning_pct, limits.memory_critical_pct, margin)
        self._cpu = Watch(limits.cpu_warning_pct, limits.cpu_critical_pct, margin, sustained)
        self._latency = Watch(limits.max_broker_latency_ms, limits.critical_broker_latency_ms, margin)
        self._alerts = AlertLog(timedelta(seconds=config.monitoring.alert_interval_seconds))
        self._latencies = RollingPercentiles()
        self._summaries = {name: Summary() for name in ("memory", "process", "cpu", "load", "latency")}
        self._garbage = GarbageCollections()
        self._usage = UNKNOWN
        self._securities = 0
        self._updates = 0

    @property
    def level(self) -> Level:
        """The worst level of memory, CPU and broker latency."""
        return max(self._memory.level, self._cpu.level, self._latency.level)

    def update(
        self,
        active_securities: int = 0,
        active_positions: int = 0,
        broker_latency_ms: float | None = None,
        active_contracts: int = 0,
    ) -> ResourceMetrics:
        """Measure, judge, record and report.

        Args:
            active_securities: securities subscribed to that are no option contracts.
            active_positions: positions held.
            broker_latency_ms: the latency measured since the last update, None if none was. One that cannot
                be, such as NaN or a negative one, leads to an alert and counts as slow.
            active_contracts: option contracts subscribed to.
        """
        now = in_utc(self._clock())
        self._updates += 1
        self._securities = active_securities + active_contracts
        usage = self._measure(now)
        latency = self._take_latency(broker_latency_ms, now)
        self._judge(usage, latency, now)
        metrics = self._metrics(usage, latency, active_securities, active_contracts, active_positions, now)
        self._record(metrics, now)
        return metrics

    def is_healthy(self) -> bool:
        """Whether no resource is at its critical level."""
        return self.level < Level.CRITICAL

    def can_add_securities(self, num_securities: int, node_ram_gb: float) -> bool:
        """Whether so many more securities or contracts leave the memory below its warning level.

        Counted against the node's memory, or the measured limit where that is less. On a machine larger than
        the node, the memory of this process counts instead of the machine's, but no less than the memory
        model's for what is subscribed: the model has LEAN's own overhead.

        Raises:
            ValueError: a negative number, or no memory.
        """
        if num_securities < 0:
            raise ValueError(f"num_securities: {num_securities} is refused; a number from 0 up is wanted")
        if not (math.isfinite(node_ram_gb) and node_ram_gb > 0):
            raise ValueError(f"node_ram_gb: {node_ram_gb} is refused; gigabytes above 0 are wanted")
        usage = self._usage if self._updates else self._measure(in_utc(self._clock()))
        room, used = node_ram_gb * MB_PER_GB, megabytes(usage.memory_used)
        if usage.memory_limit <= node_ram_gb * _GIB:
            room = min(room, megabytes(usage.memory_limit))
        else:
            subscribed = self._memory_model.estimate({"base": 1, "securities": self._securities})
            used = max(megabytes(usage.process_memory), subscribed.total_mb)
        added = self._memory_model.estimate({"securities": num_securities}).total_mb
        return used + added <= room * self.config.resource_limits.memory_warning_pct / 100

    def get_statistics(self) -> dict[str, Any]:
        """Averages and maxima since the start, NaN where nothing was measured; alerts by severity."""
        memory, cpu, load, latency = (self._summaries[name] for name in ("memory", "cpu", "load", "latency"))
        counts = self._alerts.counts
        return {
            "updates": self._updates,
            "memory": {
                "avg_pct": memory.average,
                "max_pct": memory.maximum,
                "current_pct": memory.latest,
                "used_mb": megabytes(self._usage.memory_used),
                "limit_mb": megabytes(self._usage.memory_limit),
                "source": self._usage.memory_source,
                "process_max_mb": self._summaries["process"].maximum,
            },
            "cpu": {
                "avg_pct": cpu.average,
                "max_pct": cpu.maximum,
                "current_pct": cpu.latest,
                "cores": self._usage.cpu_cores,
            },
            "load": {"avg": load.average, "max": load.maximum, "current": load.latest},
            "broker_latency": {
                "avg_ms": latency.average,
                "max_ms": latency.maximum,
                "p50_ms": self._latencies.percentile(50),
                "p95_ms": self._latencies.percentile(95),
                "p99_ms": self._latencies.percentile(99),
                "readings": latency.count,
            },
            "gc": {
                "collections": self._garbage.count,
                "pause_ms": self._garbage.pause_ms,
                "longest_pause_ms": self._garbage.longest_pause_ms,
            },
            "alerts": {
                "total": counts.total(),
                "critical": counts[Severity.CRITICAL],
                "warning": counts[Severity.WARNING],
                "info": counts[Severity.INFO],
            },
        }

    def get_recent_alerts(self, limit: int = 10) -> list[Alert]:
        """The latest alerts, the latest last; a thousand are kept."""
        return self._alerts.recent(limit)

    def close(self) -> None:
        """Write the last snapshot, and let go of files and of the garbage collector."""
        if self._snapshots is not None:
            self._deliver("snapshot", in_utc(self._clock()), self._snapshots.write)
        self._garbage.close()
        self._probe.close()

    def _measure(self, now: datetime) -> Usage:
        """The present use, or the last known when it cannot be read."""
        try:
            self._usage = self._probe.read()
        except (OSError, ValueError, IndexError) as error:
            self._say("resources_unmeasured", f"resources cannot be measured: {error}", now)
        return self._usage

    def _take_latency(self, latency: float | None, now: datetime) -> float:
        """The latency as a figure, NaN for none."""
        if latency is None:
            return math.nan
        if not (math.isfinite(latency) and latency >= 0):
            self._say("broker_latency_invalid", f"broker latency of {latency} ms cannot be", now)
            latency = math.nan
        else:
            self._latencies.add(latency)
        if self._breaker is not None:
            self._breaker.observe_latency(latency)
        return latency

    def _judge(self, usage: Usage, latency: float, now: datetime) -> None:
        """Bring levels up to date, raise alerts, and tell the circuit breaker."""
        known = usage is not UNKNOWN
        figures = (
            ("memory", self._memory, usage.memory_pct if known else math.nan, "%"),
            ("cpu", self._cpu, usage.cpu_pct, "%"),
            ("broker_latency", self._latency, latency, "ms"),
        )
        critical = []
        for resource, watch, value, unit in figures:
            before, level = watch.level, watch.update(value, now)
            if level is Level.NORMAL and before is Level.NORMAL and not self._alerts.pending(resource):
                continue
            message = _message(resource, watch, value, unit, usage)
            if self.config.monitoring.alert_on_high_usage:
                self._tell(self._alerts.level(resource, level, message, now))
            if level is Level.CRITICAL and watch is not self._latency:  # of latency the breaker hears itself
                critical.append(message)
        if self._breaker is not None:
            self._breaker.observe_resources(critical)

    def _metrics(
        self, usage: Usage, latency: float, securities: int, contracts: int, positions: int, now: datetime
    ) -> ResourceMetrics:
        memory_pct = usage.memory_pct if usage is not UNKNOWN else math.nan
        process_mb = megabytes(usage.process_memory)
        figures = (memory_pct, process_mb, usage.cpu_pct, usage.load, latency)
        for summary, value in zip(self._summaries.values(), figures, strict=True):
            summary.add(value)
        return ResourceMetrics(
            time=now,
            level=self.level,
            memory_source=usage.memory_source,
            memory_pct=memory_pct,
            memory_used_mb=megabytes(usage.memory_used),
            memory_limit_mb=megabytes(usage.memory_limit),
            process_mb=process_mb,
            cpu_pct=usage.cpu_pct,
            cpu_cores=usage.cpu_cores,
            load=usage.load,
            broker_latency_ms=latency,
            latency_p50_ms=self._latencies.percentile(50),
            latency_p95_ms=self._latencies.percentile(95),
            latency_p99_ms=self._latencies.percentile(99),
            active_securities=securities,
            active_contracts=contracts,
            active_positions=positions,
            gc_collections=self._garbage.count,
            gc_pause_ms=self._garbage.pause_ms,
            gc_longest_pause_ms=self._garbage.longest_pause_ms,
        )

    def _record(self, metrics: ResourceMetrics, now: datetime) -> None:
        if not self.config.monitoring.log_metrics or (self._metrics_sink is None and self._snapshots is None):
            return
        line = metrics.to_json()
        if self._metrics_sink is not None:
            self._deliver("metrics_sink", now, self._metrics_sink, line)
        if self._snapshots is not None:
            self._deliver("snapshot", now, self._snapshots.add, line, now)

    def _deliver(self, name: str, now: datetime, write: Callable[..., object], *what: object) -> None:
        """Write; a failure becomes an alert, since a full disk is no reason to stop trading."""
        try:
            write(*what)
        except Exception as error:  # noqa: BLE001 - a sink or store may raise anything, .NET's errors too
            self._say(f"{name}_failed", " ".join(str(error).split()), now)

    def _say(self, name: str, message: str, now: datetime) -> None:
        self._tell(self._alerts.say(name, Severity.WARNING, message, now))

    def _tell(self, alert: Alert | None) -> None:
        if alert is not None and self._log is not None:
            self._log(str(alert))


def _message(resource: str, watch: Watch, value: float, unit: str, usage: Usage) -> str:
    figure = f"{resource.replace('_', ' ')} at {value:,.1f} {unit}"
    if resource == "memory":
        figure += f" of {megabytes(usage.memory_limit):,.0f} MB ({usage.memory_source})"
    elif resource == "cpu":
        figure += f" of {usage.cpu_cores:g} cores"
    if watch.level is Level.NORMAL:
        return f"{figure}; warning from {watch.warning:g} {unit}"
    threshold = watch.critical if watch.level is Level.CRITICAL else watch.warning
    return f"{figure}; {watch.level.name.lower()} from {threshold:g} {unit}"


def create_resource_monitor(
    config: Mapping[str, Any] | BaseModel | None = None,
    circuit_breaker: Breaker | None = None,
    *,
    clock: Clock = system_clock,
    probe: Probe | None = None,
    metrics_sink: Sink | None = None,
    log: Sink | None = None,
    object_store: ObjectStore | None = None,
    snapshot_key: str = SNAPSHOT_KEY,
    memory_model: MemoryModel | None = None,
) -> ResourceMonitor:
    """A resource monitor.

    Args:
        config: thresholds and intervals, in any form that `monitor_config` takes.
        circuit_breaker: is told of what is critical, and of every broker latency.
        clock: the present moment; in an algorithm ``lambda: self.utc_time``.
        probe: where figures come from, by default this machine. A `StatedProbe` makes a backtest come out
            the same each time.
        metrics_sink: takes a line of JSON for each update; what it writes to, and when that is rotated, is
            its own concern.
        log: takes a line for each alert, beginning with INFO, WARNING or CRITICAL; an algorithm's ``log``.
        object_store: where the latest metrics are kept under `snapshot_key`.
        memory_model: megabytes of a security, in `can_add_securities`.

    Raises:
        ValueError: a wrong setting, or nothing to measure with.
    """
    checked = monitor_config(config)
    interval = timedelta(seconds=checked.monitoring.snapshot_interval_seconds)
    return ResourceMonitor(
        checked,
        probe=probe or machine_probe(),
        circuit_breaker=circuit_breaker,
        clock=clock,
        metrics_sink=metrics_sink,
        log=log,
        snapshots=Snapshots(object_store, snapshot_key, interval) if object_store is not None else None,
        memory_model=memory_model,
    )
