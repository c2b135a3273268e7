"""The ranking that grows with the chunks is the one that `sweep.py top` makes of the whole store."""

from __future__ import annotations

import random

import pytest

from tests.utils.dashboard.conftest import complete
from utils.dashboard.ranking import Ranking
from utils.sweep.selection import METRICS, top
from utils.sweep.store import Store, SweepRecord


@pytest.mark.parametrize("metric", METRICS)
def test_it_is_the_stores_own_ranking_in_whatever_order_chunks_come(
    metric: str, toy_store: Store, toy_record: SweepRecord
) -> None:
    ranking = Ranking("toy", metric, 10, 25)
    chunks = toy_store.unfinished("toy")
    random.Random(5).shuffle(chunks)
    for chunk in chunks:
        complete(toy_store, toy_record, [chunk])
        ranking.add([(chunk.start_combo, chunk.end_combo)])
        ranking.catch_up(toy_store, lambda: True)
    wanted = [row.combo for row in top(toy_store, "toy", metric, 10, 25)]
    assert [row["combo"] for row in ranking.best] == wanted
    assert len(wanted) == 25
    assert ranking.behind == 0


def test_it_takes_no_longer_than_it_may(toy_store: Store, toy_record: SweepRecord) -> None:
    complete(toy_store, toy_record, toy_store.unfinished("toy"))
    ranking = Ranking("toy", "sharpe", 0, 5)
    ranking.add([(0, 100), (100, 200)])
    ranking.catch_up(toy_store, lambda: False)
    assert ranking.behind == 100
    ranking.catch_up(toy_store, lambda: False)
    assert ranking.behind == 0
