"""A sweep that a dashboard starts on Ray is stopped, and resumed on Ray, like any other."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psutil
import pytest

from tests.utils.dashboard.sweeping import post, status, store_state, sweep_file, wait_for
from utils.dashboard.processes import latest_run
from utils.dashboard.server import DashboardServer

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("ray")]


def test_start_stop_and_resume_on_ray(tmp_path: Path, dashboard: DashboardServer) -> None:
    sweep_file(tmp_path, chunk_size=64)
    database = tmp_path / "build" / "long.db"
    body = {"sweep": "long", "ray": "own", "workers": 1}
    assert post(dashboard, "start", body).status_code == 200
    wait_for(lambda: status(dashboard)["explorationData"]["combos_done"] > 0, 180)
    pid = status(dashboard)["stores"]["long"]["process"]["pid"]
    family = psutil.Process(pid).children(recursive=True)
    assert post(dashboard, "stop", {"store": "long"}).status_code == 200
    done = store_state(dashboard, "long", "interrupted")["sweeps"]["long"]["combos_done"]
    assert 0 < done < 32_768
    _, alive = psutil.wait_procs(family, 60)
    assert alive == []
    assert post(dashboard, "resume", {"store": "long"}).status_code == 200
    run = latest_run(database)
    assert run is not None
    assert run.placement == ("--workers=1", "--ray=own")
    store_state(dashboard, "long", "completed", seconds=300)
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT count(*), count(DISTINCT combo) FROM strategies").fetchone()
    workers = connection.execute("SELECT DISTINCT assigned_worker FROM chunks").fetchall()
    connection.close()
    assert rows == (32_768, 32_768)
    assert len(workers) == 2  # one before it was stopped and one after
    assert all(name.startswith("ray/") for (name,) in workers)
