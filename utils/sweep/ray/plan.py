"""Which chunks are leased next, and how many at once."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from utils.sweep.store import Chunk

MAX_ATTEMPTS: Final = 3
"""So often a chunk may fail by itself before it is left for another run."""

LEASE_SECONDS: Final = 3.0
"""How long a lease should take: far more than handing it out, far less than one may want to lose."""

MAX_ROWS: Final = 1 << 16
"""Combinations of one lease, unless a chunk has more; bounds the memory of results on their way."""

SMOOTHING: Final = 0.2
"""Weight of the newest measurement of speed."""


class Plan:
    """The chunks that are not done yet.

    Chunks that follow each other are leased together. When such a lease fails, each of its chunks is leased
    alone from then on, and one that fails alone `MAX_ATTEMPTS` times is given up: so a chunk that crashes
    every worker takes none of the others with it.

    >>> plan = Plan([Chunk("a", 0, 10), Chunk("b", 10, 20), Chunk("c", 20, 30)])
    >>> [chunk.id for chunk in plan.take(25)], len(plan)
    (['a', 'b'], 1)
    """

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._todo = [(chunk.start_combo, chunk) for chunk in chunks]
        heapq.heapify(self._todo)
        self._alone: set[str] = set()
        self._attempts: dict[str, int] = {}
        self._failed_at: dict[str, set[str]] = {}
        self.combos = sum(chunk.end_combo - chunk.start_combo for _, chunk in self._todo)

    def __len__(self) -> int:
        return len(self._todo)

    def take(self, combos: int) -> list[Chunk]:
        """The first chunk, and those right behind it as long as they are `combos` combinations at most.

        Raises:
            IndexError: there is none.
        """
        taken = [self._pop()]
        first = taken[0]
        while self._todo and first.id not in self._alone:
            start, following = self._todo[0]
            fits = following.end_combo - first.start_combo <= combos
            if start != taken[-1].end_combo or following.id in self._alone or not fits:
                break
            taken.append(self._pop())
        return taken

    def return_(self, chunks: Iterable[Chunk]) -> None:
        """Chunks that were not done, through no fault of theirs."""
        for chunk in chunks:
            heapq.heappush(self._todo, (chunk.start_combo, chunk))
            self.combos += chunk.end_combo - chunk.start_combo

    def failed(self, chunks: list[Chunk], node: str) -> Chunk | None:
        """Chunks that were leased together have failed on a node; the one that is given up, if one is."""
        for chunk in chunks:
            self._alone.add(chunk.id)
            self._failed_at.setdefault(chunk.id, set()).add(node)
        if len(chunks) == 1:
            (chunk,) = chunks
            self._attempts[chunk.id] = self._attempts.get(chunk.id, 0) + 1
            if self._attempts[chunk.id] >= MAX_ATTEMPTS:
                return chunk
        self.return_(chunks)
        return None

    def failed_at(self, chunks: list[Chunk]) -> list[str]:
        """Nodes where any of these chunks has failed."""
        return sorted(set().union(*(self._failed_at.get(chunk.id, set()) for chunk in chunks)))

    def _pop(self) -> Chunk:
        _, chunk = heapq.heappop(self._todo)
        self.combos -= chunk.end_combo - chunk.start_combo
        return chunk


@dataclass
class Pace:
    """How long combinations take, learnt from the results that come in.

    Attributes:
        seconds_a_combo: of one worker; None until a result has come in.
    """

    seconds_a_combo: float | None = field(default=None)

    def learn(self, combos: int, seconds: float) -> None:
        """A worker took `seconds` for `combos` combinations."""
        new = max(seconds, 1e-9) / combos
        old = self.seconds_a_combo
        self.seconds_a_combo = new if old is None else (1 - SMOOTHING) * old + SMOOTHING * new

    def size(self, left: int, workers: int) -> int:
        """Combinations of the next lease.

        Such as take `LEASE_SECONDS`; fewer towards the end, so that all workers are done at about the same
        time; one (that is, one chunk) until something is known.

        Args:
            left: combinations that nobody has leased yet.
            workers: how many share them.
        """
        if self.seconds_a_combo is None:
            return 1
        wanted = LEASE_SECONDS / self.seconds_a_combo
        return max(min(int(wanted), left // (2 * max(workers, 1)), MAX_ROWS), 1)
