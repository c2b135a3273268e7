"""Indicators of traded volume."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import TickType
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.kinds import BarIndicator, TradeBarIndicator
from utils.engine.indicators.moving_averages import ExponentialMovingAverage, MovingAverageType, average
from utils.engine.indicators.naming import named, setting_text
from utils.engine.indicators.sums import SimpleMovingAverage, Sum


class OnBalanceVolume(TradeBarIndicator):
    """Volume of the bars that rose less volume of those that fell."""

    def __init__(self, name: str = "OBV") -> None:
        super().__init__(name)
        self.warm_up_period = 1

    def _start(self) -> None:
        self._value: float | None = None

    def _next(self, data: Any) -> float:
        before, self._value = self._value, data.value
        if before is None:
            return float(data.volume)
        if data.value > before:
            return float(self._latest + data.volume)
        return float(self._latest - data.volume) if data.value < before else self._latest


class SmoothedOnBalanceVolume(BarIndicator):
    """Average of the on-balance volume.

    Attributes:
        on_balance_volume: what is averaged.
    """

    on_balance_volume: OnBalanceVolume

    @named("SOBV({period})")
    def __init__(
        self, name: str, period: int, moving_average_type: MovingAverageType = MovingAverageType.SIMPLE
    ) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self.on_balance_volume = OnBalanceVolume()
        self._smoother = average(moving_average_type, period, f"{name}_{moving_average_type}")

    def _ready(self) -> bool:
        return self._smoother._ready()

    def _next(self, data: Any) -> float:
        self.on_balance_volume._push(self._stamp, data)
        self._smoother._push(self._stamp, self.on_balance_volume._latest)
        return self._smoother._latest if self._ready() else 0.0


class AccumulationDistribution(TradeBarIndicator):
    """Volume weighted by the close's place in the bar, summed."""

    def __init__(self, name: str = "AD") -> None:
        super().__init__(name)
        self.warm_up_period = 1

    def _next(self, data: Any) -> float:
        return self._latest + _flow(data)


class AccumulationDistributionOscillator(TradeBarIndicator):
    """Fast average of the accumulation less slow average."""

    @named("ADOSC({fast_period},{slow_period})")
    def __init__(self, name: str, fast_period: int, slow_period: int) -> None:
        super().__init__(name)
        self.warm_up_period = max(fast_period, slow_period)
        self._accumulation = AccumulationDistribution(name + "_AD")
        self._fast = ExponentialMovingAverage(name + "_Fast", fast_period)
        self._slow = ExponentialMovingAverage(name + "_Slow", slow_period)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: Any) -> float:
        self._accumulation._push(self._stamp, data)
        self._fast._push(self._stamp, self._accumulation._latest)
        self._slow._push(self._stamp, self._accumulation._latest)
        return self._fast._latest - self._slow._latest if self._ready() else 0.0


class ChaikinOscillator(AccumulationDistributionOscillator):
    """Another name of the oscillator of accumulation."""

    @named("ChaikinOscillator({fast_period},{slow_period})")
    def __init__(self, name: str, fast_period: int, slow_period: int) -> None:
        super().__init__(name, fast_period, slow_period)


