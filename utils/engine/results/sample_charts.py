"""Charts of a backtest, made of the readings that were taken on its way."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

from utils.engine.clock import to_ns
from utils.engine.dotnet.money import ZERO, round_half_even
from utils.engine.dotnet.rounding import round_to_significant_digits, smart_rounding
from utils.engine.results.chart import CandlestickSeries, Chart, Series, SeriesType
from utils.engine.results.chart_point import Candlestick, ChartPoint
from utils.engine.statistics.measures import drawdown_percent

STRATEGY_EQUITY: Final = "Strategy Equity"
EQUITY: Final = "Equity"
RETURN: Final = "Return"
BENCHMARK: Final = "Benchmark"
DRAWDOWN: Final = "Drawdown"
PORTFOLIO_TURNOVER: Final = "Portfolio Turnover"
PORTFOLIO_MARGIN: Final = "Portfolio Margin"
ASSETS_SALES_VOLUME: Final = "Assets Sales Volume"
EXPOSURE: Final = "Exposure"
CAPACITY: Final = "Capacity"

# Securities shown in the chart of sales, and position groups in the chart of margins.
_MOST_SOLD: Final = 30
_MOST_MARGIN: Final = 40


class HoldingReading(NamedTuple):
    """A holding: what it is of, its worth and its sales in the account's currency."""

    symbol: Any
    value: Decimal
    sold: Decimal


class DayReading(NamedTuple):
    """What is read once a day.

    Attributes:
        benchmark: its value.
        holdings: of every security.
        sold: all sales so far, in the account's currency.
        capacity: estimated so far, in the account's currency.
        margin: name and reserved buying power of each group of positions.
    """

    benchmark: Decimal
    holdings: list[HoldingReading]
    sold: Decimal
    capacity: Decimal
    margin: list[tuple[str, Decimal]]


class Reading(NamedTuple):
    """What is read at one moment.

    Attributes:
        time: UTC.
        equity: in the account's currency.
        kept: whether it is shown; of the warm-up nothing is.
        ends_candle: whether the equity's candle ends here.
        day: what is read once a day; None at other moments.
    """

    time: datetime
    equity: Decimal
    kept: bool
    ends_candle: bool
    day: DayReading | None = None


