"""Money is there at once."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.models.settlement.parameters import (
    ApplyFundsSettlementModelParameters,
    ScanSettlementModelParameters,
)
from utils.engine.securities.cash_amount import CashAmount


class ImmediateSettlementModel(DotNet):
    """Books money in the moment of the fill."""

    def apply_funds(self, apply_funds_parameters: ApplyFundsSettlementModelParameters) -> None:
        """Book the money of a fill."""
        amount = apply_funds_parameters.cash_amount
        apply_funds_parameters.portfolio.cash_book[amount.currency].add_amount(amount.exact_amount)

    def scan(self, settlement_parameters: ScanSettlementModelParameters) -> None:
        """Nothing waits."""

    def get_unsettled_cash(self) -> CashAmount:
        """Nothing, in no currency."""
        return CashAmount(0, "")


class AccountCurrencyImmediateSettlementModel(ImmediateSettlementModel):
    """Books money in the account's currency in the moment of the fill."""

    def apply_funds(self, apply_funds_parameters: ApplyFundsSettlementModelParameters) -> None:
        """Book the worth of a fill."""
        book: Any = apply_funds_parameters.portfolio.cash_book
        amount = book.in_account_currency(apply_funds_parameters.cash_amount)
        book[amount.currency].add_amount(amount.exact_amount)
