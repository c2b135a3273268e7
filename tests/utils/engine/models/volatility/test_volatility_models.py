"""Volatility models against numpy's standard deviation, by themselves and in a run."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException, InvalidOperationException
from utils.engine.enums import Resolution
from utils.engine.models.volatility.indicator_volatility_model import IndicatorVolatilityModel
from utils.engine.models.volatility.relative_standard_deviation_volatility_model import (
    RelativeStandardDeviationVolatilityModel,
)
from utils.engine.models.volatility.standard_deviation_of_returns_volatility_model import (
    StandardDeviationOfReturnsVolatilityModel,
)
from utils.engine.statistics.sample_statistics import mean, standard_deviation
from utils.engine.testing import Backtest, LeanData

DAY = timedelta(days=1)
CLOSES = [100.0, 101.0, 99.5, 102.25, 101.0, 104.0, 103.5, 103.5, 107.0, 99.0]
SPY = "equity/usa/daily/spy"


class Point:
    """A price at a time."""

    def __init__(self, price: float, end_time: datetime) -> None:
        self.price, self.end_time = price, end_time


def fed(model: Any, prices: list[float], step: timedelta = DAY) -> Any:
    for number, price in enumerate(prices):
        model.update(None, Point(price, datetime(2024, 1, 1) + number * step))
    return model


def of_returns(prices: list[float], periods: int) -> float:
    """By numpy: sample deviation of the last returns, a year of 252 days."""
    returns = (np.array(prices[1:]) / np.array(prices[:-1]) - 1)[-periods:]
    return float(np.std(returns, ddof=1) * math.sqrt(252))


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=50))
def test_mean_and_deviation_of_samples(samples: list[float]) -> None:
    assert mean(samples) == pytest.approx(np.mean(samples), rel=1e-9, abs=1e-9)
    assert standard_deviation(samples) == pytest.approx(np.std(samples, ddof=1), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("periods", [2, 5, 30])
def test_of_returns(periods: int) -> None:
    model = fed(StandardDeviationOfReturnsVolatilityModel(periods), CLOSES)
    assert model.volatility == pytest.approx(of_returns(CLOSES, periods), rel=1e-12)
    assert isinstance(model.volatility * 0.5, float)


@pytest.mark.parametrize("prices", [[], CLOSES[:1], CLOSES[:2]])
def test_of_returns_is_zero_before_the_second(prices: list[float]) -> None:
    assert fed(StandardDeviationOfReturnsVolatilityModel(5), prices).volatility == 0.0


@pytest.mark.parametrize("periods", [2, 4, 20])
def test_relative_to_the_mean(periods: int) -> None:
    model = fed(RelativeStandardDeviationVolatilityModel(DAY, periods), CLOSES)
    last = np.array(CLOSES[-periods:])
    assert model.volatility == pytest.approx(np.std(last, ddof=1) / last.mean(), rel=1e-12)
    assert fed(RelativeStandardDeviationVolatilityModel(DAY, periods), CLOSES[:1]).volatility == 0.0


def test_what_comes_too_early_or_has_no_price_is_left_out() -> None:
    hour = timedelta(hours=1)
    prices = [price for day in CLOSES for price in (day, *[1.0] * 23)]
    for made in (
        lambda: StandardDeviationOfReturnsVolatilityModel(5),
        lambda: RelativeStandardDeviationVolatilityModel(DAY, 5),
    ):
        assert fed(made(), prices, hour).volatility == fed(made(), CLOSES).volatility
        assert fed(made(), [*CLOSES, 0.0]).volatility == fed(made(), CLOSES).volatility


@pytest.mark.parametrize(
    ("terms", "named", "step", "returns"),
    [
        ((Resolution.HOUR,), {}, timedelta(hours=1), 720),
        ((Resolution.DAILY,), {}, DAY, 30),
        ((Resolution.MINUTE, DAY), {}, DAY, 1440),
        ((3, Resolution.HOUR), {}, timedelta(hours=1), 3),
        ((3,), {"update_frequency": timedelta(hours=2)}, timedelta(hours=2), 3),
    ],
)
def test_terms_by_number_or_by_resolution(
    terms: tuple[Any, ...], named: dict[str, Any], step: timedelta, returns: int
) -> None:
    model = fed(StandardDeviationOfReturnsVolatilityModel(*terms, **named), CLOSES, step)
    assert model.volatility == pytest.approx(of_returns(CLOSES, returns), rel=1e-12)


def test_fewer_than_two_periods_are_refused() -> None:
    with pytest.raises(ArgumentOutOfRangeException):
        StandardDeviationOfReturnsVolatilityModel(1)
    with pytest.raises(ArgumentOutOfRangeException):
        RelativeStandardDeviationVolatilityModel(DAY, 1)


def test_of_an_indicator() -> None:
    class Half:
        def __init__(self) -> None:
            self.current = self
            self.value = 0.0

    indicator = Half()

    def half(_security: Any, data: Any, given: Any) -> None:
        given.value = data.price / 2

    assert fed(IndicatorVolatilityModel(indicator), CLOSES).volatility == 0.0
    assert fed(IndicatorVolatilityModel(indicator, half), CLOSES).volatility == 49.5


def test_history_needs_the_subscriptions(algorithm: Any) -> None:
    spy = algorithm.add_equity("SPY", Resolution.DAILY)
    model = StandardDeviationOfReturnsVolatilityModel(10)
    with pytest.raises(InvalidOperationException, match="SubscriptionDataConfigProvider was not set"):
        model.get_history_requirements(spy, algorithm.utc_time)
    model.set_subscription_data_config_provider(
        algorithm.subscription_manager.subscription_data_config_service
    )
    (request,) = model.get_history_requirements(spy, algorithm.utc_time)
    # Eleven sessions before Wednesday the 3rd of January 2024: New Year's Day and Christmas are holidays.
    assert np.datetime64(request.start, "ns") == np.datetime64("2023-12-15T05:00")


def test_in_a_run(backtest: Backtest, lean_data: LeanData) -> None:
    from AlgorithmImports import QCAlgorithm, Resolution

    class Measures(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 15)
            self.spy = self.add_equity("SPY", Resolution.DAILY)
            self.spy.set_volatility_model(StandardDeviationOfReturnsVolatilityModel(5))
            self.seen: list[float] = []

        def on_data(self, _slice: Any) -> None:
            self.seen.append(self.spy.volatility_model.volatility)

    outcome = backtest(Measures, lean_data.daily(SPY, "2020-01-02", CLOSES))
    assert outcome.completed, outcome.error
    assert outcome.algorithm is not None
    expected = [0.0, 0.0, *(of_returns(CLOSES[:end], 5) for end in range(3, len(CLOSES) + 1))]
    assert outcome.algorithm.seen == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("mode", ["RAW", "SPLIT_ADJUSTED"])
def test_a_split_of_raw_prices_is_no_return(backtest: Backtest, sample_data: Path, mode: str) -> None:
    """AAPL was split seven for one on the 9th of June 2014: raw closes fall from 645 to 93."""
    from AlgorithmImports import DataNormalizationMode, QCAlgorithm, Resolution

    class Split(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2014, 5, 1)
            self.set_end_date(2014, 6, 20)
            normalized = DataNormalizationMode[mode]
            self.aapl = self.add_equity("AAPL", Resolution.DAILY, data_normalization_mode=normalized)
            self.aapl.set_volatility_model(StandardDeviationOfReturnsVolatilityModel(15))
            self.greatest = 0.0

        def on_data(self, _slice: Any) -> None:
            self.greatest = max(self.greatest, self.aapl.volatility_model.volatility)

    outcome = backtest(Split, sample_data / "lean")
    assert outcome.completed, outcome.error
    assert outcome.algorithm is not None
    assert 0.05 < outcome.algorithm.greatest < 0.5  # a return of -86 % alone would make it 3.5
