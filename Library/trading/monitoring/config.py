"""What the resource monitor is told: how often to measure, and from which use on to warn and to stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

from pydantic import BaseModel, Field, model_validator

from trading.sections import Count, Milliseconds, Percent, Seconds, Section, validated


class Monitoring(Section):
    """How often resources are measured, and what is done with the figures.

    An alert of one name comes at most every `alert_interval_seconds`; the latest figures go to the Object
    Store every `snapshot_interval_seconds`.
    """

    enabled: bool = True
    check_interval_seconds: Seconds = 30
    log_metrics: bool = True
    alert_on_high_usage: bool = True
    alert_interval_seconds: Seconds = 300
    snapshot_interval_seconds: Seconds = 3_600


class ResourceLimits(Section):
    """How much the bot may hold, and from which use of the machine on it warns and stops.

    A level is left when the figure falls `hysteresis_pct` percent below the threshold that it rose to;
    that of the CPU is reached when it lasts for `cpu_sustained_seconds`.
    """

    max_option_chains: int = Field(default=5, ge=0, le=100)
    max_contracts_per_chain: Count = 100
    memory_warning_pct: Percent = 80
    memory_critical_pct: Percent = 90
    cpu_warning_pct: Percent = 75
    cpu_critical_pct: Percent = 85
    cpu_sustained_seconds: float = Field(default=60, ge=0, le=3_600)
    max_broker_latency_ms: Milliseconds = 100
    critical_broker_latency_ms: Milliseconds = 250
    hysteresis_pct: float = Field(default=3, ge=0, le=50)

    @model_validator(mode="after")
    def _warning_before_critical(self) -> Self:
        pairs = (
            ("memory_warning_pct", "memory_critical_pct"),
            ("cpu_warning_pct", "cpu_critical_pct"),
            ("max_broker_latency_ms", "critical_broker_latency_ms"),
        )
        for lower, upper in pairs:
            warning, critical = getattr(self, lower), getattr(self, upper)
            if warning >= critical:
                raise ValueError(f"{lower} = {warning} must be less than {upper} = {critical}")
        return self


class MonitorConfig(Section):
    """All that the monitor is told."""

    monitoring: Monitoring = Monitoring()
    resource_limits: ResourceLimits = ResourceLimits()


_SOURCE: Final = "resource monitor"
_SECTIONS: Final[dict[str, type[Section]]] = {"monitoring": Monitoring, "resource_limits": ResourceLimits}


def monitor_config(config: Mapping[str, Any] | BaseModel | None) -> MonitorConfig:
    """The monitor's configuration from any of the forms that it is written in.

    Args:
        config: a flat mapping (``{"memory_warning_pct": 80}``); one of the form of config/settings.json, or
            the settings themselves, of which ``quantconnect.monitoring`` and ``resource_limits`` count; a
            `MonitorConfig`; None for the defaults.

    Raises:
        ValueError: an unknown or wrong setting, in one line.
    """
    if isinstance(config, MonitorConfig):
        return config
    values = config.model_dump(mode="json") if isinstance(config, BaseModel) else dict(config or {})
    sections: dict[str, Any]
    if "quantconnect" in values or any(name in values for name in _SECTIONS):
        platform = values.get("quantconnect", {})
        if not isinstance(platform, Mapping):
            raise ValueError(f"{_SOURCE}: quantconnect: {platform!r} is refused; a JSON object is wanted")
        nested = {**platform, **values}
        sections = {name: nested[name] for name in _SECTIONS if name in nested}
        return validated(MonitorConfig, sections, _SOURCE)
    sections = {name: {} for name in _SECTIONS}
    for key, value in values.items():
        home = next((name for name, section in _SECTIONS.items() if key in section.model_fields), None)
        if home is None:
            known = ", ".join(field for section in _SECTIONS.values() for field in section.model_fields)
            raise ValueError(f"{_SOURCE}: {key}: no such setting; known: {known}")
        sections[home][key] = value
    return validated(MonitorConfig, sections, _SOURCE)
