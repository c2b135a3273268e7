"""What happens to hosts, links and processes while they sweep; the rows must be the local run's."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest

from tests.cluster_rig.rig import HOME, HOSTS
from tests.cluster_rig.sweeps import COMBOS, Sweeps

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster_rig")]


def test_the_reference_sweep_on_three_hosts(sweeps: Sweeps) -> None:
    sweeps.run("three.db")
    sweeps.same("three.db")
    with closing(sqlite3.connect(sweeps.rig.folder / "three.db")) as connection:
        names = {name for (name,) in connection.execute("SELECT DISTINCT assigned_worker FROM chunks")}
    assert any("worker2" in name for name in names), names
    assert any("master" in name or "worker1" in name for name in names), names


def test_a_worker_is_killed(sweeps: Sweeps) -> None:
    process = sweeps.begin("worker_killed.db")
    assert sweeps.rig.kill("worker1", "raylet/raylet")
    sweeps.finish(process, "worker_killed.db")
    sweeps.wait_until_up()  # it has joined again by itself
    (host,) = [host for host in sweeps.status()["hosts"] if host["host"] == "worker1"]
    assert host["restarts"] >= 1


def test_the_head_is_killed_and_started_again(sweeps: Sweeps) -> None:
    process = sweeps.begin("head_killed.db", sweeps.near)  # there is nobody else to do its work
    assert sweeps.rig.kill("master", "gcs_server")
    sweeps.finish(process, "head_killed.db")
    sweeps.wait_until_up()


def test_the_link_of_a_host_behind_a_jump_is_down_for_a_minute(sweeps: Sweeps) -> None:
    process = sweeps.begin("link_down.db", sweeps.far)
    sweeps.rig.link("worker2", "down")
    cut = time.time()
    time.sleep(60)
    stored = sweeps.completed("link_down.db")
    assert process.poll() is None
    sweeps.rig.link("worker2", "up")
    sweeps.finish(process, "link_down.db")
    assert stored < COMBOS // 512
    assert sweeps.completed("link_down.db", since=cut + 60) > 0


def test_twelve_reconnections_in_a_row(sweeps: Sweeps) -> None:
    process = sweeps.begin("reconnected.db", sweeps.far)
    for _ in range(12):
        assert sweeps.rig.kill("worker2", "sshd: root@notty")
        sweeps.wait_for(
            lambda: (
                sweeps.rig.processes("worker2", "sshd: root@notty")
                and sweeps.rig.processes("worker2", "python -m utils.sweep.ray.feeder")
            ),
            "the next connection, and its feeder",
        )
    assert process.poll() is None
    sweeps.finish(process, "reconnected.db")


def test_one_packet_in_twenty_is_lost(sweeps: Sweeps) -> None:
    sweeps.rig.lose(5)
    try:
        sweeps.run("lost_packets.db")
        lost = {name: sweeps.rig.lost(name) for name in ("desk", *HOSTS)}
        assert min(lost.values()) > 0, lost
        assert sum(lost.values()) > 20, lost
    finally:
        sweeps.rig.lose(0)
    sweeps.same("lost_packets.db")


def test_the_coordinator_is_killed(sweeps: Sweeps) -> None:
    process = sweeps.begin("coordinator_killed.db")
    process.kill()
    process.wait(timeout=20)
    stored = sweeps.completed("coordinator_killed.db")
    assert 0 < stored < COMBOS // 512
    sweeps.run("coordinator_killed.db")
    sweeps.same("coordinator_killed.db")


def test_the_disk_of_a_worker_is_full(sweeps: Sweeps) -> None:
    fill = "; ".join(f"cat /dev/zero > {place}/filler 2>/dev/null" for place in (HOME, "/tmp"))
    sweeps.rig.on("worker1", fill, check=False, timeout=120)
    try:
        assert sweeps.rig.on("worker1", f"df --output=avail {HOME} /tmp").split()[1:] == ["0", "0"]
        sweeps.run("disk_full.db")
    finally:
        sweeps.rig.on("worker1", f"rm -f {HOME}/filler /tmp/filler")
    sweeps.same("disk_full.db")
    sweeps.wait_until_up()


def test_a_chunk_that_always_crashes_takes_no_other_with_it(sweeps: Sweeps) -> None:
    code = "lean-cluster/current/code/utils/sweep/ray/worker.py"
    crash = "if arguments[0] <= 30000 < arguments[1]: os.abort()"
    change = (
        f"cp {code} sound.py; sed -i 's/^        begun = time.perf_counter()$/        {crash}\\n&/' {code}"
    )
    for name in ("master", "worker1", "worker2"):
        sweeps.rig.on(name, change)
        assert crash in sweeps.rig.on(name, f"cat {code}")
    try:
        said = sweeps.run("crashing.db", code=1)
    finally:
        for name in ("master", "worker1", "worker2"):
            sweeps.rig.on(name, f"cp sound.py {code}")
    assert "money_line_reference_chunk_000058 failed" in said  # 30,000 is one of its combinations
    assert sweeps.completed("crashing.db") == COMBOS // 512 - 1
    sweeps.run("crashing.db")
    sweeps.same("crashing.db")
