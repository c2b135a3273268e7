"""Every command of docs/cluster.md, in its order, on three hosts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster_rig.rig import HOME, HOSTS, ROOT
from tests.cluster_rig.sweeps import SECONDS, Sweeps
from tests.scripts.sweep_command import strategies
from tests.test_docs import commands

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster_rig")]

PAGE = ROOT / "docs" / "cluster.md"


def test_the_pages_commands_work(sweeps: Sweeps) -> None:
    rig = sweeps.rig
    workspace = rig.folder / "workspace"
    (workspace / "config").mkdir(parents=True)
    (workspace / "scripts").symlink_to(ROOT / "scripts")
    (workspace / "config" / "sweeps").symlink_to(ROOT / "config" / "sweeps")
    shutil.copy(rig.cluster, workspace / "config" / "cluster.yaml")  # its hosts' keys are not known there
    shutil.copy(rig.folder / "bars.csv", workspace)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = {}
    for line in commands(PAGE):
        run = subprocess.run(
            rig.machines["desk"].argv("env", f"--chdir={workspace}", f"PATH={path}", "bash", "-c", line),
            env=rig.environment,
            input="y\n" * len(HOSTS) if line.endswith(" trust") else "",
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert run.returncode == 0, f"$ {line}\n{run.stdout}{run.stderr}"
        said[line.removeprefix("python scripts/")] = run.stdout
    assert "READY" in said["cluster.py doctor"]
    assert said["cluster.py up"].count("nothing to do") == len(HOSTS)  # they were up already
    assert said["cluster.py status"].count("alive") == len(HOSTS)
    assert "best by sharpe" in said["cluster.py logs --follow"]
    for name in ("here", "there"):
        assert strategies(workspace / "build" / f"{name}.db") == sweeps.rows
    assert said["cluster.py down"].count("ended") == len(HOSTS)
    for name in HOSTS:
        assert rig.on(name, "ls lean-cluster", check=False) == ""
        assert str(HOME) not in rig.on(
            name, "ps -eo args | grep -v grep | grep -e raylet -e supervisor || true"
        )
