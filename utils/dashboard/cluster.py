"""The machines that sweeps run on.

A `ClusterView` is the seam for a cluster: it says what its nodes are and how they are, however it comes to
know. The page joins it with what the stores say: a worker whose name in `chunks.assigned_worker` is a node's
name, or begins with it and a slash, runs on that node. What the stores say comes first: a view that is slow
or fails hides no sweep.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from utils.cluster.config import load_cluster
from utils.cluster.ssh import Ssh
from utils.cluster.status import status


@dataclass(frozen=True)
class Node:
    """A machine of a cluster.

    Attributes:
        name: begins the names of its workers.
        state: "up", "down", or why it cannot be told, in a few words.
        cores: logical processors.
        cpu_percent: of all cores together, 0 to 100; None where unknown.
        load: processes that want a core, on average of the last minute; for where the former is unknown.
        memory_used, memory_total: bytes; None where unknown.
    """

    name: str
    state: str
    cores: int | None = None
    cpu_percent: float | None = None
    load: float | None = None
    memory_used: int | None = None
    memory_total: int | None = None


class ClusterView(Protocol):
    """Tells the nodes of one cluster.

    `nodes` is called from a thread of its own, every few seconds, never twice at a time; it may take as long
    as it needs, and a later call replaces what an earlier one said. It raises UserError, one line, where
    there is nothing to tell.
    """

    def nodes(self) -> Sequence[Node]:
        """Its nodes now."""


class ConfiguredHosts:
    """The hosts of a cluster file, asked over SSH; a worker of theirs is `ISLAND/HOST/PROCESS`.

    Raises:
        UserError: the file cannot be read.
    """

    def __init__(self, file: Path) -> None:
        self._ssh = Ssh(load_cluster(file))

    def nodes(self) -> Sequence[Node]:
        """Every host; one that does not answer says why in its state."""
        return [
            Node(
                f"{host.island}/{host.host}",
                "up" if host.alive else host.service if host.alive is None else "down",
                round(host.cpus) or None,
                None,
                host.load,
                None if host.memory is None else host.memory - (host.memory_available or 0),
                host.memory,
            )
            for host in status(self._ssh).hosts
        ]


class ThisMachine:
    """The machine that the dashboard, and every local sweep, runs on."""

    def __init__(self) -> None:
        psutil.cpu_percent()  # the first call begins the measurement

    def nodes(self) -> Sequence[Node]:
        """This machine alone."""
        memory = psutil.virtual_memory()
        return [
            Node(
                socket.gethostname(),
                "up",
                psutil.cpu_count(),
                round(psutil.cpu_percent()),
                None,
                (memory.total - memory.available) >> 24 << 24,  # a change of less than 16 MB is no news
                memory.total,
            )
        ]
