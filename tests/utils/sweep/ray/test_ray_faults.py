"""Whatever happens to a Ray cluster, its workers and feeders, the store ends the same, row for row."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.utils.sweep.ray.feeders import feeders_of
from utils.bench.ray_nodes import RayCluster, kill_tree, ray_cluster
from utils.data.synthetic import reference_bars
from utils.errors import UserError
from utils.sweep.config import load_config
from utils.sweep.definition import Sweep
from utils.sweep.enrollment import enroll
from utils.sweep.evaluation import Evaluator
from utils.sweep.ray import coordinator
from utils.sweep.ray.clusters import PATIENCE, Patience
from utils.sweep.ray.definition import packed
from utils.sweep.ray.launch import ENVIRONMENT, Launch, cluster_at
from utils.sweep.ray.protocol import ALIVE_SECONDS
from utils.sweep.runner import RunOutcome, run
from utils.sweep.store import Store

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("ray")]

Content = Callable[..., dict[str, list[tuple[Any, ...]]]]
OnProgress = Callable[[int], None]


@pytest.fixture(scope="module")
def sweep() -> Sweep:
    """288 combinations in 36 chunks over 3,000 bars."""
    grid = {
        "atr_period": [5, 10, 20], "multiplier": [1.0, 2.0], "target_atr": [0, 3], "stop_atr": [0, 2],
        "ma_slow": [50, 60], "adx_min": [0, 15, 25], "ma_gap_min": [-1, 0], "volume_min": [0],
    }  # fmt: skip
    overrides: dict[str, Any] = {f"grid.{name}": values for name, values in grid.items()}
    config = load_config(
        Path("config/sweeps/money_line_reference.yaml"), {**overrides, "holdout": 0, "chunk_size": 8}
    )
    bars = reference_bars(3_000)
    return Sweep(config, "", bars, len(bars))


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayCluster]:
    with ray_cluster() as started:
        yield started


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, sweep: Sweep) -> Path:
    """The store of the same sweep on threads."""
    path = tmp_path_factory.mktemp("local") / "local.db"
    config = sweep.config
    evaluator = Evaluator(
        sweep.grid.strategy, sweep.grid, sweep.swept_bars, config.instrument, config.capital
    )
    with Store.to_write(path) as store:
        assert run(store, enroll(store, sweep), sweep.grid, evaluator, 2, lambda _: None) == RunOutcome()
    return path


class Attempt:
    """Runs of the sweep into one store, and what was said meanwhile."""

    def __init__(self, path: Path, sweep: Sweep) -> None:
        self.path = path
        self.notices: list[str] = []
        self.left = 0
        self._sweep = sweep

    def __call__(
        self, *launches: Launch, on_progress: OnProgress = lambda _: None, **patience: Any
    ) -> RunOutcome:
        with Store.to_write(self.path) as store:
            record = enroll(store, self._sweep)
            self.left = record.combos - store.combos_done(record.id)

            def progress(combos: int) -> None:
                self.left -= combos
                on_progress(combos)

            return coordinator.run(
                store, record, self._sweep.grid, packed(self._sweep), launches, progress,
                self.notices.append, replace(PATIENCE, **patience),
            )  # fmt: skip

    def workers(self) -> set[str]:
        with Store.to_read(self.path) as store:
            return {name for (name,) in store.query("SELECT assigned_worker FROM chunks")}


@pytest.fixture
def attempt(tmp_path: Path, sweep: Sweep) -> Iterator[Attempt]:
    yield Attempt(tmp_path / "ray.db", sweep)
    assert feeders_of(os.getpid()) == []


def misbehaving(address: str, fault: str, combo: int, folder: Path) -> Launch:
    """A feeder whose workers misbehave."""
    arguments = ("tests.utils.sweep.ray.faulty_feeder", address, fault, str(combo), str(folder))
    return Launch("faulty", ("env", *ENVIRONMENT, sys.executable, "-m", *arguments))


def once(action: Callable[[], None]) -> OnProgress:
    """Do it when the first results have been stored."""
    pending = [action]

    def on_progress(_: int) -> None:
        if pending:
            pending.pop()()

    return on_progress


def test_a_feeder_is_killed(cluster: RayCluster, attempt: Attempt, local: Path, content_of: Content) -> None:
    def kill() -> None:
        for feeder in feeders_of(os.getpid()):
            feeder.kill()

    assert attempt(cluster_at(cluster.address), on_progress=once(kill)) == RunOutcome()
    assert content_of(attempt.path) == content_of(local)
    killed = "ray: ended by SIGKILL; its feeder is started again"
    assert attempt.notices == ["ray: ready", killed, "ray: ready"]


def test_a_feeder_hangs(cluster: RayCluster, attempt: Attempt, local: Path, content_of: Content) -> None:
    def stop() -> None:
        for feeder in feeders_of(os.getpid()):
            feeder.send_signal(signal.SIGSTOP)

    assert attempt(cluster_at(cluster.address), on_progress=once(stop), silent=6.0) == RunOutcome()
    assert content_of(attempt.path) == content_of(local)
    assert any("no sign of life for 6 s" in line for line in attempt.notices)


def test_twelve_reconnections(
    tmp_path: Path,
    cluster: RayCluster,
    attempt: Attempt,
    local: Path,
    content_of: Content,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("utils.sweep.ray.plan.LEASE_SECONDS", 0.0)  # so that there is work for all of them
    killed: list[int] = []

    def kill(_: int) -> None:
        for feeder in feeders_of(os.getpid()):
            if len(killed) < 12 and feeder.pid not in killed:
                feeder.kill()
                killed.append(feeder.pid)

    assert attempt(misbehaving(cluster.address, "slow", 300, tmp_path), on_progress=kill) == RunOutcome()
    assert len(killed) == 12
    assert content_of(attempt.path) == content_of(local)


def test_a_worker_process_is_killed(
    tmp_path: Path, cluster: RayCluster, attempt: Attempt, local: Path, content_of: Content
) -> None:
    def kill() -> None:
        (busy,) = {name for name in attempt.workers() if name} or {""}
        os.kill(int(busy.rpartition("/")[2]), signal.SIGKILL)

    launch = misbehaving(cluster.address, "slow", 200, tmp_path)
    assert attempt(launch, on_progress=once(kill)) == RunOutcome()
    assert content_of(attempt.path) == content_of(local)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("crash", "connection error code 2"), ("raise", "ZeroDivisionError: no volume")],
)
def test_a_poisoned_chunk_takes_no_other_with_it(
    tmp_path: Path,
    cluster: RayCluster,
    attempt: Attempt,
    local: Path,
    content_of: Content,
    fault: str,
    reason: str,
) -> None:
    outcome = attempt(misbehaving(cluster.address, fault, 100, tmp_path))
    (chunk,) = outcome.failures
    assert chunk.endswith("_chunk_000012")
    assert reason in outcome.failures[chunk]
    with Store.to_read(attempt.path) as store:
        counts = store.chunk_counts(store.sweeps()[0].id)
    assert counts == {"pending": 0, "running": 0, "completed": 35, "failed": 1}
    assert attempt(cluster_at(cluster.address)) == RunOutcome()
    assert content_of(attempt.path) == content_of(local)


@pytest.mark.parametrize("combo", [0, 100], ids=["the first of all", "a later one"])
def test_a_hung_lease_is_ended_and_done_again(
    tmp_path: Path, cluster: RayCluster, attempt: Attempt, local: Path, content_of: Content, combo: int
) -> None:
    launch = misbehaving(cluster.address, "hang-once", combo, tmp_path)
    assert attempt(launch, hung=3.0) == RunOutcome()
    assert content_of(attempt.path) == content_of(local)
    assert any("no end within" in line for line in attempt.notices)


def test_the_head_is_killed_and_started_again(
    tmp_path: Path, attempt: Attempt, local: Path, content_of: Content
) -> None:
    with ray_cluster() as cluster:

        def restart() -> None:
            cluster.kill_head()
            cluster.start_head()

        launch = misbehaving(cluster.address, "slow", 100, tmp_path)
        assert attempt(launch, on_progress=once(restart)) == RunOutcome()
    assert content_of(attempt.path) == content_of(local)


def test_a_node_is_killed_with_all_that_runs_on_it(
    tmp_path: Path, attempt: Attempt, local: Path, content_of: Content
) -> None:
    with ray_cluster(1) as cluster:
        node = cluster.add_node("doomed")
        nodes: set[str] = set()

        def kill(_: int) -> None:
            if node.poll() is None and len(nodes) < 2:
                nodes.update(name.split("/")[1] for name in attempt.workers() if name)
                if len(nodes) == 2:  # both are at work
                    kill_tree(node.pid)

        launch = misbehaving(cluster.address, "slow", 300, tmp_path)
        assert attempt(launch, on_progress=kill) == RunOutcome()
        assert len(nodes) == 2, "the second node was not at work"
        assert node.poll() is not None
    assert content_of(attempt.path) == content_of(local)


def test_two_clusters_share_the_work(
    tmp_path: Path, cluster: RayCluster, attempt: Attempt, local: Path, content_of: Content
) -> None:
    main = replace(misbehaving(cluster.address, "slow", 500, tmp_path), name="main")
    island = replace(misbehaving(cluster.address, "slow", 500, tmp_path), name="island")
    assert attempt(main, island) == RunOutcome()
    assert {name.partition("/")[0] for name in attempt.workers()} <= {"main", "island"}
    assert content_of(attempt.path) == content_of(local)


def test_a_cluster_of_no_use_is_left_out(
    cluster: RayCluster, attempt: Attempt, local: Path, content_of: Content
) -> None:
    banner = Launch("banner", ("sh", "-c", "echo Welcome to this host"))
    missing = Launch("missing", ("no-such-program",))
    assert attempt(banner, missing, cluster_at(cluster.address)) == RunOutcome()
    assert content_of(attempt.path) == content_of(local)
    with pytest.raises(UserError, match="banner: no frame but b'Welcome to"):
        Attempt(attempt.path.with_name("banner.db"), attempt._sweep)(banner)


def test_other_code_is_refused(
    cluster: RayCluster, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("utils.sweep.identity.source_digest", lambda *_: "edited")
    with pytest.raises(UserError, match="its code is not the same as here"):
        attempt(cluster_at(cluster.address))


def test_a_signal_stops_it_and_leaves_nothing_running(
    tmp_path: Path, cluster: RayCluster, attempt: Attempt, local: Path, content_of: Content
) -> None:
    launch = misbehaving(cluster.address, "slow", 5000, tmp_path)
    begun = time.monotonic()

    def stop() -> None:
        nonlocal begun
        begun = time.monotonic()
        os.kill(os.getpid(), signal.SIGINT)

    assert attempt(launch, on_progress=once(stop)).stopped
    assert time.monotonic() - begun < 20
    with Store.to_read(attempt.path) as store:
        assert store.chunk_counts(store.sweeps()[0].id)["running"] == 0
    assert attempt(cluster_at(cluster.address)) == RunOutcome()
    assert content_of(attempt.path) == content_of(local)


def test_patience_is_longer_than_the_signs_of_life_are_apart() -> None:
    assert Patience().silent > 3 * ALIVE_SECONDS