class SampleCharts:
    """LEAN's charts of a backtest.

    Args:
        started: start of the backtest, UTC nanoseconds.
        equity: at the start, in the account's currency.
        currency_symbol: of the account.
    """

    def __init__(self, started: int, equity: Decimal, currency_symbol: str) -> None:
        self.by_name: dict[str, Chart] = {}
        self._started, self._currency_symbol = started, currency_symbol
        self._day_value = self._highest = equity
        self._bar: tuple[Decimal, Decimal, Decimal, Decimal] | None = None
        self._kept = True
        self._sold = (ZERO, ZERO)  # at the last sample of the turnover, and at the one before
        self._turnover_time: datetime | None = None
        chart = self._chart(STRATEGY_EQUITY)
        chart.add_series(CandlestickSeries(EQUITY, 0, "$"))
        chart.add_series(Series(RETURN, SeriesType.BAR, 1, "%"))

    def start_over(self, equity: Decimal) -> None:
        """Measure returns and drawdown from an equity on; one that is the same keeps its scale."""
        if self._highest != equity:
            self._highest = equity
        if self._day_value != equity:
            self._day_value = equity

    def drop_candle(self) -> None:
        """Forget what was seen since the last candle."""
        self._bar = None

    def add(self, reading: Reading) -> None:
        """Put a reading into the charts; readings come in the order of their times."""
        self._kept = reading.kept
        time, value, day = reading.time, reading.equity, reading.day
        if day is None:
            self._observe(value)
            if reading.ends_candle:
                self._sample_equity(reading)
            return
        performance = ZERO
        if self._day_value:
            performance = round_half_even((value - self._day_value) * 100 / self._day_value, 10)
        self._highest = max(value, self._highest)
        self._observe(value)
        self._sample_equity(reading)
        benchmark = smart_rounding(day.benchmark)
        self._sample(BENCHMARK, BENCHMARK, SeriesType.LINE, ChartPoint(time, benchmark))
        self._sample(STRATEGY_EQUITY, RETURN, SeriesType.BAR, ChartPoint(time, performance), "%", 1)
        if self._highest:
            drawdown = ChartPoint(time, drawdown_percent(value, self._highest))
            self._sample(DRAWDOWN, "Equity Drawdown", SeriesType.LINE, drawdown, "%")
        self._sample_sales(time, day)
        self._sample_exposure(time, value, day)
        strategy = ChartPoint(time, day.capacity)
        self._sample(CAPACITY, "Strategy Capacity", SeriesType.LINE, strategy, self._currency_symbol)
        self._sample_turnover(time, value, day)
        self._sample_margin(time, value, day)
        self._day_value = value

    def _observe(self, equity: Decimal) -> None:
        value = round_half_even(equity, 4)
        if self._bar is None or not self._bar[0]:
            self._bar = (value, value, value, value)
        elif value:
            first, high, low, _ = self._bar
            self._bar = (first, max(high, value), min(low, value), value)

    def _sample_equity(self, reading: Reading) -> None:
        if self._bar is None:
            return
        candle = Candlestick(reading.time, *self._bar)
        self._sample(STRATEGY_EQUITY, EQUITY, SeriesType.CANDLE, candle, self._currency_symbol)
        self._bar = None

    def _sample_sales(self, time: datetime, day: DayReading) -> None:
        sold = [holding for holding in day.holdings if holding.sold]
        sold.sort(key=lambda holding: -holding.sold)
        for holding in sold[:_MOST_SOLD]:
            point = ChartPoint(time, holding.sold)
            name = holding.symbol.value
            self._sample(ASSETS_SALES_VOLUME, name, SeriesType.TREEMAP, point, self._currency_symbol)

    def _sample_exposure(self, time: datetime, value: Decimal, day: DayReading) -> None:
        if not value:
            return
        long: dict[Any, Decimal] = {}
        short: dict[Any, Decimal] = {}
        for symbol, worth, _sold in day.holdings:
            kind = symbol.security_type
            long[kind] = long.get(kind, ZERO) + max(worth, ZERO)
            short[kind] = short.get(kind, ZERO) + min(worth, ZERO)
        for side, sums in (("Long", long), ("Short", short)):
            for kind, worth in sums.items():
                ratio = ChartPoint(time, round_half_even(worth / value, 4))
                self._sample(EXPOSURE, _ratio_name(kind, side), SeriesType.LINE, ratio, "")

    def _sample_turnover(self, time: datetime, value: Decimal, day: DayReading) -> None:
        # The sample at the start has no day behind it.
        if not value or to_ns(time) == self._started:
            return
        sold = day.sold
        # A second sample at one time replaces the first, so that it counts from the one before.
        before = self._sold[1 if self._turnover_time == time else 0]
        self._sold = (sold, self._sold[0])
        self._turnover_time = time
        point = ChartPoint(time, (sold - before) / value)
        self._sample(PORTFOLIO_TURNOVER, PORTFOLIO_TURNOVER, SeriesType.LINE, point, "%")

    def _sample_margin(self, time: datetime, value: Decimal, day: DayReading) -> None:
        if not self._kept:
            return
        shares = [
            (name, round_to_significant_digits(used / value, 4) * 100 if value else ZERO)
            for name, used in day.margin
        ]
        if not shares:
            return
        largest = {name for name, _ in sorted(shares, key=lambda share: -share[1])[:_MOST_MARGIN]}
        chart = self._chart(PORTFOLIO_MARGIN)
        chart.legend_disabled = True
        others = ZERO
        for name, share in shares:
            if name in largest:
                _margin_series(chart, name, None).add_point(ChartPoint(time, share))
            else:
                others += share
                _margin_series(chart, "OTHERS", "#808080").add_point(ChartPoint(time, others))
        for series in chart.series.values():
            last = series.values[-1]
            if last.time != time and last.exact_y is not None:
                series.add_point(ChartPoint(time, None))  # a gap where the position is closed

    def _sample(
        self,
        chart: str,
        series: str,
        kind: SeriesType,
        point: ChartPoint | Candlestick,
        unit: str = "$",
        index: int = 0,
    ) -> None:
        if not self._kept:
            return
        all_series = self._chart(chart).series
        found = all_series.get(series)
        if found is None:
            candles = kind == SeriesType.CANDLE
            found = CandlestickSeries(series, index, unit) if candles else Series(series, kind, index, unit)
            all_series[series] = found
        values = found.values
        if not values or point.time > values[-1].time or chart == PORTFOLIO_TURNOVER:
            found.add_point(point)

    def _chart(self, name: str) -> Chart:
        chart = self.by_name.get(name)
        if chart is None:
            chart = self.by_name[name] = Chart(name)
        return chart


def _margin_series(chart: Chart, name: str, color: str | None) -> Series:
    series: Series | None = chart.series.get(name)
    if series is None:
        series = chart.series[name] = Series(name, SeriesType.BAR, "%", color)
        series.tooltip = "{SERIES_NAME}: {VALUE}%"
        series.index_name = "Margin Used (%)"
    return series


@cache
def _ratio_name(kind: Any, side: str) -> str:
    return f"{kind} - {side} Ratio"
