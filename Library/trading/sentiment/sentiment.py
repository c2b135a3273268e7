"""The opinions of several judges as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trading.sentiment.opinion import Opinion


@dataclass(frozen=True)
class Sentiment:
    """A score from −1 to 1 and a confidence from 0 to 1; both 0 when nobody has said anything.

    Attributes:
        opinions: by judge.
        silent: judges that were asked, or would be, and have not said anything (yet).
    """

    score: float = 0.0
    confidence: float = 0.0
    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    silent: tuple[str, ...] = ()


def combined(weights: Mapping[str, float], opinions: Mapping[str, Opinion]) -> Sentiment:
    """Opinions weighted by w·c: the score is Σwcs ÷ Σwc, the confidence Σwc ÷ Σw over all judges.

    A silent judge counts with confidence 0. `weights` has all judges, `opinions` those who have spoken.
    """
    silent = tuple(name for name in weights if name not in opinions)
    total = sum(weights.values())
    sure = sum(weights[name] * opinion.confidence for name, opinion in opinions.items())
    if total <= 0 or sure <= 0:
        return Sentiment(opinions=dict(opinions), silent=silent)
    score = sum(weights[name] * each.confidence * each.score for name, each in opinions.items()) / sure
    bounded = Opinion(score, sure / total)
    return Sentiment(bounded.score, bounded.confidence, dict(opinions), silent)
