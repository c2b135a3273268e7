"""Cluster files for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

THREE = {
    "head": "master",
    "hosts": {
        "master": {"host": "10.0.0.1", "user": "quant", "cpus": 4, "memory": "16 GiB"},
        "worker1": {"host": "10.0.0.2", "port": 2222, "labels": {"zone": "a"}},
        "worker2": {"host": "192.168.1.2", "proxy_jump": "worker1", "identity_file": "keys/two"},
    },
}


def write(folder: Path, **changes: Any) -> Path:
    """A cluster file of three hosts, the last one behind the second; `changes` replace its fields."""
    path = folder / "cluster.yaml"
    path.write_text(yaml.safe_dump({**THREE, **changes}, sort_keys=False))
    return path
