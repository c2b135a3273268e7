"""Trust, doctor and provisioning with real SSH servers; in the order of a first day with new hosts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster_rig.rig import HOSTS, Rig

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster_rig")]


def findings(rig: Rig, code: int = 0) -> dict[str, dict[str, dict[str, Any]]]:
    """Host -> subject -> finding."""
    seen = json.loads(rig.cluster_command("doctor", "--json", code=code))
    return {host: {item["subject"]: item for item in items} for host, items in seen["hosts"].items()}


def fingerprint(rig: Rig, name: str) -> str:
    """As OpenSSH's own tool says it on the host."""
    shown = subprocess.run(
        ["ssh-keygen", "-lf", str(rig.folder / name / "host_key.pub")],
        capture_output=True, text=True, check=True, timeout=20,
    )  # fmt: skip
    return shown.stdout.split()[1]


def failed(rig: Rig, *words: str | Path) -> str:
    """The one line of a command that fails."""
    done = rig.call("cluster.py", *words, "--cluster", rig.cluster)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: "), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_hosts_that_nobody_trusts_are_not_spoken_to(rig: Rig) -> None:
    for host, found in findings(rig, code=1).items():
        assert set(found) == {"connection"}, host
        assert "host key is not known" in found["connection"]["evidence"]
    assert "worker1: its host key is not known" in failed(rig, "trust", "worker2", "--yes")


def test_trust_records_the_keys_whose_fingerprints_it_shows(rig: Rig) -> None:
    wrong = failed(rig, "trust", "master", "--fingerprint", "SHA256:wrong")
    assert fingerprint(rig, "master") in wrong
    shown = rig.cluster_command("trust", "--yes")
    for name in HOSTS:
        assert f"{name}: ssh-ed25519 {fingerprint(rig, name)}" in shown
    assert "trusted already" in rig.cluster_command("trust", "worker2")


def test_doctor_finds_the_hosts_as_they_are(rig: Rig) -> None:
    found = findings(rig)
    assert "through worker1" in found["worker2"]["connection"]["evidence"]
    for name in HOSTS:
        levels = {subject: item["level"] for subject, item in found[name].items()}
        assert {levels[subject] for subject in ("connection", "Python", "Ray", "clock", "ports")} == {"ok"}
    assert found["worker1"]["network"]["evidence"] == "reaches master"
    assert "network" not in found["worker2"]  # it is alone in its Ray cluster


def test_doctor_finds_what_was_promised_and_is_not_there(rig: Rig) -> None:
    original = rig.cluster.read_text()
    content = yaml.safe_load(original)
    content["hosts"]["master"] |= {"cpus": 64, "memory": "9 TiB"}
    content["hosts"]["worker1"] |= {"address": "10.213.9.9"}
    content["hosts"]["worker2"] |= {"python": "python9.9"}
    rig.cluster.write_text(yaml.safe_dump(content))
    try:
        rig.machines["master"].run(
            "nft", "add table inet shut; add chain inet shut in { type filter hook input priority 0 ; };"
            "add rule inet shut in iifname != lo tcp dport 21000-21010 reject",
        )  # fmt: skip
        found = findings(rig, code=1)
    finally:
        rig.cluster.write_text(original)
        rig.machines["master"].run("nft", "delete table inet shut", check=False)
    assert found["master"]["processors"]["level"] == "blocker"
    assert found["master"]["memory"]["level"] == "blocker"
    assert "Cannot assign requested address" in found["worker1"]["ports"]["evidence"]
    assert "master port 21000: Connection refused" in found["worker1"]["network"]["evidence"]
    assert "there is no python9.9" in found["worker2"]["connection"]["evidence"]


def test_the_real_wheels_travel_once_and_what_changed_travels_alone(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offline = tmp_path / "index"  # the desk has no way to pip's index
    for version in ("9.0.0", "9.1.2"):
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(offline),
             "click==8.1.8", f"tenacity=={version}"],
            check=True, timeout=120,
        )  # fmt: skip
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(offline))
    lock = tmp_path / "lock.txt"
    lock.write_text("click==8.1.8\ntenacity==9.0.0\n")
    content = yaml.safe_load(rig.cluster.read_text())
    del content["hosts"]["worker2"]["environment"]
    content["hosts"] = {name: terms | {"folder": "~/wheels"} for name, terms in content["hosts"].items()}
    other = rig.folder / "wheels.yaml"
    other.write_text(yaml.safe_dump(content | {"known_hosts": "cluster.known_hosts"}))
    words = ("up", "--no-services", "--lock", lock, "--require", "click", "--require", "tenacity", "--json")

    def up() -> dict[str, Any]:
        done = rig.call("cluster.py", *words, "--cluster", other, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        outcomes: dict[str, Any] = json.loads(done.stdout)
        return outcomes

    def tenacity() -> str:
        code = "import importlib.metadata as m, utils.sweep, trading; print(m.version('tenacity'))"
        return rig.on("worker2", f'wheels/current/bin/python -c "{code}"').strip()

    first = up()
    assert "from 2 wheels, 2 sent" in first["worker2"]["done"][0]
    assert "release" in first["master"]["done"][-1]
    assert tenacity() == "9.0.0"
    assert all(outcome["done"] == [] for outcome in up().values())
    lock.write_text("click==8.1.8\ntenacity==9.1.2\n")
    again = up()
    assert "from 2 wheels, 1 sent" in again["worker2"]["done"][0]
    assert again["master"]["done"] == []
    assert tenacity() == "9.1.2"
    assert len(rig.on("worker2", "ls wheels/releases").split()) == 2  # this one and the last


def test_a_changed_key_is_refused_loudly_until_it_is_replaced(rig: Rig) -> None:
    before = fingerprint(rig, "worker1")
    rig.new_host_key("worker1")
    found = findings(rig, code=1)
    assert "HOST KEY CHANGED" in found["worker1"]["connection"]["evidence"]
    assert "worker1: HOST KEY CHANGED" in found["worker2"]["connection"]["evidence"]
    refused = failed(rig, "trust", "worker1", "--yes")
    assert f"HOST KEY CHANGED from {before} to {fingerprint(rig, 'worker1')}" in refused
    rig.cluster_command("trust", "worker1", "--replace", "--yes")
    assert findings(rig)["worker2"]["connection"]["level"] == "ok"
