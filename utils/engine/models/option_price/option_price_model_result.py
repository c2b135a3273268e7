"""What a price model finds out about a contract."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar, cast

from utils.engine.dotnet.naming import DotNet
from utils.engine.models.option_price.greeks import Greeks

Figure = float | Decimal | Callable[[], float]


class OptionPriceModelResult(DotNet):
    """Theoretical price, implied volatility and Greeks; functions are called when somebody looks.

    `(theoretical_price, greeks)`, or `(theoretical_price, implied_volatility, greeks)`.
    """

    NONE: ClassVar[OptionPriceModelResult]

    def __init__(self, theoretical_price: Figure = 0.0, *terms: Any, **named: Any) -> None:
        volatility = named.pop("implied_volatility", 0.0)
        greeks = named.pop("greeks", None)
        if named:
            raise TypeError(f"OptionPriceModelResult: unknown argument {next(iter(named))}")
        if len(terms) == 1 and greeks is None:
            (greeks,) = terms
        elif terms:
            volatility, greeks = (*terms, greeks)[:2]
        self._price: Any = theoretical_price
        self._volatility: Any = volatility
        self._greeks: Any = Greeks() if greeks is None else greeks

    @property
    def theoretical_price(self) -> float:
        """What the contract is worth under the model."""
        if callable(self._price):
            self._price = self._price()
        return float(self._price)

    @theoretical_price.setter
    def theoretical_price(self, price: float) -> None:
        self._price = price

    @property
    def implied_volatility(self) -> float:
        """Annual volatility that the contract's price implies, 0 where there is none."""
        if callable(self._volatility):
            self._volatility = self._volatility()
        return float(self._volatility)

    @implied_volatility.setter
    def implied_volatility(self, volatility: float) -> None:
        self._volatility = volatility

    @property
    def greeks(self) -> Greeks:
        """Sensitivities of the price."""
        if not isinstance(self._greeks, Greeks) and callable(self._greeks):
            self._greeks = self._greeks()
        return cast(Greeks, self._greeks)

    @greeks.setter
    def greeks(self, greeks: Greeks) -> None:
        self._greeks = greeks


OptionPriceModelResult.NONE = OptionPriceModelResult()
