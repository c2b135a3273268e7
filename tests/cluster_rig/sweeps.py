"""The reference sweep on the hosts of a rig, and the rows that it must give."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import yaml

from tests.cluster_rig.rig import ROOT, Rig
from tests.scripts.sweep_command import strategies

CONFIG: Final = ROOT / "config" / "sweeps" / "money_line_reference.yaml"
COMBOS: Final = 65_536
BARS: Final = 2_000
SECONDS: Final = 300.0
"""For anything; on two free processors most takes a tenth of it."""


class Sweeps:
    """Runs sweeps; `near` and `far` are cluster files with the main Ray cluster, and with worker2's alone."""

    def __init__(self, rig: Rig, bars: Path) -> None:
        self.rig = rig
        lines = bars.read_text().splitlines()[: BARS + 1]
        (rig.folder / "bars.csv").write_text("\n".join(lines) + "\n")
        done = rig.call("sweep.py", *self.words("local.db"), timeout=SECONDS)
        assert done.returncode == 0, done.stderr
        self.rows = strategies(rig.folder / "local.db")
        assert len(self.rows) == COMBOS
        content = yaml.safe_load(rig.cluster.read_text())
        hosts = content["hosts"]
        only = {name: {**hosts[name], "cpus": 0} for name in ("worker1",)} | {"worker2": hosts["worker2"]}
        self.near = self._file(
            "near", content, "master", {name: hosts[name] for name in ("master", "worker1")}
        )
        self.far = self._file("far", content, "worker2", only)
        self.wait_until_up()

    def words(self, database: str, cluster: Path | None = None) -> list[str | Path]:
        """Of scripts/sweep.py."""
        where: list[str | Path] = [] if cluster is None else ["--cluster", cluster]
        return ["run", CONFIG, "--data", "bars.csv", "--db", database, "--chunk-size", "512", *where]

    def begin(self, database: str, cluster: Path | None = None) -> subprocess.Popen[str]:
        """Start a sweep on the hosts, and wait until some of it is done."""
        process = self.rig.popen("sweep.py", *self.words(database, cluster or self.rig.cluster))
        self.wait_for(lambda: self.completed(database) >= 4 or process.poll() is not None, "first chunks")
        assert process.poll() is None, process.communicate()
        return process

    def finish(self, process: subprocess.Popen[str], database: str) -> None:
        """Wait for the end of a sweep; its rows must be those of the local run."""
        _, errors = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, errors
        self.same(database)

    def run(self, database: str, cluster: Path | None = None, code: int = 0) -> str:
        """Run a sweep to its end; what it says on standard error."""
        done = self.rig.call("sweep.py", *self.words(database, cluster or self.rig.cluster), timeout=SECONDS)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr

    def same(self, database: str) -> None:
        """Row for row, bit for bit what the local run stored."""
        assert strategies(self.rig.folder / database) == self.rows

    def completed(self, database: str, worker: str = "", since: float = 0.0) -> int:
        """Number of chunks that are done, by workers whose name has `worker`, and since a time."""
        path = self.rig.folder / database
        if not path.exists():
            return 0
        sql = (
            "SELECT count(*) FROM chunks"
            " WHERE status = 'completed' AND assigned_worker LIKE ? AND completed_at > ?"
        )
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
                return int(connection.execute(sql, (f"%{worker}%", since)).fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # it is just being made

    def status(self) -> dict[str, Any]:
        """What scripts/cluster.py status says."""
        done = self.rig.call("cluster.py", "status", "--json", "--cluster", self.rig.cluster)
        content: dict[str, Any] = json.loads(done.stdout)
        return content

    def wait_until_up(self) -> None:
        """Until every node is part of its Ray cluster."""
        self.wait_for(lambda: all(host["alive"] for host in self.status()["hosts"]), "the nodes")

    @staticmethod
    def wait_for(condition: Any, what: str, seconds: float = SECONDS) -> None:
        """Until a condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
            time.sleep(0.2)

    def _file(self, name: str, content: dict[str, Any], head: str, hosts: dict[str, Any]) -> Path:
        path = self.rig.folder / f"{name}.yaml"
        known = {"known_hosts": "cluster.known_hosts"}
        path.write_text(yaml.safe_dump({**content, **known, "head": head, "hosts": hosts}, sort_keys=False))
        return path
