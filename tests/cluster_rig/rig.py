"""Three hosts with real SSH servers on this machine, and a desk where the commands run.

    desk ──┬── master          10.213.7.0/24, a switch
           └── worker1 ─── worker2     10.213.8.0/24, a cable; worker1 forwards no packets

Every host has its own network, host keys, home folder (a file system of its own, which can be filled),
/tmp, /dev/shm and processes. Nothing of it touches this machine's network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from tests.cluster_rig.namespace import Namespace, join

ROOT: Final = Path(__file__).parents[2]
ADDRESSES: Final = {"desk": "10.213.7.1", "master": "10.213.7.2", "worker1": "10.213.7.3"}
BEHIND: Final = {"worker1": "10.213.8.3", "worker2": "10.213.8.4"}
HOSTS: Final = ("master", "worker1", "worker2")
HOME: Final = ROOT / "build" / "cluster_rig" / "home"
"""The same path on each host, so that kernels that one has compiled serve all; each mounts its own there."""

KERNELS: Final = ROOT / "build" / "cluster_rig" / "kernels"
HOME_SIZE: Final = "700m"
PYTHON: Final = Path(sys.executable).resolve()
FIRST_PORT: Final = 21_000

_SSHD: Final = """
ListenAddress 0.0.0.0
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys {home}/.ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
AllowTcpForwarding yes
MaxStartups 50
Subsystem sftp internal-sftp
SetEnv NUMBA_CACHE_DIR={kernels}
"""


class Rig:
    """The hosts. `cluster` is the cluster file that describes them, `folder` where the commands run."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        """Start everything.

        Args:
            folder: of the desk's and the hosts' files; not below /tmp, of which every host has its own.
            changes: fields of the cluster file.
        """
        self.folder = folder
        self.machines: dict[str, Namespace] = {}
        self._servers: dict[str, subprocess.Popen[bytes]] = {}
        self._key("desk_key")
        try:
            self._machines()
            for name in HOSTS:
                self.start_sshd(name)
            self.cluster = self._cluster_file(changes)
        except BaseException:
            self.close()
            raise

    @property
    def environment(self) -> dict[str, str]:
        """Of commands on the desk."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("SSH_")},
            "HOME": str(self.folder / "desk"),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'Library'}",
            "TMPDIR": str(self.folder / "tmp"),
        }

    def script(self, name: str, *words: str | Path) -> list[str]:
        """What runs a script of the workspace on the desk."""
        here = f"--chdir={self.folder}"  # entering its mounts has led to the root
        script = str(ROOT / "scripts" / name)
        return self.machines["desk"].argv("env", here, sys.executable, script, *map(str, words))

    def popen(self, name: str, *words: str | Path, **terms: Any) -> subprocess.Popen[str]:
        """Start a script of the workspace on the desk."""
        return subprocess.Popen(
            self.script(name, *words), env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **terms,
        )  # fmt: skip

    def call(self, name: str, *words: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a script of the workspace on the desk to its end."""
        return subprocess.run(
            self.script(name, *words), env=self.environment, text=True,
            capture_output=True, timeout=timeout, check=False,
        )  # fmt: skip

    def cluster_command(self, *words: str | Path, code: int = 0, timeout: float = 120) -> str:
        """Run scripts/cluster.py; its standard output."""
        done = self.call("cluster.py", *words, "--cluster", self.cluster, timeout=timeout)
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    def on(self, name: str, command: str, *, check: bool = True, timeout: float = 60) -> str:
        """Run a shell command on a machine, not through SSH."""
        environment = f"export HOME={HOME}; cd; "
        return self.machines[name].run("sh", "-c", environment + command, check=check, timeout=timeout).stdout

    def link(self, name: str, state: str) -> None:
        """Set a machine's first link `up` or `down`, as a pulled cable."""
        self.machines[name].run("ip", "link", "set", "eth0", state)

    def lose(self, percent: int) -> None:
        """Let every host and the desk lose so many of the packets that reach them; 0 ends it."""
        for name in ("desk", *HOSTS):
            machine = self.machines[name]
            machine.run("nft", "delete table inet loss", check=False)
            if percent:
                machine.run(
                    "nft",
                    "add table inet loss;"
                    "add chain inet loss received { type filter hook input priority 0 ; };"
                    "add rule inet loss received iifname != lo "
                    f"numgen random mod 100 < {percent} counter drop",
                )

    def lost(self, name: str) -> int:
        """Packets that a machine has lost so."""
        words = self.machines[name].run("nft", "list table inet loss").stdout.split()
        return int(words[words.index("packets") + 1])

    def processes(self, name: str, pattern: str) -> list[int]:
        """Numbers of the processes of a machine whose command line has `pattern`."""
        lines = self.on(name, "ps -ww -eo pid,args").splitlines()[1:]  # -ww: whole, whatever the terminal
        return [int(line.split(None, 1)[0]) for line in lines if pattern in line and "ps -ww" not in line]

    def kill(self, name: str, pattern: str) -> list[int]:
        """Kill (-9) the processes of a machine whose command line has `pattern`; their numbers there."""
        found = self.processes(name, pattern)
        for pid in found:
            self.machines[name].run("kill", f"-{signal.SIGKILL.value}", str(pid), check=False)
        return found

    def new_host_key(self, name: str) -> None:
        """Set a host up anew, as an impostor would be: with another host key."""
        self._servers[name].kill()
        self._servers[name].wait(timeout=10)
        self._key(f"{name}/host_key")
        self.start_sshd(name)

    def start_sshd(self, name: str) -> None:
        """Start a host's SSH server."""
        folder = self.folder / name
        (folder / "sshd_config").write_text(_SSHD.format(folder=folder, home=HOME, kernels=KERNELS))
        (folder / "authorized_keys").write_text((self.folder / "desk_key.pub").read_text())
        self._servers[name] = subprocess.Popen(
            self.machines[name].argv("/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd_config")),
            stdout=subprocess.DEVNULL,
            stderr=(folder / "sshd.log").open("ab"),
        )
        self._wait_for_port(name)

    def close(self) -> None:
        """End everything."""
        for machine in self.machines.values():
            machine.close()
        for server in self._servers.values():
            server.kill()
            server.wait(timeout=10)

    def _machines(self) -> None:
        for place in (HOME, KERNELS):
            place.mkdir(parents=True, exist_ok=True)
        for name in ("tmp", "desk", *HOSTS):
            (self.folder / name).mkdir(exist_ok=True)
        self.machines["switch"] = Namespace("switch", "ip link add lan type bridge; ip link set lan up")
        self.machines["desk"] = Namespace("desk", own_processes=False)
        for name in HOSTS:
            self._key(f"{name}/host_key")
            self.machines[name] = Namespace(name, self._private_files(name))
        for name, address in ADDRESSES.items():
            join(self.machines[name], "eth0", self.machines["switch"], f"to-{name}")
            self.machines["switch"].run("ip", "link", "set", f"to-{name}", "master", "lan", "up")
            self._address(name, "eth0", address)
        join(self.machines["worker1"], "eth1", self.machines["worker2"], "eth0")
        self._address("worker1", "eth1", BEHIND["worker1"])
        self._address("worker2", "eth0", BEHIND["worker2"])

    def _private_files(self, name: str) -> str:
        """Shell commands: the host's own home, and user database with it, /tmp, /dev/shm and /run."""
        users = Path("/etc/passwd").read_text().splitlines()
        entries = [f"root:x:0:0:root:{HOME}:/bin/sh" if line.startswith("root:") else line for line in users]
        passwd = self.folder / name / "passwd"
        passwd.write_text("\n".join(entries) + "\n")
        own_tmp = "mount -t tmpfs -o size=512m tmpfs /tmp; chmod 1777 /tmp;"
        if ROOT.is_relative_to("/tmp"):  # this workspace stays where it is, whatever is mounted around it
            aside = self.folder / name / "workspace"
            own_tmp = (
                f"mkdir -p {aside}; mount --bind {ROOT} {aside}; {own_tmp}"
                f"mkdir -p {ROOT}; mount --bind {aside} {ROOT}; umount {aside};"
            )
        return (
            f"{own_tmp} mount --bind {passwd} /etc/passwd;"
            f"mount -t tmpfs -o size={HOME_SIZE},mode=700 tmpfs {HOME};"
            "mount -t tmpfs -o size=512m tmpfs /dev/shm; chmod 1777 /dev/shm;"
            "mount -t tmpfs tmpfs /run; mkdir -p /run/sshd"
        )

    def _address(self, name: str, link: str, address: str) -> None:
        self.machines[name].run("ip", "address", "add", f"{address}/24", "dev", link)
        self.machines[name].run("ip", "link", "set", link, "up")

    def _key(self, name: str) -> None:
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "rig", "-f", str(path)]
        subprocess.run(words, check=True, timeout=20)

    def _wait_for_port(self, name: str) -> None:
        deadline = time.monotonic() + 10
        probe = "import socket; socket.create_connection(('127.0.0.1', 22), 1)"
        while self.machines[name].run(str(PYTHON), "-c", probe, check=False).returncode:
            if time.monotonic() > deadline:
                raise RuntimeError((self.folder / name / "sshd.log").read_text())
            time.sleep(0.05)

    def _cluster_file(self, changes: Mapping[str, Any]) -> Path:
        common = {
            "user": "root", "identity_file": str(self.folder / "desk_key"), "cpus": 1, "memory": "1 GiB",
            "python": str(PYTHON), "environment": sys.prefix,
        }  # fmt: skip
        path = self.folder / "cluster.yaml"
        content = {
            "head": "master",
            "hosts": {
                "master": {"host": ADDRESSES["master"], **common},
                "worker1": {"host": ADDRESSES["worker1"], "labels": {"zone": "near"}, **common},
                "worker2": {"host": BEHIND["worker2"], "proxy_jump": "worker1", **common},
            },
            "ports": {"first": FIRST_PORT, "workers": 40},
            **changes,
        }
        path.write_text(yaml.safe_dump(content, sort_keys=False))
        return path


@contextmanager
def running_rig(**changes: Any) -> Iterator[Rig]:
    """A rig in a folder of its own, both gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cluster-rig-", dir="/var/tmp"))
    try:
        rig = Rig(folder, **changes)
        try:
            yield rig
        finally:
            rig.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
