"""Bands and channels around the price."""

from __future__ import annotations

from typing import Any

from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.extremes import Maximum, Minimum
from utils.engine.indicators.kinds import BarIndicator, Indicator, Output
from utils.engine.indicators.moving_averages import MovingAverageType, average
from utils.engine.indicators.naming import named
from utils.engine.indicators.ranges import AverageTrueRange
from utils.engine.indicators.regression import LeastSquaresMovingAverage
from utils.engine.indicators.sums import StandardDeviation


class BollingerBands(Indicator):
    """Bands `k` standard deviations around an average.

    Attributes:
        standard_deviation: of the last `period` values.
        middle_band: the average.
        upper_band: above it.
        lower_band: below it.
        band_width: between the bands, in percent of the middle.
        percent_b: place of the price between the bands, 0 to 1.
        price: the value.
    """

    standard_deviation: IndicatorBase
    middle_band: IndicatorBase
    upper_band: IndicatorBase
    lower_band: IndicatorBase
    band_width: IndicatorBase
    percent_b: IndicatorBase
    price: IndicatorBase
    moving_average_type: MovingAverageType

    @named("BB({period},{k})")
    def __init__(
        self,
        name: str,
        period: int,
        k: float,
        moving_average_type: MovingAverageType = MovingAverageType.SIMPLE,
    ) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._width = float(k)
        self.moving_average_type = moving_average_type
        self.standard_deviation = StandardDeviation(name + "_StandardDeviation", period)
        self.middle_band = average(moving_average_type, period, name + "_MiddleBand")
        self.lower_band = Output(name + "_LowerBand", self._ready)
        self.upper_band = Output(name + "_UpperBand", self._ready)
        self.band_width = Output(name + "_BandWidth", self._ready)
        self.percent_b = Output(name + "_%B", self._ready)
        self.price = Output(name + "_Close")

    def _ready(self) -> bool:
        return self.middle_band._ready() and self.standard_deviation._ready()

    def _next(self, data: float) -> float | None:
        stamp = self._stamp
        self.standard_deviation._push(stamp, data)
        self.middle_band._push(stamp, data)
        self.price._push(stamp, data)
        deviation = self.standard_deviation._latest
        middle = self.middle_band._latest
        lower, upper = middle - deviation * self._width, middle + deviation * self._width
        self.lower_band._push(stamp, lower)
        self.upper_band._push(stamp, upper)
        width = 2.0 * deviation * self._width
        if middle != 0:
            self.band_width._push(stamp, width / middle * 100.0)
        if width != 0:
            self.percent_b._push(stamp, (data - lower) / width)
        # Without a deviation the bands have no meaning: the old value stays.
        return None if deviation == 0 and self._ready() else data


class KeltnerChannels(BarIndicator):
    """Bands `k` average true ranges around an average of the typical price.

    Attributes:
        average_true_range: simple average of the true range.
        middle_band: the average.
        upper_band: above it.
        lower_band: below it.
    """

    average_true_range: IndicatorBase
    middle_band: IndicatorBase
    upper_band: IndicatorBase
    lower_band: IndicatorBase

    @named("KC({period},{k})")
    def __init__(
        self,
        name: str,
        period: int,
        k: float,
        moving_average_type: MovingAverageType = MovingAverageType.SIMPLE,
    ) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._width = float(k)
        self.average_true_range = AverageTrueRange(
            name + "_AverageTrueRange", period, MovingAverageType.SIMPLE
        )
        self.middle_band = average(moving_average_type, period, name + "_MiddleBand")
        self.lower_band = Output(name + "_LowerBand", self.middle_band._ready)
        self.upper_band = Output(name + "_UpperBand", self.middle_band._ready)

    def _ready(self) -> bool:
        return self.middle_band._ready() and self.average_true_range._ready()

    def _next(self, data: Any) -> float:
        stamp = self._stamp
        self.average_true_range._push(stamp, data)
        self.middle_band._push(stamp, (data.high + data.low + data.close) / 3.0)
        middle = self.middle_band._latest
        distance = self.average_true_range._latest * self._width
        ready = self.middle_band._ready()
        self.lower_band._push(stamp, middle - distance if ready else 0.0)
        self.upper_band._push(stamp, middle + distance if ready else 0.0)
        return middle


def _donchian_name(upper_period: int | None, lower_period: int | None, period: int) -> str:
    lower = (upper_period or period) if lower_period is None else lower_period
    return f"DCH({lower},{lower})"


