"""Statistics over a whole backtest and over rolling windows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from utils.engine.dotnet.money import use_money_context
from utils.engine.statistics.builder import StatisticsInput, changes, generate, period_ranges
from utils.engine.statistics.interest_rate import ConstantRiskFreeRateInterestRateModel

START = datetime(2020, 1, 15)
DAYS = 60


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


def given_run() -> StatisticsInput:
    times = [START + timedelta(days=day) for day in range(DAYS)]
    equity = [(time, Decimal(1000 + 10 * (day % 7) + day)) for day, time in enumerate(times)]
    returns = [(time, Decimal(day % 3 - 1)) for day, time in enumerate(times)]
    benchmark = [(time, Decimal(100 + day % 5)) for day, time in enumerate(times)]
    return StatisticsInput(
        trades=[],
        profit_loss={START + timedelta(days=1): Decimal(10), START + timedelta(days=40): Decimal(-5)},
        winning_times=[START + timedelta(days=1)],
        losing_times=[START + timedelta(days=40)],
        equity=equity,
        performance=returns,
        benchmark=benchmark,
        turnover=[(times[1], Decimal("0.5")), (times[2], Decimal("0.25"))],
        starting_capital=Decimal(990),
        total_fees=Decimal(3),
        total_orders=4,
        risk_free_rate_model=ConstantRiskFreeRateInterestRateModel(0.01),
    )


def test_windows_end_with_each_month_and_the_last_day() -> None:
    first, last = date(2020, 1, 15), date(2020, 3, 14)
    assert period_ranges(1, first, last) == [
        (first, date(2020, 1, 31)),
        (date(2020, 2, 1), date(2020, 2, 29)),
        (date(2020, 3, 1), last),
    ]
    assert period_ranges(3, first, last) == [
        (first, date(2020, 1, 31)),
        (first, date(2020, 2, 29)),
        (first, last),
    ]
    assert period_ranges(12, first, first) == [(first, first)]


def test_every_window_has_its_own_statistics() -> None:
    results = generate(given_run())
    assert list(results.rolling_performances)[:4] == [
        "M1_20200131",
        "M1_20200229",
        "M1_20200314",
        "M3_20200131",
    ]
    january = results.rolling_performances["M1_20200131"].portfolio_statistics
    february = results.rolling_performances["M1_20200229"].portfolio_statistics
    assert (january.start_equity, february.start_equity) == (1000, 1000 + 10 * (17 % 7) + 17)
    assert (january.win_rate, february.win_rate, february.loss_rate) == (1, 0, 1)
    total = results.total_performance.portfolio_statistics
    assert (total.start_equity, total.end_equity) == (990, 1000 + 10 * (59 % 7) + 59)
    assert (total.win_rate, total.portfolio_turnover) == (0.5, 0.375)
    assert results.summary["Total Orders"] == "4"


def test_samples_that_do_not_match_are_an_error() -> None:
    run = given_run()
    with pytest.raises(ValueError, match="differ by 1"):
        generate(replace(run, benchmark=run.benchmark[1:]))


def test_changes_of_a_benchmark() -> None:
    values = [(START + timedelta(days=i), Decimal(v)) for i, v in enumerate([100, 110, 121, 0, 50])]
    assert changes(values) == [0.0, pytest.approx(0.1), pytest.approx(0.1), -1.0, 0.0]


def test_custom_statistics_do_not_replace_lean_s() -> None:
    results = generate(given_run())
    results.add_custom_summary_statistics({"Mine": "7", "Total Orders": "0"})
    assert (results.summary["Mine"], results.summary["Total Orders"]) == ("7", "4")


def test_no_samples_give_zeros() -> None:
    results = generate(replace(given_run(), equity=[], performance=[], benchmark=[]))
    assert results.summary["Sharpe Ratio"] == "0"
