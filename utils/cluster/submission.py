"""Sweeps that run on the cluster's head, as Ray jobs that outlive the machine they were submitted from."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

import yaml

from utils.cluster import node, programs
from utils.cluster.bundle import digest_of
from utils.cluster.ssh import Ssh, SshError
from utils.errors import UserError
from utils.sweep.config import SweepConfig
from utils.sweep.market_data import PLACEHOLDER, symbols_of

COPY_SECONDS: Final = 3_600.0
RETRY_SECONDS: Final = 2.0


def submit(ssh: Ssh, config: SweepConfig, options: tuple[str, ...] = ()) -> dict[str, Any]:
    """Bring a sweep's configuration and bars to the head, and start it there on all Ray clusters.

    The same sweep again is the same submission: left alone while it works, gone on with if it was stopped.

    Args:
        options: further ones of `sweep.py run`.
    Returns:
        its state, and whether it is `new`.
    Raises:
        UserError: its bars are not in files, or the head was not reached or does not take jobs.
    """
    shipped = config.model_dump(mode="json")
    shipped["data"]["path"] = f"{_send_bars(ssh, _bars(config))}/{Path(config.data.path).name}"
    text = yaml.safe_dump(shipped, sort_keys=False)
    command = ["{folder}/current/bin/python", "-m", "scripts.sweep", "run", "sweep.yaml", "--db", "sweep.db",
               "--cluster", "{folder}/cluster.yaml", *options]  # fmt: skip
    request = {
        "do": "submit",
        "path": ssh.cluster.hosts[ssh.cluster.head].path,
        "api": node.jobs_api(ssh.cluster),
        "id": f"{config.name}-{digest_of([shipped, options])[:8]}",
        "command": command,
        "files": {"sweep.yaml": text},
    }
    answer: dict[str, Any] = programs.ask(ssh, ssh.cluster.head, "sweeps", request)
    return answer


def jobs(ssh: Ssh) -> list[dict[str, Any]]:
    """State and chunks of every submitted sweep."""
    found: list[dict[str, Any]] = _ask(ssh, "states", api=node.jobs_api(ssh.cluster))
    return found


def newest(ssh: Ssh) -> str:
    """Id of the sweep that was submitted last.

    Raises:
        UserError: there is none.
    """
    found = jobs(ssh)
    if not found:
        raise UserError(f"{ssh.cluster.head}: no sweep was submitted; scripts/cluster.py submit CONFIG does")
    return str(found[-1]["id"])


def stop(ssh: Ssh, sweep: str) -> dict[str, Any]:
    """End a sweep; what is done stays. Returns its state."""
    state: dict[str, Any] = _ask(ssh, "stop", api=node.jobs_api(ssh.cluster), id=sweep)
    return state


def follow(ssh: Ssh, sweep: str, sink: IO[bytes], wait: bool) -> None:
    """Copy a sweep's log to `sink`; with `wait`, to its end. A connection that breaks is made again.

    Raises:
        SshError: there is no such sweep, or, without `wait`, the head was not reached.
    """
    offset = 0
    request = {
        "do": "follow",
        "path": ssh.cluster.hosts[ssh.cluster.head].path,
        "id": sweep,
        "wait": wait,
    }
    while True:
        process = programs.start(
            ssh, ssh.cluster.head, "sweeps", {**request, "offset": offset}, subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            while part := os.read(process.stdout.fileno(), 2**16):
                offset += len(part)
                sink.write(part)
                sink.flush()
            code = process.wait()
            said = process.stderr.read().decode(errors="replace").strip().splitlines()
        finally:
            process.kill()
            process.wait()
        if code == 0:
            return
        problem = said[-1] if said else "the connection broke"
        if code == 1 or not wait:
            raise SshError(f"{ssh.cluster.head}: {problem}")
        time.sleep(RETRY_SECONDS)


def fetch(ssh: Ssh, sweep: str, target: Path) -> None:
    """Copy a sweep's database, consistent and checked, to `target`; whatever was there is replaced at once.

    Raises:
        UserError: there is no such sweep, or the copy did not arrive whole; `target` is untouched then.
    """
    made = _ask(ssh, "backup", id=sweep)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-") as folder:
        arrived = Path(folder) / target.name
        source = ssh.remote(ssh.cluster.head, made["file"])
        answer = ssh.local(ssh.cluster.head, ssh.scp_argv(source, arrived), timeout=COPY_SECONDS)
        if answer.code:
            raise SshError(f"{ssh.cluster.head}: {sweep} was not copied: {answer.errors.strip()}; try again")
        if _sha256(arrived) != made["sha256"]:
            raise UserError(f"{target}: {sweep} did not arrive whole; try again")
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                target.with_name(target.name + suffix).unlink()
        arrived.replace(target)


def _bars(config: SweepConfig) -> dict[str, Path]:
    """The files of bars that a sweep reads, by their names."""
    path = config.data.path
    if Path(path).is_dir():
        raise UserError(
            f"data.path: {path} is a LEAN data folder; a submitted sweep takes bars from CSV or Parquet files"
        )
    paths = [Path(path.replace(PLACEHOLDER, symbol)) for symbol in symbols_of(config.data)]
    for file in paths:
        if not file.is_file():
            raise UserError(f"data.path: {file} is not there; correct it or give --data")
    return {file.name: file for file in paths}


def _send_bars(ssh: Ssh, files: Mapping[str, Path]) -> str:
    """Bring files of bars to the head unless they are there; the folder they are in, seen from a sweep's."""
    digests = {name: _sha256(file) for name, file in files.items()}
    folder = digest_of(digests)
    head = ssh.cluster.head
    missing: list[str] = _ask(ssh, "bars", folder=folder, files=digests)
    for name in missing:
        target = ssh.remote(head, f"{ssh.cluster.hosts[head].path}/bars/{folder}/{digests[name]}.part")
        answer = ssh.local(head, ssh.scp_argv(files[name], target), timeout=COPY_SECONDS)
        if answer.code:
            raise SshError(f"{head}: {files[name]} was not copied: {answer.errors.strip()}; see its disk")
        _ask(ssh, "take_bars", folder=folder, name=name, sha256=digests[name])
    return f"../../bars/{folder}"


def _ask(ssh: Ssh, do: str, **terms: Any) -> Any:
    head = ssh.cluster.head
    return programs.ask(ssh, head, "sweeps", {"do": do, "path": ssh.cluster.hosts[head].path, **terms})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
