"""Margin as a fraction of a position's worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import MONEY, ONE, ZERO, DecimalFloat, exact, normalize, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import engines_own, float_of
from utils.engine.enums import OrderDirection
from utils.engine.models.buying_power.parameters import (
    BuyingPower,
    BuyingPowerParameters,
    GetMaximumOrderQuantityForDeltaBuyingPowerParameters,
    GetMaximumOrderQuantityForTargetBuyingPowerParameters,
    GetMaximumOrderQuantityResult,
    HasSufficientBuyingPowerForOrderParameters,
    HasSufficientBuyingPowerForOrderResult,
    InitialMargin,
    InitialMarginParameters,
    InitialMarginRequiredForOrderParameters,
    MaintenanceMargin,
    MaintenanceMarginParameters,
    ReservedBuyingPowerForPosition,
    ReservedBuyingPowerForPositionParameters,
)
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.orders.kinds import MarketOrder


def exact_of(answer: Any) -> Decimal:
    """A model's answer as decimal: ours, a number, or an object with `value`."""
    found = getattr(answer, "exact_value", None)
    if found is None:
        found = getattr(answer, "value", answer)
    return exact(found)


_LEVERAGE = ("leverage", "required_free_buying_power_percent")
_MARGINS = (
    "initial_margin_requirement",
    "maintenance_margin_requirement",
    "required_free_buying_power_percent",
)


