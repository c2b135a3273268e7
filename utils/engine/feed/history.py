"""Data of the past, never of the future."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np

from utils.engine.clock import to_datetime, utc_to_local
from utils.engine.data.bar import Bar
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.slice import Slice
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import TickType
from utils.engine.feed.columns import PRICES, Columns
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.custom_stream import CustomStream
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.source import open_interest_of
from utils.engine.feed.stream import SubscriptionStream

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class HistoryRequest:
    """Bars of one subscription that end after `start` and by `end`, UTC nanoseconds.

    The configuration says resolution, kind, normalization, hours, and whether bars are filled forward. Of
    custom data `hours` says when its exchange is open.
    """

    config: SubscriptionDataConfig
    start: int
    end: int
    hours: Any = None


class HistoryProvider:
    """Answers requests for data of the past.

    Each method is told the present and answers with nothing that was not known then.
    """

    def __init__(self, data: DataFolder, *, daily_precise_end_time: bool = True) -> None:
        self._data = data
        self.daily_precise_end_time = daily_precise_end_time

    def rows(self, request: HistoryRequest, now_ns: int) -> Columns:
        """Rows of one request.

        Raises:
            NotSupportedByEngine: a kind of data that is not read.
            UserError: a damaged file.
        """
        config = request.config
        end = min(request.end, now_ns)
        if request.start >= end:
            return Columns.empty(quotes=config.tick_type == TickType.QUOTE)
        if config.is_custom_data:
            custom = CustomStream(
                config, request.hours, request.start, end, self._data, config.resolution
            ).advance(end)
            return custom.taken(
                slice(int(np.searchsorted(custom.end_time, request.start, side="right")), None)
            )
        config = config.copy(is_filtered_subscription=True)
        stream = SubscriptionStream(
            config,
            request.start,
            end,
            self._data,
            config.resolution,
            daily_precise_end_time=self.daily_precise_end_time,
        )
        columns = stream.advance(end)
        first, last = np.searchsorted(columns.end_time, [request.start, end], side="right").tolist()
        return columns.taken(slice(first, last))

    def bars(self, request: HistoryRequest, now_ns: int) -> list[Any]:
        """Bars of one request."""
        return bars_of(request.config, self.rows(request, now_ns))

    def slices(self, requests: Iterable[HistoryRequest], now_ns: int, zone: tzinfo) -> list[Slice]:
        """Bars of the requests by the moment they appeared; slices have times of a zone."""
        at: dict[int, list[Any]] = {}
        for request in requests:
            rows = self.rows(request, now_ns)
            for time, bar in timed_bars(request.config, rows):
                at.setdefault(time, []).append(bar)
        return [
            Slice(to_datetime(utc_to_local(time, zone)), at[time], to_datetime(time)) for time in sorted(at)
        ]

    def data_frame(self, requests: Iterable[HistoryRequest], now_ns: int) -> pd.DataFrame:
        """Bars of the requests as LEAN's table; see `utils.engine.frames.bars`."""
        from utils.engine.frames.bars import data_frame

        return data_frame([(request.config, self.rows(request, now_ns)) for request in requests])


def timed_bars(config: SubscriptionDataConfig, rows: Columns) -> list[tuple[int, Any]]:
    """Rows as bars, each with the moment it appeared, UTC nanoseconds."""
    times = rows.end_time.tolist()
    if rows.points is None:
        return list(zip(times, bars_of(config, rows), strict=True))
    return [(time, point) for time, points in zip(times, rows.points, strict=True) for point in points]


def bars_of(config: SubscriptionDataConfig, rows: Columns) -> list[Any]:
    """Rows as bars, with times of the exchange's zone."""
    if rows.points is not None:
        return [point for points in rows.points for point in points]
    zone = config.exchange_time_zone
    start = [utc_to_local(time, zone) for time in rows.start.tolist()]
    end = [utc_to_local(time, zone) for time in rows.bar_end.tolist()]
    repeated = rows.fill_forward.tolist()
    symbol = config.symbol
    if config.tick_type == TickType.OPEN_INTEREST:
        return [open_interest_of(config, rows, row) for row in range(len(rows))]
    if config.tick_type != TickType.QUOTE:
        values = [getattr(rows, name).tolist() for name in (*PRICES, "volume")]
        lists = zip(start, end, *values, repeated, strict=True)
        return [TradeBar.of_row(symbol, *row) for row in lists]
    bids, asks = (_sides(rows, side) for side in ("bid", "ask"))
    lists = zip(start, end, *bids, *asks, repeated, strict=True)
    return [QuoteBar.of_row(symbol, *row) for row in lists]


def _sides(rows: Columns, side: str) -> tuple[Sequence[Bar | None], list[float]]:
    """A side of quotes, None where there is none, and its sizes."""
    prices = [getattr(rows, f"{side}_{name}").tolist() for name in PRICES]
    bars = [None if price[3] != price[3] else Bar(*price) for price in zip(*prices, strict=True)]
    return bars, np.nan_to_num(getattr(rows, f"{side}_size")).tolist()
