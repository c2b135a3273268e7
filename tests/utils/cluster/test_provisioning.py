"""What travels, what a node is started with, and what the head may do on other hosts."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.utils.cluster.clusters import write
from utils.cluster import node
from utils.cluster.bundle import Wheels, bundle_code, requirements
from utils.cluster.config import load_cluster
from utils.cluster.head_access import authorizations, head_view
from utils.cluster.host_side import release
from utils.cluster.up import release_of


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    folder = tmp_path / "trading"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "__pycache__" / "a.pyc").write_text("x")
    (folder / "a.py").write_text("A = 1\n")
    return {"trading": folder}


def test_code_is_named_by_its_content(sources: dict[str, Path], tmp_path: Path) -> None:
    first = bundle_code(sources)
    shutil.copytree(sources["trading"], tmp_path / "copy")
    again = bundle_code({"trading": tmp_path / "copy"})
    assert (again.digest, again.tarball) == (first.digest, first.tarball)
    (sources["trading"] / "a.py").write_text("A = 2\n")
    assert bundle_code(sources).digest != first.digest
    (tmp_path / "code.tar.gz").write_bytes(first.tarball)
    with tarfile.open(tmp_path / "code.tar.gz") as archive:
        assert archive.getnames() == ["trading/a.py"]


def test_the_workspaces_code_has_what_a_node_imports() -> None:
    with_names = bundle_code().tarball
    assert len(with_names) < 20e6
    assert any(item.startswith("ray[default]==") for item in requirements())


def test_a_release_is_switched_whole_and_the_last_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: dict[str, Path]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    environment = tmp_path / "venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").write_text('#!/bin/sh\necho "$PYTHONPATH $GREETING"\n')
    (environment / "bin" / "python").chmod(0o755)
    code = bundle_code(sources)
    for name in ("one", "two", "three"):
        assert release.missing("f", {}, "", code.digest)["code"] is (name == "one")
        (tmp_path / "f" / "code.tar.gz").write_bytes(code.tarball)
        if name == "one":
            with pytest.raises(SystemExit, match="did not arrive whole"):
                release.unpack_code("f", code.digest, "code.tar.gz", "0")
        release.unpack_code("f", code.digest, "code.tar.gz", code.sha256)
        release.switch("f", name, str(environment), code.digest, "GREETING='hello there'\n")
    assert sorted(path.name for path in (tmp_path / "f" / "releases").iterdir()) == ["three", "two"]
    assert (tmp_path / "f" / "current").readlink() == Path("releases/three")
    assert (tmp_path / "f" / "current" / "code" / "trading" / "a.py").read_text() == "A = 1\n"
    with pytest.raises(SystemExit, match="no virtual environment"):
        release.switch("f", "four", "none", code.digest, "")
    assert (tmp_path / "f" / "current").readlink() == Path("releases/three")


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.txt").write_text("years")
    with pytest.raises(SystemExit, match="has other files in it"):
        release.missing("work", {}, "", "")
    with pytest.raises(SystemExit, match="was not made by"):
        release.remove("work")
    assert (tmp_path / "work" / "thesis.txt").read_text() == "years"


def test_a_damaged_wheel_is_never_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "a-1-py3-none-any.whl").write_bytes(b"damaged")
    wheels = Wheels(tmp_path / "made", {"a-1-py3-none-any.whl": "0" * 64})
    assert release.missing("f", dict(wheels.manifest), wheels.digest, "")["wheels"] == list(wheels.manifest)
    wheels.tarball(tmp_path / "f" / "wheels.tar")
    with pytest.raises(SystemExit, match="1 wheels did not arrive whole, a-1"):
        release.make_environment("f", dict(wheels.manifest), wheels.digest, "wheels.tar")
    assert not (tmp_path / "f" / "environments").exists()


def test_a_release_differs_with_each_part() -> None:
    names = {
        release_of("e", "c", "v"),
        release_of("f", "c", "v"),
        release_of("e", "d", "v"),
        release_of("e", "c", "w"),
    }
    assert len(names) == 4


def test_a_node_has_fixed_ports_at_its_own_address(tmp_path: Path) -> None:
    cluster = load_cluster(write(tmp_path))
    head, worker = (node.start_arguments(cluster, name) for name in ("master", "worker1"))
    assert {"--head", "--node-ip-address=10.0.0.1", "--port=20000", "--dashboard-host=127.0.0.1"} <= set(head)
    assert {"--address=10.0.0.1:20000", "--node-ip-address=10.0.0.2", "--labels=zone=a"} <= set(worker)
    assert "--include-dashboard=false" in node.start_arguments(cluster, "worker2")  # no jobs on an island
    assert node.variables(cluster, "worker2", "/f")["RAY_ADDRESS"] == "192.168.1.2:20000"
    for arguments in (head, worker):
        assert not [word for word in arguments if "token" in word or "password" in word]


def test_the_head_may_pass_through_jumps_and_command_islands(tmp_path: Path) -> None:
    cluster = load_cluster(write(tmp_path))
    assert authorizations(cluster) == {
        "worker1": 'restrict,port-forwarding,permitopen="192.168.1.2:22"',
        "worker2": "restrict",
    }


def test_the_heads_own_file_means_the_same_hosts_seen_from_there(tmp_path: Path) -> None:
    hosts: dict[str, Any] = {
        "gate": {"host": "gate.example", "cpus": 0},
        "master": {"host": "10.0.0.1", "proxy_jump": "gate", "identity_file": "mine"},
        "worker": {"host": "10.0.0.2", "proxy_jump": "gate"},
        "far": {"host": "10.9.0.1", "proxy_jump": "worker"},
    }
    cluster = load_cluster(write(tmp_path, hosts=hosts))
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "cluster.yaml").write_text(head_view(cluster))
    there = load_cluster(tmp_path / "there" / "cluster.yaml")
    assert there.islands() == cluster.islands()
    assert there.route("far") == ["worker", "far"]
    assert there.hosts["far"].identity_file == tmp_path / "there" / "keys" / "id_ed25519"
    assert "mine" not in json.dumps(yaml.safe_load(head_view(cluster)))
