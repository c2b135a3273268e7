"""The control groups of this process: a container's, where there is one, and those around it.

In the first version each controller has a hierarchy of its own, in the second all share one; a system may
have both. A group is found by its path in /proc/self/cgroup, relative to the root of the mount in
/proc/self/mountinfo: inside a container the mount often begins at the container's own group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class ControlGroup:
    """One group: version 1 or 2, and its folder."""

    version: int
    folder: Path


def groups_of(controller: str, root: Path) -> tuple[ControlGroup, ...]:
    """The groups that limit this process, the innermost first; none where the system has no control groups.

    Args:
        controller: ``memory``, ``cpu`` or ``cpuacct``.
        root: the folder that has /proc and /sys, ``/`` but in tests.
    """
    try:
        memberships = (root / "proc/self/cgroup").read_text()
        mounts = (root / "proc/self/mountinfo").read_text()
    except OSError:
        return ()
    for version in (1, 2):
        path = _membership(memberships, controller, version)
        mount = _mount(mounts, controller, version)
        if path is not None and mount is not None:
            begins, point = mount
            return tuple(
                ControlGroup(version, folder)
                for folder in _up(root / point.lstrip("/"), _below(path, begins))
                if folder.is_dir()
            )
    return ()


def _membership(memberships: str, controller: str, version: int) -> str | None:
    """The path of this process's group in the hierarchy that has the controller."""
    for line in memberships.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controller in controllers.split(",") if version == 1 else number == "0" and not controllers:
            return path
    return None


def _mount(mounts: str, controller: str, version: int) -> tuple[str, str] | None:
    """The path at which the hierarchy's mount begins, and the mount point."""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        kind, *_, options = after.split(" ")
        matches = kind == "cgroup" and controller in options.split(",") if version == 1 else kind == "cgroup2"
        if matches:
            begins, point = before.split(" ")[3:5]
            return _plain(begins), _plain(point)
    return None


def _plain(name: str) -> str:
    """A name of mountinfo without its octal escapes."""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 8)), name)


def _below(path: str, begins: str) -> PurePosixPath:
    """`path` relative to where the mount begins; the mount itself when the path is outside of it."""
    if ".." in path.split("/"):
        return PurePosixPath()
    try:
        return PurePosixPath(path).relative_to(begins)
    except ValueError:
        return PurePosixPath()


def _up(mount: Path, below: PurePosixPath) -> list[Path]:
    return [mount / below, *(mount / parent for parent in below.parents)] if below.parts else [mount]
