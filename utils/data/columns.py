"""Columns of a CSV or Parquet file of bars, found by name, before anything is said of their values."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from utils.data.source import PARQUET_MAGIC, read_bytes
from utils.errors import UserError

TIME_NAMES = ("timestamp", "datetime", "time", "date", "open_time", "__index_level_0__")
"""What the column of bar starts may be called; the first one that is there is taken.

The last is pandas' name for an index without one, in a Parquet file."""

FIELDS = ("open", "high", "low", "close", "volume")

DELIMITERS = ",;\t|"

NUMBER = re.compile(
    r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf(inity)?)",
    re.ASCII | re.IGNORECASE,
)
"""What the fast parser takes for a number."""


@dataclass(frozen=True)
class Columns:
    """A file of n >= 1 bars as it stands: `time` of any type, the five `fields` as float64 in FIELDS' order.

    A null in a Parquet file is a NaN here. `time` is the name of the column of bar starts in the file.
    """

    path: Path
    time: str
    times: pa.Array
    fields: tuple[pa.Array, ...]
    text: str | None = None

    def place(self, row: int) -> str:
        """Where row 0, 1, ... stands: `FILE: line 2` in a CSV, `FILE: row 1` in Parquet."""
        if self.text is None:
            return f"{self.path}: row {row + 1}"
        for number, (line, _) in enumerate(_records(self.path, self.text)):
            if number == row + 1:
                return f"{self.path}: line {line}"
        raise IndexError(row)


def read_columns(path: Path) -> Columns:
    """Columns of a CSV file (plain, gzip, or alone in a zip) or of a Parquet file.

    Names are matched without regard to case; columns of other names are ignored.

    Raises:
        UserError: the file cannot be read, has no bars, lacks a column or has a cell that is no number.
    """
    data = read_bytes(path)
    return _parquet(path, data) if data.startswith(PARQUET_MAGIC) else _csv(path, data)


def _csv(path: Path, data: bytes) -> Columns:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}: line {line}: is not UTF-8 text; save the bars as CSV or Parquet") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UserError(f"{path}: line {line}: is not text; save the bars as CSV (UTF-8) or Parquet")
    first_line = _first_line(text)
    if not first_line:
        raise UserError(f"{path}: is empty; it needs a header line and one line a bar")
    delimiter = _delimiter(text)
    header = first_line.split(delimiter)
    if any('"' in name for name in header):
        header = next(_records(path, first_line))[1]
    chosen = _choose(f"{path}: line 1", header)
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(text.lstrip("\r\n").encode()),
            read_options=pa_csv.ReadOptions(column_names=[str(i) for i in range(len(header))], skip_rows=1),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                include_columns=[str(i) for i in chosen],
                column_types={str(i): pa.string() if i == chosen[0] else pa.float64() for i in chosen},
                null_values=[],
            ),
        )
    except pa.ArrowInvalid as error:
        _explain(path, text, header, chosen)
        reason = str(error).splitlines()[0]
        raise UserError(
            f"{path}: cannot be read as CSV: {reason}; save the bars as CSV or Parquet"
        ) from error
    return _columns(path, header, chosen, table, text)


def _parquet(path: Path, data: bytes) -> Columns:
    try:
        file = pa_parquet.ParquetFile(pa.BufferReader(data))
        header = file.schema_arrow.names
        chosen = _choose(str(path), header)
        table = file.read(columns=[header[i] for i in chosen])
    except (pa.ArrowException, OSError) as error:  # not of _choose, which raises UserError
        raise UserError(f"{path}: Parquet file is truncated or damaged; write it again") from error
    for i in chosen[1:]:
        kind = table.schema.field(header[i]).type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
            raise UserError(f"{path}: {header[i]}: column holds {kind}, not numbers; store it as float64")
    return _columns(path, header, chosen, table, None)


def _columns(
    path: Path, header: Sequence[str], chosen: list[int], table: pa.Table, text: str | None
) -> Columns:
    if not len(table):
        raise UserError(f"{path}: has a header but no bars; it needs one line a bar")
    times, *fields = (column.combine_chunks() for column in table.columns)
    numbers = tuple(field.cast(pa.float64(), safe=False).fill_null(float("nan")) for field in fields)
    return Columns(path, header[chosen[0]].strip(), times, numbers, text)


def _choose(place: str, header: Sequence[str]) -> list[int]:
    """Positions of the time column and of FIELDS; `place` is where the header stands."""
    names = [name.strip().strip("<>").lower().replace(" ", "_") for name in header]
    time = next((name for name in TIME_NAMES if name in names), None)
    missing = [name for name in FIELDS if name not in names]
    if time is None or missing:
        missing = missing if time else ["timestamp", *missing]
        remedy = (
            "if the market has no volume, add a column of zeros"
            if missing == ["volume"]
            else "name the columns timestamp,open,high,low,close,volume"
        )
        found = ", ".join(name.strip()[:20] for name in header[:12])
        raise UserError(f"{place}: no column {', '.join(missing)} among {found}; {remedy}")
    wanted = [time, *FIELDS]
    twice = [name for name in wanted if names.count(name) > 1]
    if twice:
        raise UserError(f"{place}: two columns are called {twice[0]}; rename or remove one")
    if time == "time" and "date" in names:
        raise UserError(f"{place}: date and time are two columns; join them into one, timestamp")
    return [names.index(name) for name in wanted]


def _first_line(text: str) -> str:
    """The first line that is not empty."""
    found = re.search(r"[^\r\n]+", text)
    return found[0] if found else ""


def _delimiter(text: str) -> str:
    """The separator that the header line uses most."""
    return max(DELIMITERS, key=_first_line(text).count)


def _records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number (of the last line of a record) and cells of every record that is not an empty line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        place = f"{path}: line {reader.line_num}"
        raise UserError(f"{place}: is not CSV: {error}; save the bars as CSV or Parquet") from error


def _explain(path: Path, text: str, header: Sequence[str], chosen: list[int]) -> None:
    """Raise UserError for the first record that the fast parser cannot have liked."""
    for number, (line, cells) in enumerate(_records(path, text)):
        if len(cells) != len(header):
            raise UserError(
                f"{path}: line {line}: has {len(cells)} cells, the header has {len(header)}; "
                "mend the line (a file cut short often ends like this)"
            )
        if number:
            _check_numbers(path, line, header, cells, chosen[1:])


def _check_numbers(
    path: Path, line: int, header: Sequence[str], cells: list[str], positions: list[int]
) -> None:
    for i in positions:
        cell = cells[i].strip()
        if not cell:
            raise UserError(f"{path}: line {line}: {header[i]} is empty; fill it in or remove the line")
        if not NUMBER.fullmatch(cell):
            raise UserError(
                f"{path}: line {line}: {header[i]} {cell[:40]!r} is not a number; write it like 1234.5"
            )
