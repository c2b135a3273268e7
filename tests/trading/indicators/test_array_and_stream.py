"""Arrays and streams give the same bits, are ready when documented, and refuse what makes no sense."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.trading.indicators.series import all_specs, bars_of, bitcoin, made_bars, sp500, spec
from trading.bars import Bars, Float64Array
from trading.indicators import INDICATORS, IndicatorSpec, IndicatorTable, check, compute, stream, table

# First bar with a number, counted from 0, at the settings of `series`.
FIRST_READY = {
    "sma": {"sma": 6},
    "ema": {"ema": 6},
    "wma": {"wma": 6},
    "wilder": {"wilder": 6},
    "rsi": {"rsi": 7},
    "cutler_rsi": {"cutler_rsi": 7},
    "deviation": {"deviation": 6},
    "maximum": {"maximum": 6},
    "minimum": {"minimum": 6},
    "macd": {"line": 5, "signal": 8, "histogram": 8},
    "bollinger": dict.fromkeys(("middle", "upper", "lower", "width", "percent"), 4),
    "linear_regression": dict.fromkeys(("slope", "fit", "r2", "residual"), 6),
    "quadratic_regression": dict.fromkeys(("curvature", "slope", "fit", "r2", "residual"), 6),
    "atr": {"atr": 6},
    "adx": {"adx": 13, "plus_di": 7, "minus_di": 7},
    "cci": {"cci": 6},
    "stochastic": {"fast": 4, "k": 6, "d": 7},
    "ichimoku": {"tenkan": 2, "kijun": 4, "senkou_a": 8, "senkou_b": 10, "chikou": 4},
    "supertrend": {"line": 4, "direction": 4},
    "obv": {"obv": 0},
    "vwap": {"vwap": 0},
    "volume_ratio": {"volume_ratio": 6},
}

# Outputs without a value in some windows, and when.
UNDEFINED_AT_TIMES = {
    ("adx", "adx"),  # bars without movement are not averaged: ready later by as many
    ("bollinger", "percent"),  # the bands meet
    ("linear_regression", "r2"),  # all values equal
    ("quadratic_regression", "r2"),
}


def name_of(wanted: IndicatorSpec) -> str:
    return f"{wanted.kind}-{wanted.output}-{wanted.source}"


def streamed(wanted: IndicatorSpec, bars: Bars) -> Float64Array:
    indicator = stream(wanted)
    return np.array([indicator.update(bar) for bar in bars.rows()])


def assert_same_bits(wanted: IndicatorSpec, bars: Bars) -> None:
    expected = compute(wanted, bars)
    assert expected.shape == (len(bars),)
    assert streamed(wanted, bars).tobytes() == expected.tobytes(), wanted


@pytest.mark.parametrize("wanted", all_specs(), ids=name_of)
def test_stream_equals_array_on_real_bars(wanted: IndicatorSpec, sample_data: Path) -> None:
    assert_same_bits(wanted, bitcoin(sample_data, 3_000))


@given(bars=made_bars())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_stream_equals_array_on_made_bars(bars: Bars) -> None:
    for wanted in all_specs():
        assert_same_bits(wanted, bars)


def test_the_table_of_first_bars_is_complete() -> None:
    assert {kind: list(outputs) for kind, outputs in FIRST_READY.items()} == {
        kind: list(definition.outputs) for kind, definition in INDICATORS.items()
    }


@pytest.mark.parametrize("kind", INDICATORS)
def test_numbers_begin_at_the_documented_bar_and_never_stop(kind: str) -> None:
    bars = sp500(1_500)
    for output, first in FIRST_READY[kind].items():
        values = compute(spec(kind, output), bars)
        assert np.isnan(values[:first]).all()
        assert np.isfinite(values[first:]).all()


@given(bars=made_bars())
@settings(max_examples=60, deadline=None)
def test_numbers_are_missing_only_where_documented(bars: Bars) -> None:
    for kind, outputs in FIRST_READY.items():
        for output, first in outputs.items():
            values = compute(spec(kind, output), bars)
            assert np.isnan(values[:first]).all(), (kind, output)
            if (kind, output) not in UNDEFINED_AT_TIMES:
                assert np.isfinite(values[first:]).all(), (kind, output)


@pytest.mark.parametrize(("kind", "output"), sorted(UNDEFINED_AT_TIMES))
def test_undefined_where_documented(kind: str, output: str) -> None:
    still = bars_of(np.full(20, 3.7), volume=0.0)
    assert np.isnan(compute(spec(kind, output), still)).all()


def test_stream_says_when_it_is_ready_and_names_all_outputs() -> None:
    bars = sp500(12)
    indicator = stream(spec("macd", "signal"))
    assert not indicator.is_ready
    ready = []
    for bar in bars.rows():
        value = indicator.update(bar)
        ready.append(indicator.is_ready)
        assert np.array_equal(indicator.outputs["signal"], value, equal_nan=True)
    assert ready == [False] * 8 + [True] * 4
    assert indicator.outputs == {
        output: compute(spec("macd", output), bars)[-1] for output in ("line", "signal", "histogram")
    }


def test_band_width_is_undefined_around_a_middle_of_zero() -> None:
    idle = bars_of(np.full(20, 3.7), volume=0.0)
    assert np.isnan(compute(spec("bollinger", "width", "volume"), idle)).all()
    assert not compute(spec("bollinger", "middle", "volume"), idle)[4:].any()


@pytest.mark.parametrize("period", [1, 2, 3])
def test_shortest_periods(period: int) -> None:
    bars = sp500(30)
    for kind in ("sma", "ema", "wma", "wilder", "maximum", "minimum"):
        values = compute(IndicatorSpec(kind, (period,)), bars)
        assert np.isnan(values[: period - 1]).all()
        if period == 1:
            np.testing.assert_array_equal(values, bars.close)


def test_no_bars_give_no_values() -> None:
    for wanted in all_specs():
        assert compute(wanted, sp500(0)).shape == (0,)


class TestTable:
    def test_each_indicator_is_computed_once_under_threads(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bars = sp500(400)
        runs: list[tuple[str, tuple[int | float, ...], str]] = []
        real = table._all_outputs

        def counted(definition: Any, wanted: IndicatorSpec, given_bars: Bars) -> Float64Array:
            runs.append((wanted.kind, wanted.args, wanted.source))
            return real(definition, wanted, given_bars)

        monkeypatch.setattr(table, "_all_outputs", counted)
        shared = IndicatorTable(bars)
        wanted = all_specs()
        seen: list[list[Float64Array]] = []
        start = threading.Barrier(6)

        def read() -> None:
            start.wait()
            seen.append([shared[one] for one in wanted])

        threads = [threading.Thread(target=read) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 6
        assert len(runs) == len(set(runs)) == len(shared)
        for arrays in seen:
            for array, first in zip(arrays, seen[0], strict=True):
                assert np.shares_memory(array, first)

    def test_values_are_those_of_compute_and_cannot_be_written(self) -> None:
        bars = sp500(200)
        shared = IndicatorTable(bars)
        for wanted in all_specs():
            assert shared[wanted].tobytes() == compute(wanted, bars).tobytes()
            with pytest.raises(ValueError, match="read-only"):
                shared[wanted][0] = 0.0

    def test_source_matters_only_where_it_is_read(self) -> None:
        shared = IndicatorTable(sp500(50))
        assert np.shares_memory(shared[spec("atr")], shared[spec("atr", source="open")])
        assert not np.shares_memory(shared[spec("sma")], shared[spec("sma", source="open")])

    def test_lists_what_is_computed(self) -> None:
        shared = IndicatorTable(sp500(50))
        _ = shared[spec("macd", "signal")], shared[spec("macd", "line")], shared[spec("sma", source="open")]
        assert list(shared) == [spec("macd"), spec("sma", source="open")]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (IndicatorSpec("smaa", (5,)), "unknown indicator 'smaa'; known: adx, atr, .*, wma"),
        (IndicatorSpec("sma", ()), r"sma: takes 1 setting \(period\), not 0"),
        (IndicatorSpec("macd", (3, 6)), r"macd: takes 3 settings \(fast, slow, signal\), not 2"),
        (IndicatorSpec("obv", (3,)), "obv: takes no settings, not 1"),
        (IndicatorSpec("sma", (0,)), "sma: period must be a whole number from 1 to 100000, not 0"),
        (IndicatorSpec("sma", (2.5,)), "sma: period must be a whole number .*, not 2.5"),
        (IndicatorSpec("sma", (True,)), "sma: period must be a whole number .*, not True"),
        (IndicatorSpec("sma", (float("nan"),)), "sma: period must be a whole number .*, not nan"),
        (IndicatorSpec("sma", (100_001,)), "sma: period must be .* to 100000, not 100001"),
        (IndicatorSpec("deviation", (1,)), "deviation: period must be a whole number from 2"),
        (IndicatorSpec("quadratic_regression", (2,)), "quadratic_regression: period .* from 3"),
        (IndicatorSpec("bollinger", (20, -1.0)), "bollinger: width must be a number from 0 to 100, not -1.0"),
        (IndicatorSpec("macd", (6, 6, 4)), "macd: fast must be less than slow, not 6 and 6"),
        (IndicatorSpec("macd", (9, 6, 4)), "macd: fast must be less than slow, not 9 and 6"),
        (IndicatorSpec("macd", (3, 6, 4), "sig"), "'sig'; known: line, signal, histogram"),
        (IndicatorSpec("sma", (5,), source="vwap"), "source 'vwap'; known: open, high, low, close, volume"),
    ],
)
def test_a_wrong_spec_is_refused_in_one_line(wrong: IndicatorSpec, message: str) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        check(wrong)
    assert "\n" not in str(refused.value)
    for entry in (stream, lambda one: compute(one, sp500(5)), lambda one: IndicatorTable(sp500(5))[one]):
        with pytest.raises(ValueError, match=re.escape(str(refused.value))):
            entry(wrong)
