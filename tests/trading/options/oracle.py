"""QuantLib on one option, with continuous rates and time in years of 360 days exactly."""

from __future__ import annotations

from typing import Any, NamedTuple

import QuantLib

DAYS = 360
START = QuantLib.Date(1, 1, 2020)
COUNT = QuantLib.Actual360()


class Case(NamedTuple):
    right: int
    spot: float
    strike: float
    days: int
    volatility: float
    rate: float
    dividend_yield: float

    @property
    def years(self) -> float:
        return self.days / DAYS

    @property
    def arguments(self) -> tuple[float, float, float, float, float, float, float]:
        return (
            self.right,
            self.spot,
            self.strike,
            self.years,
            self.volatility,
            self.rate,
            self.dividend_yield,
        )


def _process(case: Case) -> Any:
    def flat(rate: float) -> Any:
        return QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(START, rate, COUNT))

    volatility = QuantLib.BlackConstantVol(START, QuantLib.NullCalendar(), case.volatility, COUNT)
    return QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(case.spot)),
        flat(case.dividend_yield),
        flat(case.rate),
        QuantLib.BlackVolTermStructureHandle(volatility),
    )


def _option(case: Case, american: bool) -> Any:
    QuantLib.Settings.instance().evaluationDate = START
    side = QuantLib.Option.Call if case.right > 0 else QuantLib.Option.Put
    end = START + case.days
    exercise = QuantLib.AmericanExercise(START, end) if american else QuantLib.EuropeanExercise(end)
    return QuantLib.VanillaOption(QuantLib.PlainVanillaPayoff(side, case.strike), exercise)


def european(case: Case) -> tuple[float, ...]:
    """Price and Greeks in the order and units of `Greeks`."""
    option = _option(case, american=False)
    option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(_process(case)))
    figures = (option.NPV(), option.delta(), option.gamma(), option.vega(), option.theta(), option.rho())
    return tuple(float(figure) for figure in figures)


def american(case: Case) -> float:
    """Price by spectral collocation, good to about ten digits."""
    option = _option(case, american=True)
    scheme = QuantLib.QdFpAmericanEngine.highPrecisionScheme()
    option.setPricingEngine(QuantLib.QdFpAmericanEngine(_process(case), scheme))
    return float(option.NPV())


def quadratic(case: Case) -> float:
    """Price by QuantLib's Barone-Adesi and Whaley."""
    option = _option(case, american=True)
    option.setPricingEngine(QuantLib.BaroneAdesiWhaleyApproximationEngine(_process(case)))
    return float(option.NPV())
