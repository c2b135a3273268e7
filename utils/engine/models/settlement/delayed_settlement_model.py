"""Money of a sale is there after some days."""

from __future__ import annotations

from collections import deque
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


class DelayedSettlementModel(DotNet):
    """Books what a sale brings after a number of trading days, at a time of the day."""

    def __init__(self, number_of_days: int, time_of_day: timedelta) -> None:
        self._days, self._time_of_day = number_of_days, time_of_day
        self._waiting: deque[tuple[datetime, str, Decimal]] = deque()
        self._book: Any = None

    def apply_funds(self, apply_funds_parameters: ApplyFundsSettlementModelParameters) -> None:
        """Book a cost at once, a sale's money as unsettled."""
        terms = apply_funds_parameters
        self._book = terms.portfolio.unsettled_cash_book
        currency, amount = terms.cash_amount.currency, terms.cash_amount.exact_amount
        if amount <= 0:
            terms.portfolio.cash_book[currency].add_amount(amount)
            return
        self._book[currency].add_amount(amount)
        hours = terms.security.exchange.hours
        day = moved(terms.utc_time, UTC, hours.time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(self._days):
            day += timedelta(days=1)
            while not hours.is_date_open(day):
                day += timedelta(days=1)
        settles = moved(day + self._time_of_day, hours.time_zone, UTC)
        self._waiting.append((settles, currency, amount))

    def scan(self, settlement_parameters: ScanSettlementModelParameters) -> None:
        """Book what has settled."""
        portfolio = settlement_parameters.portfolio
        while self._waiting and settlement_parameters.utc_time >= self._waiting[0][0]:
            _, currency, amount = self._waiting.popleft()
            portfolio.unsettled_cash_book[currency].add_amount(-amount)
            portfolio.cash_book[currency].add_amount(amount)

    def get_unsettled_cash(self) -> CashAmount | None:
        """What waits, in the account's currency."""
        if not self._waiting:
            return None
        total = sum(
            (self._book.exact_convert(amount, currency) for _, currency, amount in self._waiting), ZERO
        )
        return CashAmount(total, self._book.account_currency)
