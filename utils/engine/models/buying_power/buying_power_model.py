"""Margin as a fraction of a position's worth."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import MONEY, ONE, ZERO, exact, normalize, text
from utils.engine.dotnet.naming import DotNet
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


class BuyingPowerModel(DotNet):
    """Ties up a fraction of a position's worth: to open it, to keep it, and of the account at all times.

    `BuyingPowerModel(leverage, required_free_buying_power_percent=0)` or `(initial, maintenance, free)`.
    """

    NULL: ClassVar[BuyingPowerModel]

    def __init__(self, *terms: float | Decimal, **named: float | Decimal) -> None:
        given = [exact(term) for term in (*terms, *named.values())]
        self._leverage_is_given = len(given) < 3
        if len(given) >= 3:
            self._initial, self._maintenance, self._free = given[:3]
        else:
            leverage = given[0] if given else ONE
            if leverage < 1:
                raise ArgumentException("Leverage must be greater than or equal to 1.")
            self._initial = self._maintenance = ONE / leverage
            self._free = given[1] if len(given) > 1 else ZERO

    @property
    def required_free_buying_power_percent(self) -> float:
        """Fraction of the account that stays free."""
        return float(self._free)

    def get_leverage(self, security: Any) -> float | Decimal:
        """Worth of a position by the margin to open it."""
        return ONE / self._initial

    def set_leverage(self, security: Any, leverage: float | Decimal) -> None:
        """Tie up the inverse of the leverage."""
        value = exact(leverage)
        if value < 1:
            raise ArgumentException("Leverage must be greater than or equal to 1.")
        self._initial = self._maintenance = ONE / value

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
        return exact_of(self.get_initial_margin_requirement(InitialMarginParameters(security, quantity)))

    def _maintenance_margin(self, security: Any) -> Decimal:
        return exact_of(
            self.get_maintenance_margin(MaintenanceMarginParameters.for_current_holdings(security))
        )

    def get_margin_remaining(self, portfolio: Any, security: Any, direction: OrderDirection) -> Decimal:
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
        return max(left, ZERO)

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
        free = self.get_margin_remaining(portfolio, security, order.direction)
        terms = InitialMarginRequiredForOrderParameters(portfolio.cash_book, security, order)
        required = exact_of(self.get_initial_margin_required_for_order(terms))
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
        return self.get_maximum_order_quantity_for_target_buying_power(
            GetMaximumOrderQuantityForTargetBuyingPowerParameters(
                portfolio,
                security,
                target / worth if worth else ZERO,
                parameters.exact_minimum_order_margin_portfolio_percentage,
                parameters.silence_non_error_reasons,
            )
        )

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
        if least and difference < least:
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
        remaining = self.get_margin_remaining(parameters.portfolio, parameters.security, parameters.direction)
        return parameters.result_in_account_currency(remaining)
