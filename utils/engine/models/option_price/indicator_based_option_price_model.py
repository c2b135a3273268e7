"""LEAN's default model: the figures of its Greeks indicators for the latest prices."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from utils.engine.algorithm.environment import present
from utils.engine.enums import OptionPricingModelType, SecurityType
from utils.engine.models.dividend_yield.constant_dividend_yield_model import ConstantDividendYieldModel
from utils.engine.models.dividend_yield.dividend_yield_provider import DividendYieldProvider
from utils.engine.models.option_price.greeks import Greeks
from utils.engine.models.option_price.option_figures import OptionFigures, OptionTerms, model_of, smoothed
from utils.engine.models.option_price.option_price_model import OptionPriceModel, OptionPriceModelParameters
from utils.engine.models.option_price.option_price_model_result import OptionPriceModelResult
from utils.engine.statistics.interest_rate import InterestRateProvider


class IndicatorBasedOptionPriceModel(OptionPriceModel):
    """Implied volatility of the contract and, when it is followed, of its mirror; Greeks at that volatility.

    Args:
        option_model: of the Greeks; left out, LEAN's for the style: Black-Scholes for European contracts, the
            forward tree for American ones.
        iv_model: of the implied volatility; left out, likewise.
        dividend_yield_model: left out, the underlying's dividends; none for an index.
        risk_free_interest_rate_model: left out, the Federal Reserve's primary credit rate.
        use_mirror_contract: whether the put of a call, and the call of a put, counts when it has a price.
    """

    def __init__(
        self,
        option_model: OptionPricingModelType | None = None,
        iv_model: OptionPricingModelType | None = None,
        dividend_yield_model: Any = None,
        risk_free_interest_rate_model: Any = None,
        use_mirror_contract: bool = True,
    ) -> None:
        self._option_model, self._iv_model = option_model, iv_model
        self._dividend_yield_model = dividend_yield_model
        self._given_rate_model = risk_free_interest_rate_model
        self._use_mirror = use_mirror_contract
        self._dividends: dict[Any, Any] = {}

    @cached_property
    def _rate_model(self) -> Any:
        return self._given_rate_model or InterestRateProvider()

    def evaluate(self, parameters: OptionPriceModelParameters) -> OptionPriceModelResult:
        """Figures of a contract at the latest prices; nothing when it has expired or a price is missing."""
        contract, option = parameters.contract, parameters.security
        if contract.time.date() > contract.expiry.date():
            return OptionPriceModelResult.NONE
        underlying = option.underlying
        if option.price == 0 or underlying.price == 0:
            return OptionPriceModelResult.NONE
        time, spot = option.local_time, underlying.price
        symbol = contract.symbol
        rate = float(self._rate_model.get_interest_rate(time))
        dividend_yield = float(self._dividends_of(symbol).get_dividend_yield(time, spot))
        terms = OptionTerms(symbol, time, spot, rate, dividend_yield)
        iv_model = model_of(self._iv_model, symbol)
        volatility = terms.implied_volatility(iv_model, option.price)
        mirror = self._mirror(symbol)
        if mirror is not None:
            other = terms.mirrored.implied_volatility(iv_model, mirror.price)
            volatility = smoothed(terms, volatility, other)
        figures = OptionFigures(terms, model_of(self._option_model, symbol), volatility or 0.0)
        # As in LEAN the price is by Black and Scholes unless a model is asked for.
        priced_by = OptionPricingModelType.BLACK_SCHOLES if self._iv_model is None else self._iv_model
        return OptionPriceModelResult(
            lambda: figures.price(priced_by), figures.volatility, lambda: _greeks(figures)
        )

    def _dividends_of(self, symbol: Any) -> Any:
        if self._dividend_yield_model is not None:
            return self._dividend_yield_model
        underlying = symbol.underlying
        if underlying not in self._dividends:
            self._dividends[underlying] = (
                ConstantDividendYieldModel(0)
                if symbol.security_type == SecurityType.INDEX_OPTION
                else DividendYieldProvider.create_for_option(symbol)
            )
        return self._dividends[underlying]

    def _mirror(self, symbol: Any) -> Any:
        """The mirror's security, when it is followed and has a price."""
        securities = present().securities
        if not self._use_mirror or securities is None:
            return None
        mirror = securities.get(symbol.get_mirror_option_symbol())
        return mirror if mirror is not None and mirror.price != 0 else None


def _greeks(figures: OptionFigures) -> Greeks:
    return Greeks(
        figures.greek("delta"),
        figures.greek("gamma"),
        figures.greek("vega"),
        figures.greek("theta") * 365.0,
        figures.greek("rho"),
    )
