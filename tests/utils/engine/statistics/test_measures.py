"""Measures against figures LEAN publishes with its tests, and against scipy."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from utils.engine.dotnet.money import use_money_context
from utils.engine.statistics import measures
from utils.engine.statistics.portfolio_statistics import PortfolioHistory, PortfolioStatistics

CAPITAL = Decimal(100_000)
EQUITY = ((datetime(2015, 8, 6), CAPITAL), (datetime(2015, 8, 7), CAPITAL))
RETURNS = [-0.009025132, 0.003653969, 0.0, 0.0]
BENCHMARK = [-0.011587791300935783, 0.00054375782787618543, 0.022165997700413956, 0.006263266301918822]


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (
            202,
            (0.00589787137120101, 0.0767976000354244, -3.0952570635188, 0.167632655086644, 0.252197874915608),
        ),
        (
            252,
            (0.00735774052248839, 0.0857772727620108, -3.3486737318423, 0.187233350684845, 0.257146306116665),
        ),
        (
            365,
            (0.0106570448043979, 0.103232963748978, -3.75507953923657, 0.225335372429895, 0.264390639112978),
        ),
    ],
)
def test_portfolio_statistics_to_the_fourteenth_digit(days: int, expected: tuple[float, ...]) -> None:
    s = PortfolioStatistics(PortfolioHistory((), EQUITY, (), RETURNS, BENCHMARK, CAPITAL), None, days)
    risk = (s.annual_variance, s.annual_standard_deviation, s.sharpe_ratio)
    assert (*risk, s.tracking_error, s.probabilistic_sharpe_ratio) == pytest.approx(expected, rel=2e-15)


def test_win_rates_use_the_counted_wins_over_the_profits() -> None:
    """An option's premium of 8,000 lost and 10,800 gained on the shares: both transactions win."""
    start = datetime(2015, 8, 6, 15, 30)
    profit_loss = ((start, Decimal(-8000)), (start + timedelta(minutes=20), Decimal(10800)))
    history = PortfolioHistory(profit_loss, EQUITY, (), [0.0, 0.0], [0.0, 0.0], CAPITAL, wins=2, losses=0)
    statistics = PortfolioStatistics(history)
    assert (statistics.win_rate, statistics.loss_rate) == (1, 0)
    assert statistics.exact_average_win_rate == Decimal("0.1173913043478260869565217391")
    assert statistics.exact_average_loss_rate == Decimal("-0.08")
    assert statistics.exact_profit_loss_ratio == Decimal("1.467391304347826086956521739")


@pytest.mark.parametrize(
    ("values", "days"),
    [
        ([100, 90, 100], 2),
        ([100, 90, 95, 100], 3),
        ([100, 90, 100, 90, 80, 100], 3),
        ([100, 90, 95, 90, 100], 4),
        ([100, 90, 80, 70], 0),
        ([50, 100, 98, 99, 100], 3),
        ([100, 100, 100], 0),
        ([100, 98, 100, 101, 100, 99], 2),
        ([100], 0),
        ([], 0),
    ],
)
def test_recovery_is_counted_from_the_peak_to_the_next_equal_value(values: list[int], days: int) -> None:
    curve = [(datetime(2025, 1, 1) + timedelta(days=i), Decimal(value)) for i, value in enumerate(values)]
    assert measures.drawdown_of(curve, 2).recovery_days == days


def test_drawdown_is_the_deepest_fall_and_keeps_its_places() -> None:
    curve = [(datetime(2025, 1, 1 + i), Decimal(value)) for i, value in enumerate([100, 120, 90, 130, 117])]
    assert str(measures.drawdown_of(curve, 3).depth) == "0.25"
    curve = [(datetime(2025, 1, 1), Decimal(3)), (datetime(2025, 1, 2), Decimal(2))]
    assert str(measures.drawdown_of(curve, 3).depth) == "0.333"


def test_probability_is_one_half_against_one_s_own_ratio() -> None:
    returns = [0.01, 0.02, 0.01, 0.0, 0.0, 3.0]
    own = measures.mean(returns) / measures.standard_deviation(returns)
    assert measures.probabilistic_sharpe_ratio(returns, own) == pytest.approx(0.5)
    assert measures.probabilistic_sharpe_ratio(returns, own, 0.6) < 0.5


def test_probability_of_flat_returns_is_zero() -> None:
    assert measures.probabilistic_sharpe_ratio([0.0, 0.0, 0.0], 0.0) == 0


@given(
    st.lists(st.floats(-1, 1), min_size=4, max_size=40).filter(lambda values: float(np.std(values)) > 1e-3)
)
def test_moments_agree_with_scipy(values: list[float]) -> None:
    skewness, kurtosis = measures.skewness_and_kurtosis(values)
    assert skewness == pytest.approx(float(stats.skew(values, bias=False)), rel=1e-6, abs=1e-6)
    assert kurtosis == pytest.approx(float(stats.kurtosis(values, bias=False)), rel=1e-6, abs=1e-6)
    assert measures.variance(values) == pytest.approx(float(np.var(values, ddof=1)), rel=1e-9)
    other = values[::-1]
    assert measures.covariance(values, other) == pytest.approx(float(np.cov(values, other)[0, 1]), abs=1e-9)


def test_value_at_risk_is_the_quantile_of_a_normal_law() -> None:
    returns = [0.01, -0.02, 0.005, 0.013, -0.007]
    expected = stats.norm.ppf(0.05, np.mean(returns), np.std(returns, ddof=1))
    assert float(measures.value_at_risk(returns, 252, 0.95)) == round(float(expected), 3)


def test_yearly_growth_of_a_total_loss_is_undefined() -> None:
    assert measures.compounding_annual_performance(Decimal(100), Decimal(-5), Decimal("0.3")) == 0
    assert measures.compounding_annual_performance(Decimal(100), Decimal(121), Decimal(2)) == Decimal("0.1")
