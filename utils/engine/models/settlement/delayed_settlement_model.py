"""The money of a sale is there some days later."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.models.settlement.parameters import (
    ApplyFundsSettlementModelParameters,
    ScanSettlementModelParameters,
)
from utils.engine.orders.time_in_force import UTC, moved
from utils.engine.securities.cash_amount import CashAmount


@dataclass(frozen=True)
class UnsettledAmount:
    """Money on its way, and the UTC time at which it is there."""

    due: datetime
    currency: str
    amount: Decimal


class DelayedSettlementModel(DotNet):
    """Sales settle after a number of trading days, at a time of the day; purchases are paid at once.

    Args:
        number_of_days: days on which the exchange is open between sale and settlement.
        time_of_day: on the exchange's wall clock.
    """

    def __init__(self, number_of_days: int, time_of_day: timedelta) -> None:
        self._days, self._time_of_day = number_of_days, time_of_day
        self._unsettled: deque[UnsettledAmount] = deque()
        self._book: Any = None

    def apply_funds(self, apply_funds_parameters: ApplyFundsSettlementModelParameters) -> None:
        """Take money that is owed, note down money that is due."""
        terms = apply_funds_parameters
        currency, amount = terms.cash_amount.currency, terms.cash_amount.exact_amount
        self._book = self._book or terms.portfolio.unsettled_cash_book
        if amount <= 0:
            terms.portfolio.cash_book[currency].add_amount(amount)
            return
        terms.portfolio.unsettled_cash_book[currency].add_amount(amount)
        due = self._settlement_time(terms.security.exchange.hours, terms.utc_time)
        self._unsettled.append(UnsettledAmount(due, currency, amount))

    def _settlement_time(self, hours: Any, utc_time: datetime) -> datetime:
        day = moved(utc_time, UTC, hours.time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(self._days):
            day += timedelta(days=1)
            while not hours.is_date_open(day):
                day += timedelta(days=1)
        return moved(day + self._time_of_day, hours.time_zone, UTC)

    def scan(self, settlement_parameters: ScanSettlementModelParameters) -> None:
        """Move what is due to the cash book, in the order of the sales."""
        portfolio = settlement_parameters.portfolio
        while self._unsettled and settlement_parameters.utc_time >= self._unsettled[0].due:
            item = self._unsettled.popleft()
            portfolio.unsettled_cash_book[item.currency].add_amount(-item.amount)
            portfolio.cash_book[item.currency].add_amount(item.amount)

    def get_unsettled_cash(self) -> CashAmount:
        """All money on its way, in the account's currency."""
        if not self._unsettled:
            return CashAmount(ZERO, "")
        worth = ZERO
        for item in self._unsettled:
            worth += self._book.exact_convert(item.amount, item.currency)
        return CashAmount(worth, self._book.account_currency)
