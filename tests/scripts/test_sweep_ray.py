"""A sweep, or a search, on real Ray clusters ends as one on this machine's threads does, row for row."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.scripts.sweep_command import ROOT, SweepFile, done, failed, query, strategies
from tests.scripts.test_sweep_search import search_file

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("ray")]


def test_on_a_cluster_of_its_own(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    config, local = swept
    database = tmp_path / "ray.db"
    done("run", config, "--db", database, "--ray", "--workers", "2")
    assert strategies(database) == strategies(local)
    workers = query(database, "SELECT DISTINCT assigned_worker FROM chunks WHERE status = 'completed'")
    assert workers
    assert all(name.startswith("ray/") and name.count("/") == 2 for (name,) in workers)
    done("run", config, "--db", database, "--ray")  # nothing is left to do


def test_no_cluster_at_the_address(tmp_path: Path, sweep_file: SweepFile) -> None:
    line = failed("run", sweep_file(), "--db", tmp_path / "none.db", "--ray", "127.0.0.1:9")
    assert "the Ray cluster at 127.0.0.1:9 is not there" in line


def test_a_killed_coordinator_leaves_no_feeder_and_goes_on_later(
    tmp_path: Path, sweep_file: SweepFile
) -> None:
    config = sweep_file(chunk_size=1, grid={"atr_period": list(range(2, 602)), "multiplier": [1.0, 2.0, 3.0]})
    local, database = tmp_path / "local.db", tmp_path / "killed.db"
    done("run", config, "--db", local)
    kill_at_work("run", config, "--db", database, "--ray")
    assert 0 < stored(database) < 1800
    done("run", config, "--db", database, "--ray")
    assert strategies(database) == strategies(local)


def test_a_search_that_is_killed_leaves_no_feeder_and_goes_on_later(
    tmp_path: Path, sweep_file: SweepFile
) -> None:
    config = search_file(sweep_file, search={"trials": 400, "batch": 4, "sampler": "random"})
    local, database = tmp_path / "local.db", tmp_path / "killed.db"
    done("search", config, "--db", local)
    kill_at_work("search", config, "--db", database, "--ray", "--workers", "2")
    assert 0 < stored(database) < 400
    found = json.loads(done("search", config, "--db", database, "--ray", "--workers", "2", "--json"))
    assert found["parallelization"] == 2
    assert 0 < found["evaluations"] < 400
    assert strategies(database) == strategies(local)
    trials = "SELECT * FROM trials ORDER BY sweep, trial"
    assert query(database, trials) == query(local, trials)


def test_a_search_that_is_interrupted_ends_its_cluster(tmp_path: Path, sweep_file: SweepFile) -> None:
    config = search_file(sweep_file, search={"trials": 4000, "batch": 4, "sampler": "random"})
    database = tmp_path / "stopped.db"
    process = at_work("search", config, "--db", database, "--ray", "--workers", "1")
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("interrupted: finished batches are kept")
    _, alive = psutil.wait_procs(family, 60)
    assert alive == []


def at_work(*arguments: str | Path) -> subprocess.Popen[str]:
    """A command of scripts/sweep.py once it has stored something."""
    command = [sys.executable, "scripts/sweep.py", *map(str, arguments)]
    database = Path(arguments[arguments.index("--db") + 1])
    process = subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while process.poll() is None and not stored(database):
        time.sleep(0.01)
    return process


def kill_at_work(*arguments: str | Path) -> None:
    """Kill a command of scripts/sweep.py once it has stored something; all that it started ends too."""
    process = at_work(*arguments)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(family, 60)
    assert alive == []


def stored(database: Path) -> int:
    """Rows in a store that may not be there yet."""
    try:
        return int(query(database, "SELECT count(*) FROM strategies")[0][0]) if database.exists() else 0
    except sqlite3.OperationalError:
        return 0
