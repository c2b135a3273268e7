"""Dividend yields out of factor files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple

from utils.data.lean.clock import EPOCH
from utils.engine.algorithm.environment import present
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE, ZERO, exact, round_half_even
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.dividend_yield.constant_dividend_yield_model import ConstantDividendYieldModel
from utils.engine.securities.as_symbol import as_symbol

_PLACES = 3
_TRAILING = timedelta(days=350)  # a year less the days by which the dividend's date may move
_OF_INDEX = {"SPX": "SPY", "NDX": "QQQ"}


class _Event(NamedTuple):
    """A dividend of `amount`, or a split by `factor` (amount None), on the day it is in force."""

    day: date
    amount: Decimal | None
    reference: Decimal
    factor: Decimal


class DividendYieldProvider(DotNet):
    """Dividends of the year that ends with the latest one, over the price.

    LEAN's way: splits since a dividend change what it is worth a share; without any dividend the yield is 0.
    """

    DEFAULT_DIVIDEND_YIELD_RATE: ClassVar[float] = 0.0

    def __init__(self, symbol: Any = None) -> None:
        self._symbol = _spy() if symbol is None else as_symbol(symbol)
        self._events = _events(self._symbol)

    @staticmethod
    def create_for_option(option_symbol: Any) -> Any:
        """Model of an option's underlying; of an index the fund that follows it, SPY for most."""
        symbol = as_symbol(option_symbol)
        if symbol.security_type == SecurityType.OPTION:
            return DividendYieldProvider(symbol.underlying)
        if symbol.security_type == SecurityType.INDEX_OPTION and symbol.value != "VIX":
            fund = _OF_INDEX.get(symbol.value, "SPY")
            return DividendYieldProvider(Symbol.create(fund, SecurityType.EQUITY, "usa"))
        return ConstantDividendYieldModel(0)

    def get_dividend_yield(self, date: Any, security_price: float | Decimal | None = None) -> float:
        """Annual yield, a fraction.

        Args:
            date: the moment, or a data point, whose time and value count.
            security_price: left out, the price before the latest dividend.

        Raises:
            ArgumentException: another security's data point; a price of zero.
        """
        if not isinstance(date, datetime):
            if date.symbol != self._symbol:
                raise ArgumentException(
                    f"Trying to get {date.symbol} dividend yield using the {self._symbol} dividend yield "
                    "provider."
                )
            date, security_price = date.end_time, date.value
        return float(self._yield(date, None if security_price is None else exact(security_price)))

    def _yield(self, moment: datetime, price: Decimal | None) -> Decimal:
        known = [event for event in self._events if event.day <= moment.date()]
        latest = next((event for event in reversed(known) if event.amount is not None), None)
        if latest is None:
            return ZERO
        price = latest.reference if price is None else price
        if price == 0:
            raise ArgumentException("Security price cannot be zero.")
        begin = latest.day - _TRAILING
        paid, factor = ZERO, ONE
        for event in reversed(known):
            if event.day < begin:
                break
            if event.amount is None:
                factor *= event.factor
            else:
                paid += event.amount * factor
        return paid / price


def _spy() -> Symbol:
    return Symbol.create("SPY", SecurityType.EQUITY, "usa")


def _events(symbol: Any) -> list[_Event]:
    """Dividends and splits of a company, oldest first."""
    data = present().data
    hours = data.market_hours.get_exchange_hours(symbol.id.market, symbol, symbol.security_type)
    found = []
    for row, following in pairwise(data.factor_file_of(symbol).rows):
        at = EPOCH + timedelta(days=row.day)
        day = hours.get_next_trading_day(datetime(at.year, at.month, at.day)).date()
        amount = None
        if row.price != following.price:
            kept = row.reference * (row.price / following.price)
            amount = round_half_even(row.reference - kept, _PLACES)
        found.append(_Event(day, amount, row.reference, row.split / following.split))
    return found
