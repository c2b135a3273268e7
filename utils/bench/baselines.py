"""The sweep against other ways of doing the same, per combination and in one run."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from trading.bars import Bars
from trading.indicators import IndicatorTable
from trading.simulation import Capital, Instrument
from utils.sweep.config import SweepConfig

SAMPLED = 4
"""Combinations that a slow baseline runs, spread over the grid."""

VECTORBT_VARIABLE = "VECTORBT_PYTHON"
VECTORBT_FALLBACK = Path(".venv-vectorbt/bin/python")

Backtest = Callable[[Bars, Mapping[str, Any], Instrument, Capital], Any]


def one_at_a_time(backtest: Backtest, config: SweepConfig, bars: Bars) -> float:
    """Seconds per combination of a function that backtests one combination."""
    grid = config.combinations()
    backtest(bars[:2_000], grid.values(0), config.instrument, config.capital)
    started = time.perf_counter()
    for combo in _spread(len(grid)):
        backtest(bars, grid.values(combo), config.instrument, config.capital)
    return (time.perf_counter() - started) / SAMPLED


def vectorbt(script: Path, config: SweepConfig, bars: Bars) -> dict[str, Any] | None:
    """What `script` measures of vectorbt's `Portfolio.from_signals` on the same entries.

    vectorbt is not a dependency (its licence is source-available): None where no interpreter has it.
    """
    interpreter = Path(os.environ.get(VECTORBT_VARIABLE, VECTORBT_FALLBACK))
    if not interpreter.is_file():
        return None
    with tempfile.TemporaryDirectory() as folder:
        signals = Path(folder) / "signals.npz"
        np.savez(signals, **_signals(config, bars))
        command = [str(interpreter), str(script), str(signals), f"--fees={config.instrument.fees.rate}"]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if finished.returncode:
        raise RuntimeError(f"vectorbt failed: {finished.stderr.strip().splitlines()[-1]}")
    measured: dict[str, Any] = json.loads(finished.stdout)
    return measured


def _signals(config: SweepConfig, bars: Bars) -> dict[str, np.ndarray[Any, Any]]:
    """Sampled combinations as columns: flips close, flips that pass the filters enter, stops, targets."""
    grid = config.combinations()
    strategy = grid.strategy
    indicators = IndicatorTable(bars)
    flags = {
        name: np.zeros((len(bars), SAMPLED), np.bool_)
        for name in ("entries", "exits", "short_entries", "short_exits")
    }
    stops = {name: np.full((len(bars), SAMPLED), np.nan) for name in ("sl_stop", "tp_stop")}
    for column, combo in enumerate(_spread(len(grid))):
        events = strategy.signals(bars, indicators, strategy.parse(grid.values(combo)))
        up = events["side"] > 0
        flags["entries"][events["bar"][up & events["enter"]], column] = True
        flags["short_entries"][events["bar"][~up & events["enter"]], column] = True
        flags["exits"][events["bar"][~up], column] = True
        flags["short_exits"][events["bar"][up], column] = True
        close = bars.close[events["bar"]]
        for name, level in (("sl_stop", events["stop"]), ("tp_stop", events["target"])):
            stops[name][events["bar"], column] = np.where(level > 0, np.abs(level / close - 1.0), np.nan)
    prices = {name: getattr(bars, name) for name in ("open", "high", "low", "close")}
    return prices | flags | stops


def _spread(combinations: int) -> list[int]:
    return [combinations * (2 * k + 1) // (2 * SAMPLED) for k in range(SAMPLED)]
