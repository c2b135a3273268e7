"""One small sweep, and its report."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.utils.sweep.report.samples import sweep
from utils.data.synthetic import reference_bars
from utils.sweep.definition import redefine
from utils.sweep.report.content import Content, gather
from utils.sweep.robustness import assess_store
from utils.sweep.selection import chosen_sweep
from utils.sweep.store import Store

GRID = {"atr_period": [7, 10, 14], "multiplier": [1.0, 1.5], "stop_atr": [0, 2], "adx_min": [0, 10, 20]}


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of 36 combinations, the last fifth of its bars held out."""
    folder = tmp_path_factory.mktemp("report")
    bars = reference_bars(12_000)
    stamps = bars.time.astype("datetime64[ns]").astype("datetime64[s]")
    columns = (stamps, bars.open, bars.high, bars.low, bars.close, bars.volume)
    lines = [",".join(map(str, row)) for row in zip(*columns, strict=True)]
    (folder / "bars.csv").write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]))
    content = {
        "name": "small",
        "strategy": "money_line",
        "grid": GRID,
        "fixed": {"ma_slow": 100, "ma_gap_min": -1, "volume_min": 0, "target_atr": 4},
        "data": {"path": str(folder / "bars.csv")},
        "instrument": {"security_type": "crypto", "lot_size": 1e-5},
    }
    (folder / "small.yaml").write_text(yaml.safe_dump(content))
    result = sweep("run", folder / "small.yaml", "--db", folder / "small.db")
    assert result.exit_code == 0, result.output
    return folder / "small.db"


@pytest.fixture(scope="session")
def report(database: Path) -> Path:
    path = database.with_suffix(".html")
    result = sweep("report", "--db", database, "--output", path)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture(scope="session")
def search_report(database: Path) -> Path:
    """Of a search over the same bars."""
    content = yaml.safe_load((database.parent / "small.yaml").read_text())
    del content["grid"]
    space = {"atr_period": {"int": [5, 20]}, "multiplier": {"float": [1.0, 3.0]}}
    searched = {**content, "name": "searched", "space": space, "search": {"trials": 24, "batch": 8}}
    config = database.parent / "searched.yaml"
    config.write_text(yaml.safe_dump(searched))
    path = database.parent / "searched.html"
    for words in (
        ("search", config, "--db", database.parent / "searched.db"),
        ("report", "--db", database.parent / "searched.db", "--output", path),
    ):
        result = sweep(*words)
        assert result.exit_code == 0, result.output
    return path


@pytest.fixture(scope="session")
def content(database: Path) -> Content:
    """What is in the report."""
    with Store.to_read(database) as store:
        record = chosen_sweep(store, None)
        return gather(store, record, redefine(record), assess_store(store, record), "sharpe", 10, 20)
