"""Whatever becomes of the pieces of a batch, it has one row of each set of parameters, in their order."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from utils.errors import UserError
from utils.sweep.ray.clusters import Clusters
from utils.sweep.ray.launch import Launch
from utils.sweep.ray.protocol import Frame
from utils.sweep.ray.trials import RayTrials

Start = Callable[..., Clusters]


@pytest.fixture
def clusters_of(tmp_path: Path) -> Start:
    """Clusters of scripted feeders, by their seeds."""

    def start(*seeds: int) -> Clusters:
        launches = []
        for seed in seeds:
            folder = tmp_path / str(seed)
            folder.mkdir()
            module = ("-m", "tests.utils.sweep.ray.scripted_feeder")
            launches.append(Launch(f"c{seed}", (sys.executable, *module, str(seed), str(folder))))
        return Clusters(Frame("sweep"), launches, lambda _: None)

    return start


@pytest.mark.parametrize("seeds", [(1,), (2, 3)])
def test_every_set_of_every_batch_has_its_row(clusters_of: Start, seeds: tuple[int, ...]) -> None:
    with clusters_of(*seeds) as clusters:
        trials = RayTrials(clusters)
        for count in (1, 2, 5, 16, 61, 0, 200, 3):
            rows = trials.rows([{"k": k + count} for k in range(count)], (0, 10))
            assert rows["total_trades"].tolist() == [k + count for k in range(count)]
            assert rows["status"].tolist() == [0] * count
    assert trials.cores in (2, 2 * len(seeds))


def test_a_set_that_always_fails_is_named(clusters_of: Start) -> None:
    with clusters_of(4) as clusters:
        trials = RayTrials(clusters)
        trials.rows([{"k": k} for k in range(9)], (0, 10))
        with pytest.raises(UserError) as error:
            trials.rows([{"k": 5}, {"k": 6}, {"k": -1}, {"k": 7}], (3, 10))
    assert str(error.value) == (
        'parameters {"k": -1} over the bars 3 to 9 failed 3 times: it always does '
        "(finished batches are kept; the same command tries them again)"
    )


def test_nothing_to_evaluate_starts_nothing() -> None:
    with Clusters(Frame("sweep"), [Launch("missing", ("no-such-program",))], pytest.fail) as clusters:
        assert len(RayTrials(clusters).rows([], (0, 10))) == 0


def test_who_leases_never_imports_ray() -> None:
    code = "import sys, scripts.sweep, utils.sweep.search.remote; sys.exit('ray' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
