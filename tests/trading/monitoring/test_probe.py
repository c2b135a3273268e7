"""Whose memory and processors are measured: simulated containers and hosts, and this machine."""

from __future__ import annotations

import math
import os
from pathlib import Path

import psutil
import pytest

from tests.trading.monitoring.machine_tree import (
    GB,
    NO_LIMIT_V1,
    V1_CPU,
    V1_MEMORY,
    V2,
    Machine,
    container_v1,
    container_v2,
    v2_memory,
)
from trading.monitoring.control_groups import ControlGroup, groups_of
from trading.monitoring.probe import MachineProbe, PsutilProbe, StatedProbe, machine_probe


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def probe_of(machine: Machine, stopwatch: Stopwatch | None = None, affinity: int = 8) -> MachineProbe:
    return MachineProbe(machine.root, stopwatch or Stopwatch(), affinity)


@pytest.mark.parametrize(("container", "source"), [(container_v2, "cgroup v2"), (container_v1, "cgroup v1")])
def test_a_containers_memory_counts_without_what_can_be_reclaimed(
    tmp_path: Path, container: type[Machine], source: str
) -> None:
    usage = probe_of(container(tmp_path)).read()
    assert (usage.memory_used, usage.memory_limit, usage.memory_source) == (2 * GB, 4 * GB, source)
    assert usage.memory_pct == 50
    assert usage.process_memory == 25_000 * os.sysconf("SC_PAGE_SIZE")
    assert usage.load == 1.5


@pytest.mark.parametrize("limit", ["max", 64 * GB * 2], ids=str)
def test_without_a_limit_the_hosts_memory_counts_v2(tmp_path: Path, limit: object) -> None:
    usage = probe_of(container_v2(tmp_path, memory=limit)).read()
    assert usage.memory_source == "host"
    assert usage.memory_pct == pytest.approx(25, abs=1e-4)


def test_without_a_limit_the_hosts_memory_counts_v1(tmp_path: Path) -> None:
    assert probe_of(container_v1(tmp_path, memory=NO_LIMIT_V1)).read().memory_source == "host"


def test_a_limit_and_a_use_that_change_are_seen(tmp_path: Path) -> None:
    machine = container_v2(tmp_path)
    stopwatch = Stopwatch()
    probe = probe_of(machine, stopwatch)
    assert probe.read().memory_pct == 50
    v2_memory(machine, 3 * GB, 0)
    assert probe.read().memory_pct == 75
    machine.group(V2, {"memory.max": 8 * GB})
    v2_memory(machine, 7 * GB, 0)
    stopwatch.seconds += 1
    assert probe.read().memory_pct == 87.5
    machine.group(V2, {"memory.max": "max"})
    stopwatch.seconds += 1
    assert probe.read().memory_source == "host"


def test_the_least_limit_of_the_groups_around_it_counts(tmp_path: Path) -> None:
    """A service without a limit of its own, in a slice that has one."""
    machine = Machine(tmp_path)
    machine.mount(2, V2)
    machine.member(2, "/trading.slice/bot.service")
    v2_memory(machine, 1 * GB, 0, f"{V2}/trading.slice/bot.service")
    machine.group(f"{V2}/trading.slice/bot.service", {"memory.max": "max"})
    v2_memory(machine, 6 * GB, 0, f"{V2}/trading.slice")
    machine.group(f"{V2}/trading.slice", {"memory.max": 8 * GB})
    usage = probe_of(machine).read()
    assert (usage.memory_pct, usage.memory_source) == (75, "cgroup v2")


def test_a_system_with_both_versions_is_asked_where_the_controller_is(tmp_path: Path) -> None:
    machine = container_v1(tmp_path)
    machine.mount(2, "/sys/fs/cgroup/unified")
    machine.member(2, "/system.slice/docker.service")
    assert groups_of("memory", tmp_path) == (ControlGroup(1, tmp_path / V1_MEMORY.lstrip("/")),)
    assert groups_of("pids", tmp_path)[0].version == 2


