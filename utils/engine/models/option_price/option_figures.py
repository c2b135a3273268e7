"""LEAN's figures of one contract at one moment, rounded as its indicators round them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from utils.engine.dotnet.money import exact, round_half_even
from utils.engine.enums import OptionPricingModelType, OptionRight, OptionStyle
from utils.engine.exchange.option_symbol import OptionSymbol

_PLACES = 7
_YEAR = timedelta(days=365)


def model_of(model: OptionPricingModelType | None, symbol: Any) -> OptionPricingModelType:
    """The model, or without one LEAN's for the contract's style."""
    if model is not None:
        return model
    european = symbol.id.option_style == OptionStyle.EUROPEAN
    return OptionPricingModelType.BLACK_SCHOLES if european else OptionPricingModelType.FORWARD_TREE


def rounded(value: float) -> float:
    """To 7 places, by way of a decimal.

    Raises:
        OverflowError: no decimal number.
    """
    return float(round_half_even(exact(value), _PLACES))


@dataclass(frozen=True)
class OptionTerms:
    """A contract and the market it is in.

    Attributes:
        symbol: the contract.
        time: the moment, in the exchange's zone.
        spot: price of the underlying.
        rate, dividend_yield: annual fractions.
        right: 1 for a call, -1 for a put; 0 is the symbol's.
    """

    symbol: Any
    time: datetime
    spot: float
    rate: float
    dividend_yield: float
    right: int = 0

    @property
    def sign(self) -> int:
        """1 for a call, -1 for a put."""
        return self.right or (1 if self.symbol.id.option_right == OptionRight.CALL else -1)

    @property
    def mirrored(self) -> OptionTerms:
        """The put of a call, the call of a put."""
        return replace(self, right=-self.sign)

    @cached_property
    def strike(self) -> float:
        """Strike of the contract."""
        return float(self.symbol.id.strike_price)

    @cached_property
    def years(self) -> float:
        """Years to settlement, below zero after it; of 365 days."""
        left = OptionSymbol.get_settlement_date_time(self.symbol) - self.time
        return float(exact(left / timedelta(days=1) / 365.0))

    def implied_volatility(self, model: OptionPricingModelType, price: float) -> float | None:
        """Volatility at which a model gives a price; None where the search fails."""
        from utils.engine.option_pricing.implied_volatility import implied_volatility

        found = implied_volatility(
            int(model), price, self.spot, self.strike, self.years, self.rate, self.dividend_yield, self.sign
        )
        return None if found is None else rounded(found)


def smoothed(terms: OptionTerms, volatility: float | None, mirror: float | None) -> float | None:
    """LEAN's choice between a contract's implied volatility and its mirror's: the out-of-the-money one's."""
    if mirror is None or volatility is None:
        return volatility if mirror is None else mirror
    return mirror if terms.sign * (terms.spot - terms.strike) > 0 else volatility


@dataclass(frozen=True)
class OptionFigures:
    """Price and Greeks of a contract at a volatility.

    Attributes:
        terms: the contract and its market.
        model: of the Greeks.
        volatility: annual; 0 is none.
    """

    terms: OptionTerms
    model: OptionPricingModelType
    volatility: float

    def price(self, model: OptionPricingModelType) -> float:
        """Theoretical price, 0 without volatility or time."""
        from utils.engine.option_pricing.prices import theoretical_price

        terms = self.terms
        if self.volatility == 0 or terms.years <= 0:
            return 0.0
        try:
            return float(exact(float(theoretical_price(int(model), *self._arguments))))
        except (OverflowError, ZeroDivisionError):
            return 0.0

    def greek(self, name: str) -> float:
        """`greek_or_none`, 0 for none."""
        return self.greek_or_none(name) or 0.0

    def greek_or_none(self, name: str) -> float | None:
        """One of delta, gamma, vega, theta (per day) and rho; 0 after settlement.

        None where LEAN's figure is no decimal number.
        """
        from utils.engine.option_pricing import greeks

        if self.terms.years < 0:
            return 0.0
        try:
            return rounded(float(getattr(greeks, name)(int(self.model), *self._arguments)))
        except (OverflowError, ZeroDivisionError):
            return None

    @property
    def _arguments(self) -> tuple[float, float, float, float, float, float, int]:
        terms = self.terms
        return (
            self.volatility,
            terms.spot,
            terms.strike,
            terms.years,
            terms.rate,
            terms.dividend_yield,
            terms.sign,
        )
