"""The algorithm's methods that make an indicator of an option contract: `self.iv(contract)`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from utils.engine.algorithm.indicating import Indicating
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.enums import OptionPricingModelType, Resolution
from utils.engine.indicators.naming import setting_text
from utils.engine.indicators.option_greeks import (
    Delta,
    Gamma,
    ImpliedVolatility,
    OptionGreeksIndicatorBase,
    Rho,
    Theta,
    Vega,
)
from utils.engine.models.dividend_yield.constant_dividend_yield_model import ConstantDividendYieldModel
from utils.engine.models.dividend_yield.dividend_yield_provider import DividendYieldProvider
from utils.engine.models.option_price.option_figures import model_of
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.statistics.interest_rate import (
    ConstantRiskFreeRateInterestRateModel,
    FuncRiskFreeRateInterestRateModel,
)

_Model = OptionPricingModelType | None
G = TypeVar("G", bound=OptionGreeksIndicatorBase)


class OptionIndicating(Indicating):
    """`iv`, `d`, `g`, `v`, `t` and `r`.

    They take a contract, perhaps its mirror (the put of a call, the call of a put), and follow the quotes of
    both and the trades of the underlying. Without a rate it is the algorithm's, without a dividend yield the
    underlying's dividends; the models are LEAN's defaults for the contract's style unless they are given.
    """

    def iv(
        self,
        symbol: Any,
        mirror_option: Any = None,
        risk_free_rate: float | None = None,
        dividend_yield: float | None = None,
        option_model: _Model = None,
        resolution: Resolution | None = None,
    ) -> ImpliedVolatility:
        """Implied volatility of a contract."""
        option = as_symbol(symbol)
        name = self._option_name(
            "ImpliedVolatility", option, risk_free_rate, dividend_yield, option_model, resolution
        )
        models = self._option_models(option, risk_free_rate, dividend_yield)
        indicator = ImpliedVolatility(name, option, *models, mirror_option, option_model)
        self._feed_option_indicator(indicator, option, mirror_option, resolution)
        return indicator

    IV = iv

    def d(self, symbol: Any, *terms: Any, **named: Any) -> Delta:
        """Delta of a contract; arguments as of `iv`, with `iv_model` after `option_model`."""
        return self._greek(Delta, symbol, *terms, **named)

    def g(self, symbol: Any, *terms: Any, **named: Any) -> Gamma:
        """Gamma of a contract; arguments as of `d`."""
        return self._greek(Gamma, symbol, *terms, **named)

    def v(self, symbol: Any, *terms: Any, **named: Any) -> Vega:
        """Vega of a contract; arguments as of `d`."""
        return self._greek(Vega, symbol, *terms, **named)

    def t(self, symbol: Any, *terms: Any, **named: Any) -> Theta:
        """Theta of a contract; arguments as of `d`."""
        return self._greek(Theta, symbol, *terms, **named)

    def r(self, symbol: Any, *terms: Any, **named: Any) -> Rho:
        """Rho of a contract; arguments as of `d`."""
        return self._greek(Rho, symbol, *terms, **named)

    def _greek(
        self,
        kind: type[G],
        symbol: Any,
        mirror_option: Any = None,
        risk_free_rate: float | None = None,
        dividend_yield: float | None = None,
        option_model: _Model = None,
        iv_model: _Model = None,
        resolution: Resolution | None = None,
    ) -> G:
        option = as_symbol(symbol)
        name = self._option_name(
            kind.__name__, option, risk_free_rate, dividend_yield, option_model, resolution
        )
        models = self._option_models(option, risk_free_rate, dividend_yield)
        make: Any = kind  # each Greek's own constructor lets the name be left out
        indicator: G = make(name, option, *models, mirror_option, option_model, iv_model)
        self._feed_option_indicator(indicator, option, mirror_option, resolution)
        return indicator

    def _option_name(
        self,
        kind: str,
        option: Any,
        risk_free_rate: float | None,
        dividend_yield: float | None,
        option_model: _Model,
        resolution: Resolution | None,
    ) -> str:
        settings = (risk_free_rate, dividend_yield, model_of(option_model, option))
        return self.create_indicator_name(
            option, f"{kind}({','.join(map(setting_text, settings))})", resolution
        )

    def _option_models(
        self, option: Any, risk_free_rate: float | None, dividend_yield: float | None
    ) -> tuple[Any, Any]:
        rates: Any = FuncRiskFreeRateInterestRateModel(self._interest_rate)
        if risk_free_rate is not None:
            rates = ConstantRiskFreeRateInterestRateModel(risk_free_rate)
        if dividend_yield is not None:
            return rates, ConstantDividendYieldModel(dividend_yield)
        return rates, DividendYieldProvider.create_for_option(option)

    def _interest_rate(self, date: datetime) -> float:
        """Of the algorithm's model at the time: it may be set after an indicator is made."""
        rate: float = self.risk_free_interest_rate_model.get_interest_rate(date)
        return rate

    def _feed_option_indicator(self, indicator: Any, option: Any, mirror: Any, resolution: Any) -> None:
        contracts = [option] if mirror is None else [option, as_symbol(mirror)]
        followed = [(option, QuoteBar), (option.underlying, None)]
        followed += [(contract, QuoteBar) for contract in contracts[1:]]
        for symbol, kind in followed:
            config = self._config_for(symbol, kind=kind)
            consolidator = self._consolidator_of(config, resolution)
            self._register(symbol, indicator, consolidator, config.tick_type, None)
        if self.settings.automatic_indicator_warm_up:
            self.warm_up_indicator([symbol for symbol, _ in followed], indicator, resolution)
