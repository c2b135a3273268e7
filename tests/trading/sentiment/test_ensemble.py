"""The ensemble: in the background live, repeatable in backtests, within its budget, never in the way."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.trading.sentiment import stand_in
from tests.trading.sentiment.stand_in import StandIn, anthropic_answer, openai_answer, says
from tests.trading.state.lean_store import LeanStore
from trading.sentiment.config import Llm, VaderConfig
from trading.sentiment.configured import configured_ensemble
from trading.sentiment.ensemble import Ensemble
from trading.sentiment.factor import entry_factor
from trading.sentiment.opinion import Opinion
from trading.sentiment.sentiment import Sentiment
from trading.sentiment.spending import Spending
from trading.sentiment.vader import Vader, vader
from trading.state.categories import Category
from trading.state.repository import Repository

KEYS = {"openai": "sk-openai-0123456789", "anthropic": "sk-anthropic-0123456789"}
NO_VADER = VaderConfig(enabled=False)
NEWS = "Profit up 20%, guidance raised"


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in.standing_in() as standing:
        yield standing


class World:
    """A store, a clock and a log that outlive ensembles."""

    def __init__(self, server: StandIn | None = None) -> None:
        self.store = LeanStore()
        self.now = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
        self.log: list[str] = []
        self._endpoints = {} if server is None else dict.fromkeys(KEYS, server.url)

    def repository(self) -> Repository:
        return Repository(self.store, "bot", lambda: self.now, self.log.append)

    def ensemble(self, *, live: bool = True, keys: Mapping[str, str] = KEYS, **settings: Any) -> Ensemble:
        config = Llm(**{"vader": NO_VADER, "timeout_seconds": 2, "max_retries": 0, **settings})
        return configured_ensemble(
            config,
            self.repository(),
            live=live,
            log=self.log.append,
            keys=keys,
            endpoints=self._endpoints,
        )


def settled(ensemble: Ensemble, text: str = NEWS, seconds: float = 10) -> Sentiment:
    """What a live ensemble says once nobody is silent."""
    deadline = time.monotonic() + seconds
    while (sentiment := ensemble.collect(text)).silent and time.monotonic() < deadline:
        time.sleep(0.01)
    return sentiment


def test_live_two_models_are_asked_in_the_background(server: StandIn) -> None:
    server.will(
        says(openai_answer('{"score": 0.6, "confidence": 0.8}')),
        says(anthropic_answer({"score": 0.2, "confidence": 0.4})),
    )
    ensemble = World(server).ensemble()
    started = time.monotonic()
    ensemble.prepare(NEWS)
    first = ensemble.collect(NEWS)
    assert time.monotonic() - started < 0.2
    assert first.silent
    sentiment = settled(ensemble)
    assert sentiment.opinions == {"openai": Opinion(0.6, 0.8), "anthropic": Opinion(0.2, 0.4)}
    assert sentiment.score == pytest.approx((0.6 * 0.8 + 0.2 * 0.4) / 1.2)
    assert sentiment.confidence == pytest.approx(0.6)
    assert len(server.requests) == 2
    ensemble.close()


def test_an_answer_is_paid_for_once(server: StandIn) -> None:
    server.will(says(openai_answer('{"score": 0.6, "confidence": 0.8}')))
    world = World(server)
    openai_only = {"openai": KEYS["openai"]}
    settled(world.ensemble(keys=openai_only))
    again = world.ensemble(keys=openai_only)
    assert again.collect(f"  {NEWS}\n").opinions == {"openai": Opinion(0.6, 0.8)}
    assert len(server.requests) == 1
    world.now += timedelta(hours=25)
    settled(world.ensemble(keys=openai_only))
    assert len(server.requests) == 2
    settled(world.ensemble(keys=openai_only, openai={"model": "gpt-5"}))
    assert len(server.requests) == 3


@pytest.mark.parametrize("answer", [stand_in.silent(3), stand_in.dripping(0.02), stand_in.fails(500)])
def test_live_a_bad_server_never_holds_up_the_algorithm(server: StandIn, answer: stand_in.Answer) -> None:
    server.will(answer)
    world = World(server)
    ensemble = world.ensemble(timeout_seconds=0.5)
    slowest = 0.0
    for number in range(50):
        started = time.monotonic()
        ensemble.prepare(f"{NEWS} {number}")
        sentiment = ensemble.collect(f"{NEWS} {number}")
        slowest = max(slowest, time.monotonic() - started)
        assert (sentiment.score, sentiment.confidence) == (0, 0)
        assert entry_factor(sentiment, 1, 1.0).value == 1.0
    assert slowest < 0.5
    assert any("budget" in line for line in world.log)
    assert len(world.log) < 20
    ensemble.close()


def test_with_nothing_configured_it_is_neutral() -> None:
    world = World()
    for ensemble in (world.ensemble(keys={}), world.ensemble(enabled=False), world.ensemble(providers=())):
        sentiment = ensemble.collect(NEWS)
        assert sentiment == Sentiment()
        assert entry_factor(sentiment, -1, 1.0).applied(-7) == -7
    assert world.log == ["sentiment: nobody judges: neutral (live)"] * 3


def test_keys_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEYS["openai"])
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    world = World()
    ensemble = configured_ensemble(Llm(vader=NO_VADER), world.repository(), live=True, log=world.log.append)
    assert dict(ensemble.judges) == {"openai": 1.0}
    monkeypatch.setenv("OPENAI_API_KEY", "two words")
    with pytest.raises(ValueError, match=r"^OPENAI_API_KEY: an API key must be") as caught:
        configured_ensemble(Llm(), world.repository(), live=True, log=world.log.append)
    assert "two words" not in str(caught.value)


def test_a_backtest_asks_nobody_unless_it_may(server: StandIn) -> None:
    server.will(says(openai_answer('{"score": 0.6, "confidence": 0.8}')))
    assert World(server).ensemble(live=False).collect(NEWS) == Sentiment()
    assert server.requests == []


def run(ensemble: Ensemble) -> list[Sentiment]:
    """A backtest: the same ten texts, twice, each judged when it comes."""
    return [ensemble.collect(f"{NEWS} {number}") for _ in range(2) for number in range(10)]


def test_a_recorded_backtest_repeats_itself_without_a_network(server: StandIn) -> None:
    """Answers, failures and late answers alike; and a year later, when live answers would have expired."""
    server.will(
        says(openai_answer('{"score": 0.6, "confidence": 0.8}')),
        stand_in.fails(500),
        stand_in.silent(1.6),
        says(openai_answer('{"score": -1, "confidence": 0.5}')),
        stand_in.raw(b"garbage"),
        says(openai_answer('{"score": 0.1, "confidence": 0.1}')),
    )
    world = World(server)
    keys = {"openai": KEYS["openai"]}
    settings = {"network_in_backtests": True, "timeout_seconds": 1, "calls_per_minute": 1000}
    recorded = run(world.ensemble(live=False, keys=keys, **settings))
    asked = len(server.requests)
    assert asked == 10
    assert {round(sentiment.score, 9) for sentiment in recorded} == {0.6, 0.0, -1.0, 0.1}
    assert recorded[:10] == recorded[10:]
    world.now += timedelta(days=365)
    replayed = run(world.ensemble(live=False, keys={}))
    assert replayed == recorded
    assert len(server.requests) == asked


def test_a_dripping_server_holds_up_a_recording_no_longer_than_agreed(server: StandIn) -> None:
    server.will(stand_in.dripping(0.05))
    ensemble = World(server).ensemble(live=False, network_in_backtests=True, timeout_seconds=0.4)
    started = time.monotonic()
    assert ensemble.collect(NEWS).confidence == 0
    assert time.monotonic() - started < 2 * 0.4 + 0.5
    started = time.monotonic()
    ensemble.collect(NEWS)
    assert time.monotonic() - started < 0.2


def test_the_day_and_the_minute_have_a_budget_that_outlives_a_restart() -> None:
    world = World()
    clock = world.now

    def opened() -> Spending:
        return Spending(1.0, 5, world.repository(), world.log.append, lambda: clock)

    spending = opened()
    first = spending.grant(0.6, 3)
    assert first is not None
    assert spending.grant(0.6, 1) is None
    assert opened().grant(0.6, 1) is None
    assert spending.grant(0.1, 3) is None
    spending.settle(first, 0.2, 1)
    second = spending.grant(0.6, 4)
    assert second is not None
    assert spending.spent.usd == pytest.approx(0.8)
    assert opened().grant(0.1, 1) is None
    clock += timedelta(seconds=61)
    assert opened().grant(0.1, 5) is not None
    assert opened().grant(0.2, 1) is None
    clock += timedelta(days=1)
    assert opened().grant(1.0, 5) is not None


def test_spending_that_cannot_be_read_counts_as_all_spent() -> None:
    world = World()
    spending = Spending(1.0, 5, world.repository(), world.log.append, lambda: world.now)
    spending.grant(0.1, 1)
    world.store = LeanStore(dict.fromkeys(world.store.keys, b""))
    assert Spending(1.0, 5, world.repository(), world.log.append, lambda: world.now).grant(0.1, 1) is None
    assert "no model is asked today" in world.log[-1]


def test_a_store_that_is_full_costs_opinions_not_the_run(server: StandIn) -> None:
    server.will(says(openai_answer('{"score": 0.6, "confidence": 0.8}')))
    world = World(server)
    ensemble = world.ensemble()
    world.store.max_files = 0
    assert ensemble.collect(NEWS).confidence == 0
    assert server.requests == []
    assert any("not asked" in line and "Object Store" in line for line in world.log)


def test_answers_are_kept_in_the_llm_cache_and_nowhere_else(server: StandIn) -> None:
    server.will(says(openai_answer('{"score": 0.6, "confidence": 0.8}')))
    world = World(server)
    settled(world.ensemble(keys={"openai": KEYS["openai"]}))
    assert world.repository().usage(Category.LLM_CACHE).files == 1
    stored = b"".join(world.store.read_bytes(key) for key in world.store.keys)
    assert KEYS["openai"].encode() not in stored
    assert KEYS["openai"] not in "".join(world.log)


def test_vader_judges_on_the_spot() -> None:
    judge = vader()
    assert judge is not None, "pip install vaderSentiment"
    good, bad = judge.opinion("A great success, wonderful profit!"), judge.opinion("A horrible loss, fraud.")
    assert good.score > 0.5 > -0.5 > bad.score
    assert min(good.confidence, bad.confidence) > 0.3
    assert judge.opinion("The company has an office.") == Opinion(0, 0)
    ensemble = World().ensemble(live=False, vader=VaderConfig())
    sentiment = ensemble.collect("A horrible loss, fraud.")
    assert (sentiment.score, sentiment.confidence) == (bad.score, bad.confidence)


def test_vader_of_either_package_or_of_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fixed:
        def polarity_scores(self, _text: str) -> Mapping[str, float]:
            return {"compound": -0.5, "neu": 0.75, "pos": 0.0, "neg": 0.25}

    assert Vader(Fixed()).opinion("x") == Opinion(-0.5, 0.25)
    monkeypatch.setitem(__import__("sys").modules, "vaderSentiment.vaderSentiment", None)
    monkeypatch.setitem(__import__("sys").modules, "nltk.sentiment.vader", None)
    assert vader() is None
    ensemble = World().ensemble(live=False, vader=VaderConfig())
    assert ensemble.collect(NEWS) == Sentiment()
