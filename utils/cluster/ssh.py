"""Command lines of OpenSSH to the hosts of a cluster, and what their failures mean.

All options are in one generated configuration file (`ssh -F`), because that is the only way in which the
jumps of a connection have the same ones: strict host keys from the cluster's own file, no questions, and an
end to a connection whose other side is gone. The user's own configuration is not read.
"""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from utils.cluster.config import ClusterConfig
from utils.errors import UserError
from utils.files import write_atomic

CONNECT_SECONDS: Final = 20
"""For the connection and its greeting; through a jump it is both hosts' time."""

ALIVE_SECONDS: Final = 5
ALIVE_MISSED: Final = 4
"""A connection whose other side answers none of so many questions, `ALIVE_SECONDS` apart, is over."""

HERE: Final = "LEAN_CLUSTER_HOST"
"""Environment variable: name of the host that this runs on, where it is one of the cluster."""

CONNECTION_FAILED: Final = 255
"""Exit code of ssh itself."""

NOT_FOUND: Final = 127
"""Exit code of a shell that finds no such program."""

SAFE_LOCALE: Final = {"LC_ALL": "C"}

CONFIG_FOLDER: Final = Path("build/cluster")


class SshError(UserError):
    """A host could not be reached; the text says why and what to do."""


class HostKeyUnknownError(SshError):
    """Nobody has said yet that this host's key is its own."""


class HostKeyChangedError(SshError):
    """The host shows another key than the one that is trusted."""


@dataclass(frozen=True)
class Answer:
    """How a command on a host ended."""

    code: int
    output: bytes
    errors: str

    @property
    def text(self) -> str:
        """Its standard output."""
        return self.output.decode(errors="replace")


class Ssh:
    """Command lines to the hosts of `cluster`.

    On a host of the cluster itself (`HERE` names it) its own commands need no SSH.

    >>> ssh = Ssh(load_cluster())
    >>> feeder = subprocess.Popen(ssh.argv("worker2", ["lean-cluster/current/bin/python", "-m", "x"]), ...)
    """

    def __init__(self, cluster: ClusterConfig, folder: Path = CONFIG_FOLDER, *, shared: bool = True) -> None:
        """Write the configuration file.

        Args:
            folder: of that file.
            shared: whether `run` may use connections that are open; a new one checks all keys on its way.
        Raises:
            UserError: it cannot be written.
        """
        self.cluster = cluster
        self.here = os.environ.get(HERE)
        self.shared = shared
        self.file = (folder / f"{cluster.name}.ssh_config").absolute()
        text = ssh_config(cluster)
        if not self.file.exists() or self.file.read_text(encoding="utf-8") != text:
            write_atomic(self.file, text)

    def argv(self, name: str, command: Sequence[str], *, shared: bool = False) -> list[str]:
        """What runs `command` on a host, its standard streams those of the local process.

        It ends when the connection does; the remote process then gets an end of file, and a broken pipe.

        Args:
            command: program and arguments; a relative path starts in the user's home folder.
            shared: go through a connection that stays open a little while for the next command.
        """
        if name == self.here:
            return [str(Path.home() / command[0]) if "/" in command[0] else command[0], *command[1:]]
        return [*self._ssh(name, shared), shlex.join(command)]

    def forward_argv(self, name: str, local_port: int, remote_port: int) -> list[str]:
        """What makes a port of the host's 127.0.0.1 one of this machine's, until it is ended."""
        forward = f"127.0.0.1:{local_port}:127.0.0.1:{remote_port}"
        return [*self._ssh(name)[:-2], "-N", "-o", "ExitOnForwardFailure=yes", "-L", forward, "--", name]

    def scp_argv(self, source: str | Path, target: str | Path) -> list[str]:
        """What copies a file; `remote` writes the side that is on a host."""
        return ["scp", "-F", str(self.file), "-q", "-p", str(source), str(target)]

    def rsync_argv(self, source: str | Path, target: str | Path, *options: str) -> list[str]:
        """What brings `target` to the state of `source`, comparing checksums and not times.

        Files are written beside their place and moved there when they are whole.
        """
        shell = f"ssh -F {shlex.quote(str(self.file))}"
        return ["rsync", "--archive", "--checksum", "--compress", "--partial-dir=.partial", "-e", shell,
                *options, str(source), str(target)]  # fmt: skip

    @staticmethod
    def remote(name: str, path: str) -> str:
        """A path on a host, for `scp_argv` and `rsync_argv`."""
        return f"{name}:{path}"

    def run(self, name: str, command: Sequence[str], *, stdin: bytes = b"", timeout: float = 120.0) -> Answer:
        """Run a command on a host and wait for it.

        Raises:
            SshError: there was no connection, or it broke, or took longer than `timeout` seconds.
        """
        argv = self.argv(name, command, shared=self.shared)
        answer = self.local(name, argv, stdin=stdin, timeout=timeout)
        if answer.code == CONNECTION_FAILED and name != self.here:
            # A shared connection swallows what its jumps say: one of its own tells.
            again = self.local(name, self.argv(name, ["true"]), timeout=timeout)
            raise explained(self.cluster, name, again.errors or answer.errors)
        return answer

    def local(self, name: str, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 120.0) -> Answer:
        """Run one of the command lines above, made for host `name`.

        Raises:
            SshError: a program is missing here, or it took longer than `timeout` seconds.
        """
        try:
            done = subprocess.run(
                argv,
                input=stdin,
                capture_output=True,
                timeout=timeout,
                check=False,
                env=os.environ | SAFE_LOCALE,
                start_new_session=True,  # Ctrl-C is for the command that waits, which then says how to go on
            )
        except FileNotFoundError:
            raise SshError(
                f"{argv[0]} is not installed here; install it (Debian: openssh-client, rsync)"
            ) from None
        except subprocess.TimeoutExpired:
            raise SshError(f"{name}: no end after {timeout:.0f} s; see that host and the network") from None
        return Answer(done.returncode, done.stdout, done.stderr.decode(errors="replace"))

    def _ssh(self, name: str, shared: bool = False) -> list[str]:
        self.cluster.host(name)
        sharing = []
        if shared:
            path = _socket_folder() / "%C"
            sharing = ["-o", "ControlMaster=auto", "-o", f"ControlPath={path}", "-o", "ControlPersist=20"]
        return ["ssh", "-F", str(self.file), "-T", *sharing, "--", name]


