"""What travels to hosts: wheels of the locked versions, and this workspace's code, both named by content."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import platform
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from utils.errors import UserError

ROOT: Final = Path(__file__).parents[2]
EXTRAS: Final = ("sweep", "cluster")
"""Of pyproject.toml: what a node needs beside the project's own requirements."""

CODE: Final = {"trading": ROOT / "Library" / "trading", "utils": ROOT / "utils", "scripts": ROOT / "scripts"}
WHEELS_FOLDER: Final = Path("build/cluster/wheels")


@dataclass(frozen=True)
class Wheels:
    """Wheels of one environment.

    Attributes:
        folder: they are in.
        manifest: file name -> SHA-256.
    """

    folder: Path
    manifest: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """Names the environment that they make with this Python."""
        return digest_of({"wheels": dict(self.manifest), "python": platform.python_version()})

    def tarball(self, target: Path) -> None:
        """Write all of them, and their manifest, into one file."""
        with tarfile.open(target, "w") as archive:  # wheels are compressed already
            for name in sorted(self.manifest):
                archive.add(self.folder / name, name)
            _add(archive, "MANIFEST.json", json.dumps(self.manifest, indent=1).encode())


@dataclass(frozen=True)
class Code:
    """This workspace's code as a tarball, the same bytes for the same sources."""

    digest: str
    tarball: bytes

    @property
    def sha256(self) -> str:
        """Of the tarball."""
        return hashlib.sha256(self.tarball).hexdigest()


def requirements() -> list[str]:
    """What a node's environment needs, from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(item for extra in EXTRAS for item in optional[extra])]


def collect_wheels(wanted: Iterable[str], lock: Path, folder: Path = WHEELS_FOLDER) -> Wheels:
    """The wheels of the locked versions for this Python and system, from pip's cache where it has them.

    Args:
        wanted: requirements.
        lock: constraints file that pins them and what they need.
        folder: where wheels are kept for the next time.
    Raises:
        UserError: one cannot be had.
    """
    wanted = list(wanted)
    key = digest_of(
        {"wanted": wanted, "lock": lock.read_text(), "python": sys.version, "machine": platform.machine()}
    )
    known = folder / f"{key}.json"
    if known.exists():
        wheels = Wheels(folder, json.loads(known.read_text()))
        if all((folder / name).exists() for name in wheels.manifest):
            return wheels
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f".{key}"
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
               "--wheel-dir", str(made), "--constraint", str(lock), *wanted]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise UserError(
            f"{lock}: pip cannot get a wheel of what it names: {said[-1]}; see the network and pip's index"
        )
    manifest = {}
    for wheel in sorted(made.glob("*.whl")):
        with wheel.open("rb") as file:
            manifest[wheel.name] = hashlib.file_digest(file, "sha256").hexdigest()
        wheel.replace(folder / wheel.name)
    made.rmdir()
    known.write_text(json.dumps(manifest, indent=1))
    return Wheels(folder, manifest)


def bundle_code(packages: Mapping[str, Path] = CODE) -> Code:
    """Trading, utils and scripts, as they are in this workspace now."""
    files = {
        f"{name}/{path.relative_to(folder)}": path.read_bytes()
        for name, folder in packages.items()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    raw = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for name, content in files.items():
            _add(archive, name, content)
    digest = digest_of({name: hashlib.sha256(content).hexdigest() for name, content in files.items()})
    return Code(digest, raw.getvalue())


def digest_of(content: object) -> str:
    """Short digest of plain data."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o644
    archive.addfile(entry, io.BytesIO(content))
