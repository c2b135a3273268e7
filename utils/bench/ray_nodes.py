"""Ray clusters of their own on 127.0.0.1, for figures and tests: nodes are pinned, and killed, one by one."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

START_SECONDS = 120.0


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses.

    It is below those that the system gives away, of which Ray takes more for itself as it starts, and above
    those of Ray's workers.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def kill_tree(pid: int) -> None:
    """Kill a process and all that it started, the starters first."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family, 20)


class RayCluster:
    """A head, and nodes that join it.

    Args:
        cpus: of the head.
        core: of this machine that everything of the head runs on, None is any.

    Attributes:
        address: stays the same when the head is started again.
    """

    def __init__(self, cpus: int, core: int | None = None) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self._folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))
        self._cpus = cpus
        self._core = core
        self._head: subprocess.Popen[bytes] | None = None
        self._nodes: list[subprocess.Popen[bytes]] = []
        self.start_head()

    def start_head(self) -> None:
        """Start it, and wait until it accepts connections."""
        _, _, port = self.address.rpartition(":")
        options = [
            "--head",
            "--port",
            port,
            "--include-dashboard=false",
            "--ray-client-server-port",
            str(free_port()),
        ]
        self._head = self._start("head", self._cpus, self._core, options)

    def kill_head(self) -> None:
        """Kill it and its workers."""
        assert self._head
        kill_tree(self._head.pid)
        self._head.wait()

    def add_node(self, name: str, cpus: int = 1, core: int | None = None) -> subprocess.Popen[bytes]:
        """Start a node that joins the head."""
        node = self._start(name, cpus, core, ["--address", self.address])
        self._nodes.append(node)
        return node

    def stop(self) -> None:
        """Kill all of it."""
        for process in [*self._nodes, self._head]:
            if process is not None:
                kill_tree(process.pid)
                process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, name: str, cpus: int, core: int | None, options: list[str]) -> subprocess.Popen[bytes]:
        """Start a node, and wait until it has its sockets: the next one would take the same names."""
        pinned = [] if core is None else ["taskset", "--cpu-list", str(core)]
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--disable-usage-stats"]
        common = ["--node-ip-address=127.0.0.1", "--object-store-memory=200000000"]
        random = ["--min-worker-port=0", "--max-worker-port=0"]
        agent = ["--dashboard-agent-listen-port", str(free_port()), "--temp-dir", str(self._folder)]
        node = ["--node-name", name, "--num-cpus", str(cpus), *options]
        environment = os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
        before = self._sockets()
        log = (self._folder / "start.log").open("ab")
        with log:
            process = subprocess.Popen(
                [*pinned, *command, *common, *random, *agent, *node],
                stdout=log,
                stderr=log,
                env=environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._sockets() - before:
            if process.poll() is not None or time.monotonic() > deadline:
                kill_tree(process.pid)
                raise RuntimeError((self._folder / "start.log").read_text())
            time.sleep(0.1)
        return process

    def _sockets(self) -> set[Path]:
        """Of all nodes that were ever started; a node makes this one when the rest of it is there."""
        return {
            path
            for path in self._folder.glob("session_*/sockets/raylet*")
            if not path.parent.parent.is_symlink()
        }


@contextlib.contextmanager
def ray_cluster(cpus: int = 2, core: int | None = None) -> Iterator[RayCluster]:
    """A cluster for a while."""
    cluster = RayCluster(cpus, core)
    try:
        yield cluster
    finally:
        cluster.stop()
