"""How fast a sweep goes, from the seconds in which its chunks were completed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

POINTS = 120
"""Points of the chart, at most."""

CHUNKS_A_POINT = 4
"""Chunks that a point counts on average, at least: with fewer, the line shows when chunks end."""

PAUSE_SECONDS = 60
"""A sweep that completes nothing for this long, and for several chunks' usual time, was not running."""

_RECENT_SECONDS = 30
_RECENT_COMPLETIONS = 5


@dataclass(frozen=True)
class Series:
    """A rate over time, in steps of equal length.

    Attributes:
        start: beginning of the first step, seconds since 1970.
        step: seconds of one.
        rates: combinations a second in each.
    """

    start: int
    step: int
    rates: list[float]


class Throughput:
    """Combinations by the second in which they were stored."""

    def __init__(self) -> None:
        self._done: dict[int, int] = {}
        self._chunks: dict[int, int] = {}

    def add(self, completions: Iterable[tuple[int, int]]) -> None:
        """Count chunks: (second of completion since 1970, combinations)."""
        for second, combos in completions:
            self._done[second] = self._done.get(second, 0) + combos
            self._chunks[second] = self._chunks.get(second, 0) + 1

    @property
    def last(self) -> int | None:
        """Second of the latest completion."""
        return max(self._done, default=None)

    def rate(self, since: float, now: float) -> float | None:
        """Combinations a second lately, in a run that began at `since`; None before its first completion.

        Lately is half a minute, or as long as a few completions take.
        """
        seconds = sorted((second for second in self._done if second >= int(since)), reverse=True)
        if not seconds:
            return None
        begin = now - _RECENT_SECONDS
        if len(seconds) > _RECENT_COMPLETIONS:
            begin = min(begin, seconds[_RECENT_COMPLETIONS])
        elif begin > seconds[-1]:
            begin = since
        begin = max(begin, since)
        combos = sum(self._done[second] for second in seconds if second > begin or begin == since)
        return combos / max(now - begin, 1.0)

    def series(self) -> Series | None:
        """The rate since the latest pause; None before the first completion."""
        seconds = self._since_pause(sorted(self._done))
        if not seconds:
            return None
        end, span = seconds[-1] + 1, seconds[-1] - seconds[0] + 1
        chunks = sum(self._chunks[second] for second in seconds)
        step = max(-(-span // POINTS), -(-span * CHUNKS_A_POINT // chunks))
        count = span // step or 1
        start = end - count * step  # the part of a step that is left over is at the beginning
        rates = [0.0] * count
        for second in seconds:
            if second >= start:
                rates[(second - start) // step] += self._done[second] / step
        return Series(start, step, [round(rate, 1) for rate in rates])

    @staticmethod
    def _since_pause(seconds: list[int]) -> list[int]:
        if len(seconds) < 2:
            return seconds
        gaps = [later - earlier for earlier, later in pairwise(seconds)]
        pause = max(PAUSE_SECONDS, 5 * sorted(gaps)[len(gaps) // 2])
        begin = max((place + 1 for place, gap in enumerate(gaps) if gap > pause), default=0)
        return seconds[begin:]
