"""The resource monitor: what it measures, whom it tells, and what it keeps."""

from __future__ import annotations

import gc
import json
import math
import re
import tracemalloc
from collections.abc import Sequence
from typing import Any

import pytest

from tests.trading.risk.stores import Store, Time
from trading.monitoring.config import MonitorConfig, monitor_config
from trading.monitoring.levels import Level
from trading.monitoring.monitor import SNAPSHOT_KEY, ResourceMonitor, create_resource_monitor
from trading.monitoring.probe import MachineProbe, StatedProbe
from trading.monitoring.snapshots import LINES
from trading.risk.breaker_record import BreakerState
from trading.risk.circuit_breaker import create_circuit_breaker
from trading.settings import Settings, load_settings


class Told:
    """A circuit breaker that writes down what it is told."""

    def __init__(self) -> None:
        self.critical: list[tuple[str, ...]] = []
        self.latencies: list[float] = []

    def observe_resources(self, critical: Sequence[str], /) -> None:
        self.critical.append(tuple(critical))

    def observe_latency(self, milliseconds: float, /) -> None:
        self.latencies.append(milliseconds)


class Bench:
    def __init__(self, config: Any = None, **more: Any) -> None:
        self.time, self.probe, self.told = Time(), StatedProbe(), Told()
        self.log: list[str] = []
        self.lines: list[str] = []
        self.monitor = create_resource_monitor(
            config,
            more.pop("circuit_breaker", self.told),
            clock=self.time,
            probe=more.pop("probe", self.probe),
            log=self.log.append,
            metrics_sink=more.pop("metrics_sink", self.lines.append),
            **more,
        )

    def update(self, memory: float = 25, cpu: float = 10, latency: float | None = None) -> bool:
        """Thirty seconds later; whether all is healthy."""
        self.probe.memory_pct, self.probe.cpu_pct = memory, cpu
        self.time.pass_(30)
        self.monitor.update(10, 2, latency)
        return self.monitor.is_healthy()


def test_memory_from_its_critical_threshold_on_is_unhealthy_at_once() -> None:
    bench = Bench()
    assert [bench.update(memory) for memory in (79, 85, 91, 88, 87, 50)] == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]
    assert bench.log == [
        "WARNING memory_warning: memory at 85.0 % of 4,000 MB (stated); warning from 80 %",
        "CRITICAL memory_critical: memory at 91.0 % of 4,000 MB (stated); critical from 90 %",
        "INFO memory_normal: memory at 50.0 % of 4,000 MB (stated); warning from 80 %",
    ]  # the warning on the way down came within five minutes of the first


def test_the_processor_has_to_be_busy_for_a_minute() -> None:
    bench = Bench()
    assert [bench.update(cpu=cpu) for cpu in (99, 99, 50, 99, 99, 99)] == [True] * 5 + [False]
    assert bench.log == ["CRITICAL cpu_critical: cpu at 99.0 % of 2 cores; critical from 85 %"]


def test_a_slow_broker_is_a_warning_and_a_very_slow_one_unhealthy() -> None:
    bench = Bench()
    latencies = (99, 100, None, 500, None, 20)
    assert [bench.update(latency=latency) for latency in latencies] == [True, True, True, False, False, True]
    assert bench.told.latencies == [99, 100, 500, 20]
    assert bench.told.critical == [()] * 6  # of latency the breaker hears itself


def test_the_breaker_hears_of_what_is_critical_as_long_as_it_is() -> None:
    bench = Bench()
    bench.update(91)
    bench.update(91)
    bench.update(50)
    message = "memory at 91.0 % of 4,000 MB (stated); critical from 90 %"
    assert bench.told.critical == [(message,), (message,), ()]


def test_the_breaker_hears_of_it_though_alerts_are_off() -> None:
    bench = Bench({"alert_on_high_usage": False})
    bench.update(91)
    assert bench.log == []
    assert bench.monitor.get_recent_alerts(5) == []
    assert len(bench.told.critical[0]) == 1
    assert not bench.monitor.is_healthy()


