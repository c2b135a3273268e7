"""How many units of an option strategy are to go, so that what is left ties up no more than may be kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE, ZERO
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.orders.kinds import MarketOrder
from utils.engine.positions.position_group import PositionGroup
from utils.engine.positions.position_group_buying_power_model import initial_margin


def lots_to_cut(portfolio: Any, group: PositionGroup, keep: Decimal) -> Decimal:
    """Units to close, counted from what opening the rest would take; zero when it cannot be told.

    Args:
        portfolio: the account.
        group: a strategy that is held.
        keep: margin that it may go on tying up, in the account's currency.
    """
    if not keep:
        return group.exact_quantity
    if not _margin_of(portfolio, group, ONE):
        return ZERO
    worth = portfolio.exact_total_portfolio_value
    share = keep / worth if worth else ZERO
    target, last = keep, ZERO
    while True:
        change, left = _change_to(portfolio, group, target)
        if not change:
            return ZERO
        target = (worth - _fees(portfolio, group, change)) * share
        if change == last:
            raise ArgumentException(
                f"GetMaximumLotsForTargetBuyingPower failed to converge on the target margin of {group}"
            )
        last = change
        if left <= abs(target):
            return abs(change)


def _change_to(portfolio: Any, group: PositionGroup, target: Decimal) -> tuple[Decimal, Decimal]:
    """Units to add or to take away until the margin is at most the target, and that margin."""
    held = group.exact_quantity
    step = ONE if target > _margin_of(portfolio, group, held) else -ONE
    change = step
    first = margin = _margin_of(portfolio, group, held + change)
    while margin > target if step < 0 else margin < target:
        change += step
        before, margin = margin, _margin_of(portfolio, group, held + change)
        if margin == before:
            raise ArgumentException(f"The margin of {group} does not follow its quantity")
    return (change - step, first) if margin > target else (change, margin)


def _margin_of(portfolio: Any, group: PositionGroup, quantity: Decimal) -> Decimal:
    resized = PositionGroup(group.key, quantity, [one.with_lots(quantity) for one in group])
    return abs(initial_margin(portfolio, resized).exact_value)


def _fees(portfolio: Any, group: PositionGroup, quantity: Decimal) -> Decimal:
    total = ZERO
    for position in group:
        security = portfolio.securities[position.symbol]
        order = MarketOrder(position.symbol, position.with_lots(quantity).exact_quantity, security.utc_time)
        fee = security.fee_model.get_order_fee(OrderFeeParameters(security, order)).value
        total += portfolio.cash_book.in_account_currency(fee).exact_amount
    return total
