"""What an order costs."""

from __future__ import annotations

from typing import Any, ClassVar

from utils.engine.dotnet.money import normalize, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.securities.cash_amount import CashAmount
from utils.engine.securities.currencies import NULL_CURRENCY


class OrderFee(DotNet):
    """A fee, in its own currency."""

    ZERO: ClassVar[OrderFee]
    Zero: ClassVar[OrderFee]

    value: CashAmount

    def __init__(self, order_fee: CashAmount) -> None:
        self.value = CashAmount(normalize(order_fee.exact_amount), order_fee.currency)

    def apply_to_portfolio(self, portfolio: Any, fill: Any) -> None:
        """Take the fee out of the cash book."""
        portfolio.cash_book[self.value.currency].add_amount(-self.value.exact_amount)

    def __float__(self) -> float:
        return float(self.value.exact_amount)

    def __str__(self) -> str:
        return f"{text(self.value.exact_amount)} {self.value.currency}"


OrderFee.ZERO = OrderFee.Zero = OrderFee(CashAmount(0, NULL_CURRENCY))
