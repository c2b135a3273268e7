"""Whether a closed trade counts as won."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.enums import OrderDirection, OrderType
from utils.engine.identity.security_identifier import is_option


def is_win(fill: Any, security: Any, profit: Decimal) -> bool:
    """Whether the trade that a fill closes won.

    The premium alone does not tell of an exercise: who bought won when the contracts were in the money by
    more than they cost, who sold when they were not, or by less than they brought.
    """
    ticket = fill.ticket
    exercised = ticket is not None and ticket.order_type == OrderType.OPTION_EXERCISE
    if not exercised or not is_option(fill.symbol.security_type):
        return profit > 0
    price = security.exact_pay_off(security.underlying.exact_price)
    in_the_money = security.holdings.exact_quantity_value(abs(fill.exact_fill_quantity), price)
    if fill.direction == OrderDirection.SELL:
        return bool(fill.is_in_the_money and abs(profit) < in_the_money)
    return bool(not fill.is_in_the_money or abs(profit) > in_the_money)
