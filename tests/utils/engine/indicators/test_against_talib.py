"""Indicators against TA-Lib: the same numbers wherever both define the same seed, else in the long run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import talib

from tests.utils.engine.indicators.indicator_bars import columns, fed
from tests.utils.engine.indicators.indicator_names import INDICATOR_NAMES
from utils.engine.indicators.moving_averages import MovingAverageType

DATA = columns(600)
O, H, L, C, V = (DATA[name] for name in ("open", "high", "low", "close", "volume"))

# Name: class, settings, TA-Lib's numbers, which of the indicator's outputs.
EQUAL: dict[str, tuple[Any, ...]] = {
    "sma": ("SimpleMovingAverage", (14,), talib.SMA(C, 14)),
    "ema": ("ExponentialMovingAverage", (14,), talib.EMA(C, 14)),
    "lwma": ("LinearWeightedMovingAverage", (14,), talib.WMA(C, 14)),
    "dema": ("DoubleExponentialMovingAverage", (14,), talib.DEMA(C, 14)),
    "tema": ("TripleExponentialMovingAverage", (14,), talib.TEMA(C, 14)),
    "trima_odd": ("TriangularMovingAverage", (15,), talib.TRIMA(C, 15)),
    "trima_even": ("TriangularMovingAverage", (14,), talib.TRIMA(C, 14)),
    "kama": ("KaufmanAdaptiveMovingAverage", (10,), talib.KAMA(C, 10)),
    "mama": ("MesaAdaptiveMovingAverage", (), talib.MAMA((H + L) / 2)[0]),
    "fama": ("MesaAdaptiveMovingAverage", (), talib.MAMA((H + L) / 2)[1], lambda i: i.fama),
    "rsi": ("RelativeStrengthIndex", (14,), talib.RSI(C, 14)),
    "cmo": ("ChandeMomentumOscillator", (14,), talib.CMO(C, 14)),
    "mom": ("Momentum", (10,), talib.MOM(C, 10)),
    "rocp": ("RateOfChangePercent", (10,), talib.ROC(C, 10)),
    "roc": ("RateOfChange", (10,), talib.ROCP(C, 10)),
    "std": ("StandardDeviation", (10,), talib.STDDEV(C, 10)),
    "var": ("Variance", (10,), talib.VAR(C, 10)),
    "max": ("Maximum", (10,), talib.MAX(C, 10)),
    "min": ("Minimum", (10,), talib.MIN(C, 10)),
    "sum": ("Sum", (10,), talib.SUM(C, 10)),
    "midpoint": ("MidPoint", (10,), talib.MIDPOINT(C, 10)),
    "midprice": ("MidPrice", (10,), talib.MIDPRICE(H, L, 10)),
    "lsma": ("LeastSquaresMovingAverage", (10,), talib.LINEARREG(C, 10)),
    "slope": ("LeastSquaresMovingAverage", (10,), talib.LINEARREG_SLOPE(C, 10), lambda i: i.slope),
    "tsf": ("TimeSeriesForecast", (10,), talib.TSF(C, 10)),
    "trix": ("Trix", (5,), talib.TRIX(C, 5)),
    "bb_upper": ("BollingerBands", (20, 2), talib.BBANDS(C, 20)[0], lambda i: i.upper_band),
    "bb_middle": ("BollingerBands", (20, 2), talib.BBANDS(C, 20)[1], lambda i: i.middle_band),
    "bb_lower": ("BollingerBands", (20, 2), talib.BBANDS(C, 20)[2], lambda i: i.lower_band),
    "tr": ("TrueRange", (), talib.TRANGE(H, L, C)),
    "natr": ("NormalizedAverageTrueRange", (14,), talib.NATR(H, L, C, 14)),
    "cci": ("CommodityChannelIndex", (14,), talib.CCI(H, L, C, 14)),
    "wilr": ("WilliamsPercentR", (14,), talib.WILLR(H, L, C, 14)),
    "sto_fast": ("Stochastic", (14, 3, 3), talib.STOCHF(H, L, C, 14, 3)[0], lambda i: i.fast_stoch),
    "sto_k": ("Stochastic", (14, 3, 3), talib.STOCH(H, L, C, 14, 3, 0, 3, 0)[0], lambda i: i.stoch_k),
    "sto_d": ("Stochastic", (14, 3, 3), talib.STOCH(H, L, C, 14, 3, 0, 3, 0)[1], lambda i: i.stoch_d),
    "ultosc": ("UltimateOscillator", (7, 14, 28), talib.ULTOSC(H, L, C)),
    "aroon": ("AroonOscillator", (14, 14), talib.AROONOSC(H, L, 14)),
    "aroon_up": ("AroonOscillator", (14, 14), talib.AROON(H, L, 14)[1], lambda i: i.aroon_up),
    "mfi": ("MoneyFlowIndex", (14,), talib.MFI(H, L, C, V, 14)),
    "obv": ("OnBalanceVolume", (), talib.OBV(C, V)),
    "ad": ("AccumulationDistribution", (), talib.AD(H, L, C, V)),
    "psar": ("ParabolicStopAndReverse", (), talib.SAR(H, L, 0.02, 0.2)),
    "sarext": ("ParabolicStopAndReverseExtended", (), talib.SAREXT(H, L)),
    "bop": ("BalanceOfPower", (), talib.BOP(O, H, L, C)),
    "apo_ema": (
        "AbsolutePriceOscillator",
        (5, 10, MovingAverageType.EXPONENTIAL),
        talib.EMA(C, 5) - talib.EMA(C, 10),
    ),
    "ppo_sma": ("PercentagePriceOscillator", (5, 10), 100 * (talib.SMA(C, 5) / talib.SMA(C, 10) - 1)),
}

# Equal once the seed is forgotten.
CONVERGING: dict[str, tuple[Any, ...]] = {
    "t3": ("T3MovingAverage", (5,), talib.T3(C, 5, 0.7)),
    "macd": ("MovingAverageConvergenceDivergence", (12, 26, 9), talib.MACD(C)[0]),
    "macd_signal": ("MovingAverageConvergenceDivergence", (12, 26, 9), talib.MACD(C)[1], lambda i: i.signal),
    "macd_histogram": (
        "MovingAverageConvergenceDivergence",
        (12, 26, 9),
        talib.MACD(C)[2],
        lambda i: i.histogram,
    ),
    "atr": ("AverageTrueRange", (14,), talib.ATR(H, L, C, 14)),
    "adx": ("AverageDirectionalIndex", (14,), talib.ADX(H, L, C, 14)),
    "plus_di": (
        "AverageDirectionalIndex",
        (14,),
        talib.PLUS_DI(H, L, C, 14),
        lambda i: i.positive_directional_index,
    ),
    "adxr": ("AverageDirectionalMovementIndexRating", (14,), talib.ADXR(H, L, C, 14)),
    "adosc": ("AccumulationDistributionOscillator", (3, 10), talib.ADOSC(H, L, C, V)),
}


def _ours(case: tuple[Any, ...]) -> Any:
    name, settings, _, *output = case
    value: Callable[[Any], Any] | None = output[0] if output else None
    return fed(INDICATOR_NAMES[name](*settings), DATA, value)


@pytest.mark.parametrize("case", EQUAL.values(), ids=EQUAL)
def test_equal(case: tuple[Any, ...]) -> None:
    ours, theirs = _ours(case), case[2]
    both = np.isfinite(ours) & np.isfinite(theirs)
    assert both.sum() > 500
    np.testing.assert_allclose(ours[both], theirs[both], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("case", CONVERGING.values(), ids=CONVERGING)
def test_equal_in_the_long_run(case: tuple[Any, ...]) -> None:
    np.testing.assert_allclose(_ours(case)[-200:], case[2][-200:], rtol=1e-5, atol=1e-5)
