"""The images there are: LEAN's engine, any tag of it."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

from utils.docker.errors import DockerError

ENGINE = "quantconnect/lean"
LABELS = {
    "lean_version": "17000",  # the CLI asks for it; modules would be chosen by it
    "python_version": "3.11",
    "strict_python_version": "3.11.11",
    "target_framework": "net10.0",
}
_CREATED = "2026-01-01T00:00:00Z"


class Images:
    """LEAN's image under the tags that were asked for; all of them are the embedded engine."""

    def __init__(self) -> None:
        self._tags = {"latest"}
        self._lock = threading.Lock()

    def pull(self, name: str, tag: str = "") -> str:
        """Take a tag of LEAN's image.

        Returns:
            Name and tag.

        Raises:
            DockerError: not LEAN's image.
        """
        tag = self._tag(f"{name}:{tag}" if tag else name)
        with self._lock:
            self._tags.add(tag)
        return f"{ENGINE}:{tag}"

    def list(self) -> list[dict[str, Any]]:
        """One entry a tag, as `docker images` wants them."""
        with self._lock:
            return [_summary(tag) for tag in sorted(self._tags)]

    def inspect(self, reference: str) -> dict[str, Any]:
        """An image by id, name or name and tag.

        Raises:
            DockerError: not LEAN's image, or a tag that was not pulled.
        """
        with self._lock:
            tags = sorted(self._tags)
        for tag in tags:
            if reference == _identity(tag):
                return _details(tag)
        tag = self._tag(reference)
        if tag not in tags:
            raise DockerError(404, f"No such image: {reference}; pull it first")
        return _details(tag)

    def digest(self, reference: str) -> str:
        """What a registry would say of an image: as new as the one here.

        Raises:
            DockerError: not LEAN's image.
        """
        return _identity(self._tag(reference))

    @staticmethod
    def _tag(reference: str) -> str:
        name, _, tag = reference.removeprefix("docker.io/").partition(":")
        if name != ENGINE:
            raise DockerError(
                404, f"{reference}: only {ENGINE} is served here, by the embedded engine; use Docker for it"
            )
        return tag or "latest"


def _identity(tag: str) -> str:
    return "sha256:" + hashlib.sha256(f"{ENGINE}:{tag}".encode()).hexdigest()


def _summary(tag: str) -> dict[str, Any]:
    return {
        "Id": _identity(tag),
        "ParentId": "",
        "RepoTags": [f"{ENGINE}:{tag}"],
        "RepoDigests": [f"{ENGINE}@{_identity(tag)}"],
        "Created": 0,
        "Size": 0,
        "SharedSize": 0,
        "Containers": 0,
        "Labels": LABELS,
    }


def _details(tag: str) -> dict[str, Any]:
    return _summary(tag) | {
        "Created": _CREATED,
        "Architecture": "amd64",
        "Os": "linux",
        "Config": {"Labels": LABELS, "Env": [], "WorkingDir": "/Lean/Launcher/bin/Debug"},
        "RootFS": {"Type": "layers", "Layers": []},
    }
