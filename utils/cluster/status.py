"""How the hosts of a cluster are, which nodes its Ray clusters have, and what they work at."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from utils.cluster.config import ClusterConfig
from utils.cluster.doctor import facts_of, in_parallel
from utils.cluster.ssh import Ssh, SshError
from utils.cluster.submission import jobs
from utils.errors import UserError


@dataclass(frozen=True)
class Status:
    """One host.

    Attributes:
        island: the Ray cluster that it belongs to.
        service: what the supervisor is doing, or why the host was not asked.
        restarts: of its node, by the supervisor.
        alive: whether its Ray cluster counts it; None when that could not be asked.
        cpus: that Ray uses; 0 where there is no node.
        load: of the host, on average of the last minute.
        memory, memory_available: of the host, bytes.
    """

    host: str
    island: str
    service: str
    restarts: int = 0
    alive: bool | None = None
    cpus: float = 0.0
    load: float | None = None
    memory: int | None = None
    memory_available: int | None = None


@dataclass(frozen=True)
class ClusterStatus:
    """All hosts, and the submitted sweeps with their chunks; `problems` are what could not be asked."""

    hosts: tuple[Status, ...]
    sweeps: tuple[dict[str, Any], ...]
    problems: tuple[str, ...]


def status(ssh: Ssh) -> ClusterStatus:
    """Ask every host, each head for its nodes, and the main head for its sweeps, all at the same time."""
    cluster = ssh.cluster
    heads = {island: members[0] for island, members in cluster.islands().items()}
    facts = in_parallel(cluster.nodes, lambda name: _or_problem(lambda: facts_of(ssh, name)))
    up = [head for head in heads.values() if isinstance(facts[head], dict) and facts[head]["service"]]
    nodes = in_parallel(up, lambda head: _or_problem(lambda: _nodes(ssh, head)))
    sweeps: Any = _or_problem(lambda: jobs(ssh)) if cluster.head in up else []
    problems = [answer for answer in (*nodes.values(), sweeps) if isinstance(answer, str)]
    alive: dict[str, dict[str, Any]] = {}
    for answer in nodes.values():
        if isinstance(answer, dict):
            alive |= {node["name"]: node for node in answer["nodes"] if node["alive"]}
    asked = {
        name for head, answer in nodes.items() if isinstance(answer, dict) for name in _members(cluster, head)
    }
    hosts = tuple(
        _status(cluster, name, facts[name], alive.get(name), name in asked) for name in cluster.nodes
    )
    return ClusterStatus(hosts, tuple(sweeps) if isinstance(sweeps, list) else (), tuple(problems))


def _members(cluster: ClusterConfig, head: str) -> list[str]:
    return cluster.islands()[cluster.island_of(head)]


def _status(
    cluster: ClusterConfig, name: str, facts: Any, node: dict[str, Any] | None, asked: bool
) -> Status:
    island = cluster.island_of(name)
    if isinstance(facts, str):
        return Status(name, island, facts.removeprefix(f"{name}: "))
    service = facts["service"] or {}
    return Status(
        host=name,
        island=island,
        service=service.get("state", "not started"),
        restarts=service.get("restarts", 0),
        alive=(node is not None) if asked else None,
        cpus=node["cpus"] if node else 0.0,
        load=facts["load"],
        memory=facts["memory"],
        memory_available=facts["memory_available"],
    )


def _nodes(ssh: Ssh, head: str) -> dict[str, Any]:
    path = ssh.cluster.hosts[head].path
    answer = ssh.run(head, [f"{path}/current/bin/python", "-m", "utils.cluster.ray_nodes"])
    if answer.code:
        said = answer.errors.strip().splitlines() or ["no answer"]
        raise SshError(f"{head}: its Ray cluster does not answer: {said[-1]}; see {path}/service/log there")
    found: dict[str, Any] = json.loads(answer.text.splitlines()[-1])
    return found


def _or_problem(ask: Callable[[], Any]) -> Any:
    """An answer, or why there is none, as text."""
    try:
        return ask()
    except UserError as error:
        return str(error)
