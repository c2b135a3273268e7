"""What a pool makes of results, whatever order they come in."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from utils.sweep.ray import pool as module
from utils.sweep.ray.pool import Lease, Pool, Ready, Returned


def outcome(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(value)
    return future


class Call:
    """A remote method that nobody answers; the test does."""

    def remote(self, *_: Any) -> Any:
        return SimpleNamespace(future=Future)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Messages to the coordinator; Ray is one node with one worker."""
    actor = SimpleNamespace(place=Call(), rows=Call())
    made = SimpleNamespace(options=lambda **_: SimpleNamespace(remote=lambda *_: actor))
    node = {"Alive": True, "NodeID": "n", "NodeName": "host", "Resources": {"CPU": 1.0}}
    stub = SimpleNamespace(
        put=lambda value: value, remote=lambda _: made, nodes=lambda: [node], kill=lambda _: None
    )
    monkeypatch.setattr(module, "ray", stub)
    return []


def test_a_small_result_that_overtakes_a_large_one_loses_neither(told: list[tuple[str, int]]) -> None:
    pool = Pool({}, {}, lambda _: None, lambda kind, fields, *_: told.append((kind, fields["lease"])))
    pool.resize()
    (slot,) = pool._slots
    pool.ready(Ready(slot, outcome(("n", 7))))
    large, small = Lease(1, [0, 5], 60.0), Lease(2, [5, 6], 60.0)
    pool.submit(large)
    pool.submit(small)
    rows = (np.zeros(1), 0.1)
    pool.returned(Returned(slot, small, outcome(rows)))
    pool.returned(Returned(slot, large, outcome(rows)))
    assert told == [("started", 1), ("result", 2), ("result", 1)]
    assert not slot.leases
