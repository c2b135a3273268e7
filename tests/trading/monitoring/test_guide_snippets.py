"""What the compute node guide shows of monitoring, as a user would type it.

Its sections Resource Monitoring, Best Practices and Troubleshooting, as far as they are about the monitor,
the circuit breaker, load shedding, their settings and their logs.
"""

# ruff: noqa: T201  # as the guide has it

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.trading.risk.stores import Store
from trading.monitoring.monitor import ResourceMonitor
from trading.monitoring.probe import StatedProbe
from trading.risk.circuit_breaker import CircuitBreaker, create_circuit_breaker
from trading.risk.load_shedding import LoadShedding
from trading.settings import Settings, load_settings
from utils import create_resource_monitor
from utils.logs import RotatedLog

CONFIG = {
    "memory_warning_pct": 80,
    "memory_critical_pct": 90,
    "cpu_warning_pct": 75,
    "cpu_critical_pct": 85,
}


@pytest.fixture
def circuit_breaker() -> CircuitBreaker:
    return create_circuit_breaker()


@pytest.fixture
def monitor(circuit_breaker: CircuitBreaker) -> ResourceMonitor:
    """The guide's, and one update of it, on a machine at 91 % of its memory."""
    monitor = create_resource_monitor(
        config=CONFIG, circuit_breaker=circuit_breaker, probe=StatedProbe(memory_pct=91)
    )
    monitor.update(active_securities=10, active_positions=3, broker_latency_ms=20)
    return monitor


def stored(values: Any) -> Settings:
    store = Store()
    store.texts["settings"] = json.dumps(values)
    return load_settings(store, "settings", {})


def test_real_time_monitoring_on_this_machine(circuit_breaker: CircuitBreaker) -> None:
    monitor = create_resource_monitor(
        config={
            "memory_warning_pct": 80,
            "memory_critical_pct": 90,
            "cpu_warning_pct": 75,
            "cpu_critical_pct": 85,
        },
        circuit_breaker=circuit_breaker,
    )
    securities, positions, latency = ["SPY", "AAPL"], ["SPY"], 35.0
    metrics = monitor.update(
        active_securities=len(securities),
        active_positions=len(positions),
        broker_latency_ms=latency,
    )
    assert (metrics.active_securities, metrics.active_positions, metrics.broker_latency_ms) == (2, 1, 35.0)
    assert monitor.is_healthy() is (metrics.memory_pct < 90)
    monitor.close()


def test_real_time_monitoring_under_pressure(
    monitor: ResourceMonitor, capsys: pytest.CaptureFixture[str]
) -> None:
    if not monitor.is_healthy():
        print("WARNING: System resources under pressure")
    assert capsys.readouterr().out == "WARNING: System resources under pressure\n"


def test_memory_estimation(monitor: ResourceMonitor, capsys: pytest.CaptureFixture[str]) -> None:
    can_add = monitor.can_add_securities(
        num_securities=500,  # 5 chains x 100 contracts
        node_ram_gb=4,  # L2-4 node
    )
    if not can_add:
        print("Insufficient memory for additional chains")
    assert capsys.readouterr().out == "Insufficient memory for additional chains\n"
    assert create_resource_monitor(probe=StatedProbe(memory_pct=15)).can_add_securities(500, 4)


def test_statistics_and_alerts(monitor: ResourceMonitor, capsys: pytest.CaptureFixture[str]) -> None:
    stats = monitor.get_statistics()
    print(f"Memory: {stats['memory']['avg_pct']:.1f}% average")
    print(f"CPU: {stats['cpu']['avg_pct']:.1f}% average")
    print(f"Alerts: {stats['alerts']['total']} total")

    alerts = monitor.get_recent_alerts(limit=5)
    for alert in alerts:
        print(f"{alert.severity}: {alert.message}")
    assert capsys.readouterr().out.splitlines() == [
        "Memory: 91.0% average",
        "CPU: 10.0% average",
        "Alerts: 1 total",
        "CRITICAL: memory at 91.0 % of 4,000 MB (stated); critical from 90 %",
    ]


