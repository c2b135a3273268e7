"""A submitted sweep needs nobody: neither the machine it came from, nor the Ray cluster that it began on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster_rig.sweeps import CONFIG, SECONDS, Sweeps
from tests.scripts.sweep_command import strategies

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster_rig")]


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
