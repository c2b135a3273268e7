"""When the money of a sale is there: cash books by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from utils.engine.enums import DayOfWeek
from utils.engine.exchange.market_hours_segment import MarketHoursSegment
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours, same_hours
from utils.engine.exchange.time_zones import TimeZones
from utils.engine.models.settlement.delayed_settlement_model import DelayedSettlementModel
from utils.engine.models.settlement.immediate_settlement_model import (
    AccountCurrencyImmediateSettlementModel,
    ImmediateSettlementModel,
)
from utils.engine.models.settlement.parameters import (
    ApplyFundsSettlementModelParameters,
    ScanSettlementModelParameters,
)
from utils.engine.securities.cash import CashBook
from utils.engine.securities.cash_amount import CashAmount

WORK_DAYS = [day for day in DayOfWeek if day not in (DayOfWeek.SATURDAY, DayOfWeek.SUNDAY)]
HOLIDAY = datetime(2021, 3, 9)
HOURS = SecurityExchangeHours(
    TimeZones.NEW_YORK, [HOLIDAY], same_hours([MarketHoursSegment.open_all_day()], WORK_DAYS), {}, {}
)
SECURITY = SimpleNamespace(exchange=SimpleNamespace(hours=HOURS))
THURSDAY_EVENING = datetime(2021, 3, 5, 1)  # UTC; the fourth in New York


@pytest.fixture
def portfolio() -> Any:
    """A thousand dollars, and euros worth 1.2."""
    books = CashBook(), CashBook()
    for book in books:
        book.add("EUR", 0, 1.2)
    books[0].add("USD", 1000, 1)
    return SimpleNamespace(cash_book=books[0], unsettled_cash_book=books[1])


def apply(model: Any, portfolio: Any, amount: float, currency: str = "USD", **named: Any) -> None:
    time = named.get("time", THURSDAY_EVENING)
    terms = ApplyFundsSettlementModelParameters(portfolio, SECURITY, time, CashAmount(amount, currency), None)
    model.apply_funds(terms)


def scan(model: Any, portfolio: Any, time: datetime) -> None:
    model.scan(ScanSettlementModelParameters(portfolio, SECURITY, time))


def test_money_is_there_at_once(portfolio: Any) -> None:
    model = ImmediateSettlementModel()
    apply(model, portfolio, 50.5, "EUR")
    apply(model, portfolio, -100)
    assert (portfolio.cash_book["EUR"].amount, portfolio.cash_book["USD"].amount) == (50.5, 900)
    assert model.get_unsettled_cash().amount == 0


def test_money_is_there_at_once_in_the_accounts_currency(portfolio: Any) -> None:
    apply(AccountCurrencyImmediateSettlementModel(), portfolio, 50, "EUR")
    assert (portfolio.cash_book["EUR"].amount, portfolio.cash_book["USD"].amount) == (0, 1060)


def test_sales_settle_after_trading_days(portfolio: Any) -> None:
    model = DelayedSettlementModel(3, timedelta(hours=8))
    apply(model, portfolio, 200)
    assert (portfolio.cash_book["USD"].amount, portfolio.unsettled_cash_book["USD"].amount) == (1000, 200)
    # From Thursday over Friday, Monday and, past a holiday, Wednesday at eight in New York.
    due = datetime(2021, 3, 10, 13)
    scan(model, portfolio, due - timedelta(seconds=1))
    assert portfolio.cash_book["USD"].amount == 1000
    scan(model, portfolio, due)
    assert (portfolio.cash_book["USD"].amount, portfolio.unsettled_cash_book["USD"].amount) == (1200, 0)
    scan(model, portfolio, due)
    assert portfolio.cash_book["USD"].amount == 1200


def test_purchases_are_paid_at_once(portfolio: Any) -> None:
    apply(DelayedSettlementModel(3, timedelta(hours=8)), portfolio, -200)
    assert (portfolio.cash_book["USD"].amount, portfolio.unsettled_cash_book["USD"].amount) == (800, 0)


def test_unsettled_money_is_summed_in_the_accounts_currency(portfolio: Any) -> None:
    model = DelayedSettlementModel(1, timedelta())
    assert model.get_unsettled_cash().amount == 0
    apply(model, portfolio, 100, "EUR")
    apply(model, portfolio, 30)
    assert model.get_unsettled_cash() == CashAmount(Decimal(150), "USD")
    assert model.GetUnsettledCash().Currency == "USD"
