"""A subscription's data as the run sees it: columns, and how far into them it is."""

from __future__ import annotations

from math import isnan
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from utils.data.lean.clock import to_wall
from utils.engine.clock import Clock, to_datetime, utc_to_local
from utils.engine.data.bar import Bar
from utils.engine.data.base_data import BaseData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import OpenInterest
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import SecurityType, TickType
from utils.engine.feed.columns import PRICES, Columns
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.input_columns import InputColumns

# When this many bars of a stretch were made one by one, the columns become lists, which are read faster.
_MANY: Final = 32

_TRADES: Final = (*PRICES, "volume")
_QUOTES: Final = tuple(f"{side}_{field}" for side in ("bid", "ask") for field in (*PRICES, "size"))


class Source:
    """One subscription on the time line.

    Nothing past `row` can be had from here: bars are made of visible rows only.

    Attributes:
        config: what is subscribed to.
        columns: rows of the present stretch of the time line, visible and to come.
        rows: `rows[k + 1]` is the last visible row at step k, `rows[0]` the one before.
        removed: whether the subscription has ended.
    """

    def __init__(self, config: SubscriptionDataConfig, clock: Clock, columns: Columns) -> None:
        self.config, self._clock = config, clock
        zone = config.exchange_time_zone
        self._zone = str(getattr(zone, "key", zone))
        self.removed, self._frozen = False, -1
        self._set(columns)
        self.load(columns, np.full(clock.step + 2, -1))

    def _set(self, columns: Columns) -> None:
        self.columns = columns
        self._inputs: InputColumns | None = None
        self._real: NDArray[np.int64] | None = None
        self._with_volume: NDArray[np.int64] | None = None
        self._cells: tuple[NDArray[Any], ...] | None = None  # what bars are made of, times on the wall clock
        self._lists: tuple[list[Any], ...] | None = None  # the same, once bars are made often
        self._made = 0
        self._bar_row = -1
        self._bar: BaseData | None = None

    def load(self, columns: Columns, rows: NDArray[np.int64]) -> None:
        """Begin a stretch; `rows` as in the attribute of that name."""
        if columns is not self.columns:
            self._set(columns)
        self._rows = rows
        self.rows: list[int] = rows.tolist()

    def freeze(self) -> None:
        """Let nothing new appear."""
        self._frozen = self.row
        self.removed = True

    @property
    def row(self) -> int:
        """Index of the last visible row, -1 before the first of the stretch."""
        return self._frozen if self.removed else self.rows[self._clock.step + 1]

    @property
    def has_news(self) -> bool:
        """Whether a row appeared at this step."""
        step = self._clock.step
        return not self.removed and self.rows[step + 1] != self.rows[step]

    def appears_at(self, step: int) -> bool:
        """Whether a row appears at a step."""
        rows = self.rows
        return rows[step + 1] != rows[step]

    def unseen(self) -> Columns:
        """Rows that no step of the stretch shows: of what was subscribed to at the last one."""
        return self.columns.taken(slice(self.rows[-1] + 1, None))

    def news_by_step(self) -> NDArray[np.bool_]:
        """Whether a row appears, for each step of the stretch."""
        news: NDArray[np.bool_] = np.diff(self._rows) != 0
        return news

    def inputs(self) -> InputColumns:
        """What indicators take: prices, volume and the ends of the bars on the exchange's wall clock."""
        if self._inputs is None:
            self._inputs = InputColumns(self.columns, self._zone)
        return self._inputs

    def end_time(self, row: int) -> int:
        """When a row became visible, UTC nanoseconds."""
        return int(self.columns.end_time[row])

    @property
    def prices(self) -> bool:
        """Whether the security's price comes from here: an equity's quotes and open interest give none."""
        equity = self.config.security_type == SecurityType.EQUITY
        kind = self.config.tick_type
        return kind == TickType.TRADE or (kind == TickType.QUOTE and not equity)

    def closes(self, since: int, until: int) -> NDArray[np.float64]:
        """Visible closes of the stretch after one moment and up to another, without those filled forward."""
        ends = self.columns.end_time[: self.row + 1]
        first, last = np.searchsorted(ends, (since, until), side="right")
        part = slice(first, last)
        return self.columns.close[part][~self.columns.fill_forward[part]]

    def view(self) -> StretchView:
        """The bars of the present stretch by step."""
        return StretchView(self, self.columns, self.rows)

    def last_real(self, row: int) -> int:
        """Last row up to this one that was not filled forward, -1 when none is in the stretch."""
        if self._real is None:
            self._real = _last_where(~self.columns.fill_forward)
        return int(self._real[row]) if row >= 0 else -1

    def last_with_volume(self, row: int) -> int:
        """Last row up to this one with a volume, -1 when none is in the stretch."""
        if self._with_volume is None:
            self._with_volume = _last_where(self.columns.volume != 0.0)
        return int(self._with_volume[row]) if row >= 0 else -1

    def bar(self) -> Any:
        """The bar of the last visible row; the same object for the whole step."""
        row = self.row
        if row != self._bar_row:
            self._bar_row, self._bar = row, self._make(row)
        return self._bar

    def bars(self) -> tuple[Any, ...]:
        """All points of the last visible row: of custom data there may be several."""
        points, row = self.columns.points, self.row
        found: tuple[Any, ...] = (self.bar(),) if points is None else points[row]
        return found

    def bar_of(self, columns: Columns, row: int) -> Any:
        """The bar of a visible row of this stretch or an earlier one."""
        if columns is self.columns:
            return self.bar() if row == self.row else self._make(row)
        return Source(self.config, self._clock, columns)._make(row)

    def _make(self, row: int) -> BaseData:
        if self.columns.points is not None:
            point: BaseData = self.columns.points[row][-1]
            return point
        if self.config.tick_type == TickType.QUOTE:
            return self._quote_bar(row)
        if self.config.tick_type == TickType.OPEN_INTEREST:
            return open_interest_of(self.config, self.columns, row)
        return TradeBar.of_row(self.config.symbol, *self._row(row))

    def _quote_bar(self, row: int) -> QuoteBar:
        start, end, *quotes, fill_forward = self._row(row)
        bid, ask = _side(*quotes[:4]), _side(*quotes[5:9])
        bid_size, ask_size = (0.0 if isnan(size) else size for size in (quotes[4], quotes[9]))
        return QuoteBar.of_row(self.config.symbol, start, end, bid, bid_size, ask, ask_size, fill_forward)

    def _row(self, row: int) -> list[Any]:
        """Start, end, prices with volume or sizes, and whether it is filled forward, as Python's numbers."""
        lists = self._lists
        if lists is None:
            cells = self._cells
            if cells is None:
                cells = self._cells = self._make_cells()
            self._made += 1
            if self._made < _MANY:
                return [column[row].item() for column in cells]
            lists = self._lists = tuple(column.tolist() for column in cells)
        return [column[row] for column in lists]

    def _make_cells(self) -> tuple[NDArray[Any], ...]:
        columns, zone = self.columns, self._zone
        fields = _QUOTES if self.config.tick_type == TickType.QUOTE else _TRADES
        values = (getattr(columns, field) for field in fields)
        start, end = to_wall(columns.start, zone), to_wall(columns.bar_end, zone)
        return start, end, *values, columns.fill_forward


