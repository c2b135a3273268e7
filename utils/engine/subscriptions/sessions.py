"""Keeps the sessions (`security.session`) that an algorithm looks at up to date."""

from __future__ import annotations

from typing import Any

from utils.engine.consolidators.session import Session
from utils.engine.feed.source import Source
from utils.engine.subscriptions.data_types import available


class Sessions:
    """Sessions made so far, with their securities; only those with a size cost anything."""

    def __init__(self) -> None:
        self._made: list[tuple[Any, Session]] = []

    def make(self, security: Any) -> Session:
        """The session of a security, which collects nothing until its size is set."""
        tick_type = available(security.type)[0]
        session = Session(tick_type, security.exchange.hours, security.symbol)
        self._made.append((security, session))
        return session

    @property
    def collecting(self) -> bool:
        """Whether any session has to see every moment."""
        return any(session.size for _, session in self._made)

    def end_days(self) -> None:
        """Finish the days that are over at the present moment."""
        for security, session in self._made:
            if session.size:
                session.scan(security.local_time)

    def take(self, news: list[Source]) -> None:
        """Take in the bars of the present moment, those filled forward too."""
        for security, session in self._made:
            if session.size:
                for source in news:
                    if any(source is own for own in security.sources):
                        session.update(source.bar())
