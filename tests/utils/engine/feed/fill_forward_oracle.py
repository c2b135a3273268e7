"""Filling forward one bar at a time: the slow and plain way, to check the fast one against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)


class Bar(NamedTuple):
    """UTC times; `source` is the number of the file's row."""

    start: datetime
    end: datetime
    source: int
    filled: bool = False


@dataclass
class Market:
    """An entry of the market hours database, asked one time at a time."""

    entry: dict[str, Any]
    extended: bool
    _known: dict[tuple[date, bool], list[tuple[datetime, datetime]]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.entry["exchangeTimeZone"])

    @property
    def data_zone(self) -> ZoneInfo:
        return ZoneInfo(self.entry["dataTimeZone"])

    def segments(self, day: date, *, extended: bool) -> list[tuple[datetime, datetime]]:
        """Open hours of a date on the exchange's clock."""
        if (day, extended) not in self._known:
            self._known[day, extended] = list(self._segments(day, extended))
        return self._known[day, extended]

    def _segments(self, day: date, extended: bool) -> Iterator[tuple[datetime, datetime]]:
        name = f"{day.month}/{day.day}/{day.year}"
        if name in self.entry["holidays"]:
            return
        midnight = datetime(day.year, day.month, day.day)
        close = self.entry.get("earlyCloses", {}).get(name)
        for segment in self.entry.get(f"{day:%A}".lower(), []):
            if segment["state"] != "market" and not extended:
                continue
            start, end = midnight + _span(segment["start"]), midnight + _span(segment["end"])
            if close is not None:
                end = min(end, midnight + _span(close))
            if start < end:
                yield start, end

    def is_open(self, start: datetime, end: datetime) -> bool:
        """Whether any moment between two UTC times is in open hours."""
        first, last = self.local(start), self.local(end)
        days = [first.date() + n * DAY for n in range((last.date() - first.date()).days + 1)]
        return any(
            begin < last and until > first
            for day in days
            for begin, until in self.segments(day, extended=self.extended)
        )

    def next_open(self, time: datetime, *, extended: bool) -> datetime | None:
        """The next time after a UTC one at which the market opens; None: it never closes."""
        local = self.local(time)
        for n in range(-1, 20):
            day = local.date() + n * DAY
            spans = sorted(self.segments(day, extended=extended))
            before = sorted(self.segments(day - DAY, extended=extended))
            ends = {end for _, end in [*before, *spans]}
            for start, _ in spans:
                if start > local and start not in ends:
                    return self.utc(start)
        return None

    def session(self, day: date) -> tuple[datetime, datetime] | None:
        """First open and last close of a date's regular hours, UTC."""
        spans = sorted(self.segments(day, extended=False))
        return (self.utc(spans[0][0]), self.utc(spans[-1][1])) if spans else None

    def local(self, time: datetime) -> datetime:
        return time.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)

    def floor(self, time: datetime, period: timedelta) -> datetime:
        """A UTC time rounded down on the data's clock."""
        wall = time.replace(tzinfo=UTC).astimezone(self.data_zone).replace(tzinfo=None)
        rounded = datetime(1970, 1, 1) + (wall - datetime(1970, 1, 1)) // period * period
        return rounded.replace(tzinfo=self.data_zone).astimezone(UTC).replace(tzinfo=None)


def _span(text: str) -> timedelta:
    days, _, clock = text.rpartition(".")
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return timedelta(days=int(days or 0), hours=hours, minutes=minutes, seconds=seconds)


@dataclass
class FillForwardOracle:
    """Bars of a length `period`, filled forward on the grid of bars of a length `finest`."""

    market: Market
    period: timedelta
    finest: timedelta
    strict: bool

    def run(self, bars: list[Bar], end: datetime) -> list[Bar]:
        """The bars with repetitions up to the end of the subscription, those out of hours left out."""
        emitted: list[Bar] = []
        for bar in bars:
            while emitted and (filled := self._between(emitted[-1], bar)) is not None:
                emitted.append(filled)
            emitted.append(bar)
        if emitted and emitted[-1].end < end:
            last = self._last_place(end)
            while (filled := self._between(emitted[-1], last)) is not None:
                emitted.append(filled)
            if self.market.is_open(last.start, last.end) and emitted[-1].end < last.end:
                emitted.append(last._replace(source=emitted[-1].source))
        return [bar for bar in emitted if self.market.is_open(bar.start, bar.end)]

    def _last_place(self, end: datetime) -> Bar:
        if not self.strict:
            start = self.market.floor(end, self.period)
            return Bar(start, start + self.period, 0, filled=True)
        day = self.market.local(end).date()
        while (session := self.market.session(day)) is None or session[1] > end:
            day -= DAY
        return Bar(*session, 0, filled=True)

    def _between(self, before: Bar, after: Bar) -> Bar | None:
        """The next repetition of a bar ahead of another one, if there is any."""
        gap = after.start - before.start
        if gap <= self.period and gap <= self.finest:
            return None
        for start, length in self._candidates(before.end):
            end = start + length
            if end >= (after.end if self.strict else after.start + self.period):
                return None
            if self.market.is_open(start, end):
                return Bar(end - self._shown_length(end), end, before.source, filled=True)
        return None

    def _shown_length(self, end: datetime) -> timedelta:
        if not self.strict:
            return self.period
        day = self.market.local(end).date()
        session = self.market.session(day) or self.market.session(day - DAY)
        assert session is not None
        return session[1] - session[0]

    def _candidates(self, time: datetime) -> list[tuple[datetime, timedelta]]:
        """Where the next repetition may be, earliest first."""
        market, small, large = self.market, min(self.period, self.finest), max(self.period, self.finest)
        found: list[tuple[datetime, timedelta]] = []
        if not (self.strict and small == large):
            if market.is_open(time, time + small):
                found.append((market.floor(time, small), small))
            opening = market.next_open(time, extended=market.extended)
            if opening is not None:
                found.append((market.floor(opening, small), small))
        if self.strict:
            found += self._sessions(time)
        elif small != large:
            start = market.floor(time, large)
            if market.is_open(start, start + large):
                found.append((start, large))
        return sorted(found, key=lambda place: place[0] + place[1])

    def _sessions(self, time: datetime) -> list[tuple[datetime, timedelta]]:
        today = self.market.session(self.market.local(time).date())
        found = [] if today is None or not today[0] <= time < today[1] else [today]
        opening = self.market.next_open(time, extended=False)
        assert opening is not None
        session = self.market.session(self.market.local(opening).date())
        assert session is not None
        return [(start, end - start) for start, end in [*found, session]]
