"""What lets the hosts of a cluster, and nobody else, at each other: Ray's token, and the head's SSH key."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any


def token(path: str, value: str | None) -> dict[str, Any]:
    """Ray's token of this host: the one that is given, else the one it has, else a new one."""
    file = Path.home() / path / "ray_token"
    known = file.read_text() if file.exists() else None
    wanted = value or known or secrets.token_hex(32)
    if wanted != known:
        _write(file, wanted)
    return {"token": wanted, "changed": wanted != known}


def files(path: str, contents: dict[str, str]) -> dict[str, Any]:
    """Write files of the cluster's folder, for its owner only."""
    folder = Path.home() / path
    for name, text in contents.items():
        if not (folder / name).exists() or (folder / name).read_text() != text:
            _write(folder / name, text)
    return {}


def key(path: str) -> dict[str, Any]:
    """The public part of the head's own SSH key, which is made here and never leaves."""
    private = Path.home() / path / "keys" / "id_ed25519"
    if not private.exists():
        private.parent.mkdir(mode=0o700, exist_ok=True)
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lean-cluster", "-f", str(private)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"ssh-keygen: {done.stderr.strip()}")
    return {"public": private.with_name("id_ed25519.pub").read_text().strip()}


def authorize(line: str | None, tag: str) -> dict[str, Any]:
    """Let a key in: `line` of authorized_keys, which ends with `tag`, in place of any other with that end."""
    file = Path.home() / ".ssh" / "authorized_keys"
    before = file.read_text().splitlines() if file.exists() else []
    after = [known for known in before if not known.endswith(f" {tag}")]
    if line is not None:
        after.append(f"{line} {tag}")
    if sorted(after) == sorted(before):
        return {"changed": False}
    file.parent.mkdir(mode=0o700, exist_ok=True)
    _write(file, "".join(f"{known}\n" for known in after))
    return {"changed": True}


def _write(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)


def main(request: dict[str, Any]) -> None:
    """Do what is asked, by the name of a function above."""
    does = {function.__name__: function for function in (token, files, key, authorize)}
    try:
        print(json.dumps(does[request.pop("do")](**request)))  # noqa: T201 - the answer
    except OSError as error:
        raise SystemExit(f"{error.filename or 'disk'}: {error.strerror or error}") from None


if __name__ == "__main__":
    main(json.load(sys.stdin))
