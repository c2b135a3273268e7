"""The latest data of a security that was set by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from utils.engine.data.bar import Bar
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.securities.cache import SecurityCache

EURUSD = Symbol.create("EURUSD", SecurityType.FOREX, "oanda")
TEN, MINUTE = datetime(2024, 1, 3, 10), timedelta(minutes=1)


def quote(bid: Bar | None, ask: Bar | None) -> QuoteBar:
    return QuoteBar(TEN, EURUSD, bid, 100, ask, 200, MINUTE)


def test_fields_of_a_quote_bar() -> None:
    cache = SecurityCache(SecurityType.FOREX)
    cache.take_point(quote(Bar(1.1, 1.3, 1.0, 1.2), Bar(1.2, 1.4, 1.1, 1.3)))
    assert cache.exact_of(QuoteBar, "close") == Decimal("1.25")
    assert cache.exact_of(QuoteBar, "bid_high") == Decimal("1.3")
    assert cache.exact_of(QuoteBar, "ask_low") == Decimal("1.1")
    assert cache.exact_of(TradeBar, "close") is None
    assert (cache.exact_bid_price, cache.exact_ask_price) == (Decimal("1.2"), Decimal("1.3"))


def test_a_side_without_quote_has_none() -> None:
    cache = SecurityCache(SecurityType.FOREX)
    cache.take_point(quote(Bar(1.1, 1.3, 1.0, 1.2), None))
    assert cache.exact_of(QuoteBar, "bid_close") == Decimal("1.2")
    assert cache.exact_of(QuoteBar, "ask_close") is None
