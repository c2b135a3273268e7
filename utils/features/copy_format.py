"""Rows in PostgreSQL's binary COPY format, straight from columns and back.

The format (PostgreSQL's documentation, "COPY", Binary Format): a header, then for each row the number of its
fields and for each field its length in bytes and its value in network byte order, length -1 for NULL, then a
trailer. Undefined figures (NaN) become NULL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"

_EPOCH_US: Final = 946_684_800_000_000  # 2000-01-01, where PostgreSQL's time begins, in Unix microseconds
_BLOCK: Final = 8_192  # rows that are laid out at a time: a few MB


def copy_rows(series: int, window: int, time_ns: NDArray[np.int64], columns: Float64Array) -> Iterator[bytes]:
    """The rows (series, window, time, columns...) as blocks of bytes, header and trailer included.

    Args:
        time_ns: UTC nanoseconds, shape (rows,).
        columns: shape (columns, rows).
    """
    yield HEADER
    form = _row_form(len(columns))
    for first in range(0, len(time_ns), _BLOCK):
        part = slice(first, first + _BLOCK)
        yield _block(form, series, window, time_ns[part], columns[:, part])
    yield TRAILER


def rows_of_copy(data: bytes, columns: int) -> tuple[NDArray[np.int64], Float64Array]:
    """UTC nanoseconds and columns of shape (columns, rows), of rows (time, columns...) without NULLs."""
    cell = np.dtype([("length", ">i4"), ("value", ">f8")])
    form = np.dtype([("count", ">i2"), ("time_length", ">i4"), ("time", ">i8"), ("cells", cell, (columns,))])
    rows = np.frombuffer(data[len(HEADER) : -len(TRAILER)], form)
    values = np.ascontiguousarray(rows["cells"]["value"].T, np.float64)
    return (rows["time"].astype(np.int64) + _EPOCH_US) * 1000, values


def _row_form(columns: int) -> np.dtype[np.void]:
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in (("series", ">i4"), ("window", ">i4"), ("time", ">i8")):
        fields += [(f"{name}_length", ">i4"), (name, kind)]
    cell = np.dtype([("length", ">i4"), ("value", ">f8")])
    return np.dtype([*fields, ("cells", cell, (columns,))])


def _block(
    form: np.dtype[np.void], series: int, window: int, time_ns: NDArray[np.int64], columns: Float64Array
) -> bytes:
    rows = np.empty(len(time_ns), form)
    rows["count"] = 3 + len(columns)
    rows["series_length"], rows["series"] = 4, series
    rows["window_length"], rows["window"] = 4, window
    rows["time_length"], rows["time"] = 8, time_ns // 1000 - _EPOCH_US
    cells = rows["cells"]
    cells["value"] = columns.T
    undefined = np.isnan(columns.T)
    cells["length"] = np.where(undefined, -1, 8)
    if not undefined.any():
        return rows.tobytes()
    # A NULL has no value: its eight bytes are left out.
    kept = np.ones((len(rows), form.itemsize), np.bool_)
    begin = form.itemsize - 12 * len(columns)
    values = kept[:, begin:].reshape(len(rows), len(columns), 12)[:, :, 4:]
    values[:] = ~undefined[:, :, None]
    return rows.view(np.uint8).reshape(len(rows), form.itemsize)[kept].tobytes()
