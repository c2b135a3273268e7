"""Whether the hosts of a cluster can do what the cluster file says: findings with evidence and remedy."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, TypeVar

from utils.cluster import programs
from utils.cluster.config import ClusterConfig, Host
from utils.cluster.reachability import unreached
from utils.cluster.ssh import Ssh, SshError
from utils.readiness.finding import Finding, Level, ok

GIB: Final = 2**30
DISK_GIB: Final = 3.0
"""What an environment, its wheels and a sweep's bars need at least."""

SKEW_S: Final = 2.0
"""More makes logs and the times of chunks hard to read; `SKEW_WRONG_S` makes leases end at the wrong time."""

SKEW_WRONG_S: Final = 30.0

T = TypeVar("T")


@dataclass(frozen=True)
class Diagnosis:
    """What was found about one host.

    Attributes:
        facts: what the host said about itself; None when it was not reached.
    """

    host: str
    facts: Mapping[str, Any] | None
    findings: tuple[Finding, ...]


def in_parallel(names: Iterable[str], work: Callable[[str], T]) -> dict[str, T]:
    """The result of `work` for each host, all at the same time."""
    names = list(names)
    with ThreadPoolExecutor(max_workers=max(1, min(32, len(names)))) as pool:
        return dict(zip(names, pool.map(work, names), strict=True))


def facts_of(ssh: Ssh, name: str) -> dict[str, Any]:
    """What a host says about itself.

    Raises:
        SshError: it was not reached, or has no such Python.
    """
    host = ssh.cluster.host(name)
    environment = host.environment.removeprefix("~/") if host.environment else None
    request = {
        "path": host.path,
        "environment": environment,
        "address": host.node_address,
        "ports": _ports(ssh.cluster, name),
    }
    answer: dict[str, Any] = programs.ask(ssh, name, "facts", request)
    return answer


def examine(ssh: Ssh) -> list[Diagnosis]:
    """Look at every host, and at what they reach of each other. Nothing is changed anywhere."""
    cluster = ssh.cluster
    diagnoses = in_parallel(cluster.hosts, lambda name: _examined(ssh, name))
    running = {name: seen.facts for name, seen in diagnoses.items() if seen.facts is not None}
    network: dict[str, list[Finding]] = {name: [] for name in cluster.hosts}
    for members in cluster.islands().values():
        reached = [name for name in members if name in running]
        if len(reached) > 1:
            for name, finding in _between(ssh, reached).items():
                network[name].append(finding)
    return [Diagnosis(name, seen.facts, (*seen.findings, *network[name])) for name, seen in diagnoses.items()]