def test_paths_of_mounts_are_unescaped_and_paths_outside_of_them_mean_the_mount(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.mount(2, "/sys/fs/c\\040group")
    machine.member(2, "/../other")
    (tmp_path / "sys/fs/c group").mkdir(parents=True)
    assert groups_of("memory", tmp_path) == (ControlGroup(2, tmp_path / "sys/fs/c group"),)


def test_without_control_groups_the_host_counts(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (tmp_path / "proc/self/cgroup").unlink()
    assert probe_of(machine).read().memory_source == "host"
    assert groups_of("memory", tmp_path) == ()


@pytest.mark.parametrize("version", [1, 2])
def test_a_quota_makes_the_containers_processors_count(tmp_path: Path, version: int) -> None:
    machine = container_v2(tmp_path) if version == 2 else container_v1(tmp_path)
    stopwatch = Stopwatch()
    probe = probe_of(machine, stopwatch)
    first = probe.read()
    assert math.isnan(first.cpu_pct)
    assert first.cpu_cores == 2
    stopwatch.seconds += 30
    if version == 2:
        machine.group(V2, {"cpu.stat": "usage_usec 45000000\nuser_usec 1"})
    else:
        machine.group(V1_CPU, {"cpuacct.usage": 45 * 10**9})
    assert probe.read().cpu_pct == pytest.approx(75)  # 45 s of 2 x 30 s


@pytest.mark.parametrize("version", [1, 2])
def test_without_a_quota_the_machines_processors_count(tmp_path: Path, version: int) -> None:
    machine = container_v2(tmp_path, cpu="max 100000") if version == 2 else container_v1(tmp_path, quota=-1)
    stopwatch = Stopwatch()
    probe = probe_of(machine, stopwatch)
    stopwatch.seconds += 1
    machine.host_cpu(busy=300, idle=500)
    usage = probe.read()
    assert (usage.cpu_pct, usage.cpu_cores) == pytest.approx((37.5, 8))


def test_fewer_processors_by_affinity_make_the_groups_time_count(tmp_path: Path) -> None:
    machine = container_v2(tmp_path, cpu="max 100000")
    stopwatch = Stopwatch()
    probe = probe_of(machine, stopwatch, affinity=1)
    stopwatch.seconds += 10
    machine.group(V2, {"cpu.stat": "usage_usec 5000000"})
    usage = probe.read()
    assert (usage.cpu_pct, usage.cpu_cores) == pytest.approx((50, 1))


def test_a_window_is_a_second_at_least_and_a_new_quota_begins_another(tmp_path: Path) -> None:
    machine = container_v2(tmp_path)
    stopwatch = Stopwatch()
    probe = probe_of(machine, stopwatch)
    stopwatch.seconds += 1
    machine.group(V2, {"cpu.stat": "usage_usec 1000000"})
    assert probe.read().cpu_pct == pytest.approx(50)
    stopwatch.seconds += 0.9
    machine.group(V2, {"cpu.stat": "usage_usec 9000000"})
    assert probe.read().cpu_pct == pytest.approx(50)
    stopwatch.seconds += 0.2
    machine.group(V2, {"cpu.max": "400000 100000"})
    assert probe.read().cpu_pct == pytest.approx(50)
    stopwatch.seconds += 1
    machine.group(V2, {"cpu.stat": "usage_usec 10000000"})
    usage = probe.read()
    assert (usage.cpu_pct, usage.cpu_cores) == pytest.approx((25, 4))


def test_this_machines_figures_are_those_that_psutil_has() -> None:
    probe = MachineProbe()
    usage, memory = probe.read(), psutil.virtual_memory()
    if usage.memory_source == "host":
        assert usage.memory_limit == memory.total
        assert abs(usage.memory_used - (memory.total - memory.available)) < 0.05 * memory.total
    else:
        assert usage.memory_limit < memory.total
    assert abs(usage.process_memory - psutil.Process().memory_info().rss) < 20e6
    assert 0 < usage.cpu_cores <= (os.cpu_count() or 1)
    probe.close()
    probe.close()


def test_a_busy_second_of_this_process_shows() -> None:
    stopwatch = Stopwatch()
    probe = MachineProbe(stopwatch=stopwatch)
    began = os.times()
    while os.times().user - began.user < 0.2:
        pass
    stopwatch.seconds += 1
    usage = probe.read()
    assert 0 < usage.cpu_pct <= 100
    probe.close()


def test_where_there_is_no_proc_psutil_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise FileNotFoundError("/proc/meminfo")

    monkeypatch.setattr("trading.monitoring.probe.MachineProbe", missing)
    probe = machine_probe()
    assert isinstance(probe, PsutilProbe)
    usage, memory = probe.read(), psutil.virtual_memory()
    assert usage.memory_limit == memory.total
    assert usage.process_memory > 0
    probe.close()
    monkeypatch.setitem(__import__("sys").modules, "psutil", None)
    with pytest.raises(ValueError, match="/proc/meminfo; install psutil"):
        machine_probe()


def test_stated_figures_are_the_reading() -> None:
    probe = StatedProbe(memory_pct=50, memory_limit=2 * GB)
    assert (probe.read().memory_used, probe.read().memory_source) == (1 * GB, "stated")
    probe.memory_pct = 91
    assert probe.read().memory_pct == 91
