"""One judgement of a text: how good the news is, and how sure the judge."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn


class OpinionError(ValueError):
    """There is no opinion. The message is one of our own words, never what a server sent."""


@dataclass(frozen=True)
class Opinion:
    """A score from −1 (bad for the share) to 1 (good), and a confidence from 0 to 1; clamped to these."""

    score: float
    confidence: float

    def __post_init__(self) -> None:
        for name, lowest in (("score", -1.0), ("confidence", 0.0)):
            value = getattr(self, name)
            if not math.isfinite(value):
                raise OpinionError(f"{name} is not finite")
            object.__setattr__(self, name, min(1.0, max(lowest, float(value))))


def read_opinion(text: str) -> Opinion:
    """The opinion that a model's answer spells: a JSON object of `score` and `confidence`, and nothing else.

    Raises:
        OpinionError: it is anything else.
    """
    try:
        values = json.loads(text, parse_constant=_refuse, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError):
        raise OpinionError("the answer is no JSON") from None
    return opinion_of(values)


def opinion_of(values: Any) -> Opinion:
    """The opinion of an answer that is parsed already. Raises OpinionError as `read_opinion` does."""
    if not isinstance(values, dict) or set(values) != {"score", "confidence"}:
        raise OpinionError("the answer is no object of score and confidence")
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values.values()):
        raise OpinionError("score or confidence is no number")
    try:
        return Opinion(float(values["score"]), float(values["confidence"]))
    except OverflowError:
        raise OpinionError("score or confidence is out of all bounds") from None


def _refuse(_constant: str) -> NoReturn:
    raise OpinionError("NaN or infinity")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise OpinionError("a name comes twice")
    return dict(pairs)
