"""Time vectorbt's `Portfolio.from_signals` on signals from a file; runs in vectorbt's own environment.

    VECTORBT_PYTHON tests/reference/vectorbt_bench.py signals.npz --init-cash 100000 --fees 0.0005

vectorbt is no dependency of this project (its licence is source-available): whoever has an interpreter with
it names it, and nothing here imports the project. The file holds, for n bars and k combinations:

    open, high, low, close                              float64 (n,)
    entries, exits, short_entries, short_exits          bool (n, k)
    sl_stop, tp_stop (optional)                         float64 (n, k), fraction of the price, NaN = none

One combination is one column. Every order invests all there is, since vectorbt reverses no position that
is sized in per cent. Compilation and imports come before the clock. The line of JSON on standard output:

    {"name": "vectorbt", "version": …, "bars": n, "combinations": k,
     "seconds_per_combination": …          from_signals alone, best of the repeats
     "seconds_per_combination_with_metrics": …   and total return, drawdown and trade count
     "total_return": […], "max_drawdown": […], "trades": […]}
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import vectorbt  # type: ignore[import-not-found]

SIGNALS = ("entries", "exits", "short_entries", "short_exits")
STOPS = ("sl_stop", "tp_stop")
WARM_UP_BARS = 1000


def portfolio(data: dict[str, Any], bars: slice, options: argparse.Namespace) -> Any:
    """The portfolio over some of the bars."""
    return vectorbt.Portfolio.from_signals(
        close=data["close"][bars, None],
        open=data["open"][bars, None],
        high=data["high"][bars, None],
        low=data["low"][bars, None],
        **{name: data[name][bars] for name in (*SIGNALS, *STOPS) if name in data},
        upon_opposite_entry="reverse",
        init_cash=options.init_cash,
        fees=options.fees,
        slippage=options.slippage,
        freq=options.freq,
    )


def metrics(result: Any) -> dict[str, list[float]]:
    """The figures a sweep would rank by, one per combination."""
    figures = {
        "total_return": result.total_return(),
        "max_drawdown": result.max_drawdown(),
        "trades": result.trades.count(),
    }
    return {name: np.atleast_1d(np.asarray(values)).tolist() for name, values in figures.items()}


def main() -> None:
    """Read, warm up, measure, print."""
    parser = argparse.ArgumentParser(
        description="Seconds per combination of vectorbt's Portfolio.from_signals"
    )
    parser.add_argument("signals", type=Path, help=".npz file, see the top of this script")
    parser.add_argument("--init-cash", type=float, default=100_000.0)
    parser.add_argument("--fees", type=float, default=0.0, help="fraction of notional")
    parser.add_argument("--slippage", type=float, default=0.0, help="fraction of price")
    parser.add_argument("--freq", default="5min", help="length of a bar")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()

    with np.load(options.signals) as file:
        data = {name: file[name] for name in file.files}
    bars, combinations = data["entries"].shape
    metrics(portfolio(data, slice(0, WARM_UP_BARS), options))

    alone, in_all = [], []
    for _ in range(options.repeats):
        started = perf_counter()
        result = portfolio(data, slice(None), options)
        alone.append(perf_counter() - started)
        figures = metrics(result)
        in_all.append(perf_counter() - started)

    line = {
        "name": "vectorbt",
        "version": vectorbt.__version__,
        "bars": bars,
        "combinations": combinations,
        "seconds_per_combination": min(alone) / combinations,
        "seconds_per_combination_with_metrics": min(in_all) / combinations,
        **figures,
    }
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