def test_memory_at_91_percent_opens_a_real_breaker_and_its_end_closes_it_in_time() -> None:
    time = Time()
    breaker = create_circuit_breaker(clock=time)
    bench = Bench(circuit_breaker=breaker)
    bench.time = time
    bench.monitor._clock = time
    bench.update(91)
    assert not breaker.allows(opening=True)
    assert breaker.allows(opening=False)
    for _ in range(31):
        bench.update(50)
    assert breaker.state is BreakerState.HALF_OPEN


def test_a_broker_at_500_ms_opens_a_real_breaker_at_the_third_reading() -> None:
    breaker = create_circuit_breaker()
    bench = Bench(circuit_breaker=breaker)
    opened = []
    for _ in range(3):
        bench.update(latency=500)
        opened.append(breaker.state)
    assert opened == [BreakerState.CLOSED, BreakerState.CLOSED, BreakerState.OPEN]


@pytest.mark.parametrize("latency", [math.nan, math.inf, -1.0])
def test_a_latency_that_cannot_be_is_told_and_counts_as_slow_but_not_in_percentiles(latency: float) -> None:
    bench = Bench()
    bench.update(latency=20)
    bench.update(latency=latency)
    assert bench.log == [f"WARNING broker_latency_invalid: broker latency of {latency} ms cannot be"]
    assert len(bench.told.latencies) == 2
    assert bench.monitor.get_statistics()["broker_latency"]["max_ms"] == 20
    breaker = create_circuit_breaker({"latency_readings": 1})
    Bench(circuit_breaker=breaker).update(latency=latency)
    assert breaker.state is BreakerState.OPEN


def test_statistics_are_those_of_the_readings() -> None:
    bench = Bench()
    for memory, cpu, latency in ((20, 10, 5), (40, math.nan, 15), (90, 30, None)):
        bench.update(memory, cpu, latency)
    statistics = bench.monitor.get_statistics()
    assert statistics["updates"] == 3
    assert statistics["memory"]["avg_pct"] == pytest.approx(50)
    assert statistics["memory"]["max_pct"] == statistics["memory"]["current_pct"] == 90
    assert statistics["memory"]["used_mb"] == pytest.approx(3_600)
    assert statistics["cpu"]["avg_pct"] == pytest.approx(20)
    assert (statistics["cpu"]["max_pct"], statistics["cpu"]["cores"]) == (30, 2)
    latency_figures = statistics["broker_latency"]
    assert (latency_figures["avg_ms"], latency_figures["p50_ms"], latency_figures["p99_ms"]) == (10, 5, 15)
    assert statistics["alerts"] == {"total": 1, "critical": 1, "warning": 0, "info": 0}


def test_statistics_before_the_first_update_are_numbers_all_the_same() -> None:
    statistics = Bench().monitor.get_statistics()
    assert f"{statistics['memory']['avg_pct']:.1f} {statistics['cpu']['avg_pct']:.1f}" == "nan nan"
    assert not statistics["memory"]["max_pct"] > 85
    assert statistics["alerts"]["total"] == 0


def test_each_update_is_one_line_of_json() -> None:
    bench = Bench()
    bench.update(50, math.nan)
    bench.time.pass_(30)
    metrics = bench.monitor.update(10, 2, 15, active_contracts=500)
    first, second = (json.loads(line, parse_constant=pytest.fail) for line in bench.lines)
    assert first["cpu_pct"] is None
    assert first["broker_latency_ms"] is None
    assert second["time"] == "2026-01-05T15:01:00.000+00:00"
    assert (second["memory_used_mb"], second["memory_source"], second["level"]) == (2_000, "stated", "normal")
    assert (second["active_securities"], second["active_contracts"], second["active_positions"]) == (
        10,
        500,
        2,
    )
    assert second["latency_p95_ms"] == 15
    for name, value in metrics._asdict().items():
        if isinstance(value, float) and math.isfinite(value):
            assert second[name] == pytest.approx(value, abs=1e-3)
    assert second.keys() == metrics._asdict().keys()


