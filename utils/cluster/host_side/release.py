"""Puts environments and code on a host: each in a folder named by its content, one symbolic link in use.

FOLDER/wheels/NAME.whl             kept, so that the next environment needs only what changed
FOLDER/environments/HASH/          a virtual environment, whole when it has the file READY
FOLDER/code/HASH/                  trading, utils, scripts
FOLDER/releases/HASH/              environment -> ..., code -> ..., bin/python, release.json
FOLDER/current -> releases/HASH    switched in one step
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

MARK = ".lean-cluster"
"""Says that a folder is one of these, and may be removed."""

READY = "READY"

# Relative links, so that the folder may be moved; the variables are those of utils.cluster.node.
_PYTHON = """#!/bin/sh
release=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd -P)
set -a
. "$release/variables"
set +a
export PYTHONPATH="$release/code"
exec "$release/environment/bin/python" "$@"
"""


def missing(path: str, wheels: dict[str, str], environment: str, code: str) -> dict[str, Any]:
    """What a host has not got yet.

    Args:
        wheels: file name -> SHA-256.
        environment, code: hashes.
    """
    folder = _folder(path)
    has_environment = (folder / "environments" / environment / READY).exists()
    return {
        "environment": not has_environment,
        "code": not (folder / "code" / code).is_dir(),
        "wheels": [] if has_environment else _wrong(folder / "wheels", wheels),
        "some": (folder / "wheels").is_dir() and any((folder / "wheels").iterdir()),
    }


def make_environment(
    path: str, wheels: dict[str, str], environment: str, tarball: str | None
) -> dict[str, Any]:
    """Make the environment from wheels, all of which are checked first."""
    folder = _folder(path)
    store = folder / "wheels"
    store.mkdir(exist_ok=True)
    if tarball is not None:
        with tarfile.open(folder / tarball) as archive:
            archive.extractall(store, filter="data")
        (folder / tarball).unlink()
    damaged = _wrong(store, wheels)
    if damaged:
        raise SystemExit(f"{len(damaged)} wheels did not arrive whole, {damaged[0]} among them; try again")
    target = folder / "environments" / environment
    shutil.rmtree(target, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(target)])
    names = [str(store / name) for name in sorted(wheels)]
    if names:
        pip = [str(target / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
        _run([*pip, "--disable-pip-version-check", *names])
    (target / READY).touch()
    for name in store.iterdir():
        if name.name not in wheels:
            name.unlink()
    return {}


def unpack_code(path: str, code: str, tarball: str, sha256: str) -> dict[str, Any]:
    """Unpack our code into the folder of its hash."""
    folder = _folder(path)
    if _sha256(folder / tarball) != sha256:
        raise SystemExit("the code did not arrive whole; try again")
    target = folder / "code" / code
    beside = target.with_name(f".{code}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    with tarfile.open(folder / tarball) as archive:
        archive.extractall(beside, filter="data")
    (folder / tarball).unlink()
    if not target.is_dir():
        beside.rename(target)
    return {}


def switch(path: str, release: str, environment: str, code: str, variables: str) -> dict[str, Any]:
    """Make a release of an environment and code, and use it from now on; older ones go, but for the last.

    Args:
        environment: a hash, or an absolute path or one below the home folder of one that was there before.
        variables: lines of the shell, the environment of all that runs in it.
    """
    folder = _folder(path)
    target = folder / "releases" / release
    beside = target.with_name(f".{release}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    (beside / "bin").mkdir(parents=True)
    own = (folder / "environments" / environment / READY).exists()
    (beside / "environment").symlink_to(
        f"../../environments/{environment}" if own else Path.home() / environment
    )
    if not (beside / "environment" / "bin" / "python").exists():
        raise SystemExit(f"there is no virtual environment {environment}; make one, or leave that field out")
    (beside / "code").symlink_to(f"../../code/{code}")
    (beside / "variables").write_text(variables)
    (beside / "bin" / "python").write_text(_PYTHON)
    (beside / "bin" / "python").chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    beside.rename(target)
    current = folder / "current"
    before = current.readlink().name if current.is_symlink() else None
    link = folder / f".current.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(f"releases/{release}")
    link.replace(current)
    _forget(folder, {release, before})
    return {"before": before}


def _forget(folder: Path, kept: set[str | None]) -> None:
    """Remove releases that are neither in use nor were last, and what only they used."""
    used = set()
    for release in (folder / "releases").iterdir():
        if release.name in kept:
            used |= {(release / part).resolve() for part in ("environment", "code")}
        else:
            shutil.rmtree(release, ignore_errors=True)
    for part in ("environments", "code"):
        for old in (folder / part).iterdir() if (folder / part).is_dir() else ():
            if old.resolve() not in used:
                shutil.rmtree(old, ignore_errors=True)


def remove(path: str) -> dict[str, Any]:
    """Remove the cluster's folder with all that is in it."""
    folder = Path.home() / path
    if not folder.exists():
        return {"removed": False}
    if not (folder / MARK).exists():
        raise SystemExit(f"{folder} was not made by cluster.py up; remove it by hand")
    shutil.rmtree(folder)
    return {"removed": True}


def _folder(path: str) -> Path:
    folder = Path.home() / path
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise SystemExit(f"{folder} has other files in it; set the host's folder to one of its own")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / MARK).touch()
    return folder


def _wrong(store: Path, wheels: dict[str, str]) -> list[str]:
    """Names of the wheels that are not there, or not whole."""
    return [
        name
        for name, sha256 in wheels.items()
        if not (store / name).is_file() or _sha256(store / name) != sha256
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no reason given"]
        raise SystemExit(f"{Path(command[0]).name} {' '.join(command[1:4])}: {said[-1]}")


def main(request: dict[str, Any]) -> None:
    """Do what is asked, by the name of a function above."""
    does = {
        function.__name__: function for function in (missing, make_environment, unpack_code, switch, remove)
    }
    try:
        print(json.dumps(does[request.pop("do")](**request)))  # noqa: T201 - the answer
    except OSError as error:
        raise SystemExit(f"{error.filename or 'disk'}: {error.strerror or error}") from None


if __name__ == "__main__":
    main(json.load(sys.stdin))
