"""Lines of best fit."""

from __future__ import annotations

from math import fsum, log, sqrt

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.kinds import Indicator, Output, WindowIndicator
from utils.engine.indicators.naming import named
from utils.engine.indicators.rolling_window import RollingWindow


def _line(values: list[float]) -> tuple[float, float]:
    """Intercept and slope of the line through (1, first), (2, second), ..."""
    count = len(values)
    middle_x = (count + 1) / 2
    middle_y = fsum(values) / count
    slope = fsum((x - middle_x) * (y - middle_y) for x, y in enumerate(values, 1))
    slope /= count * (count * count - 1) / 12 if count > 1 else 1.0
    return middle_y - slope * middle_x, slope


class LeastSquaresMovingAverage(WindowIndicator):
    """End of the line of best fit through the last `period` values.

    Attributes:
        intercept: the line at the place before the first value.
        slope: its rise by value.
    """

    intercept: IndicatorBase
    slope: IndicatorBase

    @named("LSMA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self.intercept = Output(name + "_Intercept")
        self.slope = Output(name + "_Slope")

    def _next(self, data: float) -> float:
        values = self._values
        values.append(data)
        if len(values) < self.period:
            return data
        intercept, slope = _line(list(values))
        self.intercept._push(self._stamp, intercept)
        self.slope._push(self._stamp, slope)
        return intercept + slope * self.period


class TimeSeriesForecast(WindowIndicator):
    """The line of best fit, one value ahead.

    Raises:
        ArgumentException: a period below 2.
    """

    @named("TSF{period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        if period < 2:
            raise ArgumentException("RollingWindow must have size of at least 2. (Parameter 'period')")

    def _next(self, data: float) -> float:
        self._values.append(data)
        if len(self._values) < self.period:
            return 0.0
        intercept, slope = _line(list(self._values))
        return intercept + slope * (self.period + 1)


class HurstExponent(Indicator):
    """Memory of a series: above 0.5 it trends, below it turns.

    Raises:
        ArgumentException: a largest lag below 3.
    """

    @named("HE({period},{max_lag})")
    def __init__(self, name: str, period: int, max_lag: int = 20) -> None:
        if max_lag < 3:
            raise ArgumentException(
                "The maxLag parameter must be greater than 2 to compute the Hurst Exponent. "
                "(Parameter 'maxLag')"
            )
        self._prices: RollingWindow[float] = RollingWindow(period)
        self._lags = range(2, max_lag + 1)
        super().__init__(name)
        self.warm_up_period = int(period)

    def _start(self) -> None:
        self._prices.reset()

    def _ready(self) -> bool:
        return self._prices.is_ready

    def _next(self, data: float) -> float:
        self._prices.add(data)
        if not self._ready():
            return 0.0
        prices = list(self._prices)
        xs = [log(lag) for lag in self._lags]
        ys = [_log_deviation(prices, lag) for lag in self._lags]
        count, sum_x = len(xs), fsum(xs)
        sum_xy = fsum(x * y for x, y in zip(xs, ys, strict=True))
        return (count * sum_xy - sum_x * fsum(ys)) / (count * fsum(x * x for x in xs) - sum_x * sum_x)


def _log_deviation(prices: list[float], lag: int) -> float:
    """Logarithm of the standard deviation of changes over `lag`; 0 where there is none."""
    changes = [old - new for new, old in zip(prices, prices[lag:], strict=False)]
    if not changes:
        return 0.0
    mean = fsum(changes) / len(changes)
    deviation = sqrt(fsum((change - mean) ** 2 for change in changes) / len(changes))
    return log(deviation) if deviation > 0 else 0.0
