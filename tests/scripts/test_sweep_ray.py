"""A sweep on real Ray clusters ends as one on this machine's threads does, row for row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.sweep_command import SweepFile, done, failed, query, strategies

pytestmark = pytest.mark.xdist_group("ray")


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
