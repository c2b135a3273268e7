"""Samples of a backtest: its equity some thousand times, everything else once a day.

What is sampled is only read while the run goes on. Charts are made of the readings when somebody looks, most
often at the end: in one go they take much less time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from utils.engine.clock import to_ns
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.results.chart import Chart
from utils.engine.results.chart_point import Candlestick
from utils.engine.results.sample_charts import DayReading, HoldingReading, Reading, SampleCharts
from utils.engine.results.user_charts import UserCharts

_UTC: Final = ZoneInfo("UTC")

# LEAN takes up to this many samples of the equity, and not more often than every so many minutes.
_SAMPLES: Final = 4000
_FEWEST_MINUTES: Final = 4


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
    """Takes the samples of a backtest.

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
        margin_used: name and reserved buying power of each group of positions, in the account's currency.
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
        margin_used: Callable[[], Iterable[tuple[str, Decimal]]] = lambda: (),
    ) -> None:
        self.warming_up = False
        self._portfolio, self._benchmark, self._capacity = portfolio, benchmark, capacity
        self._margin_used = margin_used
        self._period = sample_period(start, end)
        self._next = -(2**63)
        self.starting_value = portfolio.exact_total_portfolio_value
        started = to_ns(start.replace(tzinfo=time_zone).astimezone(_UTC))
        self._readings: list[Reading] = []
        self._charts = SampleCharts(started, self.starting_value, currency_symbol)
        self._user_charts = UserCharts(self._charts.by_name)

    @property
    def charts(self) -> dict[str, Chart]:
        """Charts so far, by name."""
        self._catch_up()
        return self._charts.by_name

    def _catch_up(self) -> None:
        """Put what was read into the charts."""
        readings, self._readings = self._readings, []
        for reading in readings:
            self._charts.add(reading)

    @property
    def next_sample(self) -> int:
        """Time in ns UTC after which a step's end is to be sampled."""
        return self._next

    def add_plots(self, updates: list[Chart]) -> list[str]:
        """Take what the algorithm plotted into the charts; what to tell the user about points left out."""
        if not updates:
            return []
        self._catch_up()  # a chart has its place by its first point
        return self._user_charts.add(updates)

    def finish_warm_up(self) -> None:
        """Start from the portfolio's value now, which warm-up's conversion rates may have changed."""
        self._catch_up()
        self.warming_up = False
        value = self._portfolio.exact_total_portfolio_value
        self._charts.start_over(value)
        if self.starting_value != value:
            self.starting_value = value
            self._charts.drop_candle()

    def end_step(self, time: datetime, *, force: bool = False) -> bool:
        """End a time step at a UTC time; whether it was sampled."""
        now = to_ns(time)
        sampled = now > self._next or force
        if sampled:
            self._next = now + self._period
        self._read(time, self._portfolio.exact_total_portfolio_value, ends_candle=sampled)
        return sampled

    def sample_day(self, time: datetime) -> None:
        """Sample everything at a UTC time."""
        portfolio = self._portfolio
        value = portfolio.exact_total_portfolio_value
        day = DayReading(
            exact(self._benchmark(time)),
            [
                HoldingReading(one.symbol, one.exact_holdings_value, one.exact_total_sale_volume)
                for one in portfolio.values()
            ],
            portfolio.exact_total_sale_volume,
            self._capacity(),
            list(self._margin_used()),
        )
        self._read(time, value, ends_candle=True, day=day)

    def _read(
        self, time: datetime, value: Decimal, *, ends_candle: bool, day: DayReading | None = None
    ) -> None:
        self._readings.append(Reading(time, value, not self.warming_up, ends_candle, day))

    def points(self, chart: str, series: str) -> list[tuple[datetime, Decimal]]:
        """Samples of a series by time; of candles the close."""
        found = self.charts.get(chart)
        values = found.series[series].values if found is not None and series in found.series else []
        pairs = ((p.time, p.exact_close if isinstance(p, Candlestick) else p.exact_y) for p in values)
        return [(time, value) for time, value in pairs if value is not None]


def sample_period(start: datetime, end: datetime) -> int:
    """Nanoseconds between two samples of the equity; whole ticks of 100 ns, as .NET counts."""
    minutes = (end - start) / timedelta(minutes=1)
    fewest = _FEWEST_MINUTES
    return int((fewest if minutes < fewest * _SAMPLES else minutes / _SAMPLES) * 600_000_000) * 100
