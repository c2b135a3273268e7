"""Bars and sweep files to start from a dashboard, and ways to ask it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import requests
import yaml

from tests.scripts.conftest import hourly_bars
from utils.dashboard.server import DashboardServer
from utils.dashboard.settings import Settings

TOKEN = "a-token-of-the-tests"

T = TypeVar("T")


def sweep_file(folder: Path, name: str = "long", bars: int = 4000, **changes: Any) -> Path:
    """A sweep of 32,768 combinations in 128 chunks, some seconds of work, in `folder`/sweeps."""
    data = folder / "bars.csv"
    if not data.exists():
        data.write_text("\n".join(hourly_bars(bars, 7)) + "\n")
    content = {
        "name": name,
        "strategy": "money_line",
        "grid": {
            "atr_period": [5, 10, 14, 20],
            "multiplier": [1.0, 1.5, 2.0, 2.5],
            "target_atr": [0, *np.linspace(1, 4, 7).tolist()],
            "stop_atr": [0, *np.linspace(1, 4, 7).tolist()],
            "ma_slow": [30, 60, 90, 120],
            "adx_min": [0, 10, 20, 30],
            "volume_min": [0, 1.0],
        },
        "data": {"path": str(data)},
        "instrument": {"security_type": "crypto", "lot_size": 0.001, "fees": {"rate": 0.001}},
        "chunk_size": 256,
        **changes,
    }
    path = folder / "sweeps" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(content))
    return path


def settings_in(folder: Path, **changes: Any) -> Settings:
    """A dashboard over `folder`, quick to look."""
    return Settings(**{"folder": folder / "build", "configs": folder / "sweeps", "interval": 0.2, **changes})


def status(server: DashboardServer) -> dict[str, Any]:
    answer = requests.get(f"http://127.0.0.1:{server.port}/api/cluster/status", timeout=10)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def post(server: DashboardServer, path: str, body: Any, **headers: str) -> requests.Response:
    sent = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json", **headers}
    return requests.post(
        f"http://127.0.0.1:{server.port}/api/cluster/{path}", json.dumps(body), headers=sent, timeout=30
    )


def wait_for(what: Callable[[], T | None], seconds: float = 60.0) -> T:
    """What a function gives once it gives something."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)
    return found


def store_state(server: DashboardServer, name: str, *wanted: str, seconds: float = 90.0) -> dict[str, Any]:
    """A store once it is in one of the states."""

    deadline = time.monotonic() + seconds
    while True:
        store: dict[str, Any] = status(server)["stores"].get(name, {"state": "not there"})
        if store["state"] in wanted:
            return store
        assert time.monotonic() < deadline, (
            f"{name} is {store['state']}: {store.get('problem')}, not {wanted}"
        )
        time.sleep(0.05)
