"""Where a command evaluates: on threads of its own, or on Ray clusters."""

from __future__ import annotations

from pathlib import Path

import click

from utils.cluster.config import load_cluster
from utils.cluster.feeders import launches
from utils.cluster.ssh import Ssh
from utils.sweep.commands.options import together
from utils.sweep.ray.launch import Launch, cluster_at, own_cluster

placing = together(
    click.option(
        "--workers", type=click.IntRange(1), help="Threads, or CPUs for --ray.  [default: all cores]"
    ),
    click.option(
        "--ray",
        "address",
        is_flag=False,
        flag_value="own",
        metavar="[ADDRESS]",
        help="Run on Ray: a cluster of its own, the one at ADDRESS, or the one of this machine (auto).",
    ),
    click.option(
        "--cluster",
        "cluster_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Run on the Ray clusters of the hosts in a cluster file, see docs/cluster.md.",
    ),
)
"""Adds workers, address and cluster_file: `ray_clusters`."""


def ray_clusters(workers: int, address: str | None, cluster_file: Path | None) -> list[Launch]:
    """How to reach the Ray clusters that the options name; none where threads are wanted.

    Raises:
        UserError: the cluster file cannot be read.
    """
    if address is not None and cluster_file is not None:
        raise click.UsageError(
            "--ray is one Ray cluster, --cluster those of a cluster file: give one of them"
        )
    if cluster_file is not None:
        return launches(Ssh(load_cluster(cluster_file)))
    if address is not None:
        return [own_cluster(workers) if address == "own" else cluster_at(address)]
    return []
