"""Bars as LEAN's pandas tables.

A row a bar, under its symbol and its end on the exchange's clock; trades and quotes of a symbol share rows,
and open, high, low and close are then those of the trades. A column without a value other than zero is left
out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from utils.data.lean.clock import to_wall
from utils.engine.enums import TickType
from utils.engine.feed.columns import PRICES, Columns, Float64Array
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.frames.custom_data import custom_frame
from utils.engine.frames.symbol_indexing import index_by_ticker

LEVELS = ["symbol", "time"]


def data_frame(parts: Sequence[tuple[SubscriptionDataConfig, Columns]]) -> pd.DataFrame:
    """The table of the rows of several subscriptions; symbols are in the order of their first bar.

    A symbol is found by itself or by the ticker it was added under: `frame.loc["SPY"]`.
    """
    index_by_ticker()
    by_symbol: dict[Any, list[tuple[SubscriptionDataConfig, Columns]]] = {}
    with_rows = [(config, rows) for config, rows in parts if len(rows)]
    for config, rows in sorted(with_rows, key=lambda part: int(part[1].end_time[0])):
        by_symbol.setdefault(config.symbol, []).append((config, rows))
    frames = [
        custom_frame(symbol, found) if found[0][1].points is not None else _frame(symbol, found)
        for symbol, found in by_symbol.items()
    ]
    if not frames:
        return pd.DataFrame()
    return pd.concat(frames, sort=True).dropna(axis=1, how="all")


def _frame(symbol: Any, parts: Sequence[tuple[SubscriptionDataConfig, Columns]]) -> pd.DataFrame:
    end = np.unique(np.concatenate([rows.end_time for _, rows in parts]))
    shown = np.zeros(len(end), np.int64)
    values: dict[str, Float64Array] = {}
    for config, rows in sorted(parts, key=lambda part: part[0].tick_type, reverse=True):  # trades over quotes
        place = np.searchsorted(end, rows.end_time)
        zone = str(getattr(config.exchange_time_zone, "key", config.exchange_time_zone))
        shown[place] = to_wall(rows.bar_end, zone)
        for name, column in _columns(config, rows).items():
            values.setdefault(name, np.full(len(end), np.nan))[place] = column
    kept = {name: column for name, column in sorted(values.items()) if np.nan_to_num(column).any()}
    times = pd.DatetimeIndex(shown.view("M8[ns]"))
    symbols = pd.Index([symbol] * len(end), dtype=object)
    index = pd.MultiIndex.from_arrays([symbols, times], names=LEVELS)
    return pd.DataFrame(kept, index=index)


def _columns(config: SubscriptionDataConfig, rows: Columns) -> dict[str, Float64Array]:
    if config.tick_type == TickType.OPEN_INTEREST:
        return {"openinterest": rows.close}
    columns = {name: getattr(rows, name) for name in PRICES}
    if config.tick_type != TickType.QUOTE:
        return columns | {"volume": rows.volume}
    for side in ("bid", "ask"):
        columns |= {side + name: getattr(rows, f"{side}_{name}") for name in (*PRICES, "size")}
    return columns
