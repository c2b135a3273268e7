"""Implied volatility and Greeks of a contract, as its prices and the underlying's come in.

Built with `(option, risk_free_rate, dividend_yield, mirror_option, option_model)`, the Greeks also with
`iv_model`, and a name in front or not. Rate and yield are annual fractions or models. With a mirror (the put
of a call, the call of a put) the implied volatility is that of the one out of the money, or what the
smoothing function makes of both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.naming import DotNet, pascal_case
from utils.engine.enums import OptionPricingModelType, OptionRight
from utils.engine.exchange.option_symbol import OptionSymbol
from utils.engine.identity.security_identifier import is_option
from utils.engine.indicators.kinds import Output
from utils.engine.indicators.naming import named, setting_text
from utils.engine.indicators.several_symbols import MultiSymbolIndicator
from utils.engine.models.dividend_yield.constant_dividend_yield_model import ConstantDividendYieldModel
from utils.engine.models.option_price.option_figures import (
    OptionFigures,
    OptionTerms,
    model_of,
    rounded,
    smoothed,
)
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.statistics.interest_rate import ConstantRiskFreeRateInterestRateModel

Model = OptionPricingModelType


def _name(kind: str) -> Callable[..., str]:
    def name(option: Any, rate: Any = None, dividends: Any = None, mirror: Any = None, *models: Any) -> str:
        if kind == "IV":
            settings = [option, mirror, rate, dividends, *models[:1]]
        else:
            settings = [option, mirror, model_of(models[0] if models else None, as_symbol(option))]
        return f"{kind}({','.join(map(setting_text, settings))})"

    return name


class OptionIndicatorBase(MultiSymbolIndicator):
    """Base of those that follow one contract.

    Attributes:
        option_symbol: the contract.
        price, underlying_price, opposite_price: latest prices of the contract, its underlying, its mirror.
        risk_free_rate, dividend_yield: as of the latest value.
    """

    of_bars: ClassVar[bool] = False

    option_symbol: Any
    price: Output
    underlying_price: Output
    opposite_price: Output | None
    risk_free_rate: Output
    dividend_yield: Output

    def __init__(
        self,
        name: str,
        option: Any,
        risk_free_rate: Any,
        dividend_yield: Any,
        mirror_option: Any,
        option_model: Model | None,
    ) -> None:
        option = as_symbol(option)
        if not is_option(option.security_type):
            raise ArgumentException("OptionIndicatorBase only support SecurityType.Option.")
        mirror = None if mirror_option is None else as_symbol(mirror_option)
        self.option_symbol, self._mirror = option, mirror
        self._model = model_of(option_model, option)
        self._rate_model = _rate_model(risk_free_rate)
        self._dividend_model = _dividend_model(dividend_yield)
        self._inputs: dict[Any, Any] = {}
        self.price = Output(f"{name}_Close")
        self.underlying_price = Output(f"{name}_UnderlyingClose")
        self.opposite_price = None if mirror is None else Output(f"{name}_OppositeClose")
        self.risk_free_rate = Output(f"{name}_RiskFreeRate")
        self.dividend_yield = Output(f"{name}_DividendYield")
        self._prices = {option: self.price, option.underlying: self.underlying_price}
        if mirror is not None and self.opposite_price is not None:
            self._prices[mirror] = self.opposite_price
        super().__init__(name, list(self._prices), 1)

    @property
    def expiry(self) -> datetime:
        """When the contract settles, in the exchange's zone."""
        return OptionSymbol.get_settlement_date_time(self.option_symbol)

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        right: OptionRight = self.option_symbol.id.option_right
        return right

    @property
    def strike(self) -> float:
        """Strike of the contract."""
        return float(self.option_symbol.id.strike_price)

    @property
    def style(self) -> Any:
        """American or European."""
        return self.option_symbol.id.option_style

    @property
    def use_mirror_contract(self) -> bool:
        """Whether it follows the mirror too."""
        return self._mirror is not None

    def _start(self) -> None:
        super()._start()
        self._inputs = {}

    def _input(self, data: Any) -> Any:
        return data

    def _value_input(self, point: Any) -> Any:
        return point

    def _price(self, data: Any) -> float:
        value: float = data.value
        self._inputs[data.symbol] = data
        self._prices[data.symbol]._push(data.end_time, value)
        return value

    def _next(self, data: Any) -> float:
        return rounded(super()._next(data))

    def _terms(self) -> OptionTerms:
        """The contract in the market of the latest prices."""
        time = self.price.current.end_time
        spot = self.underlying_price._latest
        rate = float(_asked(self._rate_model, "get_interest_rate")(time))
        dividends = float(_asked(self._dividend_model, "get_dividend_yield")(time, spot))
        self.risk_free_rate._push(time, rate)
        self.dividend_yield._push(time, dividends)
        return OptionTerms(self.option_symbol, time, spot, rate, dividends)


