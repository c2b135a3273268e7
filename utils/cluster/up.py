"""Brings hosts to what the cluster file says, and starts their nodes; a second time changes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from utils.cluster import node, programs
from utils.cluster.bundle import Code, Wheels, bundle_code, collect_wheels, digest_of, requirements
from utils.cluster.config import Host
from utils.cluster.doctor import in_parallel, local_packages
from utils.cluster.head_access import let_head_in
from utils.cluster.ssh import Ssh, SshError
from utils.errors import UserError

INSTALL_SECONDS: Final = 1_200.0
COPY_SECONDS: Final = 3_600.0

Say = Callable[[str], None]


@dataclass
class Outcome:
    """What was done to a host.

    Attributes:
        done: one line each, empty when all was as it should be.
        problem: why it is not up; None when it is.
    """

    done: list[str] = field(default_factory=list)
    problem: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What travels; `wheels` is None where every host has an environment of its own."""

    code: Code
    wheels: Wheels | None


def prepare(ssh: Ssh, lock: Path, wanted: list[str] | None = None) -> Delivery:
    """Gather what travels.

    Args:
        lock: requirements.lock.
        wanted: requirements of an environment; None is what pyproject.toml says a node needs.
    Raises:
        UserError: a wheel cannot be had.
    """
    needed = any(host.environment is None for host in map(ssh.cluster.host, ssh.cluster.nodes))
    wheels = collect_wheels(wanted if wanted is not None else requirements(), lock) if needed else None
    return Delivery(bundle_code(), wheels)


def up(
    ssh: Ssh, delivery: Delivery, *, services: bool = True, say: Say = lambda _: None
) -> dict[str, Outcome]:
    """Provision every host, then start its node: heads first, since the others join them.

    A host that fails stops nobody but the nodes that wait for it.

    Args:
        services: also start the nodes.
        say: told what happens.
    """
    cluster = ssh.cluster
    outcomes = {name: Outcome() for name in cluster.nodes}

    def attempt(step: Callable[[str], None]) -> Callable[[str], None]:
        def guarded(name: str) -> None:
            try:
                step(name)
            except UserError as error:
                outcomes[name].problem = str(error).removeprefix(f"{name}: ")
            except Exception as error:  # noqa: BLE001 - one host's trouble is not the others'
                outcomes[name].problem = f"{type(error).__name__}: {error}"

        return guarded

    def provision(name: str) -> None:
        _provision(ssh, name, delivery, outcomes[name], say)

    in_parallel(cluster.nodes, attempt(provision))
    if services:
        heads = [members[0] for members in cluster.islands().values()]
        others = [name for name in cluster.nodes if name not in heads]
        tokens: dict[str, str] = {}

        def serve(name: str) -> None:
            _serve(ssh, name, tokens, outcomes[name], say)

        for group in (heads, others):
            ready = [name for name in group if outcomes[name].problem is None]
            for name in group:
                if cluster.head_of(name) not in tokens and name not in heads and name in ready:
                    ready.remove(name)
                    outcomes[name].problem = f"its head {cluster.head_of(name)} is not up"
            in_parallel(ready, attempt(serve))
        if outcomes[cluster.head].problem is None:
            attempt(lambda name: let_head_in(ssh, outcomes[name].done.append))(cluster.head)
    return outcomes


def _provision(ssh: Ssh, name: str, delivery: Delivery, outcome: Outcome, say: Say) -> None:
    host = ssh.cluster.hosts[name]
    wheels = delivery.wheels if host.environment is None else None
    manifest = dict(wheels.manifest) if wheels else {}
    environment = wheels.digest if wheels else ""
    code = delivery.code
    there = _release(ssh, name, "missing", wheels=manifest, environment=environment, code=code.digest)
    if wheels is not None and there["environment"]:
        _environment(ssh, name, wheels, there, say)
        outcome.done.append(
            f"environment {wheels.digest} from {len(manifest)} wheels, {len(there['wheels'])} sent"
        )
    if there["code"]:
        say(f"{name}: code {code.digest}, {len(code.tarball) / 1e6:.1f} MB")
        _send(ssh, name, code.tarball, "code.tar.gz")
        _release(ssh, name, "unpack_code", code=code.digest, tarball="code.tar.gz", sha256=code.sha256)
        outcome.done.append(f"code {code.digest}")
    facts = programs.ask(
        ssh, name, "facts", {"path": host.path, "environment": None, "address": "", "ports": []}
    )
    environment = environment or (host.environment or "").removeprefix("~/")
    variables = node.variables_file(ssh.cluster, name, facts["folder"])
    release = release_of(environment, code.digest, variables)
    if facts["release"] != release:
        _release(
            ssh,
            name,
            "switch",
            release=release,
            environment=environment,
            code=code.digest,
            variables=variables,
        )
        outcome.done.append(f"release {release}")
    if facts["release"] != release:
        _check_packages(ssh, name, host)


