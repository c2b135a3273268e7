"""One search on Ray clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console

from utils.sweep.ray.clusters import PATIENCE, Clusters, Patience
from utils.sweep.ray.definition import packed
from utils.sweep.ray.launch import Launch
from utils.sweep.ray.trials import RayTrials
from utils.sweep.search.definition import Search
from utils.sweep.search.execution import Searched, execute
from utils.sweep.store import Store


def search_on_ray(
    store: Store,
    search: Search,
    launches: Sequence[Launch],
    console: Console,
    patience: Patience = PATIENCE,
) -> Searched:
    """Begin or resume a search on the clusters of `launches`; see `execute`.

    The processor time that the run took includes the workers'.
    """

    def notice(line: str) -> None:
        console.print(line, markup=False, soft_wrap=True)

    with Clusters(packed(search), launches, notice, patience) as clusters:
        record, trials, effort = execute(store, search, RayTrials(clusters), console)
    return record, trials, replace(effort, cpu_seconds=effort.cpu_seconds + clusters.worker_seconds)
