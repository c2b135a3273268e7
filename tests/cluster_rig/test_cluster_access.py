"""Who is let in, what is told on the way, and a host that is measured from afar."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.cluster_rig.rig import HOSTS, ROOT
from tests.cluster_rig.sweeps import Sweeps

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster_rig")]


def test_no_secret_is_in_a_command_line(sweeps: Sweeps) -> None:
    token = sweeps.rig.on("master", "cat lean-cluster/ray_token")
    assert len(token) == 64
    for name in HOSTS:
        assert token not in sweeps.rig.on(name, "ps -eo args")
        assert sweeps.rig.on(name, "stat -c %a lean-cluster/ray_token").strip() == "600"


def test_who_has_not_the_token_is_refused(sweeps: Sweeps) -> None:
    connect = "import ray; ray.init(address='10.213.7.2:21000', log_to_driver=False)"
    python = "lean-cluster/current/environment/bin/python"
    said = sweeps.rig.on(
        "worker1", f'RAY_AUTH_MODE=token RAY_AUTH_TOKEN=wrong {python} -c "{connect}" 2>&1; true'
    )
    assert "AuthenticationError" in said or "Unauthenticated" in said or "InvalidAuthToken" in said, said


def test_a_host_is_measured_over_ssh(sweeps: Sweeps) -> None:
    plan = ROOT / "config" / "readiness" / "features.yaml"
    run = sweeps.rig.call(
        "readiness.py", plan, "--host", "worker2", "--cluster", sweeps.rig.cluster, "--json"
    )
    seen = json.loads(run.stdout)
    assert seen["profile"]["host"] == "worker2"
    assert run.returncode == (1 if seen["verdict"] == "NOT READY" else 0)
    unknown = sweeps.rig.call("readiness.py", plan, "--host", "worker9", "--cluster", sweeps.rig.cluster)
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("error: there is no host worker9")


def test_the_dashboard_shows_the_hosts(sweeps: Sweeps) -> None:
    rig = sweeps.rig
    dashboard = rig.popen("dashboard.py", "--port", "0", "--folder", rig.folder, "--cluster", rig.cluster)
    try:
        assert dashboard.stdout is not None
        address = dashboard.stdout.readline().split()[1].partition("/cluster")[0]
        ask = f"curl --silent --retry 20 --retry-connrefused {address}/api/cluster/status"
        deadline = time.monotonic() + 60
        hosts: dict[str, Any] = {}
        while not (hosts and all(host["state"] == "up" for host in hosts.values())):
            assert time.monotonic() < deadline, hosts
            status = json.loads(rig.machines["desk"].run("sh", "-c", ask).stdout)
            hosts = {name: node for node in status["nodes"] if (name := node["name"].partition("/")[2])}
            time.sleep(0.5)
    finally:
        dashboard.terminate()
        dashboard.communicate()
    assert set(hosts) == set(HOSTS)
    assert all(0 < host["memory_used"] < host["memory_total"] for host in hosts.values())
    assert all(host["load"] >= 0 for host in hosts.values())
