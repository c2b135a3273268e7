"""Sweep files: what they may say, and the one line for what they may not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from trading.simulation import SecurityType
from utils.errors import UserError
from utils.sweep.config import load_config

ROOT = Path(__file__).parents[3]

GOOD: dict[str, Any] = {
    "name": "mine",
    "strategy": "money_line",
    "fixed": {"ma_fast": 20},
    "grid": {"atr_period": [7, 14], "ma_slow": [50, 100]},
    "data": {"path": "bars.csv", "symbols": "btcusd", "start": date(2020, 1, 1)},
    "instrument": {"security_type": "crypto", "fees": {"rate": 0.001}},
}


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


def changed(**changes: Any) -> dict[str, Any]:
    content = {**GOOD, **changes}
    return {field: value for field, value in content.items() if value is not ...}


def test_a_file_and_its_defaults(tmp_path: Path) -> None:
    config = load_config(written(tmp_path / "mine.yaml", GOOD))
    assert (config.chunk_size, config.holdout, config.capital.allocation) == (4096, 0.2, 0.95)
    assert config.data.symbols == ("BTCUSD",)
    assert config.instrument.security_type is SecurityType.CRYPTO
    assert len(config.combinations()) == 4


def test_options_override_the_file(tmp_path: Path) -> None:
    overrides = {
        "data.path": "other.csv",
        "data.symbols": ["a", "b"],
        "data.end": date(2021, 1, 1),
        "holdout": 0,
    }
    config = load_config(written(tmp_path / "mine.yaml", GOOD), overrides)
    assert (config.data.path, config.data.symbols, config.holdout) == ("other.csv", ("A", "B"), 0)
    assert (config.data.start, config.data.end) == (date(2020, 1, 1), date(2021, 1, 1))
    bare = load_config(written(tmp_path / "bare.yaml", changed(data=...)), overrides)
    assert bare.data.path == "other.csv"


@pytest.mark.parametrize(("name", "combinations"), [("reference", 65_536), ("demo", 13_824)])
def test_the_files_that_come_along(name: str, combinations: int) -> None:
    config = load_config(ROOT / "config" / "sweeps" / f"money_line_{name}.yaml")
    grid = config.combinations()
    assert len(grid) == combinations
    assert config.name == f"money_line_{name}"
    assert len(grid.names) == 8
    assert grid.fixed["ma_fast"] == 20
    if name == "reference":
        assert set(grid.shape) == {4}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name: [", "line 1, column 8"),
        ("name: a\n  b: c: d\n", "line 2"),
        ("name: a\nname: b\n", "line 2, column 1: 'name' is given twice"),
        (yaml.safe_dump(GOOD) + "holdout: 0.1\nholdout: 0.2\n", "'holdout' is given twice"),
        ("- name\n", "should be a mapping"),
        ("", "should be a mapping"),
        (changed(name=...), "name: it is missing"),
        (changed(name="a/b"), "name: "),
        (changed(colour="red"), "colour: unknown field"),
        (changed(strategy="money_lime"), "unknown strategy 'money_lime'; known: ma_crossover, money_line"),
        (changed(grid={}), "grid: it is empty"),
        (changed(grid={"atr_period": []}), "atr_period has no values"),
        (changed(grid={"atr_period": 7}), "grid.atr_period: input should be a valid list, not 7"),
        (changed(grid={"atr_periods": [7]}), "unknown parameter atr_periods"),
        (changed(grid={"atr_period": [7, -1]}), "atr_period = -1"),
        (changed(fixed={"ma_fast": "many"}), "ma_fast = 'many'"),
        (changed(holdout=1.5), "holdout: "),
        (changed(chunk_size=0), "chunk_size: "),
        (changed(instrument={"security_type": "bond"}), "instrument.security_type: "),
        (changed(instrument={"security_type": "crypto", "lot": 1}), "instrument.lot: unknown field"),
        (changed(capital={"allocation": 2}), "allocation: 2.0 of equity needs a leverage of 2.0"),
        (changed(data={"start": date(2021, 1, 1), "end": date(2020, 1, 1)}), "start 2021-01-01 is after end"),
        (changed(data={"start": "soon"}), "data.start: "),
        (changed(data={"timezone": "Mars/Base"}), "data.timezone: unknown time zone 'Mars/Base'"),
        (changed(data={"symbols": ["A", "a"]}), "one is named twice"),
        (yaml.safe_dump(changed(data=...)) + "data: {symbols: [AA, ON]}\n", "write the symbol in quotes"),
        ("? [a, b]\n: c\n", "mend the YAML there"),
        ("1: 2\n", "file"),
        (changed(data={"symbols": ["../etc"]}), "data.symbols.0: "),
        (changed(data={"resolution": "fortnight"}), "data.resolution: "),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_line(tmp_path: Path, content: Any, message: str) -> None:
    path = written(tmp_path / "mine.yaml", content)
    with pytest.raises(UserError) as caught:
        load_config(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no such sweep file"):
        load_config(tmp_path / "none.yaml")
    with pytest.raises(UserError, match="cannot be read"):
        load_config(tmp_path)
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="not UTF-8"):
        load_config(tmp_path / "binary.yaml")
