"""Host keys: what a host shows, which are trusted, and the explicit step between the two."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from utils.cluster.config import ClusterConfig
from utils.cluster.ssh import HostKeyChangedError, Ssh, explained
from utils.files import read_text, write_atomic


@dataclass(frozen=True)
class HostKey:
    """A host's public key.

    Attributes:
        kind: such as ``ssh-ed25519``.
        key: base64, as in known_hosts.
    """

    kind: str
    key: str

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` shows it, to be compared with what the host's owner says."""
        digest = hashlib.sha256(base64.b64decode(self.key)).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def offered_key(ssh: Ssh, name: str) -> HostKey:
    """The key that a host shows now. Nothing is trusted by that, and nobody logs in.

    The connection goes the way that any other goes, so that the jumps before it must be trusted already.

    Raises:
        SshError: the host, or a jump on the way, was not reached or is not trusted.
    """
    with tempfile.TemporaryDirectory() as folder:
        seen = Path(folder) / "seen"
        program, *words = ssh.argv(name, ["true"])
        options = ["StrictHostKeyChecking=accept-new", f"UserKnownHostsFile={seen}", "HashKnownHosts=no",
                   "PreferredAuthentications=none"]  # fmt: skip
        argv = [program, *(word for option in options for word in ("-o", option)), *words]
        answer = ssh.local(name, argv)
        keys = _keys(seen)
    if name not in keys:
        raise explained(ssh.cluster, name, answer.errors)
    return keys[name]


def trusted_keys(cluster: ClusterConfig) -> dict[str, HostKey]:
    """The keys that were trusted so far, by host."""
    return _keys(cluster.known_hosts)


def check_change(cluster: ClusterConfig, name: str, key: HostKey) -> None:
    """Refuse a key that is not the one that was trusted before.

    Raises:
        HostKeyChangedError: it is another one.
    """
    before = trusted_keys(cluster).get(name)
    if before is not None and before != key:
        raise HostKeyChangedError(
            f"{name}: HOST KEY CHANGED from {before.fingerprint} to {key.fingerprint}: somebody may be in "
            "between; ask who runs the host, and only if they changed it: "
            f"scripts/cluster.py trust {name} --replace"
        )


def trust(cluster: ClusterConfig, name: str, key: HostKey) -> None:
    """Record a host's key as its own, in place of another one.

    Raises:
        UserError: the file cannot be written.
    """
    keys = trusted_keys(cluster) | {name: key}
    lines = [f"{host} {known.kind} {known.key}\n" for host, known in sorted(keys.items())]
    write_atomic(cluster.known_hosts, "".join(lines))


def _keys(path: Path) -> dict[str, HostKey]:
    if not path.exists():
        return {}
    keys = {}
    for line in read_text(path).splitlines():
        words = line.split()
        if len(words) >= 3 and not line.startswith(("#", "@")):
            keys[words[0]] = HostKey(words[1], words[2])
    return keys
