"""The CSV text of LEAN's files as columns, checked; every complaint names the file and the line.

A line of trades is `time,open,high,low,close,volume`; one of quotes is `time`, open, high, low, close and
size of the bid, then of the ask, where the four prices of a side without quotes are empty (or all zero); one
of open interest is `time,contracts`. The time is milliseconds since midnight in a file of one day, else
`yyyyMMdd HH:mm`. Prices of equities and options are ten-thousandths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from utils.data.lean.checks import (
    OPEN_INTEREST_COLUMNS,
    QUOTE_COLUMNS,
    SIDE,
    TRADE_COLUMNS,
    wrong_rows,
)
from utils.data.lean.clock import DAY, day_number, show
from utils.data.lean.series import TickType
from utils.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

N = TypeVar("N", np.int64, np.float64)

_COLUMNS = {
    TickType.TRADE: TRADE_COLUMNS,
    TickType.QUOTE: QUOTE_COLUMNS,
    TickType.OPEN_INTEREST: OPEN_INTEREST_COLUMNS,
}
_MILLISECOND = 1_000_000
_TIME_LENGTH = 14
_NUMBER = re.compile(r" *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *", re.ASCII)
_WRITTEN_TIME = re.compile(r"\d{8} \d\d:\d\d", re.ASCII)


@dataclass(frozen=True)
class Source:
    """A CSV: the zip file it came from, its text, and its day where times are of one day."""

    path: Path
    text: bytes
    day: date | None


@dataclass(frozen=True, eq=False)
class Table:
    """Lines of one or several files as they stand: prices unscaled, times not yet UTC.

    Attributes:
        wall: int64 ns on the data time zone's clock, strictly increasing, shape (n,).
        values: float64, shape (columns, n), in the order of TRADE_COLUMNS or QUOTE_COLUMNS. A side without
            quotes has NaN prices.
    """

    wall: NDArray[np.int64]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.wall)

    def between(self, first: int, last: int) -> Table:
        """Rows of dates (days since 1970-01-01) `first` to `last`, as views."""
        rows = slice(*np.searchsorted(self.wall, [first * DAY, (last + 1) * DAY]).tolist())
        return Table(self.wall[rows], self.values[:, rows])


def columns(tick_type: TickType) -> tuple[str, ...]:
    """Names of a table's rows of values."""
    return _COLUMNS[tick_type]


def concatenate(tables: Sequence[Table], tick_type: TickType) -> Table:
    """Tables one after the other."""
    if len(tables) == 1:
        return tables[0]
    if not tables:
        return Table(np.empty(0, np.int64), np.empty((len(columns(tick_type)), 0)))
    return Table(
        np.concatenate([table.wall for table in tables]),
        np.concatenate([table.values for table in tables], axis=1),
    )


