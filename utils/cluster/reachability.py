"""Which ports of each other the nodes of one Ray cluster reach, tried from each of them."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from utils.cluster import programs
from utils.cluster.ssh import Ssh, SshError


def unreached(ssh: Ssh, names: Sequence[str], ports_of: Callable[[str], list[int]]) -> dict[str, list[str]]:
    """For each host, what it does not reach of the others: ``worker1 port 20002: Connection refused``.

    On free ports something listens meanwhile; on the others whoever is there answers.
    """
    open_ports = {
        name: [port for port in ports_of(name) if port != ssh.cluster.ports.dashboard] for name in names
    }
    listeners: list[subprocess.Popen[bytes]] = []
    try:
        for name in names:
            request = {"address": ssh.cluster.hosts[name].node_address, "ports": open_ports[name]}
            listeners.append(programs.start(ssh, name, "reach", request))
        for listener in listeners:
            assert listener.stdout is not None
            listener.stdout.readline()
        with ThreadPoolExecutor(max_workers=len(names)) as pool:
            tried = pool.map(lambda name: _tried(ssh, name, names, open_ports), names)
            return dict(zip(names, tried, strict=True))
    finally:
        for listener in listeners:
            assert listener.stdin is not None
            assert listener.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                listener.stdin.close()
            listener.stdout.close()
        for listener in listeners:
            try:
                listener.wait(timeout=10)
            except subprocess.TimeoutExpired:
                listener.kill()
                listener.wait()


def _tried(ssh: Ssh, name: str, names: Sequence[str], open_ports: dict[str, list[int]]) -> list[str]:
    targets = [(other, port) for other in names if other != name for port in open_ports[other]]
    addressed = [(ssh.cluster.hosts[other].node_address, port) for other, port in targets]
    try:
        problems = programs.ask(ssh, name, "reach", {"targets": addressed})
    except SshError as error:
        return [str(error)]
    return [
        f"{other} port {port}: {problem}"
        for (other, port), problem in zip(targets, problems, strict=True)
        if problem is not None
    ]
