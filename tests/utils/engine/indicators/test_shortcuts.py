"""The algorithm's methods: overloads, LEAN's names, defaults."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.utils.engine.indicators.indicator_names import INDICATOR_NAMES
from utils.engine.enums import Resolution
from utils.engine.indicators.moving_averages import MovingAverageType
from utils.engine.indicators.shortcuts import SHORTCUTS, create_indicator_name


@pytest.mark.parametrize(
    ("method", "args", "name"),
    [
        ("ema", (14,), "EMA(14,SPY_min)"),
        ("ema", (14, 0.5), "EMA(14,SPY_min)"),
        ("bb", (20, 2), "BB(20,2,SPY_min)"),
        ("bb", (20, 2.5, MovingAverageType.SIMPLE), "BB(20,2.5,SPY_min)"),
        ("rsi", (14,), "RSI(14,Wilders,SPY_min)"),
        ("macd", (12, 26, 9), "MACD(12,26,9,SPY_min)"),
        ("atr", (14,), "ATR(14,SPY_min)"),
        ("sto", (14, 3, 3), "STO(14,3,3,SPY_min)"),
        ("sto", (14,), "STO(14,14,14,SPY_min)"),
        ("aroon", (20,), "AROON(20,20,SPY_min)"),
        ("dch", (20, 10), "DCH(20,10,SPY_min)"),
        ("obv", (), "OBV(SPY_min)"),
        ("heikin_ashi", (), "HA(SPY_min)"),
        ("identity", (), "close(SPY_min)"),
        ("identity", (None, "open"), "open(SPY_min)"),
        ("vwap", (), "VWAP(SPY_min)"),
        ("vwap", (5,), "VWAP(5,SPY_min)"),
        ("var", (5,), "V(5,SPY_min)"),
        ("var", (5, 0.95), "VAR(5,0.95,SPY_min)"),
        ("kama", (5,), "KAMA(5,2,30,SPY_min)"),
        ("sr", (5,), "SR(5,SPY_min)"),
        ("sr", (5, 0.01), "SR(5,0.01,SPY_min)"),
        ("emv", (), "EMV(1, 10000,SPY_min)"),
        ("psar", (), "PSAR(0.02,0.02,0.2,SPY_min)"),
        ("pphl", (3, 4), "PPHL(3,4,SPY_min)"),
    ],
)
def test_names(method: str, args: tuple[Any, ...], name: str) -> None:
    assert SHORTCUTS[method].create("SPY", Resolution.MINUTE, args, {}).name == name


def test_name_without_a_symbol() -> None:
    assert create_indicator_name(None, "B(14)", None) == "B(14,)"
    assert create_indicator_name("SPY", "AD", "day") == "AD(SPY_day)"


@pytest.mark.parametrize("resolution", [Resolution.DAILY, timedelta(minutes=5)], ids=str)
def test_resolution_and_selector(resolution: Any) -> None:
    call = SHORTCUTS["ema"].bind((14, resolution, max), {})
    assert (call.settings, call.resolution, call.selector) == ({"period": 14}, resolution, max)
    call = SHORTCUTS["bb"].bind((20, 2), {"resolution": resolution, "selector": max})
    assert call.settings == {"period": 20, "k": 2, "moving_average_type": MovingAverageType.SIMPLE}
    assert (call.resolution, call.selector) == (resolution, max)


def test_default_resolution() -> None:
    assert SHORTCUTS["si"].bind((1.0,), {}).resolution == Resolution.DAILY
    assert SHORTCUTS["ema"].bind((1,), {}).resolution is None


@pytest.mark.parametrize(
    ("method", "args", "kwargs"),
    [
        ("ema", (), {}),
        ("ema", (14, "x"), {}),
        ("bb", (20, 2, Resolution.DAILY), {}),
        ("sma", (3,), {"size": 3}),
    ],
    ids=["nothing", "text", "resolution_too_early", "unknown_name"],
)
def test_wrong_arguments(method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=f"No method matches given arguments for {method}"):
        SHORTCUTS[method].bind(args, kwargs)


def test_average_true_range_is_simple_here_and_wilders_on_its_own() -> None:
    atr: Any = SHORTCUTS["atr"].create("SPY", "min", (14,), {})
    assert type(atr._smoother).__name__ == "SimpleMovingAverage"
    assert type(INDICATOR_NAMES["AverageTrueRange"](14)._smoother).__name__ == "WilderMovingAverage"


def test_fields() -> None:
    fields = {method: shortcut.field for method, shortcut in SHORTCUTS.items() if shortcut.field != "close"}
    assert fields == {"max": "high", "min": "low"}
