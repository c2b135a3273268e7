"""The Python of docs/monitoring.md runs as it stands, in order, and says what the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from trading.settings import Settings

PAGE = (Path(__file__).parents[1] / "docs" / "monitoring.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_pages_python_runs_and_prints_what_its_comments_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in BLOCKS:
        exec(compile(block, "docs/monitoring.md", "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    for comment in re.findall(r"^print\(.*\)  # (.*)$", "".join(BLOCKS), re.MULTILINE):
        assert comment in printed
    assert any(
        line.startswith("CRITICAL circuit breaker closed -> open: manual_halt: checking a fill")
        for line in printed
    )
    metrics = (tmp_path / "logs" / "resource_metrics.json").read_text()
    assert json.loads(metrics)["active_securities"] == 10
    assert (tmp_path / "logs" / "trading_bot.log").exists()


def test_the_defaults_on_the_page_are_the_defaults() -> None:
    settings = Settings()
    limits, monitoring = settings.resource_limits, settings.quantconnect.monitoring
    breaker, shedding = settings.risk.circuit_breaker, settings.risk.load_shedding
    for setting, value in (
        ("`cpu_sustained_seconds`", limits.cpu_sustained_seconds),
        ("`cool_down_seconds`", breaker.cool_down_seconds),
        ("`trial_seconds`", breaker.trial_seconds),
        ("`scan_interval_factor`", shedding.scan_interval_factor),
        ("`step_seconds`", shedding.step_seconds),
        ("`recovery_seconds`", shedding.recovery_seconds),
    ):
        assert re.search(rf"{setting},? \(?{value:g}\b", PAGE), setting
    for text in (
        f"`memory_critical_pct` | {limits.memory_warning_pct:g}, {limits.memory_critical_pct:g} |",
        f"`cpu_critical_pct` | {limits.cpu_warning_pct:g}, {limits.cpu_critical_pct:g} |",
        f"| {limits.max_broker_latency_ms:g}, {limits.critical_broker_latency_ms:g} | at once",
        f"`resource_limits.hysteresis_pct` | {limits.hysteresis_pct:g} |",
        f"`quantconnect.monitoring.alert_interval_seconds` | {monitoring.alert_interval_seconds:g} |",
        f"snapshot_interval_seconds` | {monitoring.snapshot_interval_seconds:g} |",
        f"{breaker.max_daily_loss_pct:g} % below the day's start",
        f"{breaker.max_drawdown_pct:g} % below its peak",
        f"{breaker.max_consecutive_losses} losing trades",
        f"{breaker.latency_readings} readings in a row of {breaker.max_broker_latency_ms:g} ms",
        f"more than {breaker.max_data_age_seconds:g} s old",
        f"`trial_openings` of them, {breaker.trial_openings} |",
    ):
        assert text in PAGE, text
    assert [trigger.value for trigger in breaker.human_reset] == ["drawdown"]
    assert breaker.liquidate_on == ()