def parse(sources: Sequence[Source], tick_type: TickType, *, empty_quotes: bool = False) -> Table:
    """One table of the sources, which follow each other in time.

    Args:
        empty_quotes: whether a quote may have neither side, as those of options whose market makers left.

    Raises:
        UserError: a malformed line, times that repeat or go back, a price that is not positive and finite, a
            high below or a low above another price, a negative volume or size.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import; nothing else here needs it
    import pyarrow.csv as pa_csv  # noqa: PLC0415

    bodies = [source.text.rstrip() for source in sources]
    lengths = [body.count(b"\n") + 1 if body else 0 for body in bodies]
    names = ("time", *columns(tick_type))
    if not sum(lengths):
        return concatenate([], tick_type)
    dated = sources[0].day is not None
    try:
        arrow = pa_csv.read_csv(
            pa.BufferReader(b"\n".join(body for body in bodies if body)),
            read_options=pa_csv.ReadOptions(column_names=names),
            parse_options=pa_csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.float64() for name in names}
                | {"time": pa.int64() if dated else pa.string()},
                null_values=[""],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        _explain(sources, names)
    if len(arrow) != sum(lengths) or arrow["time"].null_count:
        _explain(sources, names)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    where = _Places(sources, starts, names)
    times = arrow["time"].combine_chunks()
    if dated:
        wall = _day_times(where, _numbers(times, np.int64), np.repeat(_midnights(sources), lengths))
    else:
        wall = _written_times(where, times)
    values = np.stack([_prices(arrow[name].combine_chunks()) for name in names[1:]])
    _check(where, wall, values, tick_type, empty_quotes)
    return Table(wall, values)


@dataclass(frozen=True)
class _Places:
    """Where a row of the parsed table stands in the files."""

    sources: Sequence[Source]
    starts: NDArray[np.int64]
    names: tuple[str, ...]

    def complain(self, wrong: NDArray[np.bool_], problem: str) -> None:
        """Raise UserError for the first row that is wrong, if any."""
        if wrong.any():
            raise UserError(f"{self.place(int(wrong.argmax()))}: {problem}")

    def place(self, row: int) -> str:
        file = int(np.searchsorted(self.starts, row, side="right")) - 1
        return f"{self.sources[file].path}: line {row - int(self.starts[file]) + 1}"


def _midnights(sources: Sequence[Source]) -> NDArray[np.int64]:
    return np.array([day_number(source.day) * DAY if source.day else 0 for source in sources], np.int64)


def _day_times(
    where: _Places, milliseconds: NDArray[np.int64], midnights: NDArray[np.int64]
) -> NDArray[np.int64]:
    outside = (milliseconds < 0) | (milliseconds >= DAY // _MILLISECOND)
    where.complain(outside, "time is not within the day; it is milliseconds since midnight, 0 to 86399999")
    return midnights + milliseconds * _MILLISECOND


def _numbers(column: pa.Array, kind: type[N]) -> NDArray[N]:
    """A column's values; Arrow's own conversion would load pandas, which a backtest may do without."""
    width = np.dtype(kind).itemsize
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * width)


def _prices(column: pa.Array) -> NDArray[np.float64]:
    """Values, NaN where there is none."""
    values = _numbers(column, np.float64)
    if not column.null_count:
        return values
    bits = np.frombuffer(column.buffers()[0], np.uint8)
    there = np.unpackbits(bits, count=column.offset + len(column), bitorder="little")[column.offset :]
    return np.where(there, values, np.nan)


def _written_times(where: _Places, texts: pa.Array) -> NDArray[np.int64]:
    """Times written `yyyyMMdd HH:mm`."""
    remedy = "time is not a date and time like '20131007 00:00'; correct it"
    _, ends, letters = texts.buffers()
    places = np.frombuffer(ends, np.int32, len(texts) + 1, texts.offset * np.dtype(np.int32).itemsize)
    where.complain(np.diff(places) != _TIME_LENGTH, remedy)
    characters = np.frombuffer(letters, np.uint8)[places[0] : places[-1]].reshape(len(texts), -1)
    digits = characters[:, [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13]].astype(np.int64) - ord("0")
    shape = (characters[:, 8] == ord(" ")) & (characters[:, 11] == ord(":"))
    where.complain(~(shape & ((digits >= 0) & (digits <= 9)).all(axis=1)), remedy)
    year = digits[:, :4] @ [1000, 100, 10, 1]
    month, day, hour, minute = (digits[:, i] * 10 + digits[:, i + 1] for i in (4, 6, 8, 10))
    first = (year * 12 + month - 1 - 1970 * 12).astype("M8[M]")
    month_length = ((first + 1).astype("M8[D]") - first.astype("M8[D]")).astype(np.int64)
    known = (month >= 1) & (month <= 12) & (day >= 1) & (day <= month_length) & (hour < 24) & (minute < 60)
    where.complain(~known, remedy)
    number = first.astype("M8[D]").astype(np.int64) + day - 1
    return np.asarray(number * DAY + (hour * 60 + minute) * 60_000 * _MILLISECOND)


def _check(
    where: _Places,
    wall: NDArray[np.int64],
    values: NDArray[np.float64],
    tick_type: TickType,
    empty_quotes: bool,
) -> None:
    """Refuse what no market can have said; give a side without quotes NaN prices and a size."""
    back = np.flatnonzero(np.diff(wall) <= 0)
    if len(back):
        row = int(back[0]) + 1
        kind = "is there twice" if wall[row] == wall[row - 1] else f"comes after {show(wall[row - 1])}"
        raise UserError(f"{where.place(row)}: time {show(wall[row])} {kind}; sort the lines, remove doubles")
    if tick_type is TickType.OPEN_INTEREST:
        contracts = values[0]
        wrong = ~((contracts >= 0) & np.isfinite(contracts))
        where.complain(wrong, "open interest is not a number of 0 or more; correct or remove the line")
        return
    if tick_type is TickType.QUOTE:
        for prices, size in ((values[side : side + 4], values[side + 4]) for side in (0, SIDE)):
            absent = (np.isnan(prices) | (prices == 0)).all(axis=0)
            prices[:, absent] = np.nan
            size[absent & np.isnan(size)] = 0.0
    for problem, wrong in wrong_rows(list(values), empty_quotes=empty_quotes):
        where.complain(wrong, f"{problem}; correct or remove the line")


def _explain(sources: Sequence[Source], names: tuple[str, ...]) -> NoReturn:
    """Raise UserError for the first line that cannot be parsed."""
    for source in sources:
        for number, cells in _lines(source):
            place = f"{source.path}: line {number}"
            if len(cells) != len(names):
                raise UserError(
                    f"{place}: has {len(cells)} fields instead of {len(names)} ({','.join(names)}); "
                    "correct it or fetch the file again"
                )
            if source.day is None and not _WRITTEN_TIME.fullmatch(cells[0]):
                raise UserError(f"{place}: time {cells[0][:30]!r} is not like '20131007 00:00'; correct it")
            if source.day is not None and not cells[0].isdecimal():
                raise UserError(f"{place}: time {cells[0][:30]!r} is no whole milliseconds; correct it")
            for name, cell in zip(names[1:], cells[1:], strict=True):
                if cell and not _NUMBER.fullmatch(cell):
                    raise UserError(f"{place}: {name} {cell[:30]!r} is not a number; correct it")
    raise UserError(f"{sources[0].path}: or a file after it is not LEAN's CSV; fetch it again")


def _lines(source: Source) -> Iterator[tuple[int, list[str]]]:
    text = source.text.rstrip().decode("utf-8", errors="replace")
    if text:
        for number, line in enumerate(text.split("\n"), start=1):
            yield number, line.removesuffix("\r").split(",")
