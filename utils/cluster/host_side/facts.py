"""What a host has: interpreter, memory, disk, clock, ports, and what of the cluster is on it."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def facts(path: str, environment: str | None, address: str, ports: list[int]) -> dict[str, Any]:
    """Everything that `doctor` and `status` want to know.

    Args:
        path: the cluster's folder on this host; a relative one is below the home folder.
        environment: a virtual environment that is there already.
        address, ports: at which Ray will listen.
    """
    folder = Path.home() / path
    there = folder
    while not there.exists():
        there = there.parent
    disk = shutil.disk_usage(there)
    memory = _memory()
    root = Path.home() / environment if environment else folder / "current" / "environment"
    return {
        "host": socket.gethostname(),
        "now": time.time(),
        "system": platform.system(),
        "machine": platform.machine(),
        "libc": "-".join(platform.libc_ver()),
        "python": platform.python_version(),
        "cpus": _processors(),
        "load": os.getloadavg()[0],
        "memory": memory["total"],
        "memory_available": memory["available"],
        "disk": disk.total,
        "disk_free": disk.free,
        "folder": str(folder),
        "writable": os.access(there, os.W_OK),
        "environment": str(root) if (root / "bin" / "python").exists() else None,
        "packages": _packages(root),
        "release": (folder / "current").readlink().name if (folder / "current").is_symlink() else None,
        "service": _service(folder),
        "ports": {port: problem for port in ports if (problem := _unbindable(address, port))},
        "can_make_environments": _has_module("ensurepip") and _has_module("venv"),
        "rsync": shutil.which("rsync") is not None,
        "starts_services": _boot(),
    }


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _memory() -> dict[str, int]:
    """Bytes; a control group's limit where there is one."""
    try:
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
    except OSError:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return {"total": total, "available": total}
    total, available = (int(lines[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable"))
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
    except (OSError, ValueError):
        return {"total": total, "available": available}
    return {"total": min(total, limit), "available": max(0, min(available, limit - used))}


def _packages(root: Path) -> dict[str, str]:
    """Versions of what decides whether nodes understand each other and compute the same bits."""
    found = {}
    for name in ("ray", "numpy", "numba"):
        for folder in root.glob(f"lib/python3*/site-packages/{name}-*.dist-info"):
            found[name] = folder.name[len(name) + 1 : -len(".dist-info")]
    return found


def _service(folder: Path) -> dict[str, Any] | None:
    """State of the supervisor, None when it does not run."""
    try:
        state: dict[str, Any] = json.loads((folder / "service" / "state.json").read_text())
        os.kill(state["supervisor"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return state


def _unbindable(address: str, port: int) -> str | None:
    """Why nothing can listen there; None when something could."""
    try:
        (family, kind, _, _, name), *_ = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(name)
    except OSError as error:
        return error.strerror or str(error)
    return None


def _has_module(name: str) -> bool:
    from importlib.util import find_spec  # noqa: PLC0415

    return find_spec(name) is not None


def _boot() -> str | None:
    """What starts a user's services when the host does: systemd (with linger), cron, or None."""
    user = Path.home().owner() if Path.home().exists() else ""
    if Path("/run/systemd/system").is_dir() and shutil.which("loginctl"):
        shown = subprocess.run(
            ["loginctl", "show-user", user, "--property=Linger"], capture_output=True, text=True, check=False
        )
        if "Linger=yes" in shown.stdout:
            return "systemd"
    return "cron" if shutil.which("crontab") else None


if __name__ == "__main__":
    print(json.dumps(facts(**json.load(sys.stdin))))  # noqa: T201 - the answer
