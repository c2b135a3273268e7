"""A language model behind an API, asked for one opinion."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

import requests

from trading.sentiment.call import ApiKey, CallError, checked_endpoint, post
from trading.sentiment.config import ProviderConfig
from trading.sentiment.opinion import Opinion, OpinionError
from trading.sentiment.prompt import INSTRUCTIONS, MAX_ANSWER_TOKENS, fingerprint, question

_FIRST_PAUSE: Final = 0.5
"""Seconds before the first retry; each further pause is twice as long."""


@dataclass(frozen=True)
class Outcome:
    """What asking came to.

    Attributes:
        opinion: None when there is none; `reason` says why.
        usd: what it has cost, or may have.
        calls: how many calls were made.
    """

    opinion: Opinion | None
    reason: str
    usd: float
    calls: int


class Provider(ABC):
    """One model; an implementation says what a request and an answer look like.

    `ask` runs on the ensemble's thread and touches nothing but the network. Prices are the settings', in USD.
    """

    name: str
    endpoint: str
    """Where the documented API is."""

    def __init__(self, config: ProviderConfig, key: str, endpoint: str | None = None) -> None:
        """`key` is the API key; `endpoint` another address of the same API, such as a gateway's."""
        self.model = config.model
        self.weight = config.weight
        self._config = config
        self._endpoint = checked_endpoint(endpoint or self.endpoint)
        self._key = self._api_key(key)
        self._session = requests.Session()

    @abstractmethod
    def _api_key(self, key: str) -> ApiKey:
        """The key as the API wants it."""

    @abstractmethod
    def _headers(self) -> Mapping[str, str]:
        """Further headers."""

    @abstractmethod
    def _request(self, instructions: str, question: str) -> dict[str, Any]:
        """The body of a request for an answer of ANSWER_SCHEMA."""

    @abstractmethod
    def _opinion(self, answer: dict[str, Any]) -> Opinion:
        """The opinion in an answer. Raises OpinionError, or whatever a wrong shape leads to."""

    @abstractmethod
    def _tokens(self, usage: dict[str, Any]) -> tuple[Any, Any]:
        """Input and output tokens of an answer's `usage`."""

    def fingerprint(self, text: str) -> str:
        """Names this provider's opinion of a text."""
        return fingerprint(self.name, self.model, text)

    def highest_cost(self, text: str) -> float:
        """USD that one call may cost at most: a token has a byte at least."""
        size = len(json.dumps(self._request(INSTRUCTIONS, question(text))).encode())
        return self._usd(size, MAX_ANSWER_TOKENS)

    def ask(self, text: str, seconds: float, retries: int, stop: Event) -> Outcome:
        """An opinion of a text within so many seconds, retries and pauses included; it raises nothing.

        `stop` ends pauses and retries early.
        """
        deadline = time.monotonic() + seconds
        body = self._request(INSTRUCTIONS, question(text))
        highest = self.highest_cost(text)
        usd = 0.0
        for call in range(1, retries + 2):
            try:
                answer = post(self._session, self._endpoint, self._key, self._headers(), body, deadline)
            except CallError as error:
                usd += highest if error.billed else 0.0
                pause = max(error.retry_after, _FIRST_PAUSE * 2 ** (call - 1))
                out_of_time = time.monotonic() + pause >= deadline
                if not error.retry or call > retries or out_of_time or stop.wait(pause):
                    return Outcome(None, str(error), usd, call)
                continue
            opinion, reason, cost = self._judged(answer, highest)
            return Outcome(opinion, reason, usd + cost, call)
        raise AssertionError("a last call returns")

    def _judged(self, body: bytes, highest: float) -> tuple[Opinion | None, str, float]:
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            return None, "the answer is no JSON", highest
        cost = self._cost(answer, highest)
        try:
            return self._opinion(answer), "", cost
        except OpinionError as error:
            return None, str(error), cost
        except (LookupError, TypeError, AttributeError):
            return None, "the answer has not the documented form", cost

    def _cost(self, answer: Any, highest: float) -> float:
        """As the answer's usage says; the highest when it does not say, or says nonsense."""
        try:
            tokens = self._tokens(answer["usage"])
        except (LookupError, TypeError, AttributeError):
            return highest
        if not all(type(count) is int and 0 <= count <= 10_000_000 for count in tokens):
            return highest
        return self._usd(*tokens)

    def _usd(self, input_tokens: int, output_tokens: int) -> float:
        config = self._config
        return (
            input_tokens * config.usd_per_million_input_tokens
            + output_tokens * config.usd_per_million_output_tokens
        ) / 1_000_000
