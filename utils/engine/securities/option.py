"""Options: contracts, and the canonical securities that stand for all contracts on an underlying."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.enums import DataNormalizationMode, OptionRight, OptionStyle, SettlementType
from utils.engine.identity.option_symbol_properties import OptionSymbolProperties, index_option_tick
from utils.engine.models.assignment.default_option_assignment_model import DefaultOptionAssignmentModel
from utils.engine.models.exercise.default_exercise_model import DefaultExerciseModel
from utils.engine.models.option_price.indicator_based_option_price_model import (
    IndicatorBasedOptionPriceModel,
)
from utils.engine.models.option_price.option_price_model import OptionPriceModelParameters
from utils.engine.models.option_price.option_price_model_result import OptionPriceModelResult
from utils.engine.securities.option_portfolio_model import OptionPortfolioModel
from utils.engine.securities.price_variation import SecurityPriceVariationModel
from utils.engine.securities.security import Security
from utils.engine.universes.contract_filter import DEFAULT_FILTER, ContractFilter, contract_filter

_LEAST_EXERCISED: Final = Decimal("0.01")
Number = float | Decimal


class Option(Security):
    """A contract on a share, or all of them (`is_option_chain`).

    Attributes:
        underlying: the security it is on.
        exercise_settlement: what exercise gives: the underlying, or money.
        price_model: gives theoretical price, implied volatility and Greeks.
        option_exercise_model, option_assignment_model: what exercise comes to; when shorts are assigned.
        contract_filter: of a chain: which contracts are followed.
    """

    DEFAULT_SETTLEMENT_DAYS = 1
    DEFAULT_SETTLEMENT_TIME = timedelta(hours=6)

    symbol_properties: OptionSymbolProperties
    underlying: Any
    exercise_settlement: SettlementType
    price_model: Any
    option_exercise_model: Any
    option_assignment_model: Any
    contract_filter: ContractFilter

    strike_price = read_only_float_of("exact_strike_price")
    scaled_strike_price = read_only_float_of("exact_scaled_strike_price")

    def __init__(self, *args: Any, underlying: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.symbol_properties = OptionSymbolProperties(self.symbol_properties)
        self.underlying = underlying
        self.exercise_settlement = SettlementType.PHYSICAL_DELIVERY
        self.price_model = IndicatorBasedOptionPriceModel()
        self.option_exercise_model: Any = DefaultExerciseModel()
        self.option_assignment_model: Any = DefaultOptionAssignmentModel()
        self.portfolio_model = OptionPortfolioModel()
        self.contract_filter = DEFAULT_FILTER

    # Terms

    @property
    def is_option_chain(self) -> bool:
        """Whether it stands for all contracts on the underlying."""
        return bool(self.symbol.is_canonical())

    @property
    def is_option_contract(self) -> bool:
        """Whether it is one contract."""
        return not self.is_option_chain

    @property
    def exact_strike_price(self) -> Decimal:
        """Strike as the contract has it."""
        strike: Decimal = self.symbol.id.exact_strike_price
        return strike

    @property
    def exact_scaled_strike_price(self) -> Decimal:
        """Strike in the units of the underlying's price."""
        return self.exact_strike_price * self.symbol_properties.exact_strike_multiplier

    @property
    def expiry(self) -> datetime:
        """Date of the expiry."""
        expiry: datetime = self.symbol.id.date
        return expiry

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        right: OptionRight = self.symbol.id.option_right
        return right

    @property
    def style(self) -> OptionStyle:
        """American or European."""
        style: OptionStyle = self.symbol.id.option_style
        return style

    @property
    def contract_unit_of_trade(self) -> int:
        """Units of the underlying that a contract delivers."""
        return self.symbol_properties.contract_unit_of_trade

    @contract_unit_of_trade.setter
    def contract_unit_of_trade(self, units: int) -> None:
        self.symbol_properties.contract_unit_of_trade = int(units)

    @property
    def contract_multiplier(self) -> int:
        """What the quoted price is multiplied by."""
        return int(self.symbol_properties.exact_contract_multiplier)

    @contract_multiplier.setter
    def contract_multiplier(self, multiplier: int) -> None:
        self.symbol_properties.exact_contract_multiplier = Decimal(int(multiplier))

    # Prices

    @property
    def exact_bid_price(self) -> Decimal:
        """Latest bid; zero when there is none."""
        return self.cache.exact_bid_price

    @property
    def exact_ask_price(self) -> Decimal:
        """Latest ask; zero when there is none."""
        return self.cache.exact_ask_price

    @property
    def open_interest(self) -> int:
        """Contracts that were open when they were last counted."""
        return self.cache.open_interest

    def exact_intrinsic_value(self, underlying_price: Decimal) -> Decimal:
        """Worth of exercising at a price of the underlying, never below zero."""
        return max(ZERO, self.exact_pay_off(underlying_price))

    def exact_pay_off(self, underlying_price: Decimal) -> Decimal:
        """Worth of exercising at a price of the underlying; below zero out of the money."""
        pay_off = underlying_price - self.exact_scaled_strike_price
        return pay_off if self.right == OptionRight.CALL else -pay_off

    def get_intrinsic_value(self, underlying_price: Number) -> float:
        """Worth of exercising at a price of the underlying, never below zero."""
        return float(self.exact_intrinsic_value(exact(underlying_price)))

    def get_pay_off(self, underlying_price: Number) -> float:
        """Worth of exercising at a price of the underlying; below zero out of the money."""
        return float(self.exact_pay_off(exact(underlying_price)))

    def exact_out_of_the_money_amount(self, underlying_price: Decimal) -> Decimal:
        """How far the underlying is from the strike on the losing side, never below zero."""
        return max(ZERO, -self.exact_pay_off(underlying_price))

    def out_of_the_money_amount(self, underlying_price: Number) -> float:
        """How far the underlying is from the strike on the losing side, never below zero."""
        return float(self.exact_out_of_the_money_amount(exact(underlying_price)))

    # Exercise

    def is_auto_exercised(self, underlying_price: Number) -> bool:
        """Whether a contract held at expiry is exercised: from a cent in the money on."""
        return self.exact_intrinsic_value(exact(underlying_price)) >= _LEAST_EXERCISED

    def get_aggregate_exercise_amount(self) -> float:
        """What exercising one contract costs or gives."""
        return float(self.exact_strike_price * self.contract_multiplier)

    def exact_exercise_quantity(self, order_quantity: Decimal | None = None) -> Decimal:
        """Units of the underlying that exercise trades.

        Args:
            order_quantity: of the exercise order, above zero for contracts held short; None: the whole
                position.
        """
        quantity = -self.holdings.exact_quantity if order_quantity is None else order_quantity
        sign = -1 if self.right == OptionRight.CALL else 1
        return sign * quantity * self.contract_unit_of_trade

    def get_exercise_quantity(self, exercise_order_quantity: Number | None = None) -> float:
        """`exact_exercise_quantity` of floats."""
        given = None if exercise_order_quantity is None else exact(exercise_order_quantity)
        return float(self.exact_exercise_quantity(given))

    # Models

    def set_leverage(self, leverage: float | Decimal) -> None:
        """Options have none; nothing happens."""

    def set_filter(self, *terms: Any, **named: Any) -> None:
        """Choose the contracts that are followed; see `utils.engine.universes.contract_filter`."""
        self.contract_filter = contract_filter(*terms, **named)

    def set_price_model(self, model: Any) -> None:
        """What gives theoretical price, implied volatility and Greeks."""
        self.price_model = model

    def evaluate_price_model(self, slice: Any, contract: Any) -> OptionPriceModelResult:  # noqa: A002
        """Theoretical price, implied volatility and Greeks of a contract now, by the price model."""
        model = self.price_model
        evaluate = getattr(model, "evaluate", None) or model.Evaluate  # a user's own may have LEAN's style
        result: OptionPriceModelResult = evaluate(OptionPriceModelParameters(self, slice, contract))
        return result

    def set_option_exercise_model(self, model: Any) -> None:
        """What exercise comes to."""
        self.option_exercise_model = model

    def set_option_assignment_model(self, model: Any) -> None:
        """When contracts held short are assigned."""
        self.option_assignment_model = model

    def set_data_normalization_mode(self, mode: DataNormalizationMode) -> None:
        """Options have raw prices.

        Raises:
            ArgumentException: another mode.
        """
        if mode != DataNormalizationMode.RAW:
            raise ArgumentException("DataNormalizationMode.Raw must be used with options")
        super().set_data_normalization_mode(mode)


class IndexOption(Option):
    """A contract on an index, settled in money."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exercise_settlement = SettlementType.CASH
        self.price_variation_model = IndexOptionPriceVariationModel()


class IndexOptionPriceVariationModel(SecurityPriceVariationModel):
    """Index options have coarser ticks at higher prices."""

    def minimum_price_variation(self, security: Any, reference: Decimal) -> Decimal:
        """Tick at a price."""
        return index_option_tick(security.symbol, reference)
