"""Ends the nodes of a cluster, and removes what `up` put on its hosts if that is wished."""

from __future__ import annotations

from utils.cluster import programs
from utils.cluster.doctor import in_parallel
from utils.cluster.head_access import authorizations, shut_head_out
from utils.cluster.ssh import Ssh, SshError


def down(ssh: Ssh, *, remove: bool = False) -> dict[str, str]:
    """End every node; a line for each host that says what was done, or what stood in the way.

    Args:
        remove: also remove the cluster's folder, with submitted sweeps and their results.
    """
    return in_parallel(ssh.cluster.nodes, lambda name: _down(ssh, name, remove))


def failed(line: str) -> bool:
    """Whether such a line tells of something in the way."""
    return line.startswith("not ended")


def _down(ssh: Ssh, name: str, remove: bool) -> str:
    path = ssh.cluster.hosts[name].path
    try:
        facts = programs.ask(
            ssh, name, "facts", {"path": path, "environment": None, "address": "", "ports": []}
        )
        request = {"do": "stop", "path": path, "boot": facts["starts_services"]}
        stopped = programs.ask(ssh, name, "service", request)["stopped"]
        said = "ended" if stopped else "did not run"
        if remove:
            if name in authorizations(ssh.cluster):
                shut_head_out(ssh, name)
            removed = programs.ask(ssh, name, "release", {"do": "remove", "path": path})["removed"]
            said += ", removed" if removed else ", nothing to remove"
    except SshError as error:
        return f"not ended: {str(error).removeprefix(f'{name}: ')}"
    return said
