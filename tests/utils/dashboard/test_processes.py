"""Sweeps that a dashboard starts: processes of their own, stopped and found again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.utils.dashboard.sweeping import TOKEN, post, settings_in, status, store_state, sweep_file, wait_for
from tests.utils.notify.stand_in import notification_service
from utils.dashboard.access import TOKEN as TOKEN_VARIABLE
from utils.dashboard.processes import Run, latest_run
from utils.dashboard.server import DashboardServer, running_dashboard
from utils.dashboard.supervisor import supervise
from utils.notify.notifier import Notifier
from utils.notify.targets import URLS, targets


def ended(database: Path) -> Run:
    """The latest run into `database`, once it has ended."""

    def found() -> Run | None:
        run = latest_run(database)
        return run if run is not None and run.exit_code is not None else None

    return wait_for(found)


def running_sweep(server: DashboardServer, name: str = "long") -> int:
    """Number of the process that sweeps, once it has stored something."""
    store_state(server, name, "running")
    wait_for(lambda: status(server)["explorationData"]["combos_done"] > 0)
    pid: int = status(server)["stores"][name]["process"]["pid"]
    return pid


def test_a_sweep_outlives_the_dashboard_and_is_found_stopped_and_resumed_by_the_next(tmp_path: Path) -> None:
    sweep_file(tmp_path)
    with running_dashboard(settings_in(tmp_path), token=TOKEN) as server:
        assert post(server, "start", {"sweep": "long", "workers": 1}).status_code == 200
        pid = running_sweep(server)
        assert os.getsid(pid) != os.getsid(0)
        twice = post(server, "start", {"sweep": "long"})
        assert twice.status_code == 409
        assert "running already" in twice.json()["error"]
        assert TOKEN_VARIABLE not in psutil.Process(pid).environ()
    assert psutil.pid_exists(pid)
    with running_dashboard(settings_in(tmp_path), token=TOKEN) as server:
        assert running_sweep(server) == pid
        assert post(server, "stop", {"store": "long"}).status_code == 200
        store = store_state(server, "long", "interrupted")
        done = store["sweeps"]["long"]["combos_done"]
        assert 0 < done < 32_768
        run = ended(tmp_path / "build" / "long.db")
        assert run.exit_code == 130
        assert post(server, "stop", {"store": "long"}).status_code == 409
        assert post(server, "resume", {"store": "long"}).status_code == 200
        store = store_state(server, "long", "completed", seconds=180)
        assert store["sweeps"]["long"]["combos_done"] == 32_768
    connection = sqlite3.connect(tmp_path / "build" / "long.db")
    rows, different = connection.execute("SELECT count(*), count(DISTINCT combo) FROM strategies").fetchone()
    connection.close()
    assert rows == different == 32_768


def test_what_goes_wrong_is_shown_in_its_own_words(tmp_path: Path, dashboard: DashboardServer) -> None:
    sweep_file(tmp_path, data={"path": str(tmp_path / "none.csv")})
    assert post(dashboard, "start", {"sweep": "long"}).status_code == 200
    run = ended(tmp_path / "build" / "long.db")
    assert run.exit_code == 1
    assert "none.csv" in run.last_line
    # A look between the end of the sweep and its supervisor's note of it knows no reason yet.
    wait_for(lambda: "none.csv" in (store_state(dashboard, "long", "absent", "failed")["problem"] or ""))


def test_a_killed_sweep_is_told_to_who_wants_to_hear(tmp_path: Path) -> None:
    sweep_file(tmp_path)
    with notification_service() as service:
        notifier = Notifier(targets(None, {URLS: service.address}), pytest.fail)
        with running_dashboard(settings_in(tmp_path), token=TOKEN, notifier=notifier) as server:
            post(server, "start", {"sweep": "long"})
            os.kill(running_sweep(server), signal.SIGKILL)
            assert store_state(server, "long", "died")["problem"] is None
            wait_for(lambda: service.titles == ["Sweep long died"])
            assert post(server, "resume", {"store": "long"}).status_code == 200
            running_sweep(server)
            post(server, "stop", {"store": "long"})
            store_state(server, "long", "interrupted")
        assert service.titles == ["Sweep long died"]


def test_a_supervisor_keeps_how_it_ended(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    script = Path(supervise.__code__.co_filename)
    code = "import sys; print('first'); print('error: the last', file=sys.stderr); sys.exit(1)"
    subprocess.run(
        [sys.executable, "-I", script, database, sys.executable, "-c", code], check=False, timeout=60
    )
    run = latest_run(database)
    assert run is not None
    assert (run.exit_code, run.alive) == (1, False)
    assert run.last_line in ("first", "error: the last")
    assert "error: the last" in (tmp_path / "a.db.run.log").read_text()


def test_a_record_that_no_supervisor_wrote_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.db.run.json").write_text("{")
    assert latest_run(tmp_path / "a.db") is None
    (tmp_path / "a.db.run.json").write_text("[1]")
    assert latest_run(tmp_path / "a.db") is None
