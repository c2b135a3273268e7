"""Short options are assigned when their holder gains by exercising."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of
from utils.engine.enums import OptionRight, OptionStyle, SettlementType
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.orders.kinds import MarketOrder, OptionExerciseOrder
from utils.engine.orders.order import Order


class OptionAssignmentParameters(DotNet):
    """An option held short."""

    option: Any

    def __init__(self, option: Any) -> None:
        self.option = option


class OptionAssignmentResult(DotNet):
    """Contracts that are assigned, and what the order's tag says."""

    NULL: ClassVar[OptionAssignmentResult]

    tag: str
    quantity = float_of("exact_quantity")

    def __init__(self, quantity: float | Decimal, tag: str) -> None:
        self.exact_quantity, self.tag = exact(quantity), tag


class DefaultOptionAssignmentModel(DotNet):
    """Looks at contracts deep in the money near their expiry.

    American ones from `prior_expiration` (four days) before it, European ones on its day.
    """

    def __init__(
        self,
        required_in_the_money_percent: float | Decimal = Decimal("0.05"),
        prior_expiration: timedelta | None = None,
    ) -> None:
        self._required = exact(required_in_the_money_percent)
        self._prior = timedelta(days=4) if prior_expiration is None else prior_expiration

    def get_assignment(self, parameters: OptionAssignmentParameters) -> OptionAssignmentResult:
        """Which contracts are assigned now."""
        option = parameters.option
        if self._is_near(option) and self._is_deep(option) and _gain_of_exercise(option) > 0:
            size = option.holdings.exact_absolute_quantity
            return OptionAssignmentResult(size, "Simulated option assignment before expiration")
        return OptionAssignmentResult.NULL

    def _is_near(self, option: Any) -> bool:
        if option.style == OptionStyle.AMERICAN:
            return bool(option.expiry - option.local_time <= self._prior)
        return bool(option.expiry.date() == option.local_time.date())

    def _is_deep(self, option: Any) -> bool:
        price = option.underlying.exact_close
        return bool(option.exact_pay_off(price) / price > self._required)


class NullOptionAssignmentModel(DotNet):
    """Nothing is assigned before its expiry."""

    def get_assignment(self, parameters: OptionAssignmentParameters) -> OptionAssignmentResult:
        """None."""
        return OptionAssignmentResult.NULL


def _gain_of_exercise(option: Any) -> Decimal:
    """What the holder gains by exercising and closing the underlying rather than selling at the bid."""
    holding, underlying = option.holdings, option.underlying
    size, average = holding.exact_absolute_quantity, holding.exact_average_price
    rate = option.quote_currency.exact_conversion_rate
    multiplier = option.symbol_properties.exact_contract_multiplier
    sold: Decimal = (option.exact_bid_price - average) * -holding.exact_quantity * rate * multiplier
    sold -= _fee(option, MarketOrder(option.symbol, -holding.exact_quantity, option.utc_time))

    is_call = option.right == OptionRight.CALL
    price = underlying.exact_bid_price if is_call else underlying.exact_ask_price
    quantity = option.exact_exercise_quantity(holding.exact_quantity)
    exercised: Decimal = (price - option.exact_scaled_strike_price) * quantity
    exercised *= underlying.quote_currency.exact_conversion_rate * option.contract_unit_of_trade
    if option.exercise_settlement == SettlementType.PHYSICAL_DELIVERY:
        exercised -= _fee(underlying, MarketOrder(underlying.symbol, -quantity, underlying.utc_time))
    exercised -= average * size * multiplier * rate
    exercised -= _fee(option, OptionExerciseOrder(option.symbol, size, option.utc_time))
    return exercised - sold


def _fee(security: Any, order: Order) -> Decimal:
    amount: Decimal = security.fee_model.get_order_fee(OrderFeeParameters(security, order)).value.exact_amount
    rate: Decimal = security.quote_currency.exact_conversion_rate
    return amount * rate


OptionAssignmentResult.NULL = OptionAssignmentResult(ZERO, "")
OptionAssignmentResult.Null = OptionAssignmentResult.NULL  # type: ignore[attr-defined]
