"""The positions of an option strategy, as the formulas of its margin look at them."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from utils.engine.enums import OptionRight
from utils.engine.models.buying_power.buying_power_model import exact_of
from utils.engine.models.buying_power.parameters import (
    InitialMargin,
    InitialMarginParameters,
    MaintenanceMarginParameters,
)
from utils.engine.positions.position import Position
from utils.engine.positions.position_group import PositionGroup


class Held:
    """A position with its security; values in the account's currency."""

    def __init__(self, security: Any, position: Position) -> None:
        self.security, self.quantity = security, position.exact_quantity
        self.size = abs(self.quantity)
        self.is_option: bool = security.symbol.has_underlying

    @property
    def strike(self) -> Decimal:
        """Strike as the contract has it."""
        strike: Decimal = self.security.exact_strike_price
        return strike

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        right: OptionRight = self.security.right
        return right

    @property
    def expiry(self) -> Any:
        """Last day."""
        return self.security.expiry

    @property
    def units(self) -> Decimal:
        """Units of the underlying that the contracts deliver."""
        return self.size * Decimal(self.security.contract_unit_of_trade)

    def value(self, price: Decimal | None = None) -> Decimal:
        """Worth of the position, signed."""
        worth: Decimal = self.security.holdings.exact_quantity_value(self.quantity, price)
        return worth

    def in_the_money(self, underlying: Held) -> Decimal:
        """What exercising one unit pays."""
        value: Decimal = self.security.exact_intrinsic_value(underlying.security.exact_price)
        return value

    def out_of_the_money(self, underlying: Held) -> Decimal:
        """How far one unit is from paying."""
        amount: Decimal = self.security.exact_out_of_the_money_amount(underlying.security.exact_price)
        return amount

    def maintenance(self) -> Decimal:
        """Margin to keep the position alone."""
        return self._maintenance(
            MaintenanceMarginParameters.for_quantity_at_current_price(self.security, self.quantity)
        )

    def maintenance_at(self, value: Decimal) -> Decimal:
        """Margin to keep the position alone were it worth a value and cost nothing."""
        return self._maintenance(MaintenanceMarginParameters(self.security, self.quantity, Decimal(0), value))

    def _maintenance(self, terms: MaintenanceMarginParameters) -> Decimal:
        return exact_of(self.security.buying_power_model.get_maintenance_margin(terms))

    def initial(self) -> InitialMargin:
        """Margin to open the position alone."""
        terms = InitialMarginParameters(self.security, self.quantity)
        margin: InitialMargin = self.security.buying_power_model.get_initial_margin_requirement(terms)
        return margin


class StrategyPositions:
    """The positions of a group with their securities."""

    def __init__(self, portfolio: Any, group: PositionGroup) -> None:
        self._book = portfolio.cash_book
        self.quantity = group.exact_quantity
        self.all = [Held(portfolio.securities[one.symbol], one) for one in group]

    @cached_property
    def options(self) -> list[Held]:
        """The contracts."""
        return [one for one in self.all if one.is_option]

    @cached_property
    def underlying(self) -> Held:
        """The shares."""
        return next(one for one in self.all if not one.is_option)

    def option(self, *, right: OptionRight | None = None, short: bool | None = None) -> Held:
        """The only contract of a right and a side."""
        found = [
            one
            for one in self.options
            if (right is None or one.right == right) and (short is None or (one.quantity < 0) == short)
        ]
        if len(found) != 1:
            raise ValueError(f"{len(found)} contracts where a strategy has one")
        return found[0]

    def in_account_currency(self, amount: Decimal, of: Held) -> Decimal:
        """An amount of a security's quote currency."""
        converted: Decimal = self._book.exact_convert(amount, of.security.quote_currency.symbol)
        return converted
