"""Money Line: a volatility band's flips, entered when trend, strength and volume agree."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from trading.bars import Bars, Float64Array
from trading.compiled import kernel
from trading.indicators.adx import adx_state, adx_update
from trading.indicators.atr import atr_state, atr_update
from trading.indicators.ema import ema_state, ema_update
from trading.indicators.spec import IndicatorSpec
from trading.indicators.volume_ratio import volume_ratio_state, volume_ratio_update
from trading.strategies.contract import Brackets, Indicators, Strategy, StrategyParams, Turns
from trading.strategies.errors import ContradictoryParams
from trading.strategies.exits import levels, set_levels
from trading.strategies.filters import ADX, ADX_PERIOD, VOLUME_PERIOD, VOLUME_RATIO, passes, passing
from trading.strategies.fused import FusedStepper, part
from trading.strategies.ranges import Adx, Gap, Multiple, Period, VolumeRatio
from trading.strategies.trend_line import LINE_STATE, line_flips, line_update


class MoneyLineParams(StrategyParams):
    """Parameters of `MoneyLine`."""

    atr_period: Annotated[Period, Field(description="bars of the ATR of line, stop and target")] = 10
    multiplier: Annotated[float, Field(gt=0, le=100, description="distance of the bands in ATR")] = 3.0
    ma_fast: Annotated[Period, Field(description="bars of the fast EMA")] = 20
    ma_slow: Annotated[Period, Field(description="bars of the slow EMA")] = 50
    ma_gap_min: Annotated[Gap, Field(description="least side x (fast - slow) / close")] = 0.0
    adx_min: Annotated[Adx, Field(description="least ADX(14)")] = 20.0
    volume_min: Annotated[VolumeRatio, Field(description="least volume / mean of 20 bars")] = 1.0
    target_atr: Annotated[Multiple, Field(description="profit target in ATR, 0 = none")] = 0.0
    stop_atr: Annotated[Multiple, Field(description="stop in ATR, 0 = none")] = 0.0

    @model_validator(mode="after")
    def _fast_below_slow(self) -> Self:
        if self.ma_fast >= self.ma_slow:
            raise ContradictoryParams(f"ma_fast = {self.ma_fast} must be less than ma_slow = {self.ma_slow}")
        return self


class MoneyLine(Strategy[MoneyLineParams]):
    """Flips of the trend line of ATR bands; entered when averages, ADX and volume agree.

    Flips come as soon as the line has its ATR; none may be entered before every filter is ready. Flips
    before that find no position to close, so the trades are those of a strategy that waits for all.
    """

    name: ClassVar[str] = "money_line"
    params_model = MoneyLineParams
    ENTRY_FIELDS: ClassVar[tuple[str, ...]] = ("ma_fast", "ma_slow", "ma_gap_min", "adx_min", "volume_min")
    EXIT_FIELDS: ClassVar[tuple[str, ...]] = ("target_atr", "stop_atr")

    def requires(self, params: MoneyLineParams) -> tuple[IndicatorSpec, ...]:
        """ATR, both EMAs, ADX and volume ratio."""
        return (_atr(params), *_averages(params), ADX, VOLUME_RATIO)

    def turns(self, bars: Bars, indicators: Indicators, params: MoneyLineParams) -> Turns:
        """Flips of the line."""
        atr = indicators[_atr(params)]
        return Turns(*line_flips(bars.high, bars.low, bars.close, atr, params.multiplier))

    def enters(
        self, bars: Bars, indicators: Indicators, params: MoneyLineParams, turns: Turns
    ) -> NDArray[np.bool_]:
        """Whether every filter is ready and passes."""
        fast, slow = (indicators[spec] for spec in _averages(params))
        minima = params.ma_gap_min, params.adx_min, params.volume_min
        return passing(*turns, bars.close, fast, slow, indicators[ADX], indicators[VOLUME_RATIO], *minima)

    def brackets(self, bars: Bars, indicators: Indicators, params: MoneyLineParams, turns: Turns) -> Brackets:
        """Stop and target in ATR of the flip's bar from its close."""
        unit = indicators[_atr(params)]
        return Brackets(*levels(*turns, bars.close, unit, params.stop_atr, params.target_atr, 0.0))

    def stepper(self, params: MoneyLineParams) -> FusedStepper:
        """One compiled call a bar."""
        settings = [
            params.multiplier,
            params.ma_gap_min,
            params.adx_min,
            params.volume_min,
            params.stop_atr,
            params.target_atr,
        ]
        return FusedStepper(
            _step,
            np.array(settings),
            np.zeros(LINE_STATE),
            atr_state(params.atr_period),
            ema_state(params.ma_fast),
            ema_state(params.ma_slow),
            adx_state(ADX_PERIOD),
            volume_ratio_state(VOLUME_PERIOD),
        )


def _atr(params: MoneyLineParams) -> IndicatorSpec:
    return IndicatorSpec("atr", (params.atr_period,))


# Parts of the packed state, and places in its settings.
_EXITS, _SETTINGS, _LINE, _ATR, _FAST, _SLOW, _ADX, _VOLUME = range(8)
_MULTIPLIER, _GAP_MIN, _ADX_MIN, _VOLUME_MIN, _STOP, _TARGET = range(6)


@kernel
def _step(state: Float64Array, high: float, low: float, close: float, volume: float) -> int:
    settings = part(state, _SETTINGS)
    atr = atr_update(part(state, _ATR), high, low, close)
    fast = ema_update(part(state, _FAST), close)
    slow = ema_update(part(state, _SLOW), close)
    adx = adx_update(part(state, _ADX), high, low, close)
    ratio = volume_ratio_update(part(state, _VOLUME), volume)
    flip = line_update(part(state, _LINE), high, low, close, atr, settings[_MULTIPLIER])
    if flip == 0:
        return 0
    set_levels(part(state, _EXITS), flip, close, atr, settings[_STOP], settings[_TARGET], 0.0)
    minima = settings[_GAP_MIN], settings[_ADX_MIN], settings[_VOLUME_MIN]
    return 2 * flip if passes(flip, close, fast, slow, adx, ratio, *minima) else flip


def _averages(params: MoneyLineParams) -> tuple[IndicatorSpec, IndicatorSpec]:
    return IndicatorSpec("ema", (params.ma_fast,)), IndicatorSpec("ema", (params.ma_slow,))
