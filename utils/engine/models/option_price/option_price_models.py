"""LEAN's price models by name."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OptionPricingModelType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.option_price.indicator_based_option_price_model import (
    IndicatorBasedOptionPriceModel,
)
from utils.engine.models.option_price.option_price_model import CurrentPriceOptionPriceModel


class _Refused:
    """A member of a class that LEAN has and the engine has not."""

    def __get__(self, _instance: object, owner: type) -> Any:
        raise NotSupportedByEngine(f"{owner.__name__}.{self._name}")

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name


class OptionPriceModels(DotNet):
    """`option.price_model = OptionPriceModels.black_scholes()`; LEAN's port of QuantLib is refused."""

    QuantLib = _Refused()

    @staticmethod
    def null() -> CurrentPriceOptionPriceModel:
        """The latest price; neither volatility nor Greeks."""
        return CurrentPriceOptionPriceModel()

    @staticmethod
    def black_scholes() -> IndicatorBasedOptionPriceModel:
        """Black and Scholes, for contracts of both styles."""
        return _by(OptionPricingModelType.BLACK_SCHOLES)

    @staticmethod
    def binomial_cox_ross_rubinstein() -> IndicatorBasedOptionPriceModel:
        """The tree of Cox, Ross and Rubinstein."""
        return _by(OptionPricingModelType.BINOMIAL_COX_ROSS_RUBINSTEIN)

    @staticmethod
    def forward_tree() -> IndicatorBasedOptionPriceModel:
        """The tree around the forward."""
        return _by(OptionPricingModelType.FORWARD_TREE)


class IndicatorBasedOptionPriceModelProvider(DotNet):
    """Makes price models of the Greeks indicators."""

    def __init__(self, securities: Any = None) -> None:
        """A run has one set of securities; `securities` is LEAN's argument for it."""

    def get_option_price_model(self, *terms: Any, **named: Any) -> IndicatorBasedOptionPriceModel:
        """`(symbol[, pricing_model_type])`, or the arguments of `IndicatorBasedOptionPriceModel`."""
        if terms and hasattr(terms[0], "security_type"):
            return _by(terms[1] if len(terms) > 1 else named.get("pricing_model_type"))
        return IndicatorBasedOptionPriceModel(*terms, **named)


def _by(model: OptionPricingModelType | None) -> IndicatorBasedOptionPriceModel:
    return IndicatorBasedOptionPriceModel(model, model)
