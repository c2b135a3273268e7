"""What Ray costs, and what a second node gives: one sweep on threads and on Ray clusters of this machine.

The same sweep over the same bars, one way after the other: on two threads, on two workers of a Ray cluster,
on one node of one core, on two such nodes that are pinned to a core each. Nothing is left for the driver
(coordinator, feeder, Ray's own processes): it shares the cores with the workers, except that it has the
second one when there is one node. Times of Ray are those of the whole sweep at the rate that it had from when
all workers had stored something: its start is apart.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from utils.bench import sweeps
from utils.bench.ray_nodes import RayCluster, ray_cluster
from utils.data.synthetic import reference_bars
from utils.sweep.config import load_config
from utils.sweep.definition import Sweep
from utils.sweep.enrollment import enroll
from utils.sweep.evaluation import Evaluator
from utils.sweep.ray import coordinator
from utils.sweep.ray.definition import packed
from utils.sweep.ray.launch import cluster_at
from utils.sweep.runner import RunOutcome, run
from utils.sweep.scaling import Costs, Scenario, forecast
from utils.sweep.store import Store

COMBINATIONS_A_SIZE = 16_384


def lines(size: int) -> Iterator[Mapping[str, Any]]:
    """The figures, one a line; `size` times 16,384 combinations."""
    sweep = _sweep(size)
    with tempfile.TemporaryDirectory() as folder:
        warm = _sweep(1, 5_000)
        _threads(warm, Path(folder) / "warm-up.db")
        threads = _threads(sweep, Path(folder) / "threads.db")
        yield {"name": "cluster/threads", **threads}
        found: dict[str, dict[str, Any]] = {}
        for name, cores in (("ray-2-workers", None), ("1-node", [0]), ("2-nodes", [0, 1])):
            with ExitStack() as stack:
                if cores is None:
                    cluster = stack.enter_context(ray_cluster(2))
                else:
                    cluster = stack.enter_context(ray_cluster(1, cores[0]))
                    for core in cores[1:]:
                        cluster.add_node(f"core-{core}", core=core)
                workers = 2 if cores is None else len(cores)
                found[name] = _on_ray(sweep, cluster, workers, Path(folder) / f"{name}.db")
            same = _rows(Path(folder) / f"{name}.db") == _rows(Path(folder) / "threads.db")
            yield {"name": f"cluster/{name}", **found[name], "same_rows": same}
    ray, one, two = found["ray-2-workers"], found["1-node"], found["2-nodes"]
    yield {
        "name": "cluster/ratios",
        "ray_over_threads": round(ray["seconds"] / threads["seconds"] - 1.0, 3),
        "two_nodes_over_one": round(one["seconds"] / two["seconds"], 3),
    }
    yield {"name": "cluster/model", **_model(one, two)}


def _sweep(size: int, bars: int = sweeps.REFERENCE_BARS) -> Sweep:
    targets = [round(2.0 + 0.125 * k, 3) for k in range(size)]
    axes: dict[str, Any] = {f"grid.{name}": list(values) for name, values in sweeps.HARDLY_BINDING.items()}
    config = load_config(sweeps.REFERENCE, {"holdout": 0, **axes, "grid.target_atr": targets})
    return Sweep(config, "", reference_bars(bars), bars)


def _threads(sweep: Sweep, path: Path) -> dict[str, Any]:
    begun = time.perf_counter()
    config = sweep.config
    evaluator = Evaluator(
        sweep.grid.strategy, sweep.grid, sweep.swept_bars, config.instrument, config.capital
    )
    with Store.to_write(path) as store:
        outcome = run(store, enroll(store, sweep), sweep.grid, evaluator, 2, lambda _: None)
    _check(outcome)
    return {"seconds": round(time.perf_counter() - begun, 2), "combinations": len(sweep.grid), "workers": 2}


class _Meter:
    """Watches a run from when every worker has stored something."""

    def __init__(self, store: Store, combinations: int, workers: int) -> None:
        self._store = store
        self._left = combinations
        self._workers = workers
        self.begun: tuple[float, float, float] | None = None
        self.combinations = 0
        self.ended = (0.0, 0.0, 0.0)

    def __call__(self, combinations: int) -> None:
        """So many combinations have been stored."""
        self._left -= combinations
        if self.begun is not None:
            self.combinations += combinations
        elif self._seen() >= self._workers:
            self.begun = self._now()
        if self._left == 0:
            self.ended = self._now()

    def _seen(self) -> int:
        sql = "SELECT count(DISTINCT assigned_worker) FROM chunks WHERE status = 'completed'"
        return int(self._store.query(sql)[0][0])

    def _now(self) -> tuple[float, float, float]:
        """Time, and processor time of this process and of its feeder."""
        feeder = 0.0
        for child in psutil.Process().children():
            feeder += sum(child.cpu_times()[:2])
        return time.perf_counter(), time.process_time(), feeder


def _on_ray(sweep: Sweep, cluster: RayCluster, workers: int, path: Path) -> dict[str, Any]:
    opened = time.perf_counter()
    combinations = len(sweep.grid)
    with Store.to_write(path) as store:
        record = enroll(store, sweep)
        meter = _Meter(store, combinations, workers)
        launches = [cluster_at(cluster.address)]
        _check(coordinator.run(store, record, sweep.grid, packed(sweep), launches, meter, lambda _: None))
    if meter.begun is None or not meter.combinations:
        raise RuntimeError(f"{path.stem}: too little work for {workers} workers; take a larger --size")
    seconds, own, feeder = (end - begin for end, begin in zip(meter.ended, meter.begun, strict=True))
    whole = combinations / meter.combinations
    return {
        "seconds": round(seconds * whole, 2),
        "start_seconds": round(meter.begun[0] - opened, 2),
        "coordinator_cpu_seconds": round(own * whole, 2),
        "feeder_cpu_seconds": round(feeder * whole, 2),
        "combinations": combinations,
        "workers": workers,
    }


def _model(one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, Any]:
    """What `utils.sweep.scaling` says with the costs of one node, beside what two of them did.

    One node and the driver have a core each. Two nodes leave the driver none: it takes its time from both,
    which a third core would give back to them.
    """
    combinations = one["combinations"]
    driver = one["coordinator_cpu_seconds"] + one["feeder_cpu_seconds"]
    costs = Costs(
        compute_seconds=one["seconds"] / combinations,
        coordinator_seconds=one["coordinator_cpu_seconds"] / combinations,
        feeder_seconds=one["feeder_cpu_seconds"] / combinations,
        lease_seconds=0.0,  # it is in the two above
    )
    predicted = forecast(costs, Scenario(combinations, nodes=2)).seconds + driver / 2
    of_two = two["coordinator_cpu_seconds"] + two["feeder_cpu_seconds"]
    return {
        "microseconds_a_combination": round(1e6 * costs.compute_seconds, 1),
        "coordinator_microseconds": round(1e6 * costs.coordinator_seconds, 2),
        "feeder_microseconds": round(1e6 * costs.feeder_seconds, 2),
        "two_nodes_predicted": round(one["seconds"] / predicted, 3),
        "two_nodes_measured": round(one["seconds"] / two["seconds"], 3),
        "two_nodes_with_a_core_for_the_driver": round(one["seconds"] / (two["seconds"] - of_two / 2), 3),
    }


def _rows(path: Path) -> int:
    """A digest of all results."""
    connection = sqlite3.connect(path)
    try:
        digest = 0
        for row in connection.execute("SELECT * FROM strategies ORDER BY id"):
            digest = hash((digest, row))
        return digest
    finally:
        connection.close()


def _check(outcome: RunOutcome) -> None:
    if outcome.failures or outcome.stopped:
        raise RuntimeError(f"the sweep did not finish: {outcome}")
