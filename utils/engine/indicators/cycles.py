"""Cycles and filters."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.exceptions import ArgumentException, ArgumentOutOfRangeException
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.changes import Delay
from utils.engine.indicators.kinds import BarIndicator, Indicator, Output
from utils.engine.indicators.naming import named


class FractalAdaptiveMovingAverage(BarIndicator):
    """Exponential average that is slower the more fractal the price is.

    Raises:
        ArgumentException: an odd number of bars.
    """

    @named("FRAMA({n},{long_period})")
    def __init__(self, name: str, n: int, long_period: int = 198) -> None:
        if n % 2:
            raise ArgumentException(f"{name}: N must be even, N = {n} (Parameter 'n')")
        self._count = n
        self._speed = math.log(2.0 / (1 + long_period))
        super().__init__(name)
        self.warm_up_period = n

    def _start(self) -> None:
        self._highs: deque[float] = deque(maxlen=self._count)
        self._lows: deque[float] = deque(maxlen=self._count)

    def _ready(self) -> bool:
        return self._samples >= self._count

    def _next(self, data: Any) -> float:
        price: float = (data.high + data.low) / 2.0
        self._highs.append(data.high)
        self._lows.append(data.low)
        if self._samples <= self._count:
            return price
        half = self._count // 2
        highs, lows = list(self._highs), list(self._lows)
        new = (max(highs[half:]) - min(lows[half:])) / half
        old = (max(highs[:half]) - min(lows[:half])) / half
        both = (max(highs) - min(lows)) / self._count
        dimension = 0.0
        if new + old > 0 and both > 0:
            dimension = math.log((new + old) / both) / math.log(2.0)
        weight = min(max(math.exp(self._speed * (dimension - 1.0)), 0.01), 1.0)
        return weight * price + (1.0 - weight) * self._latest


class HilbertTransform(Indicator):
    """In-phase and quadrature parts of the price; the value itself is the input's.

    Attributes:
        in_phase: the one.
        quadrature: the other.
    """

    in_phase: IndicatorBase
    quadrature: IndicatorBase

    @named("Hilbert({length}, {in_phase_multiplication_factor}, {quadrature_multiplication_factor})")
    def __init__(
        self,
        name: str,
        length: int = 7,
        in_phase_multiplication_factor: float = 0.635,
        quadrature_multiplication_factor: float = 0.338,
    ) -> None:
        super().__init__(name)
        self._length = length
        self.warm_up_period = length + 2
        self._factor = float(in_phase_multiplication_factor)
        self._quadrature_factor = float(quadrature_multiplication_factor)
        self._lagged = Delay(name + "_prev", length)
        self._detrended = Output(name + "_detrendPrice")
        self._detrended2 = Delay(name + "_detrendPriceDelay2", 1)
        self._detrended4 = Delay(name + "_detrendPriceDelay4", 3)
        self._in_phase3 = Delay(name + "_inPhaseDelay3", 2)
        self._quadrature2 = Delay(name + "_quadratureDelay2", 1)
        self.in_phase = Output(name + "_inPhase", self._in_phase_ready)
        self.quadrature = Output(name + "_quad", self._quadrature_ready)

    def _in_phase_ready(self) -> bool:
        return self._samples > self._length + 2

    def _quadrature_ready(self) -> bool:
        return self._samples > self._length

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        stamp = self._stamp
        self._lagged._push(stamp, data)
        if self._lagged._ready():
            detrended = data - self._lagged._latest
            self._detrended._push(stamp, detrended)
            self._detrended2._push(stamp, detrended)
            self._detrended4._push(stamp, detrended)
        v1, v2 = self._detrended._latest, _if_ready(self._detrended2)
        value = 0.0
        if self._in_phase_ready():
            value = 1.25 * (_if_ready(self._detrended4) - v2 * self._factor)
            value += _if_ready(self._in_phase3) * self._factor
        self.in_phase._push(stamp, value)
        if self._in_phase_ready():
            self._in_phase3._push(stamp, value)
        value = 0.0
        if self._quadrature_ready():
            value = v2 - v1 * self._quadrature_factor
            value += _if_ready(self._quadrature2) * self._quadrature_factor
        self.quadrature._push(stamp, value)
        if self._quadrature_ready():
            self._quadrature2._push(stamp, value)
        return data


def _if_ready(delay: Delay) -> float:
    return delay._latest if delay._ready() else 0.0


class MesaAdaptiveMovingAverage(BarIndicator):
    """Exponential average that follows the phase of the dominant cycle.

    Attributes:
        fama: the slower average that follows it.
    """

    fama: IndicatorBase

    @named("MAMA")
    def __init__(self, name: str, fast_limit: float = 0.5, slow_limit: float = 0.05) -> None:
        super().__init__(name)
        self.warm_up_period = 33
        self._fast, self._slow = float(fast_limit), float(slow_limit)
        self.fama = Output(name + "_Fama")

    def _start(self) -> None:
        # Newest first.
        self._prices: deque[float] = deque(maxlen=13)
        self._smooth, self._detrended, self._in_phase, self._quadrature = (
            deque([0.0] * 6, maxlen=6) for _ in range(4)
        )
        self._period = self._in_phase2 = self._quadrature2 = 0.0
        self._real = self._imaginary = self._phase = self._average = 0.0

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: Any) -> float:
        prices = self._prices
        prices.appendleft((data.high + data.low) / 2.0)
        if len(prices) < 13:
            return 0.0
        scale = 0.075 * self._period + 0.54
        smooth = (4.0 * prices[0] + 3.0 * prices[1] + 2.0 * prices[2] + prices[3]) / 10.0
        detrended = _transform(smooth, self._smooth) * scale
        quadrature = _transform(detrended, self._detrended) * scale
        in_phase = self._detrended[2]
        ahead_in_phase = _transform(in_phase, self._in_phase) * scale
        ahead_quadrature = _transform(quadrature, self._quadrature) * scale
        in_phase2 = 0.2 * (in_phase - ahead_quadrature) + 0.8 * self._in_phase2
        quadrature2 = 0.2 * (quadrature + ahead_in_phase) + 0.8 * self._quadrature2
        self._follow_period(in_phase2, quadrature2)
        weight = self._weight(in_phase, quadrature)
        self._average = weight * prices[0] + (1.0 - weight) * self._average
        half = 0.5 * weight
        self.fama._push(self._stamp, half * self._average + (1.0 - half) * self.fama._latest)
        for history, value in (
            (self._smooth, smooth),
            (self._detrended, detrended),
            (self._in_phase, in_phase),
            (self._quadrature, quadrature),
        ):
            history.appendleft(value)
        return self._average if self._ready() else 0.0

    def _follow_period(self, in_phase2: float, quadrature2: float) -> None:
        """Take in the period of the cycle, which changes slowly and stays within 6 to 50 bars."""
        real = in_phase2 * self._in_phase2 + quadrature2 * self._quadrature2
        imaginary = in_phase2 * self._quadrature2 - quadrature2 * self._in_phase2
        self._in_phase2, self._quadrature2 = in_phase2, quadrature2
        self._real = real = 0.2 * real + 0.8 * self._real
        self._imaginary = imaginary = 0.2 * imaginary + 0.8 * self._imaginary
        period = 0.0
        if imaginary != 0 and real != 0:
            angle = math.degrees(math.atan(imaginary / real))
            period = 360.0 / angle if angle > 0 else 0.0
        period = max(min(period, 1.5 * self._period), 0.67 * self._period)
        self._period = 0.2 * min(max(period, 6.0), 50.0) + 0.8 * self._period

    def _weight(self, in_phase: float, quadrature: float) -> float:
        phase = math.degrees(math.atan(quadrature / in_phase)) if in_phase != 0 else 0.0
        change = max(self._phase - phase, 1.0)
        self._phase = phase
        return max(self._fast / change, self._slow)


def _transform(value: float, history: deque[float]) -> float:
    """The Hilbert transform's weights on a value and the ones two, four and six steps before."""
    return 0.0962 * value + 0.5769 * history[1] - 0.5769 * history[3] - 0.0962 * history[5]


