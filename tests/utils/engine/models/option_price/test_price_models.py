"""Price models of contracts: LEAN's, none, and a user's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from utils.engine.testing import Backtest

EXPIRY = datetime(2016, 1, 15)


def at_noon(backtest: Backtest, sample_data: Path, look: Callable[[Any], None], mirror: bool = False) -> Any:
    """Call `look` at noon of a day on which a call on GOOG is followed, perhaps its mirror too."""
    from AlgorithmImports import Market, OptionRight, OptionStyle, QCAlgorithm, Resolution, Symbol

    class FollowsAContract(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2015, 12, 24)
            self.set_end_date(2015, 12, 24)
            share = self.add_equity("GOOG", Resolution.MINUTE).symbol
            terms = (Market.USA, OptionStyle.AMERICAN)
            call: Any = Symbol.create_option(share, *terms, OptionRight.CALL, 750, EXPIRY)
            self.option = self.add_option_contract(call, Resolution.MINUTE)
            self.volatility, self.delta = self.iv(call), self.d(call)
            if mirror:
                put = self.add_option_contract(call.get_mirror_option_symbol(), Resolution.MINUTE).symbol
                self.volatility, self.delta = self.iv(call, put), self.d(call, put)
            self.looks = 0

        def on_data(self, _slice: Any) -> None:
            if (self.time.hour, self.time.minute) == (12, 0):
                self.looks += 1
                look(self)

    outcome = backtest(FollowsAContract, sample_data / "lean")
    assert outcome.completed, outcome.error
    algorithm: Any = outcome.algorithm
    assert algorithm.looks == 1
    return algorithm


def contract_of(algorithm: Any, time: datetime | None = None) -> Any:
    """What a model asks of a contract."""
    option = algorithm.option
    return SimpleNamespace(time=time or option.local_time, expiry=option.expiry, symbol=option.symbol)


@pytest.mark.parametrize("mirror", [False, True])
def test_the_default_model_says_what_the_indicators_say(
    backtest: Backtest, sample_data: Path, mirror: bool
) -> None:
    def look(algorithm: Any) -> None:
        result = algorithm.option.evaluate_price_model(None, contract_of(algorithm))
        assert result.implied_volatility == pytest.approx(algorithm.volatility.current.value, abs=2e-3)
        assert result.greeks.delta == pytest.approx(algorithm.delta.current.value, abs=5e-3)
        assert 0.1 < result.implied_volatility < 0.4
        assert result.greeks.theta == result.greeks.theta_per_day * 365 < 0
        # Black and Scholes' price at the tree's volatility, or the mirror's: near the market's.
        assert result.theoretical_price == pytest.approx(algorithm.option.price, abs=1.0)
        assert result.greeks.gamma > 0
        assert result.greeks.vega > 0
        assert result.greeks.rho > 0

    at_noon(backtest, sample_data, look, mirror)


def test_models_by_name(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import OptionPriceModels

    def look(algorithm: Any) -> None:
        def evaluated(model: Any) -> Any:
            algorithm.option.price_model = model
            return algorithm.option.evaluate_price_model(None, contract_of(algorithm))

        default = algorithm.option.evaluate_price_model(None, contract_of(algorithm))
        forward = evaluated(OptionPriceModels.forward_tree())  # the default of American contracts
        assert forward.greeks.delta == default.greeks.delta
        others = (OptionPriceModels.black_scholes(), OptionPriceModels.binomial_cox_ross_rubinstein())
        for other in map(evaluated, others):
            assert other.greeks.delta == pytest.approx(forward.greeks.delta, abs=0.02)
            assert other.greeks.delta != forward.greeks.delta
        nothing = evaluated(OptionPriceModels.null())
        assert nothing.theoretical_price == algorithm.option.price
        assert (nothing.implied_volatility, nothing.greeks.delta, nothing.greeks.theta) == (0, 0, 0)

    at_noon(backtest, sample_data, look)


def test_an_expired_contract_has_no_figures(backtest: Backtest, sample_data: Path) -> None:
    def look(algorithm: Any) -> None:
        late = contract_of(algorithm, datetime(2016, 1, 16))
        result = algorithm.option.evaluate_price_model(None, late)
        assert (result.theoretical_price, result.implied_volatility, result.greeks.delta) == (0, 0, 0)

    at_noon(backtest, sample_data, look)


def test_rates_and_dividends_of_the_users_choice(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import (
        ConstantDividendYieldModel,
        ConstantRiskFreeRateInterestRateModel,
        IndicatorBasedOptionPriceModel,
    )

    def look(algorithm: Any) -> None:
        def volatility(rate: float, dividends: float) -> Any:
            algorithm.option.price_model = IndicatorBasedOptionPriceModel(
                dividend_yield_model=ConstantDividendYieldModel(dividends),
                risk_free_interest_rate_model=ConstantRiskFreeRateInterestRateModel(rate),
            )
            return algorithm.option.evaluate_price_model(None, contract_of(algorithm)).implied_volatility

        # A call is worth more with a higher rate and less with dividends: less or more is left to explain.
        assert volatility(0.1, 0.0) < volatility(0.0, 0.0) < volatility(0.0, 0.1)

    at_noon(backtest, sample_data, look)


@pytest.mark.parametrize("name", ["evaluate", "Evaluate"])
def test_a_users_own_model(backtest: Backtest, sample_data: Path, name: str) -> None:
    from AlgorithmImports import Greeks, OptionPriceModelResult

    def evaluate(_self: Any, parameters: Any) -> Any:
        greeks = Greeks(0.5, 0.2, 0.15, 0.05, 0.1, 2.0)
        greeks.delta *= -1
        return OptionPriceModelResult(parameters.security.price + 1, lambda: 0.2, lambda: greeks)

    def look(algorithm: Any) -> None:
        algorithm.option.set_price_model(type("Own", (), {name: evaluate})())
        result = algorithm.option.evaluate_price_model(None, contract_of(algorithm))
        assert result.theoretical_price == algorithm.option.price + 1
        assert (result.implied_volatility, result.greeks.delta, result.greeks.lambda_) == (0.2, -0.5, 2.0)
        assert result.Greeks.ThetaPerDay == 0.05 / 365

    at_noon(backtest, sample_data, look)


def test_quantlibs_models_are_refused_by_name(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import OptionPriceModels, QCAlgorithm

    class Asks(QCAlgorithm):
        def initialize(self) -> None:
            OptionPriceModels.QuantLib.crank_nicolson_fd()

    outcome = backtest(Asks, sample_data / "lean")
    assert "NotSupportedByEngine: OptionPriceModels.QuantLib" in str(outcome.error)
