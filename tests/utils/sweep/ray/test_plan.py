"""Whatever becomes of leases, every chunk is done once or given up for its own failures."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.sweep.ray.plan import LEASE_SECONDS, MAX_ATTEMPTS, MAX_ROWS, Pace, Plan
from utils.sweep.store import Chunk


def chunks_of(sizes: list[int]) -> list[Chunk]:
    chunks, start = [], 0
    for number, size in enumerate(sizes):
        chunks.append(Chunk(f"c{number:03}", start, start + size))
        start += size
    return chunks


@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=40),
    st.sets(st.integers(0, 39), max_size=3),
    st.integers(0, 1 << 32),
)
def test_every_chunk_is_done_or_is_poison(sizes: list[int], poisoned: set[int], seed: int) -> None:
    draw = random.Random(seed)
    chunks = chunks_of(sizes)
    poison = {chunk.id for number, chunk in enumerate(chunks) if number in poisoned}
    plan = Plan(chunks)
    leased: list[list[Chunk]] = []
    done: Counter[str] = Counter()
    given_up: set[str] = set()
    tries: Counter[str] = Counter()
    while plan or leased:
        if plan and (not leased or draw.random() < 0.5):
            leased.append(plan.take(draw.randint(1, 60)))
            continue
        lease = leased.pop(draw.randrange(len(leased)))
        if draw.random() < 0.1:
            plan.return_(lease)  # its cluster has gone
        elif poison & {chunk.id for chunk in lease}:
            tries.update(chunk.id for chunk in lease if len(lease) == 1)
            chunk = plan.failed(lease, "node")
            if chunk is not None:
                given_up.add(chunk.id)
        else:
            done.update(chunk.id for chunk in lease)
        assert plan.combos + sum(c.end_combo - c.start_combo for part in leased for c in part) == sum(
            c.end_combo - c.start_combo for c in chunks if c.id not in done and c.id not in given_up
        )
    assert given_up == poison
    assert done == Counter(chunk.id for chunk in chunks if chunk.id not in poison)
    assert all(tries[name] == MAX_ATTEMPTS for name in poison)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=40), st.integers(1, 100))
def test_a_lease_is_a_run_of_chunks_no_longer_than_asked(sizes: list[int], combos: int) -> None:
    plan = Plan(chunks_of(sizes))
    while plan:
        lease = plan.take(combos)
        assert all(a.end_combo == b.start_combo for a, b in itertools.pairwise(lease))
        assert len(lease) == 1 or lease[-1].end_combo - lease[0].start_combo <= combos


def test_chunks_that_failed_together_are_leased_alone_and_avoid_the_node() -> None:
    plan = Plan(chunks_of([10, 10, 10]))
    lease = plan.take(20)
    assert plan.failed(lease, "node-a") is None
    for name in ("c000", "c001"):
        alone = plan.take(1000)
        assert [chunk.id for chunk in alone] == [name]
        assert plan.failed_at(alone) == ["node-a"]
    assert plan.failed_at(plan.take(1000)) == []


def test_nothing_is_left_to_take() -> None:
    with pytest.raises(IndexError):
        Plan([]).take(1)


def test_leases_take_a_few_seconds_and_shrink_towards_the_end() -> None:
    pace = Pace()
    assert pace.size(1_000_000, 2) == 1
    pace.learn(1000, 1.0)
    assert pace.size(1_000_000, 2) == int(LEASE_SECONDS / 0.001)
    assert pace.size(4_000, 2) == 1000
    assert pace.size(3, 2) == 1
    assert pace.size(0, 0) == 1
    for _ in range(100):
        pace.learn(1000, 1e-6)
    assert pace.size(1 << 30, 2) == MAX_ROWS
    for _ in range(100):
        pace.learn(1, 60.0)
    assert pace.size(1 << 30, 2) == 1
