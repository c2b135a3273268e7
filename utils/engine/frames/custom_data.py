"""Custom data as LEAN's pandas table: a column for the value and for each field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from math import isnan
from typing import Any

import pandas as pd

from utils.engine.data.python_data import DynamicData
from utils.engine.feed.columns import PRICES, Columns
from utils.engine.feed.config import SubscriptionDataConfig


def custom_frame(symbol: Any, parts: Sequence[tuple[SubscriptionDataConfig, Columns]]) -> pd.DataFrame:
    """The points of a symbol under it and their ends; a column of nothings is left out."""
    found = [point for _, rows in parts for points in _points(rows) for point in points]
    table = pd.DataFrame([_values(point) for point in found])
    kept = [name for name in sorted(table, key=str) if any(map(_tells, table[name]))]
    times = pd.DatetimeIndex([point.end_time for point in found])
    symbols = pd.Index([symbol] * len(found), dtype=object)
    index = pd.MultiIndex.from_arrays([symbols, times], names=["symbol", "time"])
    return table[kept].set_axis(index)


def _points(rows: Columns) -> Iterable[tuple[Any, ...]]:
    return () if rows.points is None else rows.points.tolist()


def _values(point: Any) -> dict[str, Any]:
    if isinstance(point, DynamicData):
        return {"value": point.value} | {
            name: value
            for name, value in point.get_storage_dictionary().items()
            if name != "value" and not name.startswith("__")
        }
    names = (*PRICES, "volume") if hasattr(point, "open") else ("value",)
    return {name: getattr(point, name) for name in names}


def _tells(value: Any) -> bool:
    """Whether a value is more than nothing: None, NaN, 0.0, False, or empty."""
    if isinstance(value, float):
        return value != 0 and not isnan(value)
    if isinstance(value, str):
        return bool(value.strip())
    if value is None or isinstance(value, (bool, Sized)):
        return bool(value)
    return True
