"""Fabricated hosts and plans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from utils.readiness.instances import load_instances
from utils.readiness.plan import ReadinessPlan, load_plan
from utils.readiness.profile import HostProfile, load_profile

ROOT = Path(__file__).parents[3]
T3_FILE = Path(__file__).with_name("t3_2xlarge.json")
TRILLIUM_FILE = ROOT / "config/readiness/trillium.yaml"

CATALOG = load_instances()


def t3() -> HostProfile:
    return load_profile(T3_FILE)


def trillium() -> ReadinessPlan:
    return load_plan(TRILLIUM_FILE)


def host(**changes: Any) -> HostProfile:
    """A host with plenty of everything; a change names a field, or with two underscores a part's field."""
    values: dict[str, Any] = {
        "host": "fabricated",
        "measured_at": "2026-01-01",
        "processors": {"model": "made up", "count": 16, "allowed": 16, "load": 0},
        "memory": {"total_gib": 64, "available_gib": 60, "source": "host"},
        "disk": {"path": "/", "total_gib": 1000, "free_gib": 900, "write_mb_s": 500, "read_mb_s": 500},
        "python": "3.11.7",
        "system": "Linux 6 (Debian)",
        "architecture": "x86_64",
        "packages": {"numpy": "1.26.4", "psycopg": "3.2.1"},
        "talib": True,
        "database": {"server": "db/x", "version": "16.8", "connections": 97, "in_use": 10},
    }
    return HostProfile.model_validate(_changed(values, changes))


def plan(**changes: Any) -> ReadinessPlan:
    """A plan of two tracks that fits on `host()`."""
    values: dict[str, Any] = {
        "name": "fabricated",
        "tracks": {
            1: {
                "name": "a",
                "workers": [2, 3],
                "memory_gib": [4, 6],
                "cpu": {"average": [20, 30], "burst": 80},
            },
            2: {
                "name": "b",
                "workers": [1, 4],
                "memory_gib": [3, 12],
                "cpu": {"average": [40, 50], "burst": 100},
            },
        },
        "phases": [{"name": "only", "hours": 100, "tracks": {1: "average", 2: "burst"}}],
        "packages": ["numpy>=1.24", "psycopg2-binary>=2.9 | psycopg>=3.2"],
        "database": {"connections_per_worker": 2, "versions": ">=14"},
        "disk": {"path": ".", "gib": [10, 20]},
        "python": ">=3.11",
        "systems": ["Linux"],
    }
    return ReadinessPlan.model_validate(_changed(values, changes))


def _changed(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    for name, value in changes.items():
        part, _, field = name.partition("__")
        if field:
            values[part] = values[part] | {field: value}
        else:
            values[part] = value
    return values
