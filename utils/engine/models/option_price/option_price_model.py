"""What price models have in common."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.models.option_price.option_price_model_result import OptionPriceModelResult


class OptionPriceModelParameters(DotNet):
    """What a model is asked about.

    Attributes:
        security: the contract's security, with its prices.
        slice: the data of the moment, or None.
        contract: the contract as a chain has it.
    """

    security: Any
    slice: Any
    contract: Any

    def __init__(self, security: Any = None, slice: Any = None, contract: Any = None) -> None:  # noqa: A002
        self.security, self.slice, self.contract = security, slice, contract


class OptionPriceModel(DotNet):
    """Base of price models, for those who write their own."""

    def evaluate(self, parameters: OptionPriceModelParameters) -> OptionPriceModelResult:
        """Price, implied volatility and Greeks of a contract."""
        raise NotImplementedError


class CurrentPriceOptionPriceModel(OptionPriceModel):
    """The contract's latest price; neither volatility nor Greeks."""

    def evaluate(self, parameters: OptionPriceModelParameters) -> OptionPriceModelResult:
        """The latest price."""
        return OptionPriceModelResult(parameters.security.price)