def test_automatic_integration_and_always_monitor_resources() -> None:
    whole = {
        "quantconnect": {
            "monitoring": {
                "enabled": True,
                "check_interval_seconds": 30,
                "log_metrics": True,
                "alert_on_high_usage": True,
            }
        }
    }
    without_logging = {
        "quantconnect": {
            "monitoring": {"enabled": True, "check_interval_seconds": 30, "alert_on_high_usage": True}
        }
    }
    assert stored(whole) == stored(without_logging) == Settings()
    assert create_resource_monitor(whole, probe=StatedProbe()).config.monitoring.check_interval_seconds == 30


def test_set_realistic_limits() -> None:
    values = {
        "resource_limits": {
            "max_option_chains": 5,
            "max_contracts_per_chain": 100,
            "memory_warning_pct": 80,
            "memory_critical_pct": 90,
        }
    }
    assert stored(values) == Settings()
    for config in (values, values["resource_limits"]):
        limits = create_resource_monitor(config, probe=StatedProbe()).config.resource_limits
        assert limits == Settings().resource_limits


def test_use_circuit_breaker_integration(circuit_breaker: CircuitBreaker) -> None:
    """Auto-halt on critical: new risk, never an exit."""
    config = CONFIG
    monitor = create_resource_monitor(
        config=config,
        circuit_breaker=circuit_breaker,  # Auto-halt on critical
        probe=StatedProbe(memory_pct=91),
    )
    assert circuit_breaker.allows(opening=True)
    monitor.update(10, 3, 20)
    assert not circuit_breaker.allows(opening=True)
    assert circuit_breaker.allows(opening=False)


@pytest.mark.parametrize(
    "values",
    [
        {"resource_limits": {"max_option_chains": 3}},
        {"options_scanner": {"max_days_to_expiry": 30}},
        {"movement_scanner": {"scan_interval_seconds": 120}},
        {"technical_indicators": {"ichimoku": {"enabled": False}}},
        {"order_execution": {"cancel_after_seconds": 2.5}},
    ],
)
def test_the_remedies_of_troubleshooting_are_settings(values: dict[str, dict[str, Any]]) -> None:
    settings = stored(values).model_dump(mode="json")
    for section, content in values.items():
        for name, value in content.items():
            assert settings[section][name] == value


def test_review_resource_statistics(monitor: ResourceMonitor) -> None:
    resource_monitor = monitor
    stats = resource_monitor.get_statistics()
    upgrade = stats["memory"]["max_pct"] > 85
    assert upgrade


def test_frequent_warnings_have_the_name_that_the_guide_gives_them() -> None:
    monitor = create_resource_monitor(probe=StatedProbe(memory_pct=85))
    monitor.update(10, 3, 20)
    assert [alert.name for alert in monitor.get_recent_alerts(limit=5)] == ["memory_warning"]


def test_implement_load_shedding(monitor: ResourceMonitor) -> None:
    resource_monitor = monitor
    shedding = LoadShedding(Settings().risk.load_shedding)
    shedding.update(resource_monitor.level)
    if not resource_monitor.is_healthy():
        assert not shedding.may_open  # stop opening new positions
        assert shedding.scan_interval_factor > 1  # reduce scan frequency
    assert not shedding.should_close  # close least profitable positions: when it lasts


def test_monitoring_deployment_by_its_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, circuit_breaker: CircuitBreaker
) -> None:
    """tail -f logs/resource_metrics.json; grep "CRITICAL" logs/trading_bot.log"""
    monkeypatch.chdir(tmp_path)
    monitor = create_resource_monitor(
        config=CONFIG,
        circuit_breaker=circuit_breaker,
        probe=StatedProbe(memory_pct=91),
        metrics_sink=RotatedLog(Path("logs/resource_metrics.json")),
        log=RotatedLog(Path("logs/trading_bot.log")),
    )
    with subprocess.Popen(
        ["bash", "-c", "touch logs/resource_metrics.json; exec tail -f logs/resource_metrics.json"],
        stdout=subprocess.PIPE,
        text=True,
    ) as tail:
        try:
            monitor.update(10, 3, 20)
            assert tail.stdout is not None
            assert json.loads(tail.stdout.readline())["memory_pct"] == 91
        finally:
            tail.kill()
    grep = subprocess.run(
        ["bash", "-c", 'grep "CRITICAL" logs/trading_bot.log'], capture_output=True, text=True, check=True
    )
    assert "memory at 91.0 %" in grep.stdout
