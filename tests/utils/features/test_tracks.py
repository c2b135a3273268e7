"""Tracks 1 and 2: what their columns mean, and that no row knows a later one."""

from __future__ import annotations

import numpy as np
import pytest

from tests.utils.features.test_kernels import rates
from trading.bars import Bars, Float64Array, always_open_bars
from trading.indicators.spec import IndicatorSpec
from trading.indicators.table import compute
from utils.features.bqx import bqx
from utils.features.regression_track import RegressionTrack
from utils.features.statistics_track import StatisticsTrack, TechnicalTrack
from utils.features.target_track import TargetTrack
from utils.features.track import Track

TRACKS: tuple[Track, ...] = (StatisticsTrack(), TechnicalTrack(), RegressionTrack())
MINUTE = 60_000_000_000


def bars_of(closes: Float64Array) -> Bars:
    """Minutes whose range is a pip either side."""
    time = np.arange(len(closes), dtype=np.int64) * MINUTE
    return always_open_bars(
        time, closes, closes + 1e-4, closes - 1e-4, closes, np.ones(len(closes)), MINUTE, "EURUSD"
    )


def features(track: Track, bars: Bars, window: int) -> dict[str, Float64Array]:
    """The track's columns by name."""
    out = np.full((len(track.columns), len(bars)), 7.0)  # whatever was there is written over
    track.compute(bars, window, out)
    return dict(zip(track.columns, out, strict=True))


def test_columns_have_names_of_their_own() -> None:
    for track in TRACKS:
        assert len(set(track.columns)) == len(track.columns)


def test_bands_are_bollingers() -> None:
    bars = bars_of(rates(1, 500))
    found = features(StatisticsTrack(), bars, 20)
    for name in ("upper", "lower", "percent"):
        expected = compute(IndicatorSpec("bollinger", (20, 2.0), name), bars)
        np.testing.assert_allclose(found[f"rate_{name}"], expected, rtol=1e-8)


def test_bqx_has_statistics_and_indicators_of_its_own() -> None:
    bars = bars_of(rates(2, 500))
    found = features(StatisticsTrack(), bars, 30)
    momentum = bqx(bars.close, [30])[0]
    np.testing.assert_array_equal(found["bqx"], momentum)
    assert found["bqx_mean"][100] == pytest.approx(momentum[71:101].mean())
    values = momentum[30:]
    expected = compute(IndicatorSpec("rsi", (14,)), bars_of(values))
    np.testing.assert_allclose(found["bqx_rsi"][30:], expected)
    assert np.isnan(found["bqx_rsi"][:44]).all()


def test_a_series_shorter_than_the_window_has_no_features() -> None:
    bars = bars_of(rates(3, 20))
    for track in (StatisticsTrack(), RegressionTrack()):
        for name, column in features(track, bars, 30).items():
            assert np.isnan(column).all(), name


@pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.name)
@pytest.mark.parametrize("window", [4, 15, 60])
def test_no_feature_sees_past_its_own_row(track: Track, window: int) -> None:
    closes = rates(4, 700)
    other = closes.copy()
    other[400:] = closes[400:][::-1] * 1.7  # another future altogether
    before, after = (features(track, bars_of(series), window) for series in (closes, other))
    for name, column in before.items():
        np.testing.assert_array_equal(column[:400], after[name][:400], err_msg=name)
        assert not np.array_equal(column[400:], after[name][400:], equal_nan=True), name


def test_a_target_is_the_return_of_the_rows_that_follow() -> None:
    bars = bars_of(rates(5, 100))
    found = features(TargetTrack(), bars, 10)
    assert found["log_return"][7] == pytest.approx(np.log(bars.close[17] / bars.close[7]))
    assert found["span_seconds"][7] == 600
    assert np.isnan(found["log_return"][90:]).all()
    assert np.isnan(features(TargetTrack(), bars, 100)["log_return"]).all()
