"""How a coordinator reaches the Ray clusters: one channel to the head of each, on which a feeder runs.

A node behind a jump cannot be part of the main Ray cluster, whose nodes must reach each other on all their
ports; SSH forwards could not give it that, since Ray's workers talk to one another directly. So it, or its
island, is a Ray cluster of its own. The coordinator holds one SSH connection to each head, and the feeder at
its end is a Ray driver like any other: what crosses the jump is combinations one way and results the other.
"""

from __future__ import annotations

from utils.cluster import node
from utils.cluster.ssh import Ssh, explained
from utils.sweep.ray.launch import MODULE, Launch

_OF_SSH = ("ssh:", "Host key", "Permission denied", "kex_exchange", "Connection ", "Timeout, server", "mux_")


def launches(ssh: Ssh) -> list[Launch]:
    """How to start the feeder of each Ray cluster, the main one first.

    It runs with the environment that `up` made on the cluster's head: its driver finds Ray there, and is let
    in. Its standard streams go through SSH, unless that head is this host.
    """
    return [_launch(ssh, island, members[0]) for island, members in ssh.cluster.islands().items()]


def _launch(ssh: Ssh, island: str, head: str) -> Launch:
    path = ssh.cluster.hosts[head].path
    command = [f"{path}/current/bin/python", "-m", MODULE, "--address", node.ray_address(ssh.cluster, head)]

    def explain(errors: str) -> str:
        if any(text in errors for text in _OF_SSH):
            return str(explained(ssh.cluster, head, errors))
        if "not found" in errors:
            return f"{head}: nothing is installed there; scripts/cluster.py up"
        return told(errors)

    launch = Launch(island, tuple(ssh.argv(head, command)))
    told = launch.explain
    return Launch(launch.name, launch.argv, explain)
