"""Bars from a CSV or Parquet file, refused with the line and the remedy when anything is wrong with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array, always_open_bars
from utils.data.columns import FIELDS, Columns, read_columns
from utils.data.stamps import utc_nanoseconds
from utils.errors import UserError

NOISE = 1e-9
"""An open or close outside [low, high] by less than this fraction of it is floating-point noise."""


def read_table(path: Path, *, timezone: str = "UTC", symbol: str = "") -> Bars:
    """Bars of a CSV (plain, .gz, or alone in a .zip) or Parquet file, with UTC days.

    Columns: timestamp (or datetime, time, date, open_time), open, high, low, close, volume, whatever their
    case and order; others are ignored. Each bar is stamped with its start. The bar length is the most common
    step from one bar to the next (the shorter of two equally common ones).

    Args:
        timezone: IANA time zone of times written without a UTC offset.
        symbol: ticker to give the bars.

    Raises:
        UserError: one line with file, line, field and remedy for the first thing that is wrong.
    """
    columns = read_columns(path)
    time = utc_nanoseconds(columns.times, timezone, columns.time, columns.place)
    open_, high, low, close, volume = (np.asarray(column) for column in columns.fields)
    _check(columns, time, open_, high, low, close, volume)
    if len(time) < 2:
        raise UserError(f"{path}: has a single bar, so the bar length is unknown; give two bars or more")
    high = np.maximum(high, np.maximum(open_, close))  # takes up the noise that _check lets pass
    low = np.minimum(low, np.minimum(open_, close))
    return always_open_bars(time, open_, high, low, close, volume, bar_length(time), symbol.upper())


def bar_length(time: NDArray[np.int64]) -> int:
    """Most common step of at least two bar starts, the shorter of equally common ones; nanoseconds."""
    steps, counts = np.unique(np.diff(time), return_counts=True)
    return int(steps[np.argmax(counts)])


def _check(
    columns: Columns,
    time: NDArray[np.int64],
    open_: Float64Array,
    high: Float64Array,
    low: Float64Array,
    close: Float64Array,
    volume: Float64Array,
) -> None:
    """Raise UserError for the first row that no market could have produced."""
    problems: list[tuple[NDArray[np.bool_], str, str]] = []
    for name, values in zip(FIELDS, (open_, high, low, close, volume), strict=True):
        problems.append((~np.isfinite(values), name, "is not a finite number; fill it in or remove the line"))
        limit, wrong = ("negative", values < 0) if name == "volume" else ("not above 0", values <= 0)
        problems.append((wrong, name, f"is {limit}; correct it or remove the line"))
    problems.append((high < low * (1 - NOISE), "high", "is below low; swap or correct them"))
    for name, values in (("open", open_), ("close", close)):
        outside = (values > high * (1 + NOISE)) | (values < low * (1 - NOISE))
        problems.append((outside, name, "is outside the bar's low to high; correct it or remove the line"))
    step = np.diff(time, prepend=time[0] - 1)
    problems.append((step < 0, columns.time, "is earlier than the line before; sort the file by time"))
    problems.append((step == 0, columns.time, "repeats the line before; remove one of the two"))

    first = min((int(np.argmax(wrong)) for wrong, _, _ in problems if wrong.any()), default=None)
    if first is None:
        return
    _, name, problem = next(entry for entry in problems if entry[0][first])
    row = dict(zip(FIELDS, (open_, high, low, close, volume), strict=True))
    shown = _shown_time(time[first]) if name not in row else f"{row[name][first]:.12g}"
    raise UserError(f"{columns.place(first)}: {name} {shown} {problem}")


def _shown_time(instant: np.int64) -> str:
    return f"{np.datetime64(int(instant), 'ns').astype('datetime64[s]')}Z"
