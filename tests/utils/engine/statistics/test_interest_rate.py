"""The risk-free rate of a span."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from utils.engine.dotnet.money import use_money_context
from utils.engine.statistics.interest_rate import (
    ConstantRiskFreeRateInterestRateModel,
    FuncRiskFreeRateInterestRateModel,
    InterestRateProvider,
    average_risk_free_rate,
)
from utils.errors import UserError


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


@pytest.fixture
def rates(tmp_path: Path) -> InterestRateProvider:
    path = tmp_path / "alternative" / "interest-rate" / "usa" / "interest-rate.csv"
    path.parent.mkdir(parents=True)
    path.write_text("date,rate\n# a comment\n2003-01-09,2.25\n2020-03-16,0.25\n\n2022-05-05,1\n")
    return InterestRateProvider(tmp_path)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ((1997, 1, 1), 0.0225),
        ((2003, 1, 8), 0.0225),
        ((2020, 3, 15), 0.0225),
        ((2020, 3, 16), 0.0025),
        ((2040, 1, 1), 0.01),
    ],
)
def test_a_rate_holds_until_the_next(
    rates: InterestRateProvider, day: tuple[int, int, int], rate: float
) -> None:
    assert rates.get_interest_rate(datetime(*day)) == rate


def test_without_the_file_the_rate_is_one_percent(tmp_path: Path) -> None:
    assert InterestRateProvider(tmp_path).get_interest_rate(datetime(2020, 1, 1)) == 0.01


def test_the_average_is_over_samples_not_over_days(rates: InterestRateProvider) -> None:
    times = [
        datetime(2020, 3, 15, 9),
        datetime(2020, 3, 16, 9),
        datetime(2020, 3, 16, 10),
        datetime(2020, 3, 17),
    ]
    assert average_risk_free_rate(rates, times) == Decimal("0.0075")
    assert average_risk_free_rate(rates, []) == 0


def test_an_algorithm_may_bring_its_own_model() -> None:
    class Rising:
        def get_interest_rate(self, date: datetime) -> float:
            return date.day / 100

    class Pascal:
        def GetInterestRate(self, date: datetime) -> float:
            return date.day / 100

    pascal: Any = Pascal()
    by_function = FuncRiskFreeRateInterestRateModel(lambda date: date.day / 100)
    for model in (pascal, by_function):
        assert average_risk_free_rate(model, [datetime(2020, 1, 2), datetime(2020, 1, 4)]) == Decimal("0.03")
    with pytest.raises(UserError, match="get_interest_rate"):
        average_risk_free_rate(object(), [datetime(2020, 1, 2)])  # type: ignore[arg-type]  # what users may pass
    assert average_risk_free_rate(Rising(), [datetime(2020, 1, 2), datetime(2020, 1, 4)]) == Decimal("0.03")
    assert average_risk_free_rate(
        ConstantRiskFreeRateInterestRateModel(0.05), [datetime(2020, 1, 2)]
    ) == Decimal("0.05")
