"""A fee taken in the coin that was bought."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.securities.cash_amount import CashAmount


class ModifiedFillQuantityOrderFee(OrderFee):
    """The fill's quantity is already less by the fee; its worth leaves the quote currency."""

    def __init__(self, order_fee: CashAmount, quote_currency: str, contract_multiplier: Decimal) -> None:
        super().__init__(order_fee)
        self._quote_currency, self._multiplier = quote_currency, contract_multiplier

    def apply_to_portfolio(self, portfolio: Any, fill: Any) -> None:
        """Take the worth of the fee out of the quote currency."""
        worth = self.value.exact_amount * fill.exact_fill_price * self._multiplier
        portfolio.cash_book[self._quote_currency].add_amount(-worth)
