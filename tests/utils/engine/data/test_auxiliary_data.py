"""Splits, dividends, delistings, changes of name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from utils.engine.data.auxiliary import Delisting, Dividend, MarginInterestRate, Split, SymbolChangedEvent
from utils.engine.enums import DelistingType, MarketDataType, SecurityType, SplitType
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

AAPL = Symbol.create("AAPL", SecurityType.EQUITY, "usa")
DATE = datetime(2014, 6, 9)


@pytest.fixture(autouse=True)
def ticker() -> Iterator[None]:
    """Texts have the ticker a symbol was added under."""
    SymbolCache.set(AAPL.value, AAPL)
    yield
    SymbolCache.clear()


def test_split() -> None:
    split: Any = Split(AAPL, DATE, 645.57, 0.142857, SplitType.SPLIT_OCCURRED)
    assert (split.ReferencePrice, split.SplitFactor, split.Type) == (
        645.57,
        0.142857,
        SplitType.SPLIT_OCCURRED,
    )
    assert str(split) == "Split: AAPL: 0.142857 | 645.57"
    assert split.data_type == MarketDataType.AUXILIARY
    assert split.end_time == split.time == DATE


def test_split_warning_and_its_copy() -> None:
    split = Split(AAPL, DATE, 645.57, 0.5, SplitType.WARNING)
    assert str(split).startswith("Split Warning: ")
    assert split.clone().type == SplitType.WARNING


def test_dividend() -> None:
    dividend: Any = Dividend(AAPL, DATE, 0.47, 100.0)
    assert dividend.distribution == dividend.Distribution == dividend.value == 0.47
    assert dividend.reference_price == 100.0
    assert str(dividend) == "Dividend: AAPL: 0.47 | 100"


@pytest.mark.parametrize(
    ("close", "ratio", "paid"),
    [(100.0, Decimal("0.995"), 0.5), (94.26, Decimal("0.9950131"), 0.47), (0.5, Decimal("0.99"), 0.0)],
)
def test_distribution_follows_from_price_factors(close: float, ratio: Decimal, paid: float) -> None:
    # The last one is 0.005, which rounds half to even.
    assert Dividend.create(AAPL, DATE, close, ratio).distribution == paid


def test_delisting() -> None:
    delisting: Any = Delisting(AAPL, DATE, 12.0, DelistingType.WARNING)
    assert str(delisting) == "Delisting Warning: AAPL 06/09/2014 00:00:00"
    assert delisting.Ticket is None
    delisting.set_order_ticket("ticket")
    assert delisting.ticket == "ticket"
    assert Delisting(AAPL, DATE, 12.0).type == DelistingType.DELISTED


def test_symbol_change() -> None:
    event: Any = SymbolChangedEvent(AAPL, DATE, "OLD", "NEW")
    assert (event.OldSymbol, event.new_symbol) == ("OLD", "NEW")
    assert str(event) == "06/09/2014 00:00:00 OLD->NEW"


def test_margin_interest_rate() -> None:
    rate = MarginInterestRate(AAPL, DATE, 0.0001)
    assert rate.interest_rate == rate.value == 0.0001
    assert rate.data_time_zone() == "UTC"