def ssh_config(cluster: ClusterConfig) -> str:
    """The text of an OpenSSH configuration file with the hosts of `cluster`."""
    blocks = [
        _block(
            "*",
            BatchMode="yes",
            StrictHostKeyChecking="yes",
            UserKnownHostsFile=_quoted(cluster.known_hosts),
            GlobalKnownHostsFile="/dev/null",
            UpdateHostKeys="no",
            CheckHostIP="no",
            ForwardAgent="no",
            ForwardX11="no",
            ConnectTimeout=str(CONNECT_SECONDS),
            ServerAliveInterval=str(ALIVE_SECONDS),
            ServerAliveCountMax=str(ALIVE_MISSED),
            EscapeChar="none",
            LogLevel="ERROR",
        )
    ]
    for name, host in cluster.hosts.items():
        options = {"HostName": host.host, "Port": str(host.port), "HostKeyAlias": name}
        if host.user is not None:
            options["User"] = host.user
        if host.identity_file is not None:
            options |= {"IdentityFile": _quoted(host.identity_file), "IdentitiesOnly": "yes"}
        if host.proxy_jump is not None:
            options["ProxyJump"] = host.proxy_jump
        blocks.append(_block(name, **options))
    return "\n".join(blocks)


def explained(cluster: ClusterConfig, name: str, errors: str) -> SshError:
    """What OpenSSH's messages mean to a user."""
    lines = [line.strip() for line in errors.splitlines() if line.strip(" @\t\r\n")]
    said = " ".join(lines)
    at = _at(cluster, name, said)
    if "REMOTE HOST IDENTIFICATION HAS CHANGED" in said or "Offending" in said:
        return HostKeyChangedError(
            f"{at}: HOST KEY CHANGED: it is not the one in {cluster.known_hosts}, "
            "somebody may be in between; ask who runs the host, and only if they changed it: "
            f"scripts/cluster.py trust {at} --replace"
        )
    if "Host key verification failed" in said or "host key is known" in said:
        return HostKeyUnknownError(
            f"{at}: its host key is not known; see it with scripts/cluster.py trust {at}"
        )
    if "Permission denied" in said:
        user = cluster.hosts[at].user or "you"
        return SshError(f"{at}: it does not let {user} in with any key here; add one there (ssh-copy-id)")
    through = f" through {' and '.join(cluster.route(name)[:-1])}" if cluster.hosts[name].proxy_jump else ""
    reason = lines[-1] if lines else "the connection broke"
    return SshError(f"{name}: not reached{through}: {reason}; see that host, its port and the network")


def _at(cluster: ClusterConfig, name: str, said: str) -> str:
    """Which host of the route OpenSSH means: with jumps it may be any of them."""
    for host in cluster.route(name):
        terms = cluster.hosts[host]
        named = (f"host key for {host} ", f"for {host} and you", f"@{terms.host}:", f"{host} has changed")
        if any(text in said for text in named):
            return host
    return name


def _block(name: str, **options: str) -> str:
    return "\n".join([f"Host {name}", *(f"    {option} {value}" for option, value in options.items()), ""])


def _quoted(path: Path) -> str:
    """A path as ssh_config takes it: `%` begins one of its tokens."""
    return f'"{str(path).replace("%", "%%")}"'


def _socket_folder() -> Path:
    """Where shared connections have their sockets: a short path, since sockets allow no long ones."""
    folder = Path(tempfile.gettempdir()) / f"lean-ssh-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid() or state.st_mode & 0o077:
        raise UserError(f"{folder}: it is not a folder of yours alone; remove it")
    return folder
