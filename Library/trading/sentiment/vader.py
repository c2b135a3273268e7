"""VADER, a lexicon and rules for the sentiment of short English texts (Hutto & Gilbert, 2014)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from trading.sentiment.opinion import Opinion


class Analyzer(Protocol):
    """nltk's and vaderSentiment's SentimentIntensityAnalyzer."""

    def polarity_scores(self, text: str) -> Mapping[str, float]:
        """`compound` from −1 to 1, and the shares `pos`, `neu`, `neg` of the text."""


class Vader:
    """Opinions without network or key; about a millisecond for a paragraph."""

    name = "vader"

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def opinion(self, text: str) -> Opinion:
        """The compound score; as sure as the share of words that the lexicon has a feeling about."""
        scores = self._analyzer.polarity_scores(text)
        return Opinion(scores["compound"], 1.0 - scores["neu"] if scores["compound"] else 0.0)


def vader() -> Vader | None:
    """VADER of the package vaderSentiment, or of nltk, which LEAN's image has; None without either."""
    analyzer = _of_vader_sentiment() or _of_nltk()
    return None if analyzer is None else Vader(analyzer)


def _of_vader_sentiment() -> Analyzer | None:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415  # optional
    except ImportError:
        return None
    analyzer: Analyzer = SentimentIntensityAnalyzer()
    return analyzer


def _of_nltk() -> Analyzer | None:
    try:
        from nltk.sentiment.vader import SentimentIntensityAnalyzer  # noqa: PLC0415  # optional
    except ImportError:
        return None
    try:
        analyzer: Analyzer = SentimentIntensityAnalyzer()
    except LookupError:  # nltk without its `vader_lexicon`
        return None
    return analyzer