def local_packages() -> dict[str, str]:
    """Versions here of what decides whether nodes understand each other and compute the same bits."""
    found = {}
    for name in ("ray", "numpy", "numba"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _ports(cluster: ClusterConfig, name: str) -> list[int]:
    head = [cluster.ports.gcs, cluster.ports.dashboard] if cluster.head_of(name) == name else []
    return [*head, *cluster.ports.node.values()]


def _examined(ssh: Ssh, name: str) -> Diagnosis:
    host, cluster = ssh.cluster.hosts[name], ssh.cluster
    before = time.time()
    try:
        facts = facts_of(ssh, name)
    except SshError as error:
        return Diagnosis(name, None, (_unreached(name, error),))
    after = time.time()
    way = " through " + " and ".join(cluster.route(name)[:-1]) if host.proxy_jump else ""
    evidence = f"{host.host}:{host.port}{way}, {after - before:.1f} s, key in {cluster.known_hosts.name}"
    connection = ok("connection", evidence)
    if host.cpus == 0:
        return Diagnosis(name, None, (connection,))
    findings = [
        connection,
        _system(facts),
        _python(facts),
        *_tools(host, facts),
        *_packages(host, facts),
        _clock(facts["now"], before, after),
        _processors(host, facts),
        _memory(host, facts),
        _disk(facts),
        _ports_free(facts),
        _boot(facts),
    ]
    return Diagnosis(name, facts, tuple(findings))


def _unreached(name: str, error: SshError) -> Finding:
    said = str(error).removeprefix(f"{name}: ")
    evidence, _, remedy = said.partition("; ")
    return Finding("connection", Level.BLOCKER, evidence, "nothing can run on it", remedy)


def _system(facts: Mapping[str, Any]) -> Finding:
    there, here = (facts["system"], facts["machine"]), (platform.system(), platform.machine())
    evidence = f"{' '.join(there)}, load {facts['load']:.1f}"
    if there == here:
        return ok("system", evidence)
    return Finding(
        "system", Level.RISK, f"{evidence}; here it is {' '.join(here)}",
        "wheels made here do not install there, and results may differ in their last bit",
        "make an environment there by hand, and name it as the host's environment",
    )  # fmt: skip


def _python(facts: Mapping[str, Any]) -> Finding:
    there, here = facts["python"], platform.python_version()
    if there == here:
        return ok("Python", there)
    same_minor = there.split(".")[:2] == here.split(".")[:2]
    return Finding(
        "Python", Level.RISK if same_minor else Level.BLOCKER, f"{there}, here it is {here}",
        "Ray warns of it" if same_minor else "Ray's nodes do not understand each other",
        f"install Python {here} there, and set the host's `python`",
    )  # fmt: skip


def _tools(host: Host, facts: Mapping[str, Any]) -> list[Finding]:
    """What `up` needs there to make an environment."""
    if host.environment:
        return []
    findings = []
    if not facts["can_make_environments"]:
        evidence, remedy = "Python has no venv there", "install it (Debian: python3-venv)"
        findings.append(Finding("tools", Level.BLOCKER, evidence, "no environment can be made", remedy))
    if not facts["rsync"]:
        evidence, risk = "no rsync there", "wheels that changed cannot be sent alone"
        findings.append(Finding("tools", Level.BLOCKER, evidence, risk, "install rsync"))
    return findings


def _packages(host: Host, facts: Mapping[str, Any]) -> list[Finding]:
    here, there = local_packages(), facts["packages"]
    if not there:
        return [
            Finding(
                "Ray", Level.BLOCKER if host.environment else Level.RISK, "no environment with Ray yet",
                "no node can start there",
                "install it there" if host.environment else "scripts/cluster.py up makes it",
            )
        ]  # fmt: skip
    different = [
        f"{name} {there.get(name, 'missing')}, here {here[name]}"
        for name in here
        if there.get(name) != here[name]
    ]
    if different:
        return [
            Finding(
                "Ray", Level.BLOCKER, "; ".join(different),
                "nodes do not join, or results differ in their last bit",
                "install these versions there" if host.environment else "scripts/cluster.py up",
            )
        ]  # fmt: skip
    return [ok("Ray", ", ".join(f"{name} {number}" for name, number in there.items()))]


def _clock(now: float, before: float, after: float) -> Finding:
    """The host read its clock between `before` and `after` of ours."""
    off = now - (before + after) / 2
    skew = max(0.0, abs(off) - (after - before) / 2)
    if skew <= SKEW_S:
        return ok("clock", f"right to {max(skew, (after - before) / 2):.1f} s")
    ahead = "ahead" if off > 0 else "behind"
    level = Level.BLOCKER if skew > SKEW_WRONG_S else Level.RISK
    return Finding(
        "clock", level, f"{skew:.0f} s {ahead}", "times of chunks and jobs are wrong", "run NTP there"
    )


def _processors(host: Host, facts: Mapping[str, Any]) -> Finding:
    return _enough("processors", facts["cpus"], host.cpus or 1, "", "hosts.*.cpus")


def _memory(host: Host, facts: Mapping[str, Any]) -> Finding:
    total, available = facts["memory"] / GIB, facts["memory_available"] / GIB
    wanted = (host.memory or 0) / GIB
    finding = _enough("memory", round(total, 1), round(wanted, 1), " GiB", "hosts.*.memory")
    if finding.level is Level.OK and available < wanted:
        return Finding(
            "memory", Level.RISK, f"{available:.1f} of {total:.1f} GiB available, {wanted:.1f} wanted",
            "workers are ended when it runs out", "end what else runs there, or lower hosts.*.memory",
        )  # fmt: skip
    return finding


def _enough(subject: str, there: float, wanted: float, unit: str, field: str) -> Finding:
    evidence = f"{there:g}{unit}, {wanted:g}{unit} wanted"
    if there >= wanted:
        return ok(subject, evidence)
    return Finding(
        subject, Level.BLOCKER, evidence, "the node would promise what it has not", f"lower {field}"
    )


def _disk(facts: Mapping[str, Any]) -> Finding:
    free = facts["disk_free"] / GIB
    evidence = f"{free:.1f} GiB free for {facts['folder']}"
    if not facts["writable"]:
        evidence = f"{facts['folder']} cannot be written"
        remedy = "give the user that folder, or set hosts.*.folder"
        return Finding("disk", Level.BLOCKER, evidence, "nothing can be put there", remedy)
    if free >= DISK_GIB:
        return ok("disk", evidence)
    level = Level.RISK if free >= 0.5 else Level.BLOCKER
    risk = f"an environment, its wheels and bars take up to {DISK_GIB:g} GiB"
    return Finding("disk", level, evidence, risk, "free some")


def _ports_free(facts: Mapping[str, Any]) -> Finding:
    taken: Mapping[str, str] = facts["ports"]
    if not taken:
        return ok("ports", "free")
    if facts["service"] is not None:
        return ok("ports", f"{', '.join(taken)} in use, this cluster's Ray runs there")
    reasons = {f"{port} ({reason})" for port, reason in taken.items()}
    return Finding("ports", Level.BLOCKER, ", ".join(sorted(reasons)), "Ray cannot start there",
                   "end what uses them, correct hosts.*.address, or change ports.first")  # fmt: skip


def _boot(facts: Mapping[str, Any]) -> Finding:
    if facts["starts_services"]:
        return ok("reboot", f"{facts['starts_services']} starts the node again")
    return Finding("reboot", Level.RISK, "neither systemd with linger nor cron",
                   "a reboot takes the node away", "loginctl enable-linger, or install cron")  # fmt: skip


def _between(ssh: Ssh, names: list[str]) -> dict[str, Finding]:
    """For each node, what it reaches of the others of its Ray cluster."""
    found = {}
    for name, problems in unreached(ssh, names, lambda host: _ports(ssh.cluster, host)).items():
        others = ", ".join(other for other in names if other != name)
        if problems:
            found[name] = Finding(
                "network", Level.BLOCKER, "; ".join(problems), "the node cannot be part of the Ray cluster",
                "open the ports between them, correct hosts.*.address, or give it an island of its own",
            )  # fmt: skip
        else:
            found[name] = ok("network", f"reaches {others}")
    return found
