"""Indicators of many symbols: how many rise and how many fall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.composite import CompositeIndicator
from utils.engine.indicators.extensions import IndicatorExtensions
from utils.engine.indicators.kinds import TradeBarIndicator
from utils.engine.indicators.moving_averages import ExponentialMovingAverage


class AdvanceDeclineIndicator(TradeBarIndicator):
    """Compares the assets that rose since the last period with those that fell.

    Args:
        name: its name.
        compute_sub: bars of the ones or the others -> a number.
        compute_main: the two numbers -> the value.
    """

    can_block: ClassVar[bool] = False

    def __init__(
        self,
        name: str,
        compute_sub: Callable[[list[Any]], float],
        compute_main: Callable[[float, float], float],
    ) -> None:
        self._of_side, self._of_both = compute_sub, compute_main
        # Bars by symbol; None for an asset without one in the period.
        self._now: dict[Any, Any] = {}
        super().__init__(name)
        self.warm_up_period = 2

    def add(self, asset: Any) -> None:
        """Watch an asset."""
        self._now.setdefault(asset, None)

    def remove(self, asset: Any) -> None:
        """Watch an asset no more."""
        self._now.pop(asset, None)

    add_stock = add
    remove_stock = remove

    def _start(self) -> None:
        self._now = dict.fromkeys(self._now)
        self._before: dict[Any, Any] = {}
        self._period_start: datetime | None = None

    def _ready(self) -> bool:
        return bool(self._before)

    def _next(self, data: Any) -> float | None:
        self._enqueue(data)
        if not self._before or any(bar is None for bar in self._now.values()):
            return None
        pairs = [(bar, self._before.get(asset)) for asset, bar in self._now.items()]
        risen = [bar for bar, old in pairs if old is not None and bar.close > old.close]
        fallen = [bar for bar, old in pairs if old is not None and bar.close < old.close]
        return self._of_both(self._of_side(risen), self._of_side(fallen))

    def _enqueue(self, data: Any) -> None:
        start = self._period_start
        if data.end_time == start:
            self._before[data.symbol] = data
            return
        if start is not None and data.time > start:
            self._before = dict(self._now)
            self._now = dict.fromkeys(self._now)
            self._period_start = start = data.time
        if data.symbol in self._now and (start is None or data.time == start):
            self._now[data.symbol] = data
            self._period_start = data.time


def _ratio(risen: float, fallen: float) -> float:
    return risen if fallen == 0 else risen / fallen


def _count(bars: list[Any]) -> float:
    return float(len(bars))


def _volume(bars: list[Any]) -> float:
    return float(sum(bar.volume for bar in bars))


class AdvanceDeclineDifference(AdvanceDeclineIndicator):
    """How many more rose than fell."""

    def __init__(self, name: str = "A/D Difference") -> None:
        super().__init__(name, _count, lambda risen, fallen: risen - fallen)


class AdvanceDeclineRatio(AdvanceDeclineIndicator):
    """How many rose by those that fell."""

    def __init__(self, name: str = "A/D Ratio") -> None:
        super().__init__(name, _count, _ratio)


class AdvanceDeclineVolumeRatio(AdvanceDeclineIndicator):
    """Volume of those that rose by that of those that fell."""

    def __init__(self, name: str = "A/D Volume Rate") -> None:
        super().__init__(name, _volume, _ratio)


class ArmsIndex(TradeBarIndicator):
    """Ratio of the numbers by ratio of the volumes.

    Attributes:
        ad_ratio: of the numbers.
        adv_ratio: of the volumes.
    """

    can_block: ClassVar[bool] = False

    ad_ratio: AdvanceDeclineRatio
    adv_ratio: AdvanceDeclineVolumeRatio

    def __init__(self, name: str = "TRIN") -> None:
        super().__init__(name)
        self.ad_ratio = AdvanceDeclineRatio(name + "_A/D Ratio")
        self.adv_ratio = AdvanceDeclineVolumeRatio(name + "_A/D Volume Ratio")
        self._index: CompositeIndicator = IndicatorExtensions.over(self.ad_ratio, self.adv_ratio, name)
        self.warm_up_period = 2

    def _ready(self) -> bool:
        return self.ad_ratio._ready() and self.adv_ratio._ready()

    def _next(self, data: Any) -> float:
        self.ad_ratio._push(self._stamp, data)
        self.adv_ratio._push(self._stamp, data)
        return 0.0 if self.adv_ratio._latest == 0 else self._index._latest

    def add(self, asset: Any) -> None:
        """Watch an asset."""
        self.ad_ratio.add(asset)
        self.adv_ratio.add(asset)

    def remove(self, asset: Any) -> None:
        """Watch an asset no more."""
        self.ad_ratio.remove(asset)
        self.adv_ratio.remove(asset)

    add_stock = add
    remove_stock = remove


class McClellanOscillator(TradeBarIndicator):
    """Fast average of how many more rose than fell, less slow average.

    Attributes:
        ad_difference: how many more rose than fell.
        ema_fast, ema_slow: its averages.

    Raises:
        ArgumentException: the fast period is the longer one.
    """

    can_block: ClassVar[bool] = False

    ad_difference: AdvanceDeclineDifference
    ema_fast: ExponentialMovingAverage
    ema_slow: ExponentialMovingAverage

    def __init__(self, name: Any = "McClellanOscillator", *periods: int, **named: int) -> None:
        name, fast, slow = _periods("McClellanOscillator", name, periods, named)
        if fast > slow:
            raise ArgumentException("fastPeriod must be less than slowPeriod.")
        super().__init__(name)
        self.ad_difference = AdvanceDeclineDifference("ADD")
        self.ema_fast = IndicatorExtensions.ema(self.ad_difference, fast)
        self.ema_slow = IndicatorExtensions.ema(self.ad_difference, slow)
        self._difference = IndicatorExtensions.minus(self.ema_fast, self.ema_slow)
        self.warm_up_period = slow + 2

    def _ready(self) -> bool:
        return self.ema_slow._ready()

    def _next(self, data: Any) -> float:
        self.ad_difference._push(self._stamp, data)
        return self._difference._latest

    def add(self, asset: Any) -> None:
        """Watch an asset."""
        self.ad_difference.add(asset)

    def remove(self, asset: Any) -> None:
        """Watch an asset no more."""
        self.ad_difference.remove(asset)


class McClellanSummationIndex(TradeBarIndicator):
    """Sum of the oscillator, one value a time, and the oscillator's present value.

    Attributes:
        mc_clellan_oscillator: the oscillator.
    """

    can_block: ClassVar[bool] = False

    mc_clellan_oscillator: McClellanOscillator

    def __init__(self, name: Any = "McClellanSummationIndex", *periods: int, **named: int) -> None:
        name, fast, slow = _periods("McClellanSummationIndex", name, periods, named)
        super().__init__(name)
        self.mc_clellan_oscillator = McClellanOscillator("McClellanOscillator", fast, slow)
        self.warm_up_period = self.mc_clellan_oscillator.warm_up_period
        self._sum = 0.0
        self._time: Any = None

    def _ready(self) -> bool:
        return self.mc_clellan_oscillator._ready()

    def _next(self, data: Any) -> float:
        oscillator: IndicatorBase = self.mc_clellan_oscillator
        oscillator._push(self._stamp, data)
        if self._stamp != self._time:
            self._time = self._stamp
            self._sum += oscillator._latest
        return self._sum + oscillator._latest

    def add(self, asset: Any) -> None:
        """Watch an asset."""
        self.mc_clellan_oscillator.add(asset)

    def remove(self, asset: Any) -> None:
        """Watch an asset no more."""
        self.mc_clellan_oscillator.remove(asset)


def _periods(own: str, name: Any, periods: tuple[int, ...], named: dict[str, int]) -> tuple[str, int, int]:
    """Name, fast and slow period of a constructor whose name may be left out."""
    if not isinstance(name, str):
        name, periods = own, (name, *periods)
    settings = {"fast_period": 19, "slow_period": 39}
    settings |= dict(zip(settings, periods, strict=False)) | named
    return name, settings["fast_period"], settings["slow_period"]
