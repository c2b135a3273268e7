"""A made-up US equity: minute bars of regular sessions, with a split and a dividend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import exchange_calendars
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array, always_open_bars
from trading.simulation.instrument import SecurityType
from utils.data.sessions import in_sessions
from utils.data.synthetic import MINUTE, prices, walk

FIRST_SESSION = "2024-01-02"
START_PRICE = 240.0
VOLATILITY = 0.0007
"""Standard deviation of a minute's return."""
OVERNIGHT = 0.006
"""Standard deviation of the return from a close to the next open."""
SPLIT = 2
"""New shares for an old one."""
DIVIDEND = 0.40
"""Money a share."""


@dataclass(frozen=True)
class MadeUpEquity:
    """Raw (unadjusted) minute bars, and LEAN's factor and map file that go with them."""

    bars: Bars
    split_date: date
    dividend_date: date
    factor_file: str
    map_file: str


def made_up_equity(sessions: int, seed: int, symbol: str) -> MadeUpEquity:
    """`sessions` sessions (4 or more) from the first of 2024 on; the same bytes for the same arguments.

    The dividend's first day without it is a quarter into the span, the split's first day half into it.
    """
    minutes, session = _session_minutes(sessions)
    path = walk(len(minutes), seed)
    gap = 1 + OVERNIGHT * np.clip(walk(sessions, seed + 1).returns, -4.0, 4.0)
    gap[0] = 1.0
    level = np.multiply.accumulate(gap)
    columns = prices(path, START_PRICE, VOLATILITY, centre=START_PRICE, tick=1e-6)

    ex_dividend, ex_split = sessions // 4, sessions // 2
    last_close = columns[3][np.searchsorted(session, ex_dividend) - 1] * level[ex_dividend - 1]
    reference = _cents(last_close)
    level[ex_dividend:] *= (reference - DIVIDEND) / reference
    split_reference = _cents(columns[3][np.searchsorted(session, ex_split) - 1] * level[ex_split - 1])
    level[ex_split:] /= SPLIT

    open_, high, low, close = (_cents(column * level[session]) for column in columns)
    bars = always_open_bars(minutes, open_, high, low, close, _volume(path.activity, minutes), MINUTE, symbol)
    bars = in_sessions(bars, SecurityType.EQUITY, "usa", "UTC")
    days = np.unique(bars.day).astype("datetime64[D]").astype(date).tolist()
    factors = f"{(reference - DIVIDEND) / reference:.7f},{1 / SPLIT:g}"
    return MadeUpEquity(
        bars=replace(bars, symbol=symbol),
        split_date=days[ex_split],
        dividend_date=days[ex_dividend],
        factor_file=(
            # The first line says where the data begins. Factors hold up to and including the date of their
            # line, whose close is the last column.
            f"{days[0]:%Y%m%d},{factors},1\n"
            f"{days[ex_dividend - 1]:%Y%m%d},{factors},{reference:.2f}\n"
            f"{days[ex_split - 1]:%Y%m%d},1,{1 / SPLIT:g},{split_reference:.2f}\n"
            "20501231,1,1,0\n"
        ),
        map_file=f"{days[0]:%Y%m%d},{symbol.lower()},Q\n20501231,{symbol.lower()},Q\n",
    )


def _session_minutes(sessions: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start of every regular minute (UTC ns), and the number of its session."""
    end = pd.Timestamp(FIRST_SESSION) + pd.Timedelta(days=2 * sessions + 14)
    calendar = exchange_calendars.get_calendar("XNYS", start=FIRST_SESSION, end=end)
    schedule = calendar.schedule.iloc[:sessions]
    opens, closes = (
        schedule[name].dt.tz_localize(None).to_numpy("datetime64[ns]").astype(np.int64)
        for name in ("open", "close")
    )
    minutes = [np.arange(first, last, MINUTE) for first, last in zip(opens, closes, strict=True)]
    return np.concatenate(minutes), np.repeat(np.arange(sessions), [len(part) for part in minutes])


def _volume(activity: Float64Array, minutes: NDArray[np.int64]) -> Float64Array:
    """Shares: most at the open and the close, a multiple of 1, at least 1."""
    starts = np.flatnonzero(np.diff(minutes, prepend=minutes[0] - 2 * MINUTE) > MINUTE)
    lengths = np.diff(np.append(starts, len(minutes)))
    elapsed = (np.arange(len(minutes)) - np.repeat(starts, lengths)) / np.repeat(lengths, lengths)
    shape = 0.5 + 6 * (elapsed - 0.5) * (elapsed - 0.5)
    shares: Float64Array = np.maximum(np.rint(activity * shape * 20_000), 1.0)
    return shares


def _cents(values: Float64Array) -> Float64Array:
    rounded: Float64Array = np.rint(values * 100) / 100
    return rounded
