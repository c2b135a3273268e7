"""How a coordinator reaches the Ray clusters: one channel to the head of each, on which a feeder runs.

A node behind a jump cannot be part of the main Ray cluster, whose nodes must reach each other on all their
ports; SSH forwards could not give it that, since Ray's workers talk to one another directly. So it, or its
island, is a Ray cluster of its own. The coordinator holds one SSH connection to each head, and the feeder at
its end is a Ray driver like any other: what crosses the jump is combinations one way and results the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from utils.cluster import node
from utils.cluster.config import ClusterConfig
from utils.cluster.ssh import Ssh


def feeder_argv(ssh: Ssh, island: str, module: str, options: Sequence[str] = ()) -> list[str]:
    """What runs a module on the head of an island with the environment that `up` made there.

    The module's standard streams are the local process's, through SSH unless that head is this host. A driver
    there finds its Ray cluster (`--address`) and is let in (the token of the release's environment).
    """
    head = ssh.cluster.islands()[island][0]
    path = ssh.cluster.hosts[head].path
    address = node.ray_address(ssh.cluster, head)
    return ssh.argv(head, [f"{path}/current/bin/python", "-m", module, "--address", address, *options])


def islands(cluster: ClusterConfig) -> list[str]:
    """Names of the Ray clusters, the main one first."""
    return list(cluster.islands())
