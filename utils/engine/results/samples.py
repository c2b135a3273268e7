"""Samples of a backtest: its equity some thousand times, everything else once a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from utils.engine.clock import to_ns
from utils.engine.dotnet.money import ZERO, exact, round_half_even
from utils.engine.dotnet.rounding import round_to_significant_digits, smart_rounding
from utils.engine.results.chart import CandlestickSeries, Chart, Series, SeriesType
from utils.engine.results.chart_point import Candlestick, ChartPoint
from utils.engine.results.user_charts import UserCharts
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

_UTC: Final = ZoneInfo("UTC")

# LEAN takes up to this many samples of the equity, and not more often than every so many minutes.
_SAMPLES: Final = 4000
_FEWEST_MINUTES: Final = 4

# Securities shown in the chart of sales, and position groups in the chart of margins.
_MOST_SOLD: Final = 30
_MOST_MARGIN: Final = 40


class SampledPortfolio(Protocol):
    """What is sampled of a portfolio."""

    @property
    def exact_total_portfolio_value(self) -> Decimal:
        """In the account's currency."""

    @property
    def exact_total_sale_volume(self) -> Decimal:
        """Sum of all fills' values in the account's currency."""

    @property
    def values(self) -> Any:
        """Callable that gives all holdings."""


class Samples:
    """The charts LEAN keeps of a backtest.

    The loop calls `end_step` at the end of a time step when its time is after `next_sample`, and `sample_day`
    at each midnight of the algorithm's time zone, the start's included, and once after the algorithm's end.
    Nothing is kept while `warming_up`.

    Args:
        portfolio: of the algorithm.
        start: of the backtest, in the algorithm's time zone.
        end: of the backtest, likewise.
        time_zone: of the algorithm.
        currency_symbol: of the account.
        benchmark: (UTC time) -> value of the benchmark.
        capacity: estimated so far, in the account's currency.
    """

    def __init__(
        self,
        portfolio: SampledPortfolio,
        start: datetime,
        end: datetime,
        time_zone: Any,
        *,
        currency_symbol: str = "$",
        benchmark: Callable[[datetime], float | Decimal] = lambda _time: 0.0,
        capacity: Callable[[], Decimal] = lambda: ZERO,
    ) -> None:
        self.charts: dict[str, Chart] = {}
        self.user_charts = UserCharts(self.charts)
        self.warming_up = False
        # (since, until) in ns UTC -> (open, high, low) of the equity after steps in between, for the candles.
        self.equity_range: Callable[[int, int], tuple[float, float, float] | None] | None = None
        # () -> name and reserved buying power of each position group, in the account's currency.
        self.margin_used: Callable[[], Iterable[tuple[str, Decimal]]] | None = None
        self._portfolio, self._benchmark, self._capacity = portfolio, benchmark, capacity
        self._currency_symbol = currency_symbol
        self._period = sample_period(start, end)
        self._started = to_ns(start.replace(tzinfo=time_zone).astimezone(_UTC))
        self._next = -(2**63)
        self._last_sample = self._started
        self._bar: tuple[Decimal, Decimal, Decimal, Decimal] | None = None
        self.starting_value = self._day_value = self._highest = portfolio.exact_total_portfolio_value
        self._sold = (ZERO, ZERO)  # at the last sample of the turnover, and at the one before
        self._turnover_time: datetime | None = None
        chart = self._chart(STRATEGY_EQUITY)
        chart.add_series(CandlestickSeries(EQUITY, 0, "$"))
        chart.add_series(Series(RETURN, SeriesType.BAR, 1, "%"))

    @property
    def next_sample(self) -> int:
        """Time in ns UTC after which a step's end is to be sampled."""
        return self._next

    def finish_warm_up(self) -> None:
        """Start from the portfolio's value now, which warm-up's conversion rates may have changed."""
        self.warming_up = False
        value = self._portfolio.exact_total_portfolio_value
        if self._highest != value:
            self._highest = value
        if self._day_value != value:
            self._day_value = value
        if self.starting_value != value:
            self.starting_value = value
            self._bar = None

    def observe_equity(self) -> None:
        """Take the equity's value into the running candle; for loops that do not set `equity_range`."""
        self._observe(self._portfolio.exact_total_portfolio_value)

    def _observe(self, equity: Decimal) -> None:
        value = round_half_even(equity, 4)
        if self._bar is None or not self._bar[0]:
            self._bar = (value, value, value, value)
        elif value:
            first, high, low, _ = self._bar
            self._bar = (first, max(high, value), min(low, value), value)

    def end_step(self, time: datetime, *, force: bool = False) -> bool:
        """End a time step at a UTC time; whether it was sampled."""
        self.observe_equity()
        now = to_ns(time)
        if now <= self._next and not force:
            return False
        self._next = now + self._period
        self._sample_equity(time)
        return True

    def sample_day(self, time: datetime) -> None:
        """Sample everything at a UTC time."""
        value = self._portfolio.exact_total_portfolio_value
        performance = ZERO
        if self._day_value:
            performance = round_half_even((value - self._day_value) * 100 / self._day_value, 10)
        self._highest = max(value, self._highest)
        self._observe(value)
        self._sample_equity(time)
        benchmark = smart_rounding(exact(self._benchmark(time)))
        self._sample(BENCHMARK, BENCHMARK, SeriesType.LINE, ChartPoint(time, benchmark))
        self._sample(STRATEGY_EQUITY, RETURN, SeriesType.BAR, ChartPoint(time, performance), "%", 1)
        if self._highest:
            drawdown = ChartPoint(time, drawdown_percent(value, self._highest))
            self._sample(DRAWDOWN, "Equity Drawdown", SeriesType.LINE, drawdown, "%")
        self._sample_sales(time)
        self._sample_exposure(time, value)
        strategy = ChartPoint(time, self._capacity())
        self._sample(CAPACITY, "Strategy Capacity", SeriesType.LINE, strategy, self._currency_symbol)
        self._sample_turnover(time, value)
        self._sample_margin(time, value)
        self._day_value = value

    def points(self, chart: str, series: str) -> list[tuple[datetime, Decimal]]:
        """Samples of a series by time; of candles the close."""
        found = self.charts.get(chart)
        values = found.series[series].values if found is not None and series in found.series else []
        pairs = ((p.time, p.exact_close if isinstance(p, Candlestick) else p.exact_y) for p in values)
        return [(time, value) for time, value in pairs if value is not None]

    def _sample_equity(self, time: datetime) -> None:
        bar, now = self._bar, to_ns(time)
        if bar is None:
            return
        seen = self.equity_range(self._last_sample, now) if self.equity_range is not None else None
        if seen is not None:
            first, high, low = (round_half_even(exact(value), 4) for value in seen)
            bar = (first, max(high, bar[1]), min(low, bar[2]), bar[3])
        self._sample(
            STRATEGY_EQUITY, EQUITY, SeriesType.CANDLE, Candlestick(time, *bar), self._currency_symbol
        )
        self._bar, self._last_sample = None, now

    def _sample_sales(self, time: datetime) -> None:
        sold = [holding for holding in self._portfolio.values() if holding.exact_total_sale_volume]
        sold.sort(key=lambda holding: -holding.exact_total_sale_volume)
        for holding in sold[:_MOST_SOLD]:
            point = ChartPoint(time, holding.exact_total_sale_volume)
            name = holding.symbol.value
            self._sample(ASSETS_SALES_VOLUME, name, SeriesType.TREEMAP, point, self._currency_symbol)

    def _sample_exposure(self, time: datetime, value: Decimal) -> None:
        if not value:
            return
        long: dict[Any, Decimal] = {}
        short: dict[Any, Decimal] = {}
        for holding in self._portfolio.values():
            kind, worth = holding.symbol.security_type, holding.exact_holdings_value
            long[kind] = long.get(kind, ZERO) + max(worth, ZERO)
            short[kind] = short.get(kind, ZERO) + min(worth, ZERO)
        for side, sums in (("Long", long), ("Short", short)):
            for kind, worth in sums.items():
                ratio = ChartPoint(time, round_half_even(worth / value, 4))
                self._sample(EXPOSURE, f"{kind} - {side} Ratio", SeriesType.LINE, ratio, "")

    def _sample_turnover(self, time: datetime, value: Decimal) -> None:
        # The sample at the start has no day behind it.
        if not value or to_ns(time) == self._started:
            return
        sold = self._portfolio.exact_total_sale_volume
        # A second sample at one time replaces the first, so that it counts from the one before.
        before = self._sold[1 if self._turnover_time == time else 0]
        self._sold = (sold, self._sold[0])
        self._turnover_time = time
        point = ChartPoint(time, (sold - before) / value)
        self._sample(PORTFOLIO_TURNOVER, PORTFOLIO_TURNOVER, SeriesType.LINE, point, "%")

    def _sample_margin(self, time: datetime, value: Decimal) -> None:
        if self.margin_used is None or self.warming_up:
            return
        shares = [
            (name, round_to_significant_digits(used / value, 4) * 100 if value else ZERO)
            for name, used in self.margin_used()
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
        if self.warming_up:
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
        chart = self.charts.get(name)
        if chart is None:
            chart = self.charts[name] = Chart(name)
        return chart


def _margin_series(chart: Chart, name: str, color: str | None) -> Series:
    series: Series | None = chart.series.get(name)
    if series is None:
        series = chart.series[name] = Series(name, SeriesType.BAR, "%", color)
        series.tooltip = "{SERIES_NAME}: {VALUE}%"
        series.index_name = "Margin Used (%)"
    return series


def sample_period(start: datetime, end: datetime) -> int:
    """Nanoseconds between two samples of the equity; whole ticks of 100 ns, as .NET counts."""
    minutes = (end - start) / timedelta(minutes=1)
    fewest = _FEWEST_MINUTES
    return int((fewest if minutes < fewest * _SAMPLES else minutes / _SAMPLES) * 600_000_000) * 100
