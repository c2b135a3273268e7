"""A folder that looks like /proc and /sys of some machine or container."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

GB = 10**9
NO_LIMIT_V1 = 9223372036854771712


class Machine:
    """Files of /proc; groups are added, figures changed."""

    def __init__(self, root: Path, *, total: int = 64 * GB, available: int = 48 * GB, cores: int = 8) -> None:
        self.root = root
        self.cores = cores
        self._memberships: list[str] = []
        self._mounts = ["22 27 0:21 / /proc rw,relatime - proc proc rw"]
        self.host_memory(total, available)
        self.host_cpu(0, 0)
        self.write("proc/self/statm", "50000 25000 9000 1 0 40000 0\n")
        self.write("proc/loadavg", "1.50 1.00 0.50 2/300 12345\n")
        self._identity()

    def write(self, path: str, text: str) -> None:
        """In place, as the kernel would: files that are open see it."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("r+" if target.exists() else "w") as stream:
            stream.truncate(0)
            stream.write(text)

    def host_memory(self, total: int, available: int) -> None:
        lines = (
            f"MemTotal: {total // 1024:>15} kB\nMemFree: {available // 2048:>15} kB\n"
            f"MemAvailable: {available // 1024:>15} kB\nBuffers: 100 kB\n"
        )
        self.write("proc/meminfo", lines)

    def host_cpu(self, busy: int, idle: int) -> None:
        """Jiffies; a tenth of the busy ones were stolen, half of the idle ones waited for disks."""
        stolen, waiting = busy // 10, idle // 2
        fields = f"{busy - stolen} 0 0 {idle - waiting} {waiting} 0 0 {stolen} 999 999"
        each = "".join(f"cpu{core} {fields}\n" for core in range(self.cores))
        self.write("proc/stat", f"cpu  {fields}\n{each}intr 1 2 3\n")

    def mount(self, version: int, point: str, *, controllers: str = "", begins: str = "/") -> None:
        """A hierarchy of control groups at `point`, which shows it from the group `begins` on."""
        kind, options = ("cgroup2", "rw") if version == 2 else ("cgroup", f"rw,{controllers}")
        self._mounts.append(f"31 23 0:28 {begins} {point} rw shared:9 - {kind} {kind} {options}")
        (self.root / point.lstrip("/")).mkdir(parents=True, exist_ok=True)
        self._identity()

    def member(self, version: int, path: str, controllers: str = "") -> None:
        """This process's group in a hierarchy."""
        self._memberships.append(f"{0 if version == 2 else 4}:{controllers}:{path}")
        self._identity()

    def group(self, folder: str, files: Mapping[str, object]) -> None:
        for name, content in files.items():
            self.write(f"{folder.lstrip('/')}/{name}", f"{content}\n")

    def _identity(self) -> None:
        self.write("proc/self/cgroup", "".join(f"{line}\n" for line in self._memberships))
        self.write("proc/self/mountinfo", "".join(f"{line}\n" for line in self._mounts))


V2 = "/sys/fs/cgroup"
V1_MEMORY, V1_CPU = "/sys/fs/cgroup/memory", "/sys/fs/cgroup/cpu,cpuacct"


def container_v2(root: Path, *, memory: object = 4 * GB, cpu: str = "200000 100000") -> Machine:
    """A container of a system with the second version: its mount begins at its own group."""
    machine = Machine(root)
    machine.mount(2, V2)
    machine.member(2, "/")
    machine.group(V2, {"memory.max": memory, "memory.current": 0, "cpu.max": cpu})
    v2_memory(machine, 3 * GB, 1 * GB)
    machine.group(V2, {"cpu.stat": "usage_usec 0\nuser_usec 0\nsystem_usec 0"})
    return machine


def v2_memory(machine: Machine, current: int, inactive: int, folder: str = V2) -> None:
    stat = f"anon 1\nfile 2\nkernel 3\ninactive_anon 7\nactive_file 5\ninactive_file {inactive}\nslab 1"
    machine.group(folder, {"memory.current": current, "memory.stat": stat})


def container_v1(root: Path, *, memory: int = 4 * GB, quota: int = 200_000) -> Machine:
    """A container of a system with the first version, as Docker starts it: no namespace of its own."""
    machine = Machine(root)
    for controllers, point in (("memory", V1_MEMORY), ("cpu,cpuacct", V1_CPU)):
        machine.mount(1, point, controllers=controllers, begins="/docker/3f2a")
        machine.member(1, "/docker/3f2a", controllers)
    stat = (
        "cache 1\ninactive_file 5\nhierarchical_memory_limit 4\ntotal_cache 2\ntotal_inactive_file 1000000000"
    )
    files = {"memory.limit_in_bytes": memory, "memory.usage_in_bytes": 3 * GB, "memory.stat": stat}
    machine.group(V1_MEMORY, files)
    machine.group(V1_CPU, {"cpu.cfs_quota_us": quota, "cpu.cfs_period_us": 100_000, "cpuacct.usage": 0})
    return machine
