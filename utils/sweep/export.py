"""Chosen rows, trades and equity as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars
from trading.simulation import ExitReason, Simulation

_TRADE_COLUMNS = (
    "number",
    "side",
    "quantity",
    "signal_time",
    "entry_time",
    "entry_price",
    "exit_time",
    "exit_price",
    "fees",
    "pnl",
    "reason",
)


def table_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows with the same keys, which become the header; None is an empty cell."""
    names = list(rows[0]) if rows else []
    return _csv(names, ([_cell(row[name]) for name in names] for row in rows))


def trades_csv(bars: Bars, simulation: Simulation) -> str:
    """One line a trade. Times are starts of bars (UTC): that of the signal, of the entry, of the exit."""
    trades = simulation.trades
    time = _iso(bars.time)
    return _csv(
        _TRADE_COLUMNS,
        zip(
            range(1, len(trades) + 1),
            ("long" if side > 0 else "short" for side in trades["side"]),
            trades["quantity"].tolist(),
            time[trades["signal_bar"]],
            time[trades["entry_bar"]],
            trades["entry_price"].tolist(),
            time[trades["exit_bar"]],
            trades["exit_price"].tolist(),
            trades["fees"].tolist(),
            trades["pnl"].tolist(),
            (ExitReason(reason).name.lower() for reason in trades["reason"].tolist()),
            strict=True,
        ),
    )


def equity_csv(bars: Bars, simulation: Simulation) -> str:
    """One line a bar: its start (UTC), its close, and equity at its close."""
    return _csv(
        ("time", "close", "equity"),
        zip(_iso(bars.time), bars.close.tolist(), simulation.equity.tolist(), strict=True),
    )


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _iso(time: NDArray[np.int64]) -> NDArray[np.str_]:
    return np.char.add(np.datetime_as_string(time.astype("datetime64[ns]"), unit="s"), "Z")


def _csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()
