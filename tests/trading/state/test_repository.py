"""Objects by name: what comes back, after any crash, within budgets, for as long as they are to live."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trading.state.lean_store import Crash, LeanStore
from trading.state import categories
from trading.state.categories import BUDGETS, FOREVER, MAX_BYTES, MAX_FILES, Budget, Category
from trading.state.errors import BudgetError, DamagedObjectError, StorageError
from trading.state.repository import Repository

START = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
STATE = Category.TRADING_STATE
CACHE = Category.LLM_CACHE


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def opened(store: LeanStore, clock: Clock | None = None, log: list[str] | None = None) -> Repository:
    return Repository(store, "bot/live", clock or Clock(), (log if log is not None else []).append)


def body(repository: Repository, category: Category, name: str) -> bytes | None:
    found = repository.load(category, name)
    return None if found is None else found.envelope.body


def test_an_object_comes_back_in_another_process() -> None:
    store = LeanStore()
    generation = opened(store).save(STATE, "positions", b"two calls", kind="positions", version=3)
    found = opened(store.killed(random.Random(0))).load(STATE, "positions")
    assert found is not None
    assert (found.envelope.body, found.envelope.kind, found.envelope.version) == (
        b"two calls",
        "positions",
        3,
    )
    assert (found.generation, found.damaged, found.envelope.saved) == (generation, (), START)
    assert opened(store).load(STATE, "orders") is None


def test_roots_do_not_see_each_other() -> None:
    store = LeanStore()
    opened(store).save(STATE, "a", b"live")
    backtest = Repository(store, "bot/backtest", Clock(), print)
    assert body(backtest, STATE, "a") is None
    backtest.save(STATE, "a", b"backtest")
    assert body(opened(store), STATE, "a") == b"live"


@pytest.mark.parametrize("after_acting", [False, True])
def test_a_crash_at_any_call_leaves_the_state_before_or_after(after_acting: bool) -> None:
    """Every call that changes something, in the middle of a life of eight saves, and many ways of dying."""
    calls = LeanStore()
    repository = opened(calls)
    for number in range(8):
        repository.save(STATE, "state", b"%d" % number)
    for fail_at in range(1, calls.calls + 1):
        for seed in range(12):
            store = LeanStore()
            store.fail_at, store.fails_after_acting = fail_at, after_acting
            repository = opened(store)
            acknowledged = -1
            with pytest.raises(Crash):
                for number in range(8):
                    repository.save(STATE, "state", b"%d" % number)
                    acknowledged = number
            found = body(opened(store.killed(random.Random(seed))), STATE, "state")
            assert found in {b"%d" % acknowledged if acknowledged >= 0 else None, b"%d" % (acknowledged + 1)}


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_store_that_fails_now_and_then_loses_nothing_while_the_process_lives_on(
    data: st.DataObject,
) -> None:
    store = LeanStore()
    repository = opened(store)
    acknowledged: bytes | None = None
    tried: set[bytes] = set()
    for number in range(data.draw(st.integers(1, 12))):
        store.fail_at = store.calls + data.draw(st.integers(1, 6))
        store.fails_after_acting = data.draw(st.booleans())
        contents = b"%d" % number
        try:
            repository.save(STATE, "state", contents)
        except Crash:
            tried.add(contents)
            if data.draw(st.booleans()):
                repository.clean()
        else:
            acknowledged, tried = contents, set()
        assert body(repository, STATE, "state") in {acknowledged, *tried}
    store.fail_at = None
    again = opened(store.killed(random.Random(data.draw(st.integers(0, 99)))))
    assert body(again, STATE, "state") in {acknowledged, *tried}


def damage_newest(store: LeanStore, how: str) -> str:
    key = max(key for key in store.disk if "/trading-state/" in key)
    blob = store.disk[key]
    store.disk[key] = {
        "empty": b"",
        "cut": blob[: len(blob) // 2],
        "flipped": blob[:-1] + bytes([blob[-1] ^ 1]),
        "header": blob.replace(b'"version": 1', b'"version": 9'),
        "foreign": b"{}",
    }[how]
    return key


@pytest.mark.parametrize("how", ["empty", "cut", "flipped", "header", "foreign"])
def test_a_damaged_object_falls_back_to_the_one_before_and_says_so(how: str) -> None:
    store, log = LeanStore(), list[str]()
    repository = opened(store)
    repository.save(STATE, "state", b"old")
    repository.save(STATE, "state", b"new")
    store.memory.clear()
    key = damage_newest(store, how)
    again = opened(LeanStore(store.disk), log=log)
    found = again.load(STATE, "state")
    assert found is not None
    assert (found.envelope.body, found.damaged) == (b"old", (key,))
    assert [key in line and "falling back" in line for line in log] == [True]
    again.save(STATE, "state", b"newest")
    assert body(again, STATE, "state") == b"newest"


def test_state_of_which_nothing_is_whole_is_an_error_a_cache_is_merely_empty() -> None:
    store = LeanStore()
    repository = opened(store)
    repository.save(STATE, "state", b"old")
    repository.save(CACHE, "answer", b"0.4")
    damaged = LeanStore({key: blob[:20] for key, blob in {**store.disk, **store.memory}.items()})
    with pytest.raises(DamagedObjectError, match=r"trading-state/state: none of 2 generations .*restore"):
        opened(damaged).load(STATE, "state")
    assert opened(damaged).load(CACHE, "answer") is None


def test_three_generations_of_state_are_kept_and_one_of_a_cache() -> None:
    store = LeanStore()
    repository = opened(store)
    for number in range(6):
        repository.save(STATE, "state", b"%d" % number)
        repository.save(CACHE, "answer", b"%d" % number)
    assert (repository.usage(STATE).files, repository.usage(CACHE).files) == (3, 1)
    assert len(store.keys) == 4


def test_an_object_expires_on_the_second() -> None:
    store, clock = LeanStore(), Clock()
    repository = opened(store, clock)
    repository.save(CACHE, "answer", b"0.4")
    repository.save(CACHE, "kept", b"0.5", lifetime=FOREVER)
    repository.save(Category.GREEKS_HISTORY, "GOOG/2026-01-05", b"greeks")
    clock.now = START + timedelta(days=30) - timedelta(seconds=1)
    assert body(repository, CACHE, "answer") == b"0.4"
    clock.now = START + timedelta(days=30)
    assert body(repository, CACHE, "answer") is None
    assert repository.names(CACHE) == ("kept",)
    assert repository.clean().files == 1
    clock.now = START + timedelta(days=180)
    assert repository.names(Category.GREEKS_HISTORY) == ()
    assert repository.clean().files == 1
    assert [key.split("/")[3].split("=")[0] for key in store.keys] == ["kept"]


def test_what_has_expired_does_not_come_back_as_an_older_generation() -> None:
    store, clock = LeanStore(), Clock()
    repository = opened(store, clock)
    repository.save(STATE, "note", b"for ever")
    repository.save(STATE, "note", b"for a day", lifetime=timedelta(days=1))
    clock.now += timedelta(days=2)
    for fail_at in range(1, 4):
        crashing = LeanStore(store.disk)
        crashing.fail_at = fail_at
        with pytest.raises(Crash):
            opened(crashing, clock).clean()
        assert body(opened(LeanStore(crashing.disk), clock), STATE, "note") is None
    assert repository.clean().files == 3
    assert repository.names(STATE) == ()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Budgets that a test can fill."""
    budgets = {
        STATE: Budget(3_000, 6, None, generations=2, evictable=False),
        CACHE: Budget(2_000, 5, timedelta(days=30), generations=1, evictable=True),
    }
    monkeypatch.setattr(categories, "BUDGETS", budgets)
    for module in ("inventory", "repository"):
        monkeypatch.setattr(f"trading.state.{module}.BUDGETS", {**BUDGETS, **budgets})
    monkeypatch.setattr("trading.state.inventory.MAX_BYTES", 4_500)
    monkeypatch.setattr("trading.state.inventory.MAX_FILES", 10)
    yield