def test_metrics_can_be_turned_off() -> None:
    store = Store()
    bench = Bench({"log_metrics": False}, object_store=store)
    bench.update()
    bench.monitor.close()
    assert bench.lines == []
    assert store.texts == {}


def test_snapshots_go_to_the_object_store_now_and_then_and_at_the_end_and_stay_bounded() -> None:
    store = Store()
    bench = Bench({"snapshot_interval_seconds": 3_600}, object_store=store)
    for _ in range(LINES + 500):
        bench.update()
    assert store.saves == (LINES + 499) // 120 + 1
    bench.monitor.close()
    assert list(store.texts) == [SNAPSHOT_KEY]
    assert store.texts[SNAPSHOT_KEY].splitlines() == bench.lines[-LINES:]
    assert len(store.texts[SNAPSHOT_KEY]) < 1_000_000


def test_a_full_disk_or_store_is_told_and_stops_nothing() -> None:
    def full(_line: str) -> None:
        raise OSError("no space left\non device")

    store = Store()
    store.full = True
    bench = Bench(metrics_sink=full, object_store=store)
    for _ in range(5):
        assert bench.update()
    assert bench.log == [
        "WARNING metrics_sink_failed: no space left on device",
        f"WARNING snapshot_failed: {SNAPSHOT_KEY}: the Object Store refuses it; free space",
    ]


def test_a_probe_that_fails_is_told_and_the_last_figures_stay() -> None:
    class Failing(StatedProbe):
        fails = False

        def read(self) -> Any:
            if self.fails:
                raise OSError("gone")
            return super().read()

    probe = Failing(memory_pct=91)
    bench = Bench(probe=probe)
    bench.monitor.update()
    probe.fails = True
    bench.monitor.update()
    assert not bench.monitor.is_healthy()
    assert bench.log[-1] == "WARNING resources_unmeasured: resources cannot be measured: gone"
    failing = Failing()
    failing.fails = True
    bench = Bench(probe=failing)
    assert math.isnan(bench.monitor.update().memory_pct)
    assert bench.monitor.is_healthy()


class Sizes(StatedProbe):
    """A machine with so many bytes, of which so many are used, so many of them by this process."""

    def __init__(self, limit: float, used: float, process: float) -> None:
        super().__init__(100 * used / limit, memory_limit=int(limit), process_memory=int(process))


@pytest.mark.parametrize(
    ("probe", "securities", "node", "expected"),
    [
        # On the node itself (a "4 GB" node has 4 GiB): what is used, and 5 MB each, within 80 % of 4,000 MB.
        (Sizes(2**32, 700e6, 500e6), 500, 4, True),
        (Sizes(2**32, 701e6, 500e6), 500, 4, False),
        (Sizes(2**32, 3.2e9, 500e6), 0, 4, True),
        # A container with less than the node counts with what it has.
        (Sizes(2e9, 1e9, 500e6), 120, 4, True),
        (Sizes(2e9, 1e9, 500e6), 121, 4, False),
        # On a larger machine this process counts, and the model's 1,100 MB with ten securities at least.
        (Sizes(64e9, 30e9, 500e6), 410, 4, True),
        (Sizes(64e9, 30e9, 500e6), 411, 4, False),
        (Sizes(64e9, 30e9, 2e9), 240, 4, True),
        (Sizes(64e9, 30e9, 2e9), 241, 4, False),
    ],
)
def test_more_securities_must_leave_the_memory_below_its_warning_level(
    probe: StatedProbe, securities: int, node: float, expected: bool
) -> None:
    monitor = create_resource_monitor(probe=probe)
    monitor.update(active_securities=10)
    assert monitor.can_add_securities(num_securities=securities, node_ram_gb=node) is expected


def test_securities_can_be_asked_for_before_the_first_update() -> None:
    monitor = create_resource_monitor(probe=Sizes(2**32, 2**32, 1e9))
    assert not monitor.can_add_securities(0, 4)


