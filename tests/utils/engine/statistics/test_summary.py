"""Formats of the summary and of the banner."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from utils.engine.dotnet.money import use_money_context
from utils.engine.statistics.portfolio_statistics import PortfolioStatistics
from utils.engine.statistics.summary import fixed, grouped, percent, ratio, runtime_statistics_of, summary_of


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


def test_summary_of_a_backtest_without_orders() -> None:
    portfolio = PortfolioStatistics()
    portfolio.exact_start_equity = portfolio.exact_end_equity = Decimal(100_000)
    summary = summary_of(
        portfolio,
        total_orders=0,
        total_fees=Decimal(0),
        capacity=Decimal(0),
        lowest_capacity_asset=None,
        currency_symbol="$",
    )
    assert list(summary.items()) == [
        ("Total Orders", "0"),
        ("Average Win", "0%"),
        ("Average Loss", "0%"),
        ("Compounding Annual Return", "0%"),
        ("Drawdown", "0%"),
        ("Expectancy", "0"),
        ("Start Equity", "100000"),
        ("End Equity", "100000"),
        ("Net Profit", "0%"),
        ("Sharpe Ratio", "0"),
        ("Sortino Ratio", "0"),
        ("Probabilistic Sharpe Ratio", "0%"),
        ("Loss Rate", "0%"),
        ("Win Rate", "0%"),
        ("Profit-Loss Ratio", "0"),
        ("Alpha", "0"),
        ("Beta", "0"),
        ("Annual Standard Deviation", "0"),
        ("Annual Variance", "0"),
        ("Information Ratio", "0"),
        ("Tracking Error", "0"),
        ("Treynor Ratio", "0"),
        ("Total Fees", "$0.00"),
        ("Estimated Strategy Capacity", "$0"),
        ("Lowest Capacity Asset", ""),
        ("Portfolio Turnover", "0%"),
        ("Drawdown Recovery", "0"),
    ]


def test_capacity_has_two_digits_and_its_asset_is_named_by_identifier() -> None:
    summary = summary_of(
        PortfolioStatistics(),
        total_orders=1,
        total_fees=Decimal("3.445"),
        capacity=Decimal("56123000.00"),
        lowest_capacity_asset=SimpleNamespace(id="SPY R735QTJ8XC9X"),
        currency_symbol="€",
    )
    assert summary["Estimated Strategy Capacity"] == "€56000000.00"
    assert summary["Lowest Capacity Asset"] == "SPY R735QTJ8XC9X"
    assert summary["Total Fees"] == "€3.45"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("8.8541", "8.854"),
        ("1.9700", "1.97"),
        ("-19", "-19"),
        ("0.0005", "0"),
        ("0.0015", "0.002"),
        ("-0.0001", "-0"),
    ],
)
def test_ratios_are_rounded_as_floats(value: str, text: str) -> None:
    assert ratio(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.022", "2.200%"), ("0.0169192", "1.692%"), ("0.01", "1.00%"), ("-0.000001", "0.000%"), ("0", "0%")],
)
def test_percents_keep_the_scale_of_the_fraction(value: str, text: str) -> None:
    assert percent(Decimal(value), 3) == text


def test_a_percent_is_at_most_the_largest_decimal() -> None:
    assert percent(Decimal("7e28"), 3) == "79228162514264337593543950335%"


def test_amounts_round_halves_away_from_zero() -> None:
    assert (fixed(Decimal("0.005"), 2), fixed(Decimal("-0.001"), 2)) == ("0.01", "0.00")
    assert grouped(Decimal("-1234567.125")) == "-1,234,567.13"


def test_banner() -> None:
    banner = runtime_statistics_of(
        {"Own": "1", "Equity": "replaced"},
        {},
        currency_symbol="$",
        equity=Decimal("101691.92"),
        start_equity=Decimal(100_000),
        unrealized=Decimal("-12.5"),
        fees=Decimal("3.44"),
        net_profit=Decimal("1695.36"),
        holdings=Decimal(0),
        volume=Decimal("99609.81"),
    )
    assert banner == {
        "Equity": "$101,691.92",
        "Fees": "-$3.44",
        "Holdings": "$0.00",
        "Net Profit": "$1,695.36",
        "Own": "1",
        "Probabilistic Sharpe Ratio": "0%",
        "Return": "1.69 %",
        "Unrealized": "$-12.50",
        "Volume": "$99,609.81",
    }
    assert list(banner) == sorted(banner)
