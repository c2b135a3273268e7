from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.utils.cluster.clusters import THREE, write
from utils.cluster.config import load_cluster
from utils.errors import UserError


def test_a_host_behind_a_jump_is_an_island_of_its_own(tmp_path: Path) -> None:
    cluster = load_cluster(write(tmp_path))
    assert cluster.islands() == {"main": ["master", "worker1"], "worker2": ["worker2"]}
    assert cluster.route("worker2") == ["worker1", "worker2"]
    assert cluster.head_of("worker1") == "master"
    assert cluster.head_of("worker2") == "worker2"


def test_hosts_behind_the_heads_own_jump_are_in_its_network(tmp_path: Path) -> None:
    hosts: dict[str, Any] = {
        "worker": {"host": "10.0.0.2", "proxy_jump": "gate"},
        "master": {"host": "10.0.0.1", "proxy_jump": "gate"},
        "gate": {"host": "gate.example"},
        "far": {"host": "10.9.0.1", "proxy_jump": "worker"},
        "farther": {"host": "10.9.0.2", "proxy_jump": "worker", "island": "far"},
    }
    cluster = load_cluster(write(tmp_path, hosts=hosts))
    assert cluster.islands() == {"main": ["master", "worker"], "gate": ["gate"], "far": ["far", "farther"]}
    assert cluster.route("far") == ["gate", "worker", "far"]


def test_a_host_without_processors_is_only_a_jump(tmp_path: Path) -> None:
    hosts: dict[str, Any] = {
        "gate": {"host": "gate.example", "cpus": 0},
        "far": {"host": "a", "proxy_jump": "gate"},
    }
    cluster = load_cluster(write(tmp_path, hosts=hosts, head="far"))
    assert cluster.nodes == ["far"]
    assert cluster.islands() == {"main": ["far"]}
    assert cluster.route("far") == ["gate", "far"]


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    cluster = load_cluster(write(tmp_path))
    assert cluster.known_hosts == tmp_path / "cluster.known_hosts"
    assert cluster.hosts["worker2"].identity_file == tmp_path / "keys/two"
    assert cluster.hosts["master"].memory == 16 * 2**30


def test_ports_are_few_and_do_not_overlap(tmp_path: Path) -> None:
    ports = load_cluster(write(tmp_path, ports={"first": 30_000, "workers": 20})).ports
    first, last = ports.worker_range
    every = [ports.gcs, ports.dashboard, *ports.node.values(), *range(first, last + 1)]
    assert len(every) == len(set(every)) == 28
    assert min(every) == 30_000


HOST = {"host": "a.example"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"head": "boss"}, "head: there is no host boss; name one of master, worker1, worker2"),
        ({"hosts": {"master": {}}}, "hosts.master.host: it is missing; add it"),
        ({"hosts": {"master": {**HOST, "cpu": 3}}}, "hosts.master.cpu: unknown field; remove or rename it"),
        ({"hosts": {"master": {**HOST, "cpus": -1}}}, "hosts.master.cpus: input should be greater than"),
        ({"hosts": {"master": {**HOST, "cpus": 0}}}, "hosts.master.cpus: 0 makes it a jump only"),
        ({"hosts": {"master": {**HOST, "proxy_jump": "x"}}}, "hosts.master.proxy_jump: there is no host x"),
        ({"hosts": {"master": {**HOST, "proxy_jump": "master"}}}, "it leads back to master"),
        ({"hosts": {"master": {"host": "-oProxyCommand=x"}}}, "hosts.master.host: string should match"),
        ({"hosts": {"master": {**HOST, "user": "-l"}}}, "hosts.master.user: string should match"),
        ({"hosts": {"master": {**HOST, "folder": "~/a;b"}}}, "hosts.master.folder: string should match"),
        ({"hosts": {"master": {**HOST, "labels": {"ray.io/x": "a"}}}}, "labels"),
        ({"hosts": {"master": {**HOST, "labels": {"ray-x": "a"}}}}, "hosts.master.labels: ray-x: Ray's own"),
        ({"hosts": {"master": {**HOST, "island": "far"}}}, "hosts.master.island: the head's is main"),
        ({"ports": {"first": 80}}, "ports.first: input should be greater than"),
    ],
)
def test_a_mistake_names_file_field_and_remedy(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    path = write(tmp_path, **changes)
    with pytest.raises(UserError) as raised:
        load_cluster(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 1", "it should be a mapping"),
        ("head: [", "not YAML"),
        ("head: a\nhosts:\n  a: {host: x}\n  a: {host: y}\n", "'a' is given twice"),
    ],
)
def test_what_is_no_cluster_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cluster.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=said):
        load_cluster(path)
    with pytest.raises(UserError, match="no such cluster file"):
        load_cluster(tmp_path / "none.yaml")


def test_a_host_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no host worker9 .* name one of master, worker1, worker2"):
        load_cluster(write(tmp_path)).host("worker9")
    assert set(THREE["hosts"]) == {"master", "worker1", "worker2"}