class ImpliedVolatility(OptionIndicatorBase):
    """Annual volatility at which the model gives the contract's price; 0 where there is none.

    Attributes:
        theoretical_price: what the contract is worth at it.
    """

    theoretical_price: Output

    @named(_name("IV"))
    def __init__(
        self,
        name: str,
        option: Any,
        risk_free_rate: Any = 0.05,
        dividend_yield: Any = 0.0,
        mirror_option: Any = None,
        option_model: Model | None = None,
    ) -> None:
        self._smoothing: Callable[[float, float], float] | None = None
        # As in LEAN the price is by Black and Scholes unless a model is asked for.
        self._priced_by = Model.BLACK_SCHOLES if option_model is None else option_model
        self.theoretical_price = Output(f"{name}_TheoreticalPrice", self._ready)
        super().__init__(name, option, risk_free_rate, dividend_yield, mirror_option, option_model)

    def set_smoothing_function(self, function: Callable[[float, float], float]) -> None:
        """What becomes of the contract's and its mirror's implied volatility."""
        self._smoothing = function

    def calculate_iv(self, time_till_expiry: float) -> float:
        """Implied volatility with so many years to go, for those who find it their own way."""
        terms = self._now
        volatility = terms.implied_volatility(self._model, self.price._latest)
        if self.opposite_price is None:
            return volatility or 0.0
        mirror = terms.mirrored.implied_volatility(self._model, self.opposite_price._latest)
        if self._smoothing is None or volatility is None or mirror is None:
            return smoothed(terms, volatility, mirror) or 0.0
        return float(self._smoothing(volatility, mirror))

    def _compute(self) -> float:
        self._now = self._terms()
        volatility = float(self.calculate_iv(self._now.years))
        at = rounded(volatility)
        if at != 0:
            price = OptionFigures(self._now, self._model, at).price(self._priced_by)
            self.theoretical_price._push(self._now.time, price)
        return volatility


class OptionGreeksIndicatorBase(OptionIndicatorBase):
    """Base of the Greeks.

    Attributes:
        implied_volatility: what they are computed at; setting another makes its updates the setter's.
    """

    _greek: ClassVar[str]  # a function of `utils.engine.option_pricing.greeks`

    def __init__(
        self,
        name: str,
        option: Any,
        risk_free_rate: Any,
        dividend_yield: Any,
        mirror_option: Any,
        option_model: Model | None,
        iv_model: Model | None,
    ) -> None:
        model = model_of(iv_model, as_symbol(option))
        self._volatility = ImpliedVolatility(
            f"{name}_IV", option, risk_free_rate, dividend_yield, mirror_option, model
        )
        self._given_volatility = False
        super().__init__(name, option, risk_free_rate, dividend_yield, mirror_option, option_model)

    @property
    def implied_volatility(self) -> ImpliedVolatility:
        """Implied volatility of the contract."""
        return self._volatility

    @implied_volatility.setter
    def implied_volatility(self, indicator: ImpliedVolatility) -> None:
        self._volatility, self._given_volatility = indicator, True

    def _start(self) -> None:
        super()._start()
        self._figure = 0.0

    def _ready(self) -> bool:
        return self._volatility._ready()

    def _compute(self) -> float:
        if not self._given_volatility:
            for symbol in self._prices:
                self._volatility.take(self._inputs[symbol])
        figures = OptionFigures(self._terms(), self._model, self._volatility.current.value)
        figure = figures.greek_or_none(self._greek)
        if figure is not None:  # else the last one stays
            self._figure = figure
        return self._figure


