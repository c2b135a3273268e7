"""Implied volatility and Greeks of contracts, with the figures that LEAN states for the same data."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from utils.engine.testing import Backtest

EXPIRY = datetime(2021, 1, 15)


def run(backtest: Backtest, kind: type, sample_data: Path) -> Any:
    outcome = backtest(kind, sample_data / "lean")
    assert outcome.completed, outcome.error
    return outcome.algorithm


def test_the_figures_are_leans(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import (
        Market,
        OptionPricingModelType,
        OptionRight,
        OptionStyle,
        QCAlgorithm,
        Resolution,
        Symbol,
    )

    class IndexOptionIndicators(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2021, 1, 4)
            self.set_end_date(2021, 1, 4)
            underlying = self.add_index("SPX", Resolution.MINUTE).symbol
            option = Symbol.create_option(
                underlying, Market.USA, OptionStyle.EUROPEAN, OptionRight.CALL, 3800, EXPIRY
            )
            self.add_option_contract(option, Resolution.MINUTE)
            tree = OptionPricingModelType.BINOMIAL_COX_ROSS_RUBINSTEIN
            forward, formula = OptionPricingModelType.FORWARD_TREE, OptionPricingModelType.BLACK_SCHOLES
            self.made = [self.iv(option), self.d(option, option_model=tree, iv_model=formula)]
            self.made += [
                make(option, option_model=forward, iv_model=formula)
                for make in (self.g, self.v, self.t, self.r)
            ]

    algorithm = run(backtest, IndexOptionIndicators, sample_data)
    # Stated by LEAN's IndexOptionIndicatorsRegressionAlgorithm for its end.
    stated = ["0.17406", "0.19196", "0.00247", "1.72195", "-1.3689", "0.01744"]
    assert [str(indicator) for indicator in algorithm.made] == stated
    volatility = algorithm.made[0]
    assert volatility.name == "ImpliedVolatility(,,BlackScholes,SPX   210115C03800000_min)"
    assert volatility.theoretical_price.current.value == pytest.approx(
        volatility.price.current.value, abs=2e-3
    )
    assert volatility.strike == 3800


def inside(backtest: Backtest, sample_data: Path, body: Any) -> None:
    """Call `body` in a run's `initialize`."""
    from AlgorithmImports import QCAlgorithm

    class Inside(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2013, 10, 7)
            self.set_end_date(2013, 10, 7)
            self.add_equity("SPY")
            body()

    run(backtest, Inside, sample_data)


def option_of(right: Any) -> Any:
    from AlgorithmImports import OptionStyle, Symbol

    return Symbol.create_option("SPY", "usa", OptionStyle.AMERICAN, right, 450, datetime(2023, 10, 1))


def test_a_mirror_smooths(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import (
        Delta,
        ImpliedVolatility,
        IndicatorDataPoint,
        OptionPricingModelType,
        OptionRight,
    )

    def body() -> None:
        call, put = option_of(OptionRight.CALL), option_of(OptionRight.PUT)
        assert call.get_mirror_option_symbol() == put
        formula = OptionPricingModelType.BLACK_SCHOLES
        prices = {call: 33.928, put: 5.564, call.underlying: 470.0}
        time = datetime(2023, 8, 1, 10)

        def fed(indicator: Any, at: datetime) -> Any:
            ready = [indicator.update(IndicatorDataPoint(s, at, prices[s])) for s in prices]
            assert ready[-1]
            return indicator

        alone = {
            symbol: ImpliedVolatility(symbol, 0.053, 0.0153, option_model=formula) for symbol in (call, put)
        }
        for symbol, indicator in alone.items():
            for one in (symbol, call.underlying):
                indicator.update(IndicatorDataPoint(one, time, prices[one]))
        both = fed(ImpliedVolatility(call, 0.053, 0.0153, put, formula), time)
        # The call is in the money: the put's volatility counts for both.
        assert both.current.value == alone[put].current.value != alone[call].current.value
        both.set_smoothing_function(lambda own, mirror: (own + mirror) / 2)
        fed(both, time + timedelta(minutes=1))
        mean = (alone[put].current.value + alone[call].current.value) / 2
        assert both.current.value == pytest.approx(mean, abs=1e-5)  # a minute later
        # Greeks find the volatility themselves, or take another's.
        delta = fed(Delta(call, 0.053, 0.0153, put, formula, formula), time)
        assert delta.implied_volatility.current.value == alone[put].current.value
        own = Delta("own", call, 0.053, 0.0153, option_model=formula)
        own.implied_volatility = alone[put]
        for one in (call, call.underlying):
            own.update(IndicatorDataPoint(one, time, prices[one]))
        assert own.current.value == delta.current.value
        delta.reset()
        assert not delta.is_ready
        assert fed(delta, time).current.value == own.current.value

    inside(backtest, sample_data, body)


def test_after_settlement_nothing_is_left(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import Delta, ImpliedVolatility, IndicatorDataPoint, OptionRight

    def body() -> None:
        put = option_of(OptionRight.PUT)
        for kind in (ImpliedVolatility, Delta):
            indicator = kind(put, 0.05, 0.0)
            for symbol, price in ((put, 5.0), (put.underlying, 440.0)):
                indicator.update(IndicatorDataPoint(symbol, datetime(2023, 10, 2), price))
            assert (indicator.is_ready, indicator.current.value) == (True, 0.0)

    inside(backtest, sample_data, body)


def test_only_contracts_have_them(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import ImpliedVolatility, SecurityType, Symbol

    def body() -> None:
        with pytest.raises(Exception, match="only support Sec"):
            ImpliedVolatility(Symbol.create("SPY", SecurityType.EQUITY, "usa"), 0.05, 0.0)

    inside(backtest, sample_data, body)
