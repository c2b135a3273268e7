"""Two moving averages crossing, with optional filters and exits in ATR."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from trading.bars import Bars, Float64Array
from trading.compiled import kernel
from trading.indicators.adx import adx_state, adx_update
from trading.indicators.atr import atr_state, atr_update
from trading.indicators.ema import ema_state, ema_update
from trading.indicators.sma import sma_state, sma_update
from trading.indicators.spec import IndicatorSpec
from trading.indicators.volume_ratio import volume_ratio_state, volume_ratio_update
from trading.indicators.wma import wma_state, wma_update
from trading.strategies.contract import Brackets, Indicators, Strategy, StrategyParams, Turns
from trading.strategies.crossing import CROSSING_STATE, crossing_update, crossings
from trading.strategies.errors import ContradictoryParams
from trading.strategies.exits import levels, set_levels
from trading.strategies.filters import ADX, ADX_PERIOD, VOLUME_PERIOD, VOLUME_RATIO, passes, passing
from trading.strategies.fused import FusedStepper, part
from trading.strategies.ranges import Adx, Gap, Multiple, Period, VolumeRatio


class MaCrossoverParams(StrategyParams):
    """Parameters of `MaCrossover`."""

    kind: Annotated[Literal["ema", "sma", "wma"], Field(description="of both moving averages")] = "ema"
    fast: Annotated[Period, Field(description="bars of the fast average")] = 20
    slow: Annotated[Period, Field(description="bars of the slow average")] = 50
    ma_gap_min: Annotated[Gap, Field(description="least side x (fast - slow) / close")] = 0.0
    adx_min: Annotated[Adx, Field(description="least ADX(14)")] = 0.0
    volume_min: Annotated[VolumeRatio, Field(description="least volume / mean of 20 bars")] = 0.0
    atr_period: Annotated[Period, Field(description="bars of the ATR that measures the exits")] = 14
    target_atr: Annotated[Multiple, Field(description="profit target in ATR, 0 = none")] = 0.0
    stop_atr: Annotated[Multiple, Field(description="stop in ATR, 0 = none")] = 0.0
    trail_atr: Annotated[Multiple, Field(description="trailing stop in ATR, 0 = none")] = 0.0

    @model_validator(mode="after")
    def _fast_below_slow(self) -> Self:
        if self.fast >= self.slow:
            raise ContradictoryParams(f"fast = {self.fast} must be less than slow = {self.slow}")
        return self


class MaCrossover(Strategy[MaCrossoverParams]):
    """Up when the fast average comes to lie above the slow one, down when below.

    None may be entered before every filter and the ATR of the exits are ready, whether one is set or not: so
    exit fields cannot move an entry, and no position goes without the stop it asked for.
    """

    name: ClassVar[str] = "ma_crossover"
    params_model = MaCrossoverParams
    ENTRY_FIELDS: ClassVar[tuple[str, ...]] = ("ma_gap_min", "adx_min", "volume_min")
    EXIT_FIELDS: ClassVar[tuple[str, ...]] = ("target_atr", "stop_atr", "trail_atr")

    def requires(self, params: MaCrossoverParams) -> tuple[IndicatorSpec, ...]:
        """Both averages, ADX, volume ratio and ATR."""
        return (*_averages(params), ADX, VOLUME_RATIO, _atr(params))

    def turns(self, bars: Bars, indicators: Indicators, params: MaCrossoverParams) -> Turns:  # noqa: ARG002
        """Crossings of the averages."""
        fast, slow = (indicators[spec] for spec in _averages(params))
        return Turns(*crossings(fast, slow))

    def enters(
        self, bars: Bars, indicators: Indicators, params: MaCrossoverParams, turns: Turns
    ) -> NDArray[np.bool_]:
        """Whether everything is ready and every filter passes."""
        fast, slow = (indicators[spec] for spec in _averages(params))
        minima = params.ma_gap_min, params.adx_min, params.volume_min
        passed = passing(*turns, bars.close, fast, slow, indicators[ADX], indicators[VOLUME_RATIO], *minima)
        measured: NDArray[np.bool_] = np.isfinite(indicators[_atr(params)][turns.bar])
        return passed & measured

    def brackets(
        self, bars: Bars, indicators: Indicators, params: MaCrossoverParams, turns: Turns
    ) -> Brackets:
        """Stop, target and trailing distance in ATR of the crossing's bar."""
        multiples = params.stop_atr, params.target_atr, params.trail_atr
        return Brackets(*levels(*turns, bars.close, indicators[_atr(params)], *multiples))

    def stepper(self, params: MaCrossoverParams) -> FusedStepper:
        """One compiled call a bar."""
        settings = [
            float(_KINDS.index(params.kind)),
            params.ma_gap_min,
            params.adx_min,
            params.volume_min,
            params.stop_atr,
            params.target_atr,
            params.trail_atr,
        ]
        average_state = _AVERAGE_STATES[params.kind]
        return FusedStepper(
            _step,
            np.array(settings),
            np.zeros(CROSSING_STATE),
            average_state(params.fast),
            average_state(params.slow),
            adx_state(ADX_PERIOD),
            volume_ratio_state(VOLUME_PERIOD),
            atr_state(params.atr_period),
        )


# Parts of the packed state, and places in its settings.
_EXITS, _SETTINGS, _CROSSING, _FAST, _SLOW, _ADX, _VOLUME, _ATR = range(8)
_KIND, _GAP_MIN, _ADX_MIN, _VOLUME_MIN, _STOP, _TARGET, _TRAIL = range(7)

_AVERAGE_STATES = {"ema": ema_state, "sma": sma_state, "wma": wma_state}
_KINDS = tuple(_AVERAGE_STATES)
_EMA, _SMA, _WMA = range(3)


@kernel
def _average(kind: float, state: Float64Array, value: float) -> float:
    if kind == _EMA:
        return ema_update(state, value)
    if kind == _SMA:
        return sma_update(state, value)
    return wma_update(state, value)


@kernel
def _step(state: Float64Array, high: float, low: float, close: float, volume: float) -> int:
    settings = part(state, _SETTINGS)
    fast = _average(settings[_KIND], part(state, _FAST), close)
    slow = _average(settings[_KIND], part(state, _SLOW), close)
    adx = adx_update(part(state, _ADX), high, low, close)
    ratio = volume_ratio_update(part(state, _VOLUME), volume)
    atr = atr_update(part(state, _ATR), high, low, close)
    side = crossing_update(part(state, _CROSSING), fast, slow)
    if side == 0:
        return 0
    set_levels(part(state, _EXITS), side, close, atr, settings[_STOP], settings[_TARGET], settings[_TRAIL])
    minima = settings[_GAP_MIN], settings[_ADX_MIN], settings[_VOLUME_MIN]
    enter = passes(side, close, fast, slow, adx, ratio, *minima) and not math.isnan(atr)
    return 2 * side if enter else side


def _averages(params: MaCrossoverParams) -> tuple[IndicatorSpec, IndicatorSpec]:
    return IndicatorSpec(params.kind, (params.fast,)), IndicatorSpec(params.kind, (params.slow,))


def _atr(params: MaCrossoverParams) -> IndicatorSpec:
    return IndicatorSpec("atr", (params.atr_period,))
