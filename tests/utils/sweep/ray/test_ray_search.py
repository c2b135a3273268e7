"""Whatever happens to a Ray cluster, a search on it has the trials of one on this machine's threads."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.utils.sweep.ray.feeders import feeders_of
from tests.utils.sweep.search.conftest import DECLARED, MINED, evaluator, search_of
from utils.bench.ray_nodes import RayCluster, ray_cluster
from utils.errors import UserError
from utils.sweep.ray.clusters import PATIENCE, Clusters
from utils.sweep.ray.definition import packed
from utils.sweep.ray.launch import ENVIRONMENT, Launch, cluster_at
from utils.sweep.ray.trials import RayTrials
from utils.sweep.search.definition import Search
from utils.sweep.search.runner import run_search
from utils.sweep.search.trials import enroll_search
from utils.sweep.store import Store

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("ray")]

Content = Callable[..., dict[str, list[tuple[Any, ...]]]]
OnProgress = Callable[[int], None]

KILL_SECONDS = 0.3
"""After a batch was stored: then workers that take twice as long for a piece are at one of the next."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayCluster]:
    with ray_cluster() as started:
        yield started


class Attempt:
    """Runs of searches on Ray, and what was said meanwhile."""

    def __init__(self, folder: Path, content_of: Content) -> None:
        self.path = folder / "ray.db"
        self.notices: list[str] = []
        self._content_of = content_of

    def __call__(
        self, search: Search, launch: Launch, on_progress: OnProgress = lambda _: None, **patience: Any
    ) -> None:
        with (
            Store.to_write(self.path) as store,
            Clusters(
                packed(search), [launch], self.notices.append, replace(PATIENCE, **patience)
            ) as clusters,
        ):
            record = enroll_search(store, search)
            run_search(store, record, search, RayTrials(clusters), on_progress)

    def is_the_local_one(self, search: Search) -> bool:
        """Whether all that is stored is what a search on threads stores."""
        local = self.path.with_name("local.db")
        with Store.to_write(local) as store:
            record = enroll_search(store, search)
            run_search(store, record, search, evaluator(search), lambda _: None)
        return self.content(self.path) == self.content(local)

    def content(self, path: Path) -> dict[str, list[tuple[Any, ...]]]:
        connection = sqlite3.connect(path)
        try:
            trials = connection.execute("SELECT * FROM trials ORDER BY sweep, trial").fetchall()
        finally:
            connection.close()
        assert trials
        return {**self._content_of(path), "trials": trials}


@pytest.fixture
def attempt(tmp_path: Path, content_of: Content) -> Iterator[Attempt]:
    yield Attempt(tmp_path, content_of)
    assert feeders_of(os.getpid()) == []


def misbehaving(cluster: RayCluster, fault: str, atr_period: int, folder: Path) -> Launch:
    arguments = ("tests.utils.sweep.ray.faulty_feeder", cluster.address, fault, str(atr_period), str(folder))
    return Launch("faulty", ("env", *ENVIRONMENT, sys.executable, "-m", *arguments))


def soon(action: Callable[[], None]) -> OnProgress:
    """Do it while the second batch is evaluated."""
    pending = [action]

    def on_progress(_: int) -> None:
        if pending:
            threading.Timer(KILL_SECONDS, pending.pop()).start()

    return on_progress


@pytest.mark.parametrize(
    "search",
    [
        search_of(DECLARED, sampler="tpe", folds=3, pruner="median"),
        search_of(DECLARED, sampler="cmaes", trials=25, batch=6),
        search_of(MINED, sampler="nsga2", objectives=["sharpe", "max_drawdown"]),
    ],
    ids=["tpe", "cmaes", "mined"],
)
def test_the_trials_are_those_of_threads(cluster: RayCluster, attempt: Attempt, search: Search) -> None:
    attempt(search, cluster_at(cluster.address))
    assert attempt.is_the_local_one(search)
    assert attempt.notices == ["ray: ready"]


def test_a_worker_is_killed(tmp_path: Path, cluster: RayCluster, attempt: Attempt) -> None:
    def kill() -> None:
        family = psutil.Process().children(recursive=True)
        busy = [process for process in family if process.cmdline()[:1] == ["ray::Faulty.rows"]]
        busy[0].kill()

    search = search_of(DECLARED)
    attempt(search, misbehaving(cluster, "slow", 600, tmp_path), soon(kill))
    assert attempt.is_the_local_one(search)
    assert any("is tried again" in line for line in attempt.notices)


def test_a_feeder_is_killed(tmp_path: Path, cluster: RayCluster, attempt: Attempt) -> None:
    def kill() -> None:
        for feeder in feeders_of(os.getpid()):
            feeder.kill()

    search = search_of(DECLARED)
    attempt(search, misbehaving(cluster, "slow", 600, tmp_path), soon(kill))
    assert attempt.is_the_local_one(search)
    killed = "faulty: ended by SIGKILL; its feeder is started again"
    assert attempt.notices == ["faulty: ready", killed, "faulty: ready"]


@pytest.mark.parametrize("fault", ["raise-once", "hang-once"])
def test_a_set_that_fails_once_is_done_again(
    tmp_path: Path, cluster: RayCluster, attempt: Attempt, fault: str
) -> None:
    search = search_of(DECLARED, sampler="random")
    attempt(search, misbehaving(cluster, fault, 12, tmp_path), hung=3.0)
    assert (tmp_path / "happened").exists()
    assert any("is tried again" in line for line in attempt.notices)
    assert attempt.is_the_local_one(search)


def test_a_set_that_always_crashes_is_named_and_loses_no_batch_before(
    tmp_path: Path, cluster: RayCluster, attempt: Attempt
) -> None:
    search = search_of(DECLARED, sampler="random")
    with pytest.raises(UserError, match=r'"atr_period": 12,.* over the bars 0 to 1499 failed 3 times: '):
        attempt(search, misbehaving(cluster, "crash", 12, tmp_path))
    attempt(search, cluster_at(cluster.address))
    assert attempt.is_the_local_one(search)


def test_a_search_that_is_done_starts_no_cluster(attempt: Attempt, cluster: RayCluster) -> None:
    search = search_of(DECLARED, trials=8)
    attempt(search, cluster_at(cluster.address))
    attempt.notices.clear()
    attempt(search, Launch("missing", ("no-such-program",)))
    assert attempt.notices == []


def test_other_code_is_refused(
    cluster: RayCluster, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("utils.sweep.identity.source_digest", lambda *_: "edited")
    with pytest.raises(UserError, match="its code is not the same as here"):
        attempt(search_of(DECLARED), cluster_at(cluster.address))
