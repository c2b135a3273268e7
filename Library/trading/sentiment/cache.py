"""Opinions that were given, so that nobody pays for one twice and a backtest can be repeated."""

from __future__ import annotations

from datetime import timedelta

from trading.sentiment.opinion import Opinion
from trading.state.categories import Category
from trading.state.errors import SchemaError
from trading.state.repository import Repository
from trading.state.snapshot import Snapshot, load_snapshot


class _Kept(Snapshot):
    kind = "opinion"
    version = 1

    provider: str
    model: str
    score: float
    confidence: float


class OpinionCache:
    """Opinions of providers by fingerprint, kept in the Object Store for `lifetime`."""

    def __init__(self, repository: Repository, lifetime: timedelta) -> None:
        self._repository = repository
        self._lifetime = lifetime

    def get(self, fingerprint: str) -> Opinion | None:
        """The opinion of a fingerprint; None when there is none, or it has expired, or is not readable."""
        try:
            found = load_snapshot(self._repository, Category.LLM_CACHE, fingerprint, _Kept)
        except SchemaError:  # of another version of this code: asked anew
            return None
        return None if found is None else Opinion(found[0].score, found[0].confidence)

    def put(self, fingerprint: str, provider: str, model: str, opinion: Opinion) -> None:
        """Keep an opinion. Raises StorageError when the store does not."""
        kept = _Kept(provider=provider, model=model, score=opinion.score, confidence=opinion.confidence)
        self._repository.save(
            Category.LLM_CACHE,
            fingerprint,
            kept.model_dump_json().encode(),
            kind=kept.kind,
            version=kept.version,
            lifetime=self._lifetime,
        )
