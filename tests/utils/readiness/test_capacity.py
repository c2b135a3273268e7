"""What fits, against trying all numbers of workers."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.utils.readiness.hosts import host, plan, t3, trillium
from utils.readiness.capacity import Capacity, alone, capacity_of, memory_of, together
from utils.readiness.plan import ReadinessPlan


@given(st.integers(0, 12), st.floats(0, 40), st.integers(0, 30))
def test_the_most_workers_that_any_choice_allows(processors: int, memory: float, connections: int) -> None:
    wanted, capacity = trillium(), Capacity(processors, memory, connections)
    ranges = [range(few, many + 1) for few, many in (track.workers for track in wanted.tracks.values())]
    choices = [dict(zip(wanted.tracks, choice, strict=True)) for choice in product(*ranges)]
    fitting = [sum(choice.values()) for choice in choices if capacity.holds(wanted, choice)]
    found = together(wanted, capacity)
    assert (sum(found.values()) if found else None) == (max(fitting) if fitting else None)


@given(st.integers(0, 12), st.floats(0, 40))
def test_a_track_alone_gets_what_it_can_use(processors: int, memory: float) -> None:
    wanted, capacity = trillium(), Capacity(processors, memory)
    for number, workers in alone(wanted, capacity).items():
        assert workers <= min(processors, wanted.tracks[number].workers[1])
        assert workers == 0 or wanted.tracks[number].memory_of(workers) <= memory + 1e-6


def test_memory_of_workers_goes_from_one_stated_figure_to_the_other() -> None:
    track = trillium().tracks[2]
    assert [track.memory_of(workers) for workers in (1, 3, 4)] == [8 / 3, 8, 12]


def test_the_seventh_worker_is_the_last_on_the_recorded_host() -> None:
    wanted = trillium()
    workers = together(wanted, capacity_of(t3(), wanted))
    assert workers == {1: 3, 2: 3, 3: 1}
    assert memory_of(wanted, workers) == 21


def test_quota_reserve_and_sessions_limit_it() -> None:
    seen = capacity_of(host(processors__allowed=2.5, memory__available_gib=10), plan(memory_reserve=0.2))
    assert seen == Capacity(2, 8, 87)


def test_connections_of_the_pool_count() -> None:
    few: ReadinessPlan = plan()
    crowded = host(database__in_use=97 - 9)
    found = together(few, capacity_of(crowded, few))
    assert found is not None
    assert sum(found.values()) == 4
