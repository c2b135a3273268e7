"""A submitted sweep needs nobody: neither the machine it came from, nor the Ray cluster that it began on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster_rig.rig import HOSTS, ROOT
from tests.cluster_rig.sweeps import CONFIG, SECONDS, Sweeps
from tests.scripts.sweep_command import strategies

pytestmark = pytest.mark.xdist_group("cluster_rig")


@pytest.fixture
def submitted(sweeps: Sweeps, tmp_path: Path) -> dict[str, Any]:
    """A sweep that has begun on the head, in chunks of 512."""
    config = tmp_path / "small_chunks.yaml"
    config.write_text(CONFIG.read_text().replace("chunk_size: 4096", "chunk_size: 512"))
    words = ("submit", config, "--data", "bars.csv", "--json")
    answer: dict[str, Any] = json.loads(sweeps.rig.cluster_command(*words))
    assert answer["new"]
    assert not json.loads(sweeps.rig.cluster_command(*words))["new"]
    sweeps.wait_for(lambda: job(sweeps, answer["id"])["chunks"].get("completed", 0) > 3, "first chunks")
    return answer


def job(sweeps: Sweeps, sweep: str) -> dict[str, Any]:
    jobs: list[dict[str, Any]] = json.loads(sweeps.rig.cluster_command("jobs", "--json"))
    (found,) = [known for known in jobs if known["id"] == sweep]
    return found


def test_a_sweep_outlives_its_desk_and_its_ray_cluster(sweeps: Sweeps, submitted: dict[str, Any]) -> None:
    rig, sweep = sweeps.rig, submitted["id"]
    rig.link("desk", "down")
    assert rig.kill("master", "gcs_server")
    record = f"cat lean-cluster/sweeps/{sweep}/sweep.json"
    sweeps.wait_for(lambda: json.loads(rig.on("master", record))["attempt"] == 2, "its second attempt")
    rig.link("desk", "up")
    log = rig.cluster_command("logs", sweep, "--follow", timeout=SECONDS)
    assert "best by sharpe" in log
    known = job(sweeps, sweep)
    assert (known["state"], known["attempts"]) == ("done", 2)
    rig.cluster_command("fetch", sweep, "--db", "fetched.db")
    assert strategies(rig.folder / "fetched.db") == sweeps.rows
    sweeps.wait_until_up()


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
