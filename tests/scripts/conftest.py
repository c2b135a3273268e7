"""Bars and a sweep file that take a moment to sweep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from tests.scripts.sweep_command import SweepFile, done


def hourly_bars(count: int, seed: int) -> list[str]:
    """CSV lines of a random walk, header first."""
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, count)))
    open_ = np.concatenate(([100.0], close[:-1]))
    high = np.maximum(open_, close) * rng.uniform(1, 1.01, count)
    low = np.minimum(open_, close) * rng.uniform(0.99, 1, count)
    volume = rng.uniform(1, 9, count)
    time = np.datetime64("2023-11-01T00:00:00") + np.arange(count) * np.timedelta64(1, "h")
    rows = zip(time, open_, high, low, close, volume, strict=True)
    return ["timestamp,open,high,low,close,volume", *(",".join(map(str, row)) for row in rows)]


@pytest.fixture
def bars_file(tmp_path: Path) -> Callable[..., Path]:
    """Write bars to a file: `bars_file("a.csv", seed=1)`."""

    def write(name: str, count: int = 3000, seed: int = 7) -> Path:
        path = tmp_path / name
        path.write_text("\n".join(hourly_bars(count, seed)) + "\n")
        return path

    return write


@pytest.fixture
def sweep_file(tmp_path: Path, bars_file: Callable[..., Path]) -> Callable[..., Path]:
    """Write a sweep file of 288 combinations over 3,000 hourly bars, some fields changed."""

    def write(name: str = "small.yaml", **changes: Any) -> Path:
        content = {
            "name": "small",
            "strategy": "money_line",
            "fixed": {"ma_gap_min": -0.01},
            "grid": {
                "atr_period": [5, 10, 20],
                "multiplier": [1.0, 2.0],
                "target_atr": [0, 3],
                "stop_atr": [0, 2],
                "ma_fast": [10, 40],
                "ma_slow": [30, 60],
                "adx_min": [0, 15, 25],
            },
            "instrument": {"security_type": "crypto", "lot_size": 0.001, "fees": {"rate": 0.001}},
            "chunk_size": 50,
            **changes,
        }
        if "data" not in content:
            content["data"] = {"path": str(bars_file("bars.csv"))}
        path = tmp_path / name
        path.write_text(
            yaml.safe_dump({field: value for field, value in content.items() if value is not None})
        )
        return path

    return write


@pytest.fixture
def swept(tmp_path: Path, sweep_file: SweepFile) -> tuple[Path, Path]:
    """A sweep file, and the database of its finished sweep."""
    config, database = sweep_file(), tmp_path / "small.db"
    done("run", config, "--db", database)
    return config, database
