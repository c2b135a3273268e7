"""Finds the listings of options: which contracts there were, and what they cost, on a date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from utils.data.lean.clock import DAY, EPOCH, to_wall
from utils.engine.clock import local_to_utc
from utils.engine.data.option_universe import OptionListing
from utils.engine.enums import Resolution, SecurityType
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.history_start import start_of_bars
from utils.engine.feed.sessions import Sessions

_LOOKBACK: Final = 3  # trading days
_FOLDERS: Final = {SecurityType.OPTION: "option", SecurityType.INDEX_OPTION: "indexoption"}
_ONE_DAY: Final = timedelta(days=1)


class OptionListings:
    """Universe files of a data folder."""

    def __init__(self, data: DataFolder) -> None:
        self._data = data
        self._kept: dict[tuple[Any, date], OptionListing | None] = {}
        self._symbols: dict[Any, dict[tuple[str, ...], Any]] = {}

    def of_date(self, canonical: Any, day: date) -> OptionListing | None:
        """The listing of a date; None when there is none."""
        key = (canonical, day)
        if key not in self._kept:
            path = self._path(canonical, day)
            listing = None
            if path.is_file():
                # Contracts have the ticker of the date.
                ticker = path.parent.name.upper()
                mapped = canonical
                if canonical.security_type == SecurityType.OPTION:
                    mapped = canonical.update_mapped_symbol(ticker)
                listing = OptionListing(mapped, day, path)
                listing.share_symbols(self._symbols.setdefault((canonical, ticker), {}))
            if len(self._kept) > 8:
                self._kept.clear()
            self._kept[key] = listing
        return self._kept[key]

    def latest(self, canonical: Any, utc_ns: int) -> OptionListing | None:
        """The last listing that is known at a UTC time, of the last three trading days; None: there is none.

        LEAN looks the same way for a chain that an algorithm asks for.
        """
        sessions = self.sessions(canonical)
        now = int(to_wall(np.array([utc_ns], np.int64), sessions.hours.exchange_zone)[0])
        for periods in range(1, _LOOKBACK + 1):
            first = self.start(sessions, utc_ns, periods) // DAY
            for day in range(first, now // DAY):
                listing = self.of_date(canonical, EPOCH + timedelta(days=day))
                if listing is not None:
                    return listing
        return None

    def moments(self, canonical: Any, start: int, end: int) -> list[tuple[int, date]]:
        """When listings become known in a run from `start` to `end` UTC, with their dates.

        The one of the last trading day before the start is known at the start. That of the last date is known
        after the end: it is a step of the run, but nothing is selected from it.
        """
        sessions = self.sessions(canonical)
        zone = self._zone(canonical)
        first = self.start(sessions, start, 1) // DAY
        last = int(to_wall(np.array([end], np.int64), sessions.hours.exchange_zone)[0]) // DAY
        days = np.unique(sessions.wall_spans(first, last, False).start // DAY)
        found: dict[int, date] = {}
        for number in days.tolist():
            day = EPOCH + timedelta(days=int(number))
            if self._path(canonical, day).is_file():
                known = local_to_utc(datetime(day.year, day.month, day.day) + _ONE_DAY, zone)
                found[max(start, known)] = day
        return list(found.items())

    def start(self, sessions: Sessions, utc_ns: int, periods: int) -> int:
        """When the last daily bars that are complete begin, nanoseconds on the exchange's clock."""
        terms = {"extended": False, "strict": False}
        begin = start_of_bars(sessions, utc_ns, Resolution.DAILY, periods, **terms)
        return int(to_wall(np.array([begin], np.int64), sessions.hours.exchange_zone)[0])

    def sessions(self, canonical: Any) -> Sessions:
        """Hours of the options' exchange."""
        return self._data.sessions_of(canonical)

    def _zone(self, canonical: Any) -> Any:
        hours = self._data.market_hours
        kind = canonical.security_type
        return hours.get_exchange_hours(canonical.id.market, canonical, kind).time_zone

    def _path(self, canonical: Any, day: date) -> Path:
        folder = self._data.root / _FOLDERS[canonical.security_type] / canonical.id.market / "universes"
        if canonical.security_type == SecurityType.INDEX_OPTION:
            ticker = str(canonical.id.symbol)
        else:
            spans = self._data.map_file_of(canonical).spans(day, day)
            renamed = self._data.map_file_of(canonical).rows and spans
            ticker = spans[0].ticker if renamed else str(canonical.underlying.value)
        path: Path = folder / ticker.lower() / f"{day:%Y%m%d}.csv"
        return path