class Delta(OptionGreeksIndicatorBase):
    """Change of price per 1.00 of the underlying."""

    _greek = "delta"

    @named(_name("Delta"))
    def __init__(
        self,
        name: str,
        option: Any,
        risk_free_rate: Any = 0.05,
        dividend_yield: Any = 0.0,
        mirror_option: Any = None,
        option_model: Model | None = None,
        iv_model: Model | None = None,
    ) -> None:
        super().__init__(name, option, risk_free_rate, dividend_yield, mirror_option, option_model, iv_model)


class Gamma(OptionGreeksIndicatorBase):
    """Change of delta per 1.00 of the underlying."""

    _greek = "gamma"

    @named(_name("Gamma"))
    def __init__(
        self,
        name: str,
        option: Any,
        risk_free_rate: Any = 0.05,
        dividend_yield: Any = 0.0,
        mirror_option: Any = None,
        option_model: Model | None = None,
        iv_model: Model | None = None,
    ) -> None:
        super().__init__(name, option, risk_free_rate, dividend_yield, mirror_option, option_model, iv_model)


class Vega(OptionGreeksIndicatorBase):
    """Change of price per point of volatility."""

    _greek = "vega"

    @named(_name("Vega"))
    def __init__(
        self,
        name: str,
        option: Any,
        risk_free_rate: Any = 0.05,
        dividend_yield: Any = 0.0,
        mirror_option: Any = None,
        option_model: Model | None = None,
        iv_model: Model | None = None,
    ) -> None:
        super().__init__(name, option, risk_free_rate, dividend_yield, mirror_option, option_model, iv_model)


class Theta(OptionGreeksIndicatorBase):
    """Change of price per calendar day as time goes by."""

    _greek = "theta"

    @named(_name("Theta"))
    def __init__(
        self,
        name: str,
        option: Any,
        risk_free_rate: Any = 0.05,
        dividend_yield: Any = 0.0,
        mirror_option: Any = None,
        option_model: Model | None = None,
        iv_model: Model | None = None,
    ) -> None:
        super().__init__(name, option, risk_free_rate, dividend_yield, mirror_option, option_model, iv_model)


class Rho(OptionGreeksIndicatorBase):
    """Change of price per per cent of interest."""

    _greek = "rho"

    @named(_name("Rho"))
    def __init__(
        self,
        name: str,
        option: Any,
        risk_free_rate: Any = 0.05,
        dividend_yield: Any = 0.0,
        mirror_option: Any = None,
        option_model: Model | None = None,
        iv_model: Model | None = None,
    ) -> None:
        super().__init__(name, option, risk_free_rate, dividend_yield, mirror_option, option_model, iv_model)


def _rate_model(given: Any) -> Any:
    return (
        given
        if hasattr(given, "get_interest_rate") or hasattr(given, "GetInterestRate")
        else (ConstantRiskFreeRateInterestRateModel(given))
    )


def _dividend_model(given: Any) -> Any:
    return (
        given
        if hasattr(given, "get_dividend_yield") or hasattr(given, "GetDividendYield")
        else (ConstantDividendYieldModel(given))
    )


def _asked(model: Any, method: str) -> Callable[..., Any]:
    """A method of a model, which may be a user's in LEAN's style."""
    found = getattr(model, method, None)
    return found if found is not None else getattr(model, pascal_case(method))  # type: ignore[no-any-return]


class OptionGreekIndicatorsHelper(DotNet):
    """Theoretical prices."""

    STEPS: ClassVar[int] = 200

    @staticmethod
    def black_theoretical_price(
        volatility: float,
        spot_price: float,
        strike_price: float,
        time_to_expiration: float,
        risk_free_rate: float,
        dividend_yield: float,
        option_type: OptionRight,
    ) -> float:
        """By Black and Scholes."""
        from utils.engine.option_pricing.prices import black_scholes

        return float(
            black_scholes(
                float(volatility),
                float(spot_price),
                float(strike_price),
                float(time_to_expiration),
                float(risk_free_rate),
                float(dividend_yield),
                1 if option_type == OptionRight.CALL else -1,
            )
        )