class DonchianChannel(BarIndicator):
    """Middle between the highest high and the lowest low.

    Attributes:
        upper_band: highest high of `upper_period` bars.
        lower_band: lowest low of `lower_period` bars; left out, as many.
    """

    upper_band: IndicatorBase
    lower_band: IndicatorBase

    @named(_donchian_name)
    def __init__(
        self, name: str, upper_period: int | None = None, lower_period: int | None = None, period: int = 0
    ) -> None:
        super().__init__(name)
        upper = upper_period or period
        lower = upper if lower_period is None else lower_period
        self.warm_up_period = max(upper, lower)
        self.upper_band = Maximum(name + "_UpperBand", upper)
        self.lower_band = Minimum(name + "_LowerBand", lower)

    def _ready(self) -> bool:
        return self.upper_band._ready() and self.lower_band._ready()

    def _next(self, data: Any) -> float:
        self.upper_band._push(self._stamp, data.high)
        self.lower_band._push(self._stamp, data.low)
        return (self.upper_band._latest + self.lower_band._latest) / 2


class AccelerationBands(BarIndicator):
    """Bands that widen with the bars' ranges.

    Attributes:
        middle_band: average of the closes.
        upper_band: average of the raised highs.
        lower_band: average of the lowered lows.
    """

    middle_band: IndicatorBase
    upper_band: IndicatorBase
    lower_band: IndicatorBase
    moving_average_type: MovingAverageType

    @named("ABANDS({period},{width},{moving_average_type})")
    def __init__(
        self,
        name: str,
        period: int,
        width: float = 4,
        moving_average_type: MovingAverageType = MovingAverageType.SIMPLE,
    ) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._width = float(width)
        self.moving_average_type = moving_average_type
        self.middle_band = average(moving_average_type, period, name + "_MiddleBand")
        self.lower_band = average(moving_average_type, period, name + "_LowerBand")
        self.upper_band = average(moving_average_type, period, name + "_UpperBand")

    def _ready(self) -> bool:
        return self.middle_band._ready() and self.lower_band._ready() and self.upper_band._ready()

    def _next(self, data: Any) -> float:
        stamp, high, low = self._stamp, data.high, data.low
        spread = self._width * ((high - low) / (high + low)) if high + low != 0 else 0.0
        self.lower_band._push(stamp, low * (1.0 - spread))
        self.upper_band._push(stamp, high * (1.0 + spread))
        self.middle_band._push(stamp, data.close)
        return self.middle_band._latest


class RegressionChannel(Indicator):
    """Bands `k` standard deviations around a line of best fit.

    Attributes:
        linear_regression: the line's end.
        upper_channel: above it.
        lower_channel: below it.
    """

    linear_regression: LeastSquaresMovingAverage
    upper_channel: IndicatorBase
    lower_channel: IndicatorBase

    @named("RC({period},{k})")
    def __init__(self, name: str, period: int, k: float) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._width = float(k)
        self._deviation = StandardDeviation(period)
        self.linear_regression = LeastSquaresMovingAverage(name + "_LinearRegression", period)
        self.lower_channel = Output(name + "_LowerChannel", self._ready)
        self.upper_channel = Output(name + "_UpperChannel", self._ready)

    @property
    def intercept(self) -> IndicatorBase:
        """Start of the line."""
        return self.linear_regression.intercept

    @property
    def slope(self) -> IndicatorBase:
        """Rise of the line by bar."""
        return self.linear_regression.slope

    def _ready(self) -> bool:
        return self._deviation._ready() and self.linear_regression._ready()

    def _next(self, data: float) -> float:
        stamp = self._stamp
        self._deviation._push(stamp, data)
        self.linear_regression._push(stamp, data)
        middle = self.linear_regression._latest
        distance = self._deviation._latest * self._width
        self.lower_channel._push(stamp, middle - distance)
        self.upper_channel._push(stamp, middle + distance)
        return middle


class SqueezeMomentum(BarIndicator):
    """1 while the Bollinger bands are inside the Keltner channels, else -1.

    Attributes:
        bollinger_bands: of the closes.
        keltner_channels: with an exponential middle.
    """

    bollinger_bands: BollingerBands
    keltner_channels: KeltnerChannels

    @named("SM({bollinger_period},{bollinger_multiplier},{keltner_period},{keltner_multiplier})")
    def __init__(
        self,
        name: str,
        bollinger_period: int,
        bollinger_multiplier: float,
        keltner_period: int,
        keltner_multiplier: float,
    ) -> None:
        super().__init__(name)
        self.warm_up_period = max(bollinger_period, keltner_period)
        self.bollinger_bands = BollingerBands(bollinger_period, bollinger_multiplier)
        self.keltner_channels = KeltnerChannels(
            keltner_period,
            keltner_multiplier,
            MovingAverageType.EXPONENTIAL,
        )

    def _ready(self) -> bool:
        return self.bollinger_bands._ready() and self.keltner_channels._ready()

    def _next(self, data: Any) -> float:
        bands, channels = self.bollinger_bands, self.keltner_channels
        bands._push(self._stamp, data.close)
        channels._push(self._stamp, data)
        if not self._ready():
            return 0.0
        inside = (
            channels.upper_band._latest > bands.upper_band._latest
            and channels.lower_band._latest < bands.lower_band._latest
        )
        return 1.0 if inside else -1.0
