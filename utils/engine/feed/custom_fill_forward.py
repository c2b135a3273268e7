"""Custom data filled forward: one point after the other, as LEAN does it, since points may have any times.

A repetition has the length of the subscription's bars and ends where bars do: those of the subscription, and
the shortest of all subscriptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from utils.engine.clock import EPOCH, local_to_utc, to_ns, utc_to_local
from utils.engine.errors import NotSupportedByEngine


@dataclass(frozen=True)
class CustomFillForward:
    """Repeats points where none comes.

    Attributes:
        hours: of the exchange.
        zone: the exchange's.
        length: of the subscription's bars.
        shortest: length of the shortest bars among all subscriptions.
        extended: whether hours before and after the regular ones count.
        end: when the subscription ends, on the exchange's clock.
    """

    hours: Any
    zone: tzinfo
    length: timedelta
    shortest: timedelta
    extended: bool
    end: datetime

    def filled(self, points: Iterable[Any]) -> Iterator[Any]:
        """The points and their repetitions."""
        previous: Any = None
        for point in points:
            while previous is not None and (made := self._repetition(previous, point)) is not None:
                if previous.end_time >= self.end:
                    return
                yield made
                previous = made
            yield point
            previous = point
        if previous is not None:
            yield from self._rest(previous)

    def _rest(self, previous: Any) -> Iterator[Any]:
        """Repetitions after the last point."""
        begin = rounded_down(self.end, self.length)
        while previous.end_time < self.end:
            last = _repeated(previous, begin, begin + self.length)
            made = self._repetition(previous, last)
            if made is None:
                if self._is_open(begin, begin + self.length) and previous.end_time != last.end_time:
                    yield last
                return
            yield made
            previous = made

    def _repetition(self, previous: Any, following: Any) -> Any:
        """The next repetition of a point before the one that follows; None: there is none."""
        before, begin, end = (self._utc(time) for time in (previous.time, following.time, following.end_time))
        if end < before or not self._is_gap(before, begin):
            return None
        if previous.is_fill_forward:
            rounded = self._utc(rounded_down(following.time, end - begin))
            if not self._is_gap(before, rounded):
                return None
        until = begin + (self.length if following.time != following.end_time else timedelta())
        for start, length in self._places(previous.end_time):
            ends = self._utc(rounded_down(start, length)) + length
            if ends >= until:
                return None
            local = self._local(ends)
            if previous.is_fill_forward and local <= previous.end_time:
                # The clock goes back: the day's bar ends before midnight, and LEAN repeats it for ever.
                raise NotSupportedByEngine(f"fill_forward of custom data over {local:%Y-%m-%d}")
            if self._is_open(local - length, local):
                return _repeated(previous, self._local(ends - self.length), local)
        return None

    def _is_gap(self, before: datetime, after: datetime) -> bool:
        return after - before > min(self.shortest, self.length)

    def _places(self, time: datetime) -> Iterator[tuple[datetime, timedelta]]:
        """Bars that a repetition after a time may be: their begins, unrounded, and lengths; by their ends.

        The first of them is told before the next open is looked for: some markets never open.
        """
        short, long = sorted((self.shortest, self.length))
        if self._is_open(time, time + short):
            yield time, short
        opens = (self.hours.get_next_market_open(time, self.extended), short)
        start = rounded_down(time, long)
        longer = [(start, long)] if short < long and self._is_open(start, start + long) else []
        yield from sorted([*longer, opens], key=lambda place: place[0] + place[1])

    def _is_open(self, start: datetime, end: datetime) -> bool:
        return bool(self.hours.is_open(start, end, self.extended))

    def _utc(self, local: datetime) -> datetime:
        return EPOCH + timedelta(microseconds=local_to_utc(local, self.zone) // 1000)

    def _local(self, utc: datetime) -> datetime:
        return EPOCH + timedelta(microseconds=utc_to_local(to_ns(utc), self.zone) // 1000)


def rounded_down(time: datetime, interval: timedelta) -> datetime:
    """The last whole interval since year one at or before a time."""
    return time - (time - datetime.min) % interval if interval else time


def _repeated(point: Any, begin: datetime, end: datetime) -> Any:
    twin = point.clone(True)
    twin.time = begin
    twin.end_time = end
    return twin