@pytest.mark.usefixtures("small")
@given(
    saves=st.lists(
        st.tuples(
            st.sampled_from([STATE, CACHE, Category.RESOURCE_METRICS]),
            st.sampled_from(["a", "b", "c", "d"]),
            st.integers(0, 1_200),
            st.integers(0, 20),
        ),
        max_size=40,
    ),
    foreign=st.integers(0, 4),
)
@settings(max_examples=80, deadline=None)
def test_no_budget_is_ever_exceeded(saves: list[tuple[Category, str, int, int]], foreign: int) -> None:
    """Not even while a save is under way, when the old object and the new one are there."""
    limits = {STATE: (6, 3_000), CACHE: (5, 2_000)}

    class Watched(LeanStore):
        def save_bytes(self, path: str, contents: bytes, /) -> bool:
            saved = super().save_bytes(path, contents)
            own = [key for key in self.keys if key.startswith("bot/live/")]
            assert len(self.keys) <= 10
            assert sum(len(self.read_bytes(key)) for key in own) <= 4_500
            for category, (files, size) in limits.items():
                keys = [key for key in own if f"/{category}/" in key]
                assert len(keys) <= files
                assert sum(len(self.read_bytes(key)) for key in keys) <= size
            return saved

    store, clock = Watched({f"other{number}": b"x" for number in range(foreign)}), Clock()
    repository = opened(store, clock)
    chance = random.Random(1)
    newest: dict[str, bytes] = {}
    for category, name, size, days in saves:
        clock.now += timedelta(days=days)
        contents = chance.randbytes(size)
        try:
            repository.save(category, name, contents)
        except BudgetError:
            assert category is STATE or size > 900 or len(store.keys) >= 9
            continue
        if category is STATE:
            newest[name] = contents
        assert body(repository, category, name) == contents
    for name, contents in newest.items():
        assert body(opened(LeanStore({**store.disk, **store.memory}), clock), STATE, name) == contents
    counted = opened(store, clock)
    assert all(counted.usage(category) == repository.usage(category) for category in Category)