@pytest.mark.parametrize(("securities", "node"), [(-1, 4), (1, 0), (1, -4), (1, math.nan), (1, math.inf)])
def test_nonsense_is_refused_in_one_line(securities: int, node: float) -> None:
    with pytest.raises(ValueError, match="is refused"):
        create_resource_monitor(probe=StatedProbe()).can_add_securities(securities, node)


FLAT = {"memory_warning_pct": 70, "check_interval_seconds": 10}
NESTED = {
    "quantconnect": {"monitoring": {"check_interval_seconds": 10}},
    "resource_limits": {"memory_warning_pct": 70},
    "universe": {"equities": ["SPY"]},
}


@pytest.mark.parametrize(
    "config",
    [
        FLAT,
        NESTED,
        {"monitoring": {"check_interval_seconds": 10}, "resource_limits": {"memory_warning_pct": 70}},
        MonitorConfig.model_validate_json(
            json.dumps(
                {"monitoring": {"check_interval_seconds": 10}, "resource_limits": {"memory_warning_pct": 70}}
            )
        ),
    ],
)
def test_every_form_of_the_configuration_means_the_same(config: Any) -> None:
    checked = monitor_config(config)
    assert checked.resource_limits.memory_warning_pct == 70
    assert checked.resource_limits.memory_critical_pct == 90
    assert checked.monitoring.check_interval_seconds == 10


def test_the_settings_and_their_sections_are_forms_too() -> None:
    store = Store()
    store.texts["s"] = json.dumps({name: NESTED[name] for name in ("quantconnect", "resource_limits")})
    settings = load_settings(store, "s", {})
    assert monitor_config(settings) == monitor_config(NESTED)
    assert monitor_config(settings.resource_limits).resource_limits == settings.resource_limits
    assert monitor_config(settings.quantconnect).monitoring == settings.quantconnect.monitoring
    assert monitor_config(None) == monitor_config({}) == monitor_config(Settings()) == MonitorConfig()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"memory_warn": 80}, "resource monitor: memory_warn: no such setting; known: enabled, "),
        ({"memory_warning_pct": 95}, "memory_warning_pct = 95.0 must be less than memory_critical_pct = 90"),
        ({"cpu_warning_pct": 85}, "cpu_warning_pct = 85.0 must be less than cpu_critical_pct = 85"),
        (
            {"memory_warning_pct": "80"},
            "resource monitor: resource_limits.memory_warning_pct: '80' is refused",
        ),
        ({"max_broker_latency_ms": 250}, "max_broker_latency_ms = 250.0 must be less than"),
        ({"cpu_warning_pct": math.nan}, "cpu_warning_pct: NaN or infinity is refused"),
        ({"quantconnect": 3}, "quantconnect: 3 is refused"),
        (
            {"resource_limits": {"memory": 1}},
            "resource_limits.memory: no such setting; known: max_option_chains",
        ),
    ],
)
def test_a_wrong_configuration_is_one_line(config: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        create_resource_monitor(config, probe=StatedProbe())
    assert "\n" not in str(caught.value)


def test_this_machine_is_what_is_measured_by_default() -> None:
    monitor = create_resource_monitor()
    metrics = monitor.update(active_securities=1, active_positions=0, broker_latency_ms=1)
    assert isinstance(monitor._probe, MachineProbe)
    assert 0 < metrics.memory_pct < 100
    assert metrics.process_mb > 5
    assert metrics.level in Level
    monitor.close()


def test_memory_stays_bounded() -> None:
    monitor = create_resource_monitor(
        circuit_breaker=create_circuit_breaker(), metrics_sink=lambda _line: None, object_store=Store()
    )

    def run(updates: int, monitor: ResourceMonitor = monitor) -> int:
        for step in range(updates):
            monitor.update(active_securities=step, active_positions=1, broker_latency_ms=step % 400)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = run(1_600)  # every window is full by then
        assert run(1_600) - before < 20_000
    finally:
        tracemalloc.stop()
        monitor.close()
