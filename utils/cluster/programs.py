"""Sends a program of `host_side` to a host, and asks it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from utils.cluster.config import Host
from utils.cluster.ssh import NOT_FOUND, Ssh, SshError


def python_of(host: Host) -> str:
    """The interpreter on a host: the one it names, else the same minor version as here."""
    return host.python or f"python{sys.version_info.major}.{sys.version_info.minor}"


def source(program: str) -> str:
    """Text of a program of `host_side`."""
    return files("utils.cluster.host_side").joinpath(f"{program}.py").read_text(encoding="utf-8")


def ask(ssh: Ssh, name: str, program: str, request: Mapping[str, Any], timeout: float = 120.0) -> Any:
    """Run a program on a host with a request, and return its answer.

    Raises:
        SshError: the host was not reached, has no such Python, or the program failed; the text says which.
    """
    answer = ssh.run(name, _command(ssh, name, program), stdin=_line(request), timeout=timeout)
    if answer.code == 0:
        return json.loads(answer.output)
    python = python_of(ssh.cluster.host(name))
    if answer.code == NOT_FOUND:
        raise SshError(f"{name}: there is no {python}; install it there, or set hosts.{name}.python")
    said = answer.errors.strip().splitlines() or [f"{program} ended with code {answer.code}"]
    raise SshError(f"{name}: {said[-1]}")


def start(
    ssh: Ssh, name: str, program: str, request: Mapping[str, Any], errors: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start a program on a host that works on until it is done, or its standard input is closed."""
    process = subprocess.Popen(
        ssh.argv(name, _command(ssh, name, program)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(_line(request))
    process.stdin.flush()
    return process


def _command(ssh: Ssh, name: str, program: str) -> list[str]:
    return [*shlex.split(python_of(ssh.cluster.host(name))), "-I", "-c", source(program)]


def _line(request: Mapping[str, Any]) -> bytes:
    return json.dumps(request).encode() + b"\n"