@pytest.mark.usefixtures("small")
def test_a_full_cache_drops_its_oldest_and_says_so() -> None:
    store, clock, log = LeanStore(), Clock(), list[str]()
    repository = opened(store, clock, log)
    for number in range(7):
        repository.save(CACHE, f"text{number}", b"x")
        clock.now += timedelta(minutes=1)
    assert repository.names(CACHE) == tuple(f"text{number}" for number in range(2, 7))
    assert log == [f"llm-cache/text{number}: dropped, there is no room left" for number in range(2)]


@pytest.mark.usefixtures("small")
def test_full_state_refuses_in_one_line_and_keeps_what_is_there() -> None:
    repository = opened(LeanStore())
    repository.save(STATE, "state", random.Random(0).randbytes(1_200))
    with pytest.raises(
        BudgetError, match=r"^trading-state/other: \d+ bytes do not fit; .*: delete"
    ) as caught:
        repository.save(STATE, "other", random.Random(1).randbytes(2_500))
    assert "\n" not in str(caught.value)
    assert repository.names(STATE) == ("state",)


def test_an_object_over_45_mb_is_refused() -> None:
    store = LeanStore()
    with pytest.raises(StorageError, match="more than the 45000000"):
        opened(store).save(Category.ML_MODELS, "big", random.Random(0).randbytes(45_100_000))
    assert store.keys == []


def test_a_store_that_refuses_is_an_error_and_the_old_object_stays() -> None:
    store = LeanStore()
    repository = opened(store)
    repository.save(STATE, "state", b"old")
    store.max_size = 600
    with pytest.raises(StorageError, match="the Object Store refused"):
        repository.save(STATE, "state", random.Random(0).randbytes(500))
    assert body(repository, STATE, "state") == b"old"
    assert repository.usage(STATE).files == len(store.keys) == 2


def test_a_store_that_answers_otherwise_is_caught_before_the_old_object_goes() -> None:
    class Forgetful(LeanStore):
        forgets = False

        def read_bytes(self, path: str, /) -> bytes:
            blob = super().read_bytes(path)
            return blob[:-1] if self.forgets else blob

    store = Forgetful()
    repository = opened(store)
    repository.save(STATE, "state", b"old")
    store.forgets = True
    with pytest.raises(StorageError, match="other bytes than were saved"):
        repository.save(STATE, "state", b"new")
    store.forgets = False
    assert body(repository, STATE, "state") == b"old"


def test_the_budgets_fit_the_tier_and_leans_own_machine() -> None:
    assert sum(budget.max_bytes for budget in BUDGETS.values()) <= MAX_BYTES == 5_000_000_000
    assert sum(budget.max_files for budget in BUDGETS.values()) <= 10_000 < MAX_FILES == 50_000
    assert set(BUDGETS) == set(Category)


@pytest.mark.parametrize("name", ["", "a.b", "../a", "a//b", "/a", "a/", "ä", "a b", "a=b", "a" * 201])
def test_names_that_no_key_can_have_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        opened(LeanStore()).save(STATE, name, b"")


def test_objects_of_others_are_left_alone() -> None:
    others = {
        "bot/live/trading-state/mine.json": b"{}",
        "bot/livelier": b"",
        "bot/live/else/a=0000000001-1-0-1": b"",
    }
    store = LeanStore(others)
    repository = opened(store)
    repository.save(STATE, "mine", b"1")
    repository.delete(STATE, "mine")
    repository.clean()
    assert store.disk == others


def test_deleting_takes_all_generations() -> None:
    store = LeanStore()
    repository = opened(store)
    repository.save(STATE, "a/b", b"1")
    repository.save(STATE, "a/b", b"2")
    assert repository.delete(STATE, "a/b")
    assert not repository.delete(STATE, "a/b")
    assert (store.keys, repository.names(STATE), body(repository, STATE, "a/b")) == ([], (), None)


def test_leans_naive_utc_time_is_taken_for_utc() -> None:
    store = LeanStore()
    repository = Repository(store, "bot", lambda: datetime(2026, 1, 5, 14, 30), print)
    repository.save(CACHE, "a", b"")
    assert f"-{int(START.timestamp())}-" in store.keys[0]
    assert store.keys[0].startswith("bot/llm-cache/a=0000000001-")