def _side(open_: float, high: float, low: float, close: float) -> Bar | None:
    """The bar of one side of quotes, of which there may be none."""
    return None if isnan(close) else Bar(open_, high, low, close)


def open_interest_of(config: SubscriptionDataConfig, columns: Columns, row: int) -> OpenInterest:
    """The open interest of a row, with its time on the exchange's wall clock."""
    time = to_datetime(utc_to_local(int(columns.bar_end[row]), config.exchange_time_zone))
    point = OpenInterest(time, config.symbol, float(columns.close[row]))
    point.is_fill_forward = bool(columns.fill_forward[row])
    return point


class StretchView:
    """A source's bars by step of one stretch, to be had even when the stretch is past."""

    __slots__ = ("_columns", "_rows", "_source")

    def __init__(self, source: Source, columns: Columns, rows: list[int]) -> None:
        self._source, self._columns, self._rows = source, columns, rows

    @property
    def config(self) -> SubscriptionDataConfig:
        """What is subscribed to."""
        return self._source.config

    @property
    def columns(self) -> Columns:
        """Rows of the stretch."""
        return self._columns

    def row_at(self, step: int) -> int:
        """The row that appeared at a step; -1 when none did."""
        row = self._rows[step + 1]
        return row if row != self._rows[step] else -1

    def bar_of(self, row: int) -> Any:
        """The bar of a visible row."""
        return self._source.bar_of(self._columns, row)

    def points_at(self, step: int) -> tuple[Any, ...]:
        """The points of custom data that appeared at a step."""
        points, row = self._columns.points, self._rows[step + 1]
        if points is None or row == self._rows[step]:
            return ()
        found: tuple[Any, ...] = points[row]
        return found

    def bar_at(self, step: int) -> Any:
        """The bar that appeared at a step; None when none did."""
        row = self._rows[step + 1]
        return self._source.bar_of(self._columns, row) if row != self._rows[step] else None


def _last_where(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.maximum.accumulate(np.where(mask, np.arange(len(mask)), -1))