class ChaikinMoneyFlow(TradeBarIndicator):
    """Money flow as a part of the volume, -1 to 1."""

    @named("CMF({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._flows, self._volumes = Sum(period), Sum(period)

    def _ready(self) -> bool:
        return self._flows._ready()

    def _next(self, data: Any) -> float:
        self._flows._push(self._stamp, _flow(data))
        self._volumes._push(self._stamp, data.volume)
        if not self._ready() or self._volumes._latest == 0:
            return 0.0
        return self._flows._latest / self._volumes._latest


class MoneyFlowIndex(TradeBarIndicator):
    """Money that flowed in, in percent of all, over `period` bars.

    Attributes:
        positive_money_flow: of the bars that rose.
        negative_money_flow: of the bars that fell.
        previous_typical_price: of the last bar.
    """

    positive_money_flow: Sum
    negative_money_flow: Sum
    previous_typical_price: float

    @named("MFI({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self.positive_money_flow = Sum(name + "_PositiveMoneyFlow", period)
        self.negative_money_flow = Sum(name + "_NegativeMoneyFlow", period)

    def _start(self) -> None:
        self.previous_typical_price = 0.0

    def _ready(self) -> bool:
        return self.positive_money_flow._ready() and self.negative_money_flow._ready()

    def _next(self, data: Any) -> float:
        price = (data.high + data.low + data.close) / 3.0
        before, self.previous_typical_price = self.previous_typical_price, price
        flow = price * data.volume
        self.positive_money_flow._push(self._stamp, flow if price > before else 0.0)
        self.negative_money_flow._push(self._stamp, flow if price < before else 0.0)
        total = self.positive_money_flow._latest + self.negative_money_flow._latest
        return 100.0 if total == 0 else 100.0 * self.positive_money_flow._latest / total


class VolumeWeightedAveragePriceIndicator(TradeBarIndicator):
    """Average price of the last `period` bars, weighted by volume."""

    @named("VWAP({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._money, self._volumes = Sum("Sum_xy", period), Sum("Sum_y", period)

    def _start(self) -> None:
        self._price = 0.0

    def _ready(self) -> bool:
        return self._volumes._ready()

    def _next(self, data: Any) -> float:
        price = (data.open + data.high + data.low + data.value) / 4.0
        self._money._push(self._stamp, price * data.volume)
        self._volumes._push(self._stamp, data.volume)
        if self._volumes._latest != 0:
            self._price = self._money._latest / self._volumes._latest
        return self._price


class VolumeWeightedMovingAverage(TradeBarIndicator):
    """Average close of the last `period` bars, weighted by volume."""

    @named("VWMA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._money, self._volumes = Sum(name + "_SumPxV", period), Sum(name + "_SumVolume", period)

    def _ready(self) -> bool:
        return self._volumes._ready()

    def _next(self, data: Any) -> float:
        self._money._push(self._stamp, data.close * data.volume)
        self._volumes._push(self._stamp, data.volume)
        volume = self._volumes._latest
        return self._money._latest / volume if volume != 0 else float(data.close)


class IntradayVwap(IndicatorBase):
    """Average price since the day began, weighted by volume; of trades, as bars or ticks."""

    can_block: ClassVar[bool] = False

    def __init__(self, name: str = "VWAP") -> None:
        super().__init__(name)

    def _start(self) -> None:
        self._day: date | None = None
        self._volume = self._money = 0.0

    def _input(self, data: Any) -> Any:
        return data

    def _ready(self) -> bool:
        return self._volume > 0

    def _next(self, data: Any) -> float | None:
        if isinstance(data, Tick) and data.tick_type == TickType.TRADE:
            volume, price = float(data.quantity), float(data.last_price)
        elif isinstance(data, TradeBar) and not data.is_fill_forward:
            volume, price = data.volume, (data.high + data.low + data.close) / 3.0
        else:
            return None
        day = data.end_time.date()
        if day != self._day:
            self._day = day
            self._volume = self._money = 0.0
        self._volume += volume
        self._money += price * volume
        return self._money / self._volume if self._volume else float(data.value)


def _emv_name(period: int, scale: int) -> str:
    return f"EMV({period}, {setting_text(scale)})"


class EaseOfMovementValue(TradeBarIndicator):
    """Change of the middle price by the volume that it took."""

    @named(_emv_name)
    def __init__(self, name: str, period: int = 1, scale: int = 10000) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._scale = scale
        self._average = SimpleMovingAverage(period)

    def _start(self) -> None:
        self._high = self._low = 0.0

    def _ready(self) -> bool:
        return self._average._ready()

    def _next(self, data: Any) -> float:
        high, low = data.high, data.low
        if self._high == 0 and self._low == 0:
            self._high, self._low = high, low
        move = 0.0
        if data.volume != 0 and high != low:
            change = (high + low) / 2.0 - (self._high + self._low) / 2.0
            move = change / (data.volume / self._scale / (high - low))
            self._high, self._low = high, low
        self._average._push(self._stamp, move)
        return self._average._latest


class ForceIndex(TradeBarIndicator):
    """Average of change times volume."""

    @named("FI({period})")
    def __init__(
        self, name: str, period: int, moving_average_type: MovingAverageType = MovingAverageType.EXPONENTIAL
    ) -> None:
        super().__init__(name)
        self.warm_up_period = period + 1
        self._smoother = average(moving_average_type, period, f"{name}_{moving_average_type}")

    def _start(self) -> None:
        self._close = 0.0

    def _ready(self) -> bool:
        return self._smoother._ready()

    def _next(self, data: Any) -> float:
        before, self._close = self._close, data.close
        if self._samples < 2:
            return 0.0
        self._smoother._push(self._stamp, (data.close - before) * data.volume)
        return self._smoother._latest


class KlingerVolumeOscillator(TradeBarIndicator):
    """Fast average of the volume's force less slow average.

    Attributes:
        signal: average of it.
    """

    signal: ExponentialMovingAverage

    @named("KVO({fast_period},{slow_period},{signal_period})")
    def __init__(self, name: str, fast_period: int, slow_period: int, signal_period: int = 13) -> None:
        super().__init__(name)
        self.warm_up_period = max(fast_period, slow_period, signal_period) + 2
        self._fast = ExponentialMovingAverage(name + "_FastEma", fast_period)
        self._slow = ExponentialMovingAverage(name + "_SlowEma", slow_period)
        self.signal = ExponentialMovingAverage(name + "_Signal", signal_period)

    def _start(self) -> None:
        self._price = self._range = self._movement = 0.0
        self._trend = 0

    def _ready(self) -> bool:
        return self._fast._ready() and self._slow._ready() and self.signal._ready()

    def _next(self, data: Any) -> float:
        span = data.high - data.low
        price = data.high + data.low + data.close
        price_before, self._price = self._price, price
        span_before, self._range = self._range, span
        if self._samples < 2:
            return 0.0
        trend = 1 if price > price_before else -1
        trend_before, self._trend = self._trend, trend
        if trend_before == 0:
            return 0.0
        if self._movement == 0 or trend != trend_before:
            self._movement = span + span_before
        else:
            self._movement += span
        movement = max(self._movement, 1e-8)
        force = data.volume * abs(2.0 * (span / movement - 1.0)) * trend * 100.0
        self._fast._push(self._stamp, force)
        self._slow._push(self._stamp, force)
        ready = self._fast._ready() and self._slow._ready()
        value = self._fast._latest - self._slow._latest if ready else 0.0
        self.signal._push(self._stamp, value)
        return value


class MassIndex(TradeBarIndicator):
    """Sum of the ranges' average over the average's average."""

    @named("MASS({ema_period},{sum_period})")
    def __init__(self, name: str, ema_period: int = 9, sum_period: int = 25) -> None:
        super().__init__(name)
        self.warm_up_period = 2 * (ema_period - 1) + sum_period
        self._ema1 = ExponentialMovingAverage(ema_period)
        self._ema2 = ExponentialMovingAverage(f"EMA{ema_period}_Of_{self._ema1.name}", ema_period)
        self._sum = Sum(sum_period)

    def _ready(self) -> bool:
        return self._sum._ready()

    def _next(self, data: Any) -> float:
        self._ema1._push(self._stamp, data.high - data.low)
        if self._ema1._ready():
            self._ema2._push(self._stamp, self._ema1._latest)
        if self._ema2._ready():
            below = self._ema2._latest
            self._sum._push(self._stamp, self._ema1._latest / below if below != 0 else 0.0)
        return self._sum._latest if self._ready() else float(self._sum.period)


def _flow(data: Any) -> float:
    """Volume weighted by the place of the close in the bar, -1 (low) to 1 (high)."""
    span = data.high - data.low
    if span <= 0:
        return 0.0
    return float(((data.close - data.low) - (data.high - data.close)) / span * data.volume)
