"""Processors, memory, disk and system of this host."""

from __future__ import annotations

import os
import platform
import shutil
import time
from contextlib import closing
from pathlib import Path
from typing import Final

import psutil

from trading.monitoring.cpu_use import CpuGauge
from trading.monitoring.memory_use import MemoryGauge
from utils.readiness.measurement.disk_speed import disk_speed
from utils.readiness.profile import Disk, Memory, Processors

GIB: Final = 2**30
_ROOT: Final = Path("/")


def processors(root: Path = _ROOT) -> Processors:
    """The processors, and what affinity and the control group's quota leave of them."""
    count = os.cpu_count() or 1
    allowed = float(count)
    if (root / "proc/stat").exists():
        with closing(CpuGauge(root, time.monotonic)) as gauge:
            allowed = gauge.last.cores
    return Processors(model=_model(root), count=count, allowed=allowed, load=max(0.0, os.getloadavg()[0]))


def memory(root: Path = _ROOT) -> Memory:
    """Of the host or of the control group that limits it, whichever has less left.

    A limit says what a group may use, not what the host has left for it.
    """
    host = psutil.virtual_memory()
    if not (root / "proc/meminfo").exists():
        return Memory(total_gib=host.total / GIB, available_gib=host.available / GIB, source="host")
    with closing(MemoryGauge(root)) as gauge:
        use = gauge.read()
    available = max(0, min(use.limit - use.used, host.available))
    return Memory(total_gib=use.limit / GIB, available_gib=available / GIB, source=use.source)


def disk(folder: Path) -> Disk:
    """The file system that `folder` is on or will be on, and its speed."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    space = shutil.disk_usage(there)
    speed = disk_speed(there)
    return Disk(
        path=str(folder),
        total_gib=space.total / GIB,
        free_gib=space.free / GIB,
        write_mb_s=round(speed[0], 1) if speed else None,
        read_mb_s=round(speed[1], 1) if speed else None,
    )


def system() -> str:
    """Kernel and distribution."""
    try:
        distribution = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        distribution = ""
    return f"{platform.system()} {platform.release()}{f' ({distribution})' if distribution else ''}"


def instance_type(root: Path = _ROOT) -> str | None:
    """Type of an EC2 instance, which its firmware has for the product's name; None elsewhere."""
    firmware = root / "sys/class/dmi/id"
    try:
        if (firmware / "sys_vendor").read_text().strip() != "Amazon EC2":
            return None
        return (firmware / "product_name").read_text().strip() or None
    except OSError:
        return None


def _model(root: Path) -> str:
    try:
        lines = (root / "proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine() or "unknown"
