"""Judges of news as one: models asked in the background, VADER on the spot, answers kept.

    ensemble.prepare(text)                # when news comes: returns at once
    sentiment = ensemble.collect(text)    # when it matters: what is known by now
    factor = entry_factor(sentiment, side, settings.llm.largest_cut)

Live, neither call waits for anybody. In a backtest the answer must not depend on the machine's speed: there,
models are asked only when it was allowed, `collect` waits for them, `timeout_seconds` for each at most, and
one that has failed is not asked again. Repeated without the network, the backtest sees the same opinions.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

from trading.sentiment.cache import OpinionCache
from trading.sentiment.config import Llm
from trading.sentiment.desk import Desk, Question
from trading.sentiment.opinion import Opinion, OpinionError
from trading.sentiment.prompt import prepared
from trading.sentiment.provider import Outcome, Provider
from trading.sentiment.sentiment import Sentiment, combined
from trading.sentiment.spending import Spending
from trading.state.errors import StorageError

_WAITING: Final = 200
"""Questions that may wait."""

_REMEMBERED: Final = 5_000
"""Opinions and failures held in memory, live."""

_AGAIN: Final = 300.0
"""Seconds, live, until a model that has failed on a text is asked about it again."""

_TAKEN_IN: Final = 16
"""Outcomes that one call takes in: each is a write to the Object Store."""


class Mode(StrEnum):
    """When models are asked."""

    LIVE = "live"
    """In the background; opinions come when they come."""

    RECORD = "record"
    """In a backtest that may use the network: asked once, waited for, and kept for good."""

    REPLAY = "replay"
    """Never: what is in the cache counts."""


class Lexicon(Protocol):
    """A judge on the spot."""

    @property
    def name(self) -> str:
        """Names it in a sentiment."""

    def opinion(self, text: str, /) -> Opinion:
        """Its opinion of a text. Raises OpinionError."""


@dataclass
class _Memory:
    """What is known of one provider and text; `opinion` None: it failed, or waits."""

    opinion: Opinion | None
    until: float
    waiting: bool = False


class Ensemble:
    """Judges with weights. It raises nothing because of a provider, a budget or a full cache."""

    def __init__(
        self,
        config: Llm,
        providers: Sequence[Provider],
        lexicon: Lexicon | None,
        cache: OpinionCache,
        spending: Spending,
        mode: Mode,
        log: Callable[[str], None],
    ) -> None:
        self._config = config
        self._providers = tuple(providers)
        self._lexicon = lexicon
        self._cache = cache
        self._spending = spending
        self._mode = mode
        self._log = log
        self._memory: OrderedDict[str, _Memory] = OrderedDict()
        self._desk = Desk(config.timeout_seconds, config.max_retries, _WAITING)
        self._said: dict[str, str] = {}

    @property
    def judges(self) -> Mapping[str, float]:
        """Weights by name, of all that are configured; empty: every sentiment is neutral."""
        weights = {provider.name: float(provider.weight) for provider in self._providers}
        if self._lexicon is not None:
            weights[self._lexicon.name] = float(self._config.vader.weight)
        return weights

    def prepare(self, text: str) -> None:
        """Have a text judged by those who have not yet; returns at once."""
        self._take_in()
        text = prepared(text, self._config.max_text_chars)
        for provider in self._providers if text else ():
            fingerprint = provider.fingerprint(text)
            if self._known(fingerprint) is None and self._mode is not Mode.REPLAY:
                self._ask(provider, text, fingerprint)

    def collect(self, text: str) -> Sentiment:
        """What the judges say of a text, as far as they have; those who have not count with confidence 0.

        Live it returns at once. In a backtest that asks models it waits, `timeout_seconds` for each at most.
        """
        self.prepare(text)
        text = prepared(text, self._config.max_text_chars)
        if not text:
            return Sentiment(silent=tuple(self.judges))
        fingerprints = {provider.name: provider.fingerprint(text) for provider in self._providers}
        if self._mode is Mode.RECORD:
            self._wait_for(fingerprints)
        opinions = {
            name: known.opinion
            for name, fingerprint in fingerprints.items()
            if (known := self._known(fingerprint)) is not None and known.opinion is not None
        }
        if self._lexicon is not None:
            try:
                opinions[self._lexicon.name] = self._lexicon.opinion(text)
            except OpinionError as error:
                self._say(self._lexicon.name, str(error))
        return combined(self.judges, opinions)

    def close(self) -> None:
        """Take in what has come, and ask no more."""
        self._take_in()
        self._desk.close()

    def _known(self, fingerprint: str) -> _Memory | None:
        """What memory or cache know; None when the provider is to be asked."""
        known = self._memory.get(fingerprint)
        if known is not None and (known.waiting or time.monotonic() < known.until):
            self._memory.move_to_end(fingerprint)
            return known
        opinion = self._cache.get(fingerprint)
        if opinion is None:
            return None
        return self._remember(fingerprint, opinion, _AGAIN)

    def _remember(
        self, fingerprint: str, opinion: Opinion | None, seconds: float, *, waiting: bool = False
    ) -> _Memory:
        # In a backtest what is known stays: an hour of it takes no real time.
        until = time.monotonic() + seconds if self._mode is Mode.LIVE else float("inf")
        memory = self._memory[fingerprint] = _Memory(opinion, until, waiting)
        self._memory.move_to_end(fingerprint)
        # A backtest forgets no failure: what it did not know stays unknown to its end.
        if self._mode is Mode.LIVE and len(self._memory) > _REMEMBERED:
            self._memory.popitem(last=False)
        return memory

    def _ask(self, provider: Provider, text: str, fingerprint: str) -> None:
        calls = 1 + self._config.max_retries
        try:
            granted = (
                None if self._desk.full else self._spending.grant(calls * provider.highest_cost(text), calls)
            )
        except StorageError as error:
            self._say(provider.name, f"not asked: {error}")
            granted = None
        else:
            if granted is None:
                self._say(provider.name, "not asked: the budget of calls or USD is used up")
        if granted is None:
            self._remember(fingerprint, None, _AGAIN / 10)
            return
        self._remember(fingerprint, None, 0.0, waiting=True)
        self._desk.ask(Question(provider, text, fingerprint, granted))

    def _wait_for(self, fingerprints: Mapping[str, str]) -> None:
        deadline = time.monotonic() + len(fingerprints) * self._config.timeout_seconds
        while waiting := [each for each in fingerprints.values() if self._waits(each)]:
            left = deadline - time.monotonic()
            outcome = self._desk.answer(left) if left > 0 else None
            if outcome is None:
                for fingerprint in waiting:
                    self._remember(fingerprint, None, _AGAIN)
                self._say("sentiment", "models are too slow: they count as silent for the rest of the run")
                return
            self._take(*outcome)

    def _waits(self, fingerprint: str) -> bool:
        known = self._memory.get(fingerprint)
        return known is not None and known.waiting

    def _take_in(self) -> None:
        for _ in range(_TAKEN_IN):
            outcome = self._desk.answer(0)
            if outcome is None:
                return
            self._take(*outcome)

    def _take(self, question: Question, outcome: Outcome) -> None:
        self._spending.settle(question.grant, outcome.usd, outcome.calls)
        provider = question.provider
        if self._mode is Mode.RECORD and not self._waits(question.fingerprint):
            return  # it came too late in this run, so it must not be there in the next
        self._remember(question.fingerprint, outcome.opinion, _AGAIN)
        if outcome.opinion is None:
            self._say(provider.name, outcome.reason)
            return
        self._said.pop(provider.name, None)
        try:
            self._cache.put(question.fingerprint, provider.name, provider.model, outcome.opinion)
        except StorageError as error:
            self._say("sentiment", f"not kept: {error}")

    def _say(self, who: str, reason: str) -> None:
        """Log a failure, once until it changes."""
        if self._said.get(who) != reason:
            self._said[who] = reason
            self._log(f"sentiment: {who}: {reason}")


def lifetime_of(config: Llm, mode: Mode) -> timedelta | None:
    """How long opinions are kept; None: for good, as in backtests, so that they can be repeated."""
    return timedelta(hours=config.cache_hours) if mode is Mode.LIVE else None
