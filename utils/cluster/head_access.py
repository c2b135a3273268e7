"""Lets the main head reach the heads of the other Ray clusters, so that a submitted sweep uses them too.

The head makes a key of its own. The hosts on its way take it only for passing on to the next one, the heads
at its end only for commands: no terminal, no forwarding.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import yaml

from utils.cluster import programs
from utils.cluster.config import MAIN, ClusterConfig
from utils.cluster.ssh import Ssh
from utils.files import read_text

FILE = "cluster.yaml"


def let_head_in(ssh: Ssh, done: Callable[[str], None]) -> None:
    """Give the head its cluster file, the trusted host keys, and a key that the islands take.

    Args:
        done: told what was changed.
    Raises:
        SshError: a host was not reached.
    """
    cluster = ssh.cluster
    head = cluster.hosts[cluster.head]
    contents = {FILE: head_view(cluster), "cluster.known_hosts": read_text(cluster.known_hosts)}
    programs.ask(ssh, cluster.head, "access", {"do": "files", "path": head.path, "contents": contents})
    lines = authorizations(cluster)
    if not lines:
        return
    public = programs.ask(ssh, cluster.head, "access", {"do": "key", "path": head.path})["public"]
    kind, key = public.split()[:2]
    for name, options in lines.items():
        request = {"do": "authorize", "line": f"{options} {kind} {key}", "tag": tag_of(cluster)}
        if programs.ask(ssh, name, "access", request)["changed"]:
            done(f"{name} takes its key")


def shut_head_out(ssh: Ssh, name: str) -> None:
    """Have a host take the head's key no more."""
    programs.ask(ssh, name, "access", {"do": "authorize", "line": None, "tag": tag_of(ssh.cluster)})


def tag_of(cluster: ClusterConfig) -> str:
    """Ends the lines of authorized_keys that are this cluster's."""
    return f"lean-cluster:{cluster.name}:{cluster.head}"


def authorizations(cluster: ClusterConfig) -> dict[str, str]:
    """Host -> what the head's key may do there, as options of authorized_keys."""
    start = cluster.route(cluster.head)[:-1]
    found: dict[str, str] = {}
    passes: dict[str, list[str]] = {}
    for island, members in cluster.islands().items():
        if island == MAIN:
            continue
        route = cluster.route(members[0])
        route = route[len(start) :] if route[: len(start)] == start else route
        if route[0] == cluster.head:
            route = route[1:]
        found[route[-1]] = "restrict"
        for jump, after in pairwise(route):
            host = cluster.hosts[after]
            passes.setdefault(jump, []).append(f'permitopen="{host.host}:{host.port}"')
    for jump, targets in passes.items():
        found[jump] = ",".join(["restrict", "port-forwarding", *targets])
    return found


def head_view(cluster: ClusterConfig) -> str:
    """The cluster file as the head needs it: with its own key, and without the jumps that lead to itself."""
    start = cluster.hosts[cluster.head].proxy_jump
    hosts = {}
    for name, host in cluster.hosts.items():
        terms = host.model_dump(mode="json", exclude_defaults=True, exclude={"identity_file"})
        if host.proxy_jump in (start, cluster.head):
            terms.pop("proxy_jump", None)
        terms["identity_file"] = "keys/id_ed25519"
        terms["island"] = cluster.island_of(name)
        hosts[name] = terms
    content = {
        "name": cluster.name,
        "head": cluster.head,
        "ports": cluster.ports.model_dump(),
        "hosts": hosts,
        "known_hosts": "cluster.known_hosts",
    }
    return yaml.safe_dump(content, sort_keys=False)
