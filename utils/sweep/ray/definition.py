"""A sweep or search on its way to another machine: bars and all that decides results, checked on arrival."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars
from utils.errors import UserError
from utils.sweep.config import SweepConfig
from utils.sweep.definition import Sweep
from utils.sweep.ray.protocol import VERSION, Frame, ProtocolError
from utils.sweep.search.config import SearchConfig
from utils.sweep.search.definition import Search

Columns = dict[str, NDArray[Any]]
"""Columns of `Bars` by name."""


def packed(asked: Sweep | Search) -> Frame:
    """A message that holds a sweep or search whole."""
    columns = _columns(asked.bars)
    spec = asked.record().spec
    header = {
        "version": VERSION,
        "config": spec["config"],
        "symbol": asked.symbol,
        "split": asked.split,
        "period": asked.bars.period,
        "digests": _of_results(spec),
        "columns": [[name, column.dtype.str, len(column)] for name, column in columns.items()],
    }
    return Frame("sweep", header, b"".join(np.ascontiguousarray(column).data for column in columns.values()))


def unpacked_columns(frame: Frame) -> Columns:
    """The bars' columns of a message, views of its payload.

    Raises:
        ProtocolError: they are not as long as it says.
    """
    columns: Columns = {}
    place = 0
    for name, dtype, count in frame.fields["columns"]:
        size = np.dtype(dtype).itemsize * count
        columns[name] = np.frombuffer(frame.payload, dtype, count, place)
        place += size
    if place != len(frame.payload):
        raise ProtocolError(f"{len(frame.payload)} bytes of bars, {place} expected")
    return columns


def rebuilt(header: Mapping[str, Any], columns: Columns, where: str) -> Sweep | Search:
    """The sweep or search of a message.

    Args:
        columns: of its bars, wherever they are kept by now.
        where: name of this machine, for the message of a refusal.
    Raises:
        UserError: bars, grid, terms or code are not the sender's: results would not be either.
    """
    config, symbol, split = header["config"], header["symbol"], header["split"]
    bars = Bars(period=header["period"], symbol=symbol, **columns)
    asked: Sweep | Search
    if "search" in config:
        asked = Search(SearchConfig.model_validate(config), symbol, bars, split)
    else:
        asked = Sweep(SweepConfig.model_validate(config), symbol, bars, split)
    here = _of_results(asked.record().spec)
    different = [part for part, digest in header["digests"].items() if here.get(part) != digest]
    if different:
        raise UserError(
            f"{where}: its {' and '.join(different)} is not the same as here; "
            "bring it to the same version of this workspace, numba and numpy"
        )
    return asked


def _of_results(spec: Mapping[str, Any]) -> dict[str, str]:
    """Digests of what decides results. What proposes a search's trials is no affair of those who evaluate."""
    return {part: digest for part, digest in spec["digests"].items() if part != "search"}


def _columns(bars: Bars) -> Columns:
    columns = {column.name: getattr(bars, column.name) for column in fields(bars)}
    return {name: value for name, value in columns.items() if isinstance(value, np.ndarray)}
