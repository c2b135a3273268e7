"""The risk-free rate: the Federal Reserve's primary credit rate, day by day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, Protocol

from utils.engine.algorithm.environment import present
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.errors import UserError

DEFAULT_RISK_FREE_RATE: Final = Decimal("0.01")

_FIRST_DATE: Final = date(1998, 1, 1)


class RiskFreeInterestRateModel(Protocol):
    """Tells the yearly rate of a date."""

    def get_interest_rate(self, date: datetime) -> Any:
        """The rate as a fraction, a float or Decimal."""


class InterestRateProvider(DotNet):
    """LEAN's default model: rates of `alternative/interest-rate/usa/interest-rate.csv`.

    A rate holds until the next one. Without the file every day has LEAN's default rate of 1 %.

    Args:
        data_folder: left out, the run's.
    """

    def __init__(self, data_folder: Path | None = None) -> None:
        self._dates: list[date] = []
        self._rates: list[Decimal] = []
        folder = present().data.root if data_folder is None else data_folder
        self._read(folder / "alternative" / "interest-rate" / "usa" / "interest-rate.csv")

    def _read(self, path: Path) -> None:
        if not path.exists():
            return
        rates: dict[date, Decimal] = {}
        for line in path.read_text(encoding="utf-8-sig").splitlines()[1:]:
            day, _, percent = line.partition(",")
            try:
                rates[datetime.strptime(day, "%Y-%m-%d").date()] = (
                    Decimal(percent.split(",")[0].strip()) / 100
                )
            except (ValueError, InvalidOperation):
                continue  # comments; LEAN passes over lines that are not a date and a number
        if not rates:
            return
        first = next(iter(rates.values()))
        known_before = rates.get(_FIRST_DATE, first)
        rates = {day: rate for day, rate in rates.items() if day >= _FIRST_DATE}
        self._dates = [_FIRST_DATE, *sorted(day for day in rates if day > _FIRST_DATE)]
        self._rates = [known_before, *(rates[day] for day in self._dates[1:])]

    def exact_interest_rate(self, day: date) -> Decimal:
        """The yearly rate of a day as a fraction."""
        if not self._dates:
            return DEFAULT_RISK_FREE_RATE
        return self._rates[max(0, bisect_right(self._dates, day) - 1)]

    def get_interest_rate(self, date: datetime) -> float:
        """The yearly rate of a date as a fraction."""
        return float(self.exact_interest_rate(date.date()))


class ConstantRiskFreeRateInterestRateModel(DotNet):
    """One rate for all dates."""

    def __init__(self, risk_free_rate: float | Decimal) -> None:
        self._rate = exact(risk_free_rate)

    def exact_interest_rate(self, day: date) -> Decimal:
        """The yearly rate as a fraction."""
        return self._rate

    def get_interest_rate(self, date: datetime) -> float:
        """The yearly rate as a fraction."""
        return float(self._rate)


class FuncRiskFreeRateInterestRateModel(DotNet):
    """The rate that a function of the date gives."""

    def __init__(self, get_interest_rate_func: Callable[[datetime], float]) -> None:
        self._rate_of = get_interest_rate_func

    def get_interest_rate(self, date: datetime) -> float:
        """The yearly rate of a date as a fraction."""
        return self._rate_of(date)


def average_risk_free_rate(model: RiskFreeInterestRateModel, times: Iterable[datetime]) -> Decimal:
    """Mean of the rates at `times`, 0 when there are none.

    Raises:
        UserError: the model has no `get_interest_rate`.
    """
    total, count = ZERO, 0
    known: dict[date, Decimal] = {}
    # A user's own model has LEAN's method only, in either naming style.
    exactly = getattr(model, "exact_interest_rate", None)
    asked = getattr(model, "get_interest_rate", None) or getattr(model, "GetInterestRate", None)
    if asked is None:
        raise UserError(
            f"{type(model).__name__}: a risk-free interest rate model needs get_interest_rate(date)"
        )
    for time in times:
        day = time.date()
        rate = known.get(day)
        if rate is None:
            rate = exactly(day) if exactly is not None else exact(asked(time))
            known[day] = rate
        total += rate
        count += 1
    return total / count if count else ZERO
