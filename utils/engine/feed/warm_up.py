"""A subscription whose warm-up has bars of another length."""

from __future__ import annotations

from typing import Any

import numpy as np

from utils.engine.enums import Resolution, SecurityType, TickType
from utils.engine.feed.columns import Columns
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.fill_forward import uses_strict_end_times
from utils.engine.feed.history_start import start_of_bars
from utils.engine.feed.stream import SubscriptionStream


class WarmedUpStream:
    """Bars of one length up to the start of an algorithm, and of the subscription's own from then on.

    It is used as `SubscriptionStream` is. The last bar of the warm-up is filled forward until the
    subscription's own bars begin.

    Attributes:
        start: the algorithm's start, UTC nanoseconds.
    """

    def __init__(
        self,
        config: SubscriptionDataConfig,
        begin_utc_ns: int,
        start_utc_ns: int,
        end_utc_ns: int,
        data: DataFolder,
        fill_forward_resolution: Resolution,
        warm_up_resolution: Resolution,
        *,
        daily_precise_end_time: bool = True,
    ) -> None:
        """From `begin` to `start` in bars of `warm_up_resolution`; kinds of data it has not are left out."""
        self.config, self.start = config, start_utc_ns
        self._warm_up: SubscriptionStream | None = None
        if _exists(config, warm_up_resolution):
            self._warm_up = SubscriptionStream(
                config.copy(resolution=warm_up_resolution, type=None),
                begin_utc_ns,
                start_utc_ns,
                data,
                warm_up_resolution,
                daily_precise_end_time=daily_precise_end_time,
            )
        daily = config.copy(resolution=Resolution.DAILY, tick_type=TickType.TRADE, type=None)
        sessions = data.sessions(data.series(config))
        # One session early, so that the first bars have one before them to repeat.
        own_begin = start_of_bars(
            sessions,
            start_utc_ns,
            Resolution.DAILY,
            1,
            extended=False,
            strict=uses_strict_end_times(daily, sessions, daily_precise_end_time),
        )
        self._own = SubscriptionStream(
            config,
            max(own_begin, begin_utc_ns),
            end_utc_ns,
            data,
            fill_forward_resolution,
            daily_precise_end_time=daily_precise_end_time,
        )
        self._began = False

    @property
    def fill_forward_resolution(self) -> Resolution:
        """Length of the finest bars among all subscriptions."""
        return self._own.fill_forward_resolution

    @fill_forward_resolution.setter
    def fill_forward_resolution(self, resolution: Resolution) -> None:
        self._own.fill_forward_resolution = resolution

    def advance(self, until_ns: int) -> Columns:
        """As `SubscriptionStream.advance`."""
        rows = Columns.empty(quotes=self.config.tick_type == TickType.QUOTE)
        if self._warm_up is not None:
            rows = self._warm_up.advance(min(until_ns, self.start))
        if until_ns < self.start:
            return rows
        if not self._began:
            self._began = True
            if self._warm_up is not None:
                self._own.begin_with(self._warm_up)
        own = self._own.advance(until_ns)
        own = own.taken(slice(int(np.searchsorted(own.end_time, self.start)), None))
        if len(rows) and len(own) and rows.end_time[-1] == own.end_time[0]:
            rows = rows.taken(slice(-1))
        return Columns.joined(rows, own)

    def events(self, until_ns: int) -> list[tuple[int, Any]]:
        """As `SubscriptionStream.events`."""
        told: list[tuple[int, Any]] = []
        if self._warm_up is not None:
            until = min(until_ns, self.start)
            told = [event for event in self._warm_up.events(until) if event[0] < self.start]
        if until_ns >= self.start:
            told += [event for event in self._own.events(until_ns) if event[0] >= self.start]
        return told


def _exists(config: SubscriptionDataConfig, resolution: Resolution) -> bool:
    """Whether LEAN keeps a kind of data in bars of a length."""
    quotes_of_equity = config.security_type == SecurityType.EQUITY and config.tick_type == TickType.QUOTE
    return not (quotes_of_equity and resolution in (Resolution.HOUR, Resolution.DAILY))