def release_of(environment: str, code: str, variables: str) -> str:
    """Names the release of an environment, code and variables."""
    return digest_of([environment, code, variables])


def _environment(ssh: Ssh, name: str, wheels: Wheels, there: dict[str, Any], say: Say) -> None:
    """Send what wheels a host has not got: all as one tarball to a new host, else only those that changed."""
    host, wrong = ssh.cluster.hosts[name], there["wheels"]
    tarball = None
    if wrong and not there["some"]:
        tarball = "wheels.tar"
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / tarball
            wheels.tarball(archive)
            say(f"{name}: {len(wheels.manifest)} wheels, {archive.stat().st_size / 1e6:.0f} MB")
            target = ssh.remote(name, f"{host.path}/{tarball}")
            _copied(ssh, name, ssh.scp_argv(archive, target))
    elif wrong:
        say(f"{name}: {len(wrong)} of {len(wheels.manifest)} wheels changed")
        listed = "".join(f"{wheel}\n" for wheel in wrong).encode()
        target = ssh.remote(name, f"{host.path}/wheels/")
        _copied(ssh, name, ssh.rsync_argv(f"{wheels.folder}/", target, "--files-from=-"), listed)
    say(f"{name}: environment {wheels.digest}")
    _release(
        ssh,
        name,
        "make_environment",
        wheels=dict(wheels.manifest),
        environment=wheels.digest,
        tarball=tarball,
    )


def _serve(ssh: Ssh, name: str, tokens: dict[str, str], outcome: Outcome, say: Say) -> None:
    cluster = ssh.cluster
    host, head = cluster.hosts[name], cluster.head_of(name)
    given = programs.ask(ssh, name, "access", {"do": "token", "path": host.path, "value": tokens.get(head)})
    if name == head:
        tokens[name] = given["token"]
    facts = programs.ask(
        ssh, name, "facts", {"path": host.path, "environment": None, "address": "", "ports": []}
    )
    request = {
        "do": "install",
        "path": host.path,
        "supervisor": programs.source("supervisor"),
        "terms": node.service(cluster, name, facts["release"]),
        "boot": facts["starts_services"],
    }
    answer = programs.ask(ssh, name, "service", request)
    if answer["changed"]:
        kind = "head" if name == head else "node"
        boot = (
            f"{answer['boot']} starts it with the host"
            if answer["boot"]
            else "nothing starts it with the host"
        )
        outcome.done.append(f"{kind} started; {boot}")
        say(f"{name}: {kind} started")


def _check_packages(ssh: Ssh, name: str, host: Host) -> None:
    facts = programs.ask(
        ssh, name, "facts", {"path": host.path, "environment": None, "address": "", "ports": []}
    )
    here = local_packages()
    different = {package: facts["packages"][package] for package in here
                 if facts["packages"].get(package, here[package]) != here[package]}  # fmt: skip
    if different:
        shown = ", ".join(
            f"{package} {number} (here {here[package]})" for package, number in different.items()
        )
        raise SshError(
            f"{name}: its environment has {shown}; bring {host.environment or 'the lock'} to that of here"
        )


def _release(ssh: Ssh, name: str, do: str, **terms: Any) -> Any:
    request = {"do": do, "path": ssh.cluster.hosts[name].path, **terms}
    return programs.ask(ssh, name, "release", request, timeout=INSTALL_SECONDS)


def _send(ssh: Ssh, name: str, content: bytes, file: str) -> None:
    path = f"{ssh.cluster.hosts[name].path}/{file}"
    answer = ssh.run(name, ["sh", "-c", f"cat > {path}"], stdin=content, timeout=COPY_SECONDS)
    if answer.code:
        raise SshError(f"{name}: {path} was not written: {answer.errors.strip()}; free space there")


def _copied(ssh: Ssh, name: str, argv: list[str], listed: bytes = b"") -> None:
    answer = ssh.local(name, argv, stdin=listed, timeout=COPY_SECONDS)
    if answer.code:
        raise SshError(
            f"{name}: not copied: {answer.errors.strip().splitlines()[-1:]}; see its disk and the network"
        )
