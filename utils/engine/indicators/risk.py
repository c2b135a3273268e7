"""Returns against risk."""

from __future__ import annotations

from math import fsum, sqrt
from statistics import NormalDist, stdev
from typing import Any, ClassVar

from utils.engine.clock import to_datetime
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.indicators.changes import RateOfChange
from utils.engine.indicators.kinds import Indicator, Output, WindowIndicator
from utils.engine.indicators.naming import named, setting_text
from utils.engine.indicators.rolling_window import RollingWindow
from utils.engine.indicators.sums import SimpleMovingAverage, StandardDeviation


def _sharpe_name(period: int, risk_free_rate: Any = 0.0) -> str:
    rate = f",{setting_text(risk_free_rate)}" if isinstance(risk_free_rate, (int, float)) else ""
    return f"SR({period}{rate})"


class SharpeRatio(Indicator):
    """Mean return less the risk-free rate, over the returns' standard deviation.

    Args:
        name: its name.
        period: returns in it.
        risk_free_rate: a number, or a model with `get_interest_rate(date)`.
    """

    @named(_sharpe_name)
    def __init__(
        self, name: str, period: int, risk_free_rate: Any = 0.0, risk_free_rate_model: Any = None
    ) -> None:
        super().__init__(name)
        self._period = period
        self.warm_up_period = 2 + period
        self._rate_of = risk_free_rate if risk_free_rate_model is None else risk_free_rate_model
        self._return = RateOfChange(1)
        self._mean = SimpleMovingAverage(period)
        self._deviation = StandardDeviation(period)
        self._ratio = Output(name + "_Ratio")

    def _ready(self) -> bool:
        return self._ratio._samples > self._period

    def _risk(self) -> float:
        """What the mean is divided by."""
        return self._deviation._latest

    def _risk_free_rate(self) -> float:
        if isinstance(self._rate_of, (int, float)):
            return float(self._rate_of)
        stamp = self._stamp
        return float(self._rate_of.get_interest_rate(to_datetime(stamp) if type(stamp) is int else stamp))

    def _next(self, data: float) -> float:
        stamp = self._stamp
        rate = self._risk_free_rate()
        self._return._push(stamp, data)
        if self._return._ready():
            self._mean._push(stamp, self._return._latest)
            self._deviation._push(stamp, self._return._latest)
            risk = self._risk()
            self._ratio._samples += 1
            if risk != 0:
                self._ratio._samples -= 1
                self._ratio._push(stamp, (self._mean._latest - rate) / risk)
        return self._ratio._latest


class TargetDownsideDeviation(Indicator):
    """Root mean square of the returns below a least acceptable one."""

    @named("TDD({period},{minimum_acceptable_return})")
    def __init__(self, name: str, period: int, minimum_acceptable_return: float = 0.0) -> None:
        self._returns: RollingWindow[float] = RollingWindow(period)
        super().__init__(name)
        self.warm_up_period = period + 1
        self._least = float(minimum_acceptable_return)
        self._return = RateOfChange(1)

    def _start(self) -> None:
        self._returns.reset()
        # An indicator's window starts with a zero.
        self._returns.add(0.0)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        self._return._push(self._stamp, data)
        self._returns.add(self._return._latest)
        squares = [min(0.0, one - self._least) ** 2 for one in self._returns]
        return sqrt(fsum(squares) / len(squares))


class SortinoRatio(SharpeRatio):
    """Mean return less the least acceptable one, over the downside deviation."""

    @named("SORTINO({period},{minimum_acceptable_return})")
    def __init__(self, name: str, period: int, minimum_acceptable_return: float = 0.0) -> None:
        super().__init__(name, period, float(minimum_acceptable_return))
        self._downside = TargetDownsideDeviation(period, minimum_acceptable_return)

    def _risk(self) -> float:
        return self._downside._latest

    def _next(self, data: float) -> float:
        self._downside._push(self._stamp, data)
        return super()._next(data)


def _risk_name(period: int, confidence_level: float) -> str:
    return f"VaR({period}, {setting_text(confidence_level)})"


class ValueAtRisk(WindowIndicator):
    """Return that is not undercut with a confidence, if returns are normally distributed.

    Raises:
        ArgumentException: a period below 3.
    """

    can_block: ClassVar[bool] = True

    @named(_risk_name)
    def __init__(self, name: str, period: int, confidence_level: float) -> None:
        if period < 3:
            raise ArgumentException(
                f"Period parameter for ValueAtRisk indicator must be greater than 2 but was {period}"
            )
        super().__init__(name, period)
        self._return = RateOfChange(1)
        self._quantile = NormalDist().inv_cdf(1.0 - confidence_level)

    def _next(self, data: float) -> float:
        self._return._push(self._stamp, data)
        returns = self._values
        returns.append(self._return._latest)
        if len(returns) < 2:
            return 0.0
        return fsum(returns) / len(returns) + stdev(returns) * self._quantile
