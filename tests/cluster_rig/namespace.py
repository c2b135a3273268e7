"""A machine on this one: network, mounts, host name and processes of its own, gone with their test."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path


def missing() -> str | None:
    """Why there can be no such machines here; None when there can."""
    if os.name != "posix" or not Path("/proc/self/ns/net").exists():
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "network namespaces need root"
    for program in ("/usr/sbin/sshd", "/usr/bin/rsync", "/usr/sbin/ip", "/usr/sbin/nft"):
        if not Path(program).exists() and not Path(program.removeprefix("/usr")).exists():
            return f"{program} is not installed; .ci/run installs it"
    probe = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False, timeout=20)
    return None if probe.returncode == 0 else "this container allows no network namespaces"


class Namespace:
    """One machine.

    Its first process ends when this process does, and all others of it with that one: nothing survives a
    killed test, neither processes nor links nor mounts.
    """

    def __init__(self, name: str, setup: str = "", *, own_processes: bool = True) -> None:
        """Begin.

        Args:
            setup: shell commands that run in it first.
            own_processes: no process of it outlives it; without, its processes keep the numbers that others
                see.
        """
        self.name = name
        kinds = ["--net", "--mount", "--uts"]
        if own_processes:
            kinds += ["--pid", "--fork", "--kill-child", "--mount-proc"]
        script = f"set -e; hostname {name}; ip link set lo up; {setup}\necho ready; while :; do sleep 5; done"
        self._holder = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", *kinds, "sh", "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != "ready\n":
            assert self._holder.stderr is not None
            raise RuntimeError(f"{name}: {self._holder.stderr.read()}")
        self._own_processes = own_processes
        self.pid = _child(self._holder.pid) if own_processes else self._holder.pid

    def argv(self, *command: str) -> list[str]:
        """What runs a command in it."""
        kinds = ["--net", "--mount", "--uts"] + (["--pid"] if self._own_processes else [])
        return ["nsenter", "--target", str(self.pid), *kinds, "--", *command]

    def run(self, *command: str, check: bool = True, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a command in it to its end."""
        done = subprocess.run(
            self.argv(*command), capture_output=True, text=True, timeout=timeout, check=False
        )
        if check and done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(command)}: {done.stdout}{done.stderr}")
        return done

    def close(self) -> None:
        """End it and all that runs in it."""
        self._holder.kill()
        self._holder.wait(timeout=30)


def join(one: Namespace, its_link: str, other: Namespace, other_link: str) -> None:
    """A cable between two machines."""
    subprocess.run(
        ["ip", "link", "add", "name", its_link, "netns", str(one.pid), "type", "veth",
         "peer", "name", other_link, "netns", str(other.pid)],
        check=True, capture_output=True, timeout=20,
    )  # fmt: skip


def _child(parent: int) -> int:
    """The one child of a process."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        children: Sequence[str] = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.01)
    raise RuntimeError(f"process {parent} began nothing")