class BuyingPowerModel(DotNet):
    """Ties up a fraction of a position's worth: to open it, to keep it, and of the account at all times.

    `BuyingPowerModel(leverage=1, required_free_buying_power_percent=0)` or
    `(initial_margin_requirement, maintenance_margin_requirement, required_free_buying_power_percent)`.

    Raises:
        ArgumentException: a leverage below one, a fraction that is none.
        TypeError: terms of neither form.
    """

    NULL: ClassVar[BuyingPowerModel]

    required_free_buying_power_percent = float_of("_free")

    def __init__(self, *terms: float | Decimal, **named: float | Decimal) -> None:
        margins = len(terms) + len(named) > len(_LEVERAGE) or any(name in named for name in _MARGINS[:2])
        given = _bind(_MARGINS if margins else _LEVERAGE, terms, named)
        self._free = given.get("required_free_buying_power_percent", ZERO)
        _check_fraction(self._free, "Free Buying Power Percent requirement")
        if margins:
            self._initial = given["initial_margin_requirement"]
            self._maintenance = given["maintenance_margin_requirement"]
            _check_fraction(self._initial, "Initial margin requirement")
            _check_fraction(self._maintenance, "Maintenance margin requirement")
        else:
            self._set_leverage(given.get("leverage", ONE))

    def get_leverage(self, security: Any) -> float:
        """Worth of a position by the margin to open it."""
        return DecimalFloat(ONE / self._initial)

    def set_leverage(self, security: Any, leverage: float | Decimal) -> None:
        """Tie up the inverse of the leverage."""
        self._set_leverage(exact(leverage))

    def _set_leverage(self, leverage: Decimal) -> None:
        if leverage < 1:
            raise ArgumentException("Leverage must be greater than or equal to 1.")
        self._initial = self._maintenance = ONE / leverage

    # Margin

    def get_initial_margin_requirement(self, parameters: InitialMarginParameters) -> InitialMargin:
        """Margin to open a quantity now; signed."""
        security = parameters.security
        value = (
            security.quote_currency.exact_conversion_rate
            * security.symbol_properties.exact_contract_multiplier
            * security.exact_price
            * parameters.exact_quantity
            * self._initial
        )
        return InitialMargin(value)

    def get_initial_margin_required_for_order(
        self, parameters: InitialMarginRequiredForOrderParameters
    ) -> InitialMargin:
        """Margin to open an order's quantity, with its fee; signed."""
        security, order = parameters.security, parameters.order
        fee = security.fee_model.get_order_fee(OrderFeeParameters(security, order)).value
        fee = parameters.currency_converter.in_account_currency(fee).exact_amount
        margin = self._initial_margin(security, order.exact_quantity)
        return InitialMargin(margin + (fee if margin > 0 else -fee if margin < 0 else ZERO))

    def get_maintenance_margin(self, parameters: MaintenanceMarginParameters) -> MaintenanceMargin:
        """Margin to keep a position."""
        return MaintenanceMargin(abs(parameters.exact_holdings_value) * self._maintenance)

    def _initial_margin(self, security: Any, quantity: Decimal) -> Decimal:
        requirement = engines_own(self, "get_initial_margin_requirement")
        return exact_of(requirement(InitialMarginParameters(security, quantity)))

    def _maintenance_margin(self, security: Any) -> Decimal:
        margin = engines_own(self, "get_maintenance_margin")
        return exact_of(margin(MaintenanceMarginParameters.for_current_holdings(security)))

    def get_margin_remaining(self, portfolio: Any, security: Any, direction: OrderDirection) -> float:
        """Margin an order of a side may use; one that closes may use what the position ties up, twice."""
        worth = portfolio.exact_total_portfolio_value
        result = portfolio.exact_margin_remaining_of(worth)
        held = security.holdings
        closing = (held.is_long and direction == OrderDirection.SELL) or (
            held.is_short and direction == OrderDirection.BUY
        )
        if closing:
            result += self._maintenance_margin(security)
            result += self._initial_margin(security, held.exact_absolute_quantity)
        left: Decimal = result - worth * self._free
        return DecimalFloat(max(left, ZERO))

    def _margin_remaining(self, portfolio: Any, security: Any, direction: OrderDirection) -> Decimal:
        return exact(engines_own(self, "get_margin_remaining")(portfolio, security, direction))

    # Orders

    def has_sufficient_buying_power_for_order(
        self, parameters: HasSufficientBuyingPowerForOrderParameters
    ) -> HasSufficientBuyingPowerForOrderResult:
        """Whether the account can carry an order; one that only closes it always can."""
        order, security, portfolio = parameters.order, parameters.security, parameters.portfolio
        quantity, held = order.exact_quantity, security.holdings.exact_quantity
        if not quantity:
            return parameters.sufficient()
        ticket = portfolio.transactions.get_order_ticket(order.id)
        if ticket is None:
            return parameters.insufficient(f"Null order ticket for id: {order.id}")
        if held * quantity < 0 and abs(held) >= abs(quantity):
            return parameters.sufficient()
        free = self._margin_remaining(portfolio, security, order.direction)
        terms = InitialMarginRequiredForOrderParameters(portfolio.cash_book, security, order)
        required = exact_of(engines_own(self, "get_initial_margin_required_for_order")(terms))
        unfilled = (abs(quantity) - abs(ticket.exact_quantity_filled)) / abs(quantity)
        remainder = unfilled * required
        if abs(remainder) > free:
            return parameters.insufficient(
                f"Id: {order.id}, Initial Margin: {text(normalize(remainder))}, "
                f"Free Margin: {text(normalize(free))}"
            )
        return parameters.sufficient()

    def get_maximum_order_quantity_for_delta_buying_power(
        self, parameters: GetMaximumOrderQuantityForDeltaBuyingPowerParameters
    ) -> GetMaximumOrderQuantityResult:
        """Quantity that changes what a position ties up by an amount."""
        security, portfolio = parameters.security, parameters.portfolio
        used = portfolio.exact_reserved_buying_power(security)
        target = (used if security.holdings.is_long else -used) + parameters.exact_delta_buying_power
        worth = portfolio.exact_total_portfolio_value
        terms = GetMaximumOrderQuantityForTargetBuyingPowerParameters(
            portfolio,
            security,
            target / worth if worth else ZERO,
            parameters.exact_minimum_order_margin_portfolio_percentage,
            parameters.silence_non_error_reasons,
        )
        quantity = engines_own(self, "get_maximum_order_quantity_for_target_buying_power")
        found: GetMaximumOrderQuantityResult = quantity(terms)
        return found

    def get_maximum_order_quantity_for_target_buying_power(
        self, parameters: GetMaximumOrderQuantityForTargetBuyingPowerParameters
    ) -> GetMaximumOrderQuantityResult:
        """Greatest quantity that brings a position to a share of the account's margin, fees included."""
        security, portfolio = parameters.security, parameters.portfolio
        worth = portfolio.exact_total_portfolio_value
        share = parameters.exact_target_buying_power
        target = share * (worth - worth * self._free)
        held = security.holdings.exact_quantity
        if not target:
            return GetMaximumOrderQuantityResult(-held, "", False)
        used = self._initial_margin(security, held)
        unit = self._initial_margin(security, ONE)
        if not unit:
            from utils.engine.algorithm.order_checks import zero_price_message

            return GetMaximumOrderQuantityResult(ZERO, zero_price_message(security.symbol))
        difference = abs(target - used)
        least = worth * parameters.exact_minimum_order_margin_portfolio_percentage
        # Without margin left every order counts: small ones may be what gives the account air.
        if difference < least and portfolio.exact_margin_remaining_of(worth) > 0:
            reason = f"The target order margin {text(difference)} is less than the minimum {text(least)}."
            return GetMaximumOrderQuantityResult(ZERO, reason, False)
        last = ZERO
        while True:
            quantity, margin = self._amount_to_order(security, target, unit)
            if not quantity:
                lot = text(security.symbol_properties.exact_lot_size)
                reason = (
                    f"The order quantity is less than the lot size of {lot} and has been rounded to zero."
                )
                return GetMaximumOrderQuantityResult(ZERO, reason, False)
            order = MarketOrder(security.symbol, quantity, security.utc_time)
            fee = security.fee_model.get_order_fee(OrderFeeParameters(security, order)).value
            fee = portfolio.cash_book.in_account_currency(fee).exact_amount
            target = (worth - fee - worth * self._free) * share
            if last == quantity:
                raise ArgumentException(
                    "GetMaximumOrderQuantityForTargetBuyingPower failed to converge on the target margin: "
                    f"{text(target)}; the fee of {text(quantity)} {security.symbol} is {text(fee)}"
                )
            last = quantity
            if abs(margin) <= abs(target):
                return GetMaximumOrderQuantityResult(quantity)

    def _amount_to_order(self, security: Any, target: Decimal, unit: Decimal) -> tuple[Decimal, Decimal]:
        """Whole lots that do not take the position's margin beyond the target, and that margin."""
        lot = security.symbol_properties.exact_lot_size
        held = security.holdings.exact_quantity
        size = target / unit - held
        # A rounded quantity must not overshoot: up for a short target, down for a long one.
        rounding = ROUND_CEILING if target < 0 else ROUND_FLOOR
        size = (size / lot).to_integral_value(rounding, MONEY) * lot
        margin = self._initial_margin(security, size + held)
        while (target < 0 and margin < target) or (target > 0 and margin > target):
            size += lot if target < 0 else -lot
            closer = self._initial_margin(security, size + held)
            if abs(closer - target) > abs(margin - target) and (closer > target) == (margin > target):
                raise ArgumentException(
                    f"The margin of {security.symbol} moves away from its target {text(target)} lot by lot"
                )
            margin = closer
        return size, margin

    def get_reserved_buying_power_for_position(
        self, parameters: ReservedBuyingPowerForPositionParameters
    ) -> ReservedBuyingPowerForPosition:
        """What a position ties up."""
        return parameters.result_in_account_currency(self._maintenance_margin(parameters.security))

    def get_buying_power(self, parameters: BuyingPowerParameters) -> BuyingPower:
        """What an order of a side may tie up."""
        remaining = self._margin_remaining(parameters.portfolio, parameters.security, parameters.direction)
        return parameters.result_in_account_currency(remaining)


def _bind(names: tuple[str, ...], terms: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Decimal]:
    """Terms by name, as decimals."""
    positional = dict(zip(names, terms, strict=False))
    wrong = [name for name in named if name not in names or name in positional]
    if len(terms) > len(names) or wrong or (names is _MARGINS and len(terms) + len(named) < len(names)):
        raise TypeError(f"expected ({', '.join(_LEVERAGE)}) or ({', '.join(_MARGINS)})")
    return {name: exact(value) for name, value in (positional | dict(named)).items()}


def _check_fraction(value: Decimal, what: str) -> None:
    if not 0 <= value <= 1:
        raise ArgumentException(f"{what} must be between 0 and 1")
