"""Bar starts as they are written in files -> nanoseconds since 1970-01-01 UTC."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from utils.data.lean.clock import zone
from utils.errors import UserError

Int64Array = NDArray[np.int64]

OFFSET = r"\d[T ].*([Zz]|[+-]\d\d(:?\d\d)?)$"
"""A time of day that ends with its UTC offset."""

EPOCH_UNITS = ((10**11, 10**9), (10**14, 10**6), (10**17, 10**3), (10**20, 1))
"""Epoch numbers below the first figure count units of the second, in ns: s, ms, us, ns.

Unambiguous from 1973 on: 10^11 ms is March of that year, 10^11 s is in the year 5138."""

LEAST_EPOCH = 10**8
"""Smaller numbers (before March 1973 as seconds) are times of day or row numbers, not times since 1970."""

EARLIEST, LATEST = (np.datetime64(day, "ns").astype(np.int64) for day in ("1900-01-01", "2200-01-01"))
"""Bars start in between: other times are mistakes, and leave no room for sums."""

EXAMPLE = "write it like 2025-07-01T00:05:00Z"


class _BadRow(Exception):  # noqa: N818 - it is caught here and becomes a UserError
    def __init__(self, row: int, problem: str) -> None:
        self.row = row
        self.problem = problem


def utc_nanoseconds(times: pa.Array, timezone: str, name: str, place: Callable[[int], str]) -> Int64Array:
    """UTC instants of a column of times.

    ISO 8601 text or timestamps, with offsets or without (then meant in `timezone`, an IANA name), dates, or
    whole numbers since 1970 in s, ms, us or ns, told apart by their size. Eight digits are a date.

    Args:
        times: strings, timestamps, dates, integers or floats, one a bar.
        name: what the column is called, and
        place: where row i stands, for error messages.

    Raises:
        UserError: an unknown time zone, a cell that is empty, no time or not from 1900 to 2199, some with an
            offset and some without, or an hour that a clock change skips or repeats.
    """
    zone(timezone)  # before anything else is said of the file
    try:
        instants = _convert(times, timezone)
        _check_range(instants)
    except _BadRow as bad:
        raise UserError(f"{place(bad.row)}: {name} {bad.problem}") from bad
    return instants


def _convert(times: pa.Array, timezone: str) -> Int64Array:
    if times.null_count:
        row = int(np.argmax(np.asarray(times.is_null())))
        raise _BadRow(row, f"is empty; {EXAMPLE}")
    kind = times.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _from_text(pc.utf8_trim_whitespace(times), timezone)
    if pa.types.is_integer(kind):
        return _from_epoch(_whole(times))
    if pa.types.is_floating(kind):
        return _from_epoch_floats(np.asarray(times.cast(pa.float64())))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        try:
            instants = np.asarray(times.cast(pa.timestamp("ns")).cast(pa.int64()))
        except pa.ArrowInvalid as error:
            raise _BadRow(0, "or that of a later row is out of range; years are 1900 to 2199") from error
        aware = pa.types.is_timestamp(kind) and kind.tz is not None
        return instants if aware else _localize(instants, timezone)
    raise _BadRow(0, f"is of type {kind}; store a timestamp")


def _from_text(times: pa.Array, timezone: str) -> Int64Array:
    first = times[0].as_py()
    if first.isdecimal() and len(first) != 8:
        numeric = _mask(times, r"^\d{1,19}$")
        if not numeric.all():
            row = int(np.argmin(numeric))
            raise _BadRow(row, f"{times[row].as_py()[:40]!r} is no whole number as in the rows before")
        return _from_epoch(_whole(times.cast(pa.uint64())))
    with_offset = _mask(times, OFFSET)
    parsed = pd.to_datetime(times.to_pandas(), format="ISO8601", utc=True, errors="coerce")
    instants = _nanoseconds(parsed)
    bad = np.asarray(parsed.isna())
    if bad.any():
        row = int(np.argmax(bad))
        cell = times[row].as_py()
        raise _BadRow(row, f"{cell[:40]!r} is not a time; {EXAMPLE}" if cell else f"is empty; {EXAMPLE}")
    if with_offset.all():
        return instants
    if with_offset.any():
        row = int(np.argmax(with_offset != with_offset[0]))
        has = "has a UTC offset" if with_offset[row] else "has no UTC offset"
        raise _BadRow(row, f"{times[row].as_py()[:40]!r} {has}, unlike the rows before; write all alike")
    return _localize(instants, timezone)


def _mask(times: pa.Array, pattern: str) -> NDArray[np.bool_]:
    return np.asarray(pc.match_substring_regex(times, pattern))


def _whole(numbers: pa.Array) -> Int64Array:
    """Integers of any width; those too large become negative, to be refused as out of range."""
    return np.asarray(numbers.cast(pa.int64(), safe=False))


def _from_epoch_floats(numbers: NDArray[np.float64]) -> Int64Array:
    whole = (numbers == np.floor(numbers)) & (np.abs(numbers) < 2.0**63)
    if not whole.all():
        row = int(np.argmin(whole))
        raise _BadRow(row, f"{numbers[row]} is no whole number; {EXAMPLE}")
    return _from_epoch(numbers.astype(np.int64))


def _from_epoch(numbers: Int64Array) -> Int64Array:
    small = (numbers > -LEAST_EPOCH) & (numbers < LEAST_EPOCH)
    if small.any():
        row = int(np.argmax(small))
        raise _BadRow(row, f"{numbers[row]} is too small for a time since 1970; {EXAMPLE}")
    limits = np.array([limit for limit, _ in EPOCH_UNITS[:-1]])
    unit = np.searchsorted(limits, np.abs(numbers), side="right")
    if (unit != unit[0]).any():
        row = int(np.argmax(unit != unit[0]))
        raise _BadRow(row, f"{numbers[row]} counts another unit than the rows before; use one unit")
    scale = EPOCH_UNITS[int(unit[0])][1]
    _check_range(numbers, scale)
    return numbers * scale


def _check_range(numbers: Int64Array, scale: int = 1) -> None:
    outside = (numbers < EARLIEST // scale) | (numbers >= LATEST // scale)
    if outside.any():
        row = int(np.argmax(outside))
        raise _BadRow(
            row, f"is out of range ({numbers[row]} x {scale} ns since 1970); years are 1900 to 2199"
        )


def _localize(wall: Int64Array, timezone: str) -> Int64Array:
    """Wall-clock nanoseconds in a time zone -> UTC."""
    if timezone == "UTC":
        return wall
    known = zone(timezone)
    instants = pd.Series(wall.view("datetime64[ns]")).dt.tz_localize(
        timezone if isinstance(known, ZoneInfo) else known,  # pandas is far faster with the name
        ambiguous="NaT",
        nonexistent="NaT",
    )
    bad = np.asarray(instants.isna())
    if bad.any():
        row = int(np.argmax(bad))
        stamp = str(wall.view("datetime64[ns]")[row].astype("datetime64[s]"))
        raise _BadRow(
            row, f"{stamp} is skipped or comes twice in {timezone} when clocks change; write the UTC offset"
        )
    return _nanoseconds(instants)


def _nanoseconds(instants: pd.Series[pd.Timestamp]) -> Int64Array:
    return instants.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[ns]").astype(np.int64)
