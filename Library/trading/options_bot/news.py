"""What the news say of each share, and how much of an entry that leaves."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from trading.execution.validator import Proposal
from trading.sentiment.ensemble import Ensemble
from trading.sentiment.factor import entry_factor

FRESH: Final = timedelta(hours=24)
"""How long news count."""


class News:
    """The latest text on each share; without one, sentiment has no say."""

    def __init__(self, ensemble: Ensemble, largest_cut: float) -> None:
        self._ensemble = ensemble
        self._largest_cut = largest_cut
        self._latest: dict[str, tuple[datetime, str]] = {}

    def take(self, ticker: str, text: str, now: datetime) -> None:
        """News have come; models begin to read them."""
        self._latest[ticker] = now, text
        self._ensemble.prepare(text)

    def score(self, ticker: str, now: datetime) -> float:
        """−1 to 1; NaN without fresh news or without anybody who is sure of anything."""
        text = self._fresh(ticker, now)
        sentiment = self._ensemble.collect(text) if text else None
        return sentiment.score if sentiment is not None and sentiment.confidence > 0 else math.nan

    def sized(self, proposal: Proposal, now: datetime) -> tuple[int, str]:
        """How many contracts of a proposal the news leave, and why fewer; never more."""
        text = self._fresh(proposal.long.underlying, now)
        if not text:
            return proposal.contracts, ""
        sentiment = self._ensemble.collect(text)
        side = 1 if proposal.long.right == "call" else -1
        factor = entry_factor(sentiment, side, self._largest_cut)
        left = factor.applied(proposal.contracts)
        if left == proposal.contracts:
            return left, ""
        said = f"sentiment {sentiment.score:+.2f}, confidence {sentiment.confidence:.2f}"
        return left, f"{said}: {left} of {proposal.contracts} are left"

    def _fresh(self, ticker: str, now: datetime) -> str:
        known = self._latest.get(ticker)
        return known[1] if known is not None and now - known[0] < FRESH else ""