class SwissArmyKnifeTool(LeanEnum):
    """Which filter."""

    GAUSS = 0
    BUTTER = 1
    HIGH_PASS = 2
    TWO_POLE_HIGH_PASS = 3
    BAND_PASS = 4


class _Filter(Indicator):
    """A filter with two poles."""

    def __init__(self, name: str, period: int, delta: float, tool: SwissArmyKnifeTool) -> None:
        self._weights = _weights(period, delta, tool)
        super().__init__(name)
        self.warm_up_period = int(period)

    def _start(self) -> None:
        self._inputs: deque[float] = deque(maxlen=3)
        self._outputs: deque[float] = deque([0.0, 0.0], maxlen=2)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        inputs, outputs = self._inputs, self._outputs
        inputs.extendleft([data] if inputs else [data] * 3)
        c0, b1, b2, a1, a2 = self._weights
        signal = c0 * (inputs[0] + b1 * inputs[1] + b2 * inputs[2]) + a1 * outputs[0] + a2 * outputs[1]
        outputs.appendleft(signal)
        return signal


def _weights(period: int, delta: float, tool: SwissArmyKnifeTool) -> tuple[float, ...]:
    """Gain, weights of the inputs one and two back, weights of the outputs one and two back."""
    angle = 2.0 * math.pi / period
    if tool == SwissArmyKnifeTool.HIGH_PASS:
        alpha = (math.cos(angle) + math.sin(angle) - 1.0) / math.cos(angle)
        return (1.0 + alpha) / 2.0, -1.0, 0.0, 1.0 - alpha, 0.0
    if tool == SwissArmyKnifeTool.BAND_PASS:
        beta, gamma = math.cos(angle), 1.0 / math.cos(2.0 * angle * delta)
        alpha = gamma - math.sqrt(gamma * gamma - 1.0)
        return (1.0 - alpha) / 2.0, 0.0, -1.0, -beta * (1.0 - alpha), alpha
    beta = 2.415 * (1.0 - math.cos(angle))
    alpha = -beta + math.sqrt(beta * beta + 2.0 * beta)
    poles = (2.0 * (1.0 - alpha), -((1.0 - alpha) ** 2))
    if tool == SwissArmyKnifeTool.GAUSS:
        return (alpha * alpha, 0.0, 0.0, *poles)
    if tool == SwissArmyKnifeTool.BUTTER:
        return (alpha * alpha / 4.0, 2.0, 1.0, *poles)
    if tool == SwissArmyKnifeTool.TWO_POLE_HIGH_PASS:
        return ((1.0 + alpha) ** 2 / 4.0, -2.0, 1.0, *poles)
    raise ArgumentOutOfRangeException(
        f"Invalid SwissArmyKnifeTool (Parameter 'tool')\nActual value was {tool}."
    )


class SwissArmyKnife(Indicator):
    """Five filters, of which one gives the value.

    Attributes:
        gauss, butter, high_pass, two_pole_high_pass, band_pass: the filters.
    """

    gauss: IndicatorBase
    butter: IndicatorBase
    high_pass: IndicatorBase
    two_pole_high_pass: IndicatorBase
    band_pass: IndicatorBase

    @named("Swiss({period},{delta},{tool})")
    def __init__(self, name: str, period: int, delta: float, tool: SwissArmyKnifeTool) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        filters = []
        for one, suffix in zip(SwissArmyKnifeTool, ("Gauss", "Butter", "HP", "2PHP", "BP"), strict=True):
            filters.append(_Filter(f"{name}_{suffix}", period, delta, one))
        self.gauss, self.butter, self.high_pass, self.two_pole_high_pass, self.band_pass = filters
        self._chosen = filters[tool]

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        for one in (self.gauss, self.butter, self.high_pass, self.two_pole_high_pass, self.band_pass):
            one._push(self._stamp, data)
        return self._chosen._latest
