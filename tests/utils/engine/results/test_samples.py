"""What is sampled of a backtest, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from utils.engine.clock import to_ns
from utils.engine.dotnet.money import ZERO, use_money_context
from utils.engine.enums import SecurityType
from utils.engine.results import sample_charts as names
from utils.engine.results.chart import Chart, Series
from utils.engine.results.samples import Samples, sample_period

NEW_YORK = ZoneInfo("America/New_York")
START, END = datetime(2020, 6, 1), datetime(2020, 6, 5, 23, 59, 59, 999999)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


@dataclass
class Portfolio:
    exact_total_portfolio_value: Decimal = Decimal(1000)
    exact_total_sale_volume: Decimal = ZERO
    holdings: list[Any] = field(default_factory=list)

    def values(self) -> list[Any]:
        return self.holdings


def holding(ticker: str, value: int, sold: int, kind: SecurityType = SecurityType.EQUITY) -> Any:
    symbol = SimpleNamespace(value=ticker, security_type=kind)
    return SimpleNamespace(
        symbol=symbol, exact_holdings_value=Decimal(value), exact_total_sale_volume=Decimal(sold)
    )


def midnight(day: int) -> datetime:
    """Midnight in New York in June, as UTC."""
    return datetime(2020, 6, day, 4)


def values(samples: Samples, chart: str, series: str) -> list[str]:
    return [f"{value:f}" for _, value in samples.points(chart, series)]


def test_short_backtests_are_sampled_every_four_minutes_long_ones_four_thousand_times() -> None:
    assert sample_period(START, END) == 240_000_000_000
    year = sample_period(datetime(2020, 1, 1), datetime(2021, 1, 1))
    assert year == pytest.approx(366 * 86_400e9 / 4000, abs=100)
    assert year % 100 == 0


def test_a_step_is_sampled_when_the_period_is_over() -> None:
    samples = Samples(Portfolio(), START, END, NEW_YORK)
    times = [midnight(1) + i * MINUTE for i in range(12)]
    taken = [
        i for i, time in enumerate(times) if to_ns(time) > samples.next_sample and samples.end_step(time)
    ]
    assert taken == [0, 5, 10]


def test_a_candle_spans_the_steps_since_the_last() -> None:
    portfolio = Portfolio()
    samples = Samples(portfolio, START, END, NEW_YORK)
    samples.end_step(midnight(1))
    for minute, value in enumerate([1010, 1030, 990, 1005, 1020], 1):
        portfolio.exact_total_portfolio_value = Decimal(value)
        samples.end_step(midnight(1) + minute * MINUTE)
    candle = samples.charts[names.STRATEGY_EQUITY].series[names.EQUITY].values[-1]
    assert (candle.open, candle.high, candle.low, candle.close) == (1010, 1030, 990, 1020)


def test_daily_samples() -> None:
    portfolio = Portfolio()
    prices = iter([50.0, 51.123456789, 52.0])
    samples = Samples(portfolio, START, END, NEW_YORK, benchmark=lambda _time: next(prices))
    samples.sample_day(midnight(1))
    for day, value, sold in ((2, 1100, 500), (3, 990, 700)):
        portfolio.exact_total_portfolio_value, portfolio.exact_total_sale_volume = (
            Decimal(value),
            Decimal(sold),
        )
        portfolio.holdings = [holding("SPY", value, sold), holding("EURUSD", -99, 0, SecurityType.FOREX)]
        samples.sample_day(midnight(day))
    assert values(samples, names.STRATEGY_EQUITY, names.EQUITY) == ["1000", "1100", "990"]
    assert values(samples, names.STRATEGY_EQUITY, names.RETURN) == ["0", "10", "-10"]
    assert values(samples, names.BENCHMARK, names.BENCHMARK) == ["50", "51.12346", "52"]
    assert values(samples, names.DRAWDOWN, "Equity Drawdown") == ["0", "0", "-10"]
    assert values(samples, names.PORTFOLIO_TURNOVER, names.PORTFOLIO_TURNOVER) == ["0.4545455", "0.2020202"]
    assert values(samples, names.ASSETS_SALES_VOLUME, "SPY") == ["500", "700"]
    assert values(samples, names.EXPOSURE, "Equity - Long Ratio") == ["1", "1"]
    assert values(samples, names.EXPOSURE, "Forex - Short Ratio") == ["-0.09", "-0.1"]


def test_a_second_sample_of_the_turnover_at_one_time_replaces_the_first() -> None:
    portfolio = Portfolio()
    samples = Samples(portfolio, START, END, NEW_YORK)
    for day, sold in ((2, 100), (3, 300), (3, 500)):
        portfolio.exact_total_sale_volume = Decimal(sold)
        samples.sample_day(midnight(day))
    assert values(samples, names.PORTFOLIO_TURNOVER, names.PORTFOLIO_TURNOVER) == ["0.1", "0.4"]


def test_nothing_is_kept_of_the_warm_up_and_the_start_is_taken_after_it() -> None:
    portfolio = Portfolio(Decimal(0))
    samples = Samples(portfolio, START, END, NEW_YORK)
    samples.warming_up = True
    samples.end_step(midnight(1) - 60 * MINUTE)
    samples.sample_day(midnight(1))
    portfolio.exact_total_portfolio_value = Decimal(2000)
    samples.finish_warm_up()
    assert samples.starting_value == 2000
    samples.sample_day(midnight(2))
    assert values(samples, names.STRATEGY_EQUITY, names.EQUITY) == ["2000"]
    assert values(samples, names.STRATEGY_EQUITY, names.RETURN) == ["0"]


def test_margin_has_a_gap_where_a_position_is_closed() -> None:
    groups = {"SPY": Decimal(250), "AAPL": Decimal("333.33333")}
    samples = Samples(Portfolio(), START, END, NEW_YORK, margin_used=groups.items)
    samples.sample_day(midnight(2))
    del groups["AAPL"]
    samples.sample_day(midnight(3))
    series = samples.charts[names.PORTFOLIO_MARGIN].series
    assert [point.y for point in series["SPY"].values] == [25, 25]
    assert [point.y for point in series["AAPL"].values] == [33.33, None]


def test_looking_at_the_charts_on_the_way_changes_nothing() -> None:
    def charts(looks: bool) -> list[Any]:
        portfolio = Portfolio()
        samples = Samples(portfolio, START, END, NEW_YORK, benchmark=lambda time: time.hour)
        samples.warming_up = True
        for hour in range(60):
            if hour == 10:
                samples.finish_warm_up()
            portfolio.exact_total_portfolio_value = Decimal(1000 + hour * 37 % 50)
            portfolio.exact_total_sale_volume = Decimal(hour * 100)
            portfolio.holdings = [holding("SPY", 500 + hour, hour * 100)]
            if looks:
                assert samples.points(names.STRATEGY_EQUITY, names.EQUITY) or hour <= 10
            time = midnight(1) + hour * 60 * MINUTE
            samples.end_step(time)
            if hour % 24 == 0:
                samples.sample_day(time)
            if hour == 30:
                own = Chart("own")
                own.add_series(Series("line"))
                own.series["line"].add_point(time, 5.0)
                samples.add_plots([own])
        return [chart.fields() for chart in samples.charts.values()]

    assert charts(looks=True) == charts(looks=False)
