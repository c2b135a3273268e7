"""Orders in shares: prices by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.utils.engine.models.fills.traded_asset import SPY, Asset, sent, terms
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.enums import OrderStatus, Resolution
from utils.engine.models.fills.equity_fill_model import EquityFillModel
from utils.engine.models.slippage.constant_slippage_model import ConstantSlippageModel
from utils.engine.orders.kinds import (
    LimitIfTouchedOrder,
    LimitOrder,
    MarketOnCloseOrder,
    MarketOnOpenOrder,
    MarketOrder,
    StopLimitOrder,
    StopMarketOrder,
    TrailingStopOrder,
)

TEN = datetime(2021, 3, 1, 10)
MINUTE = timedelta(minutes=1)


def fill(asset: Asset, order: Any, ordered: datetime = TEN, told: Any = None) -> Any:
    """The one event of an order sent at a local time."""
    sent(order, 1, asset.utc(ordered))
    (event,) = EquityFillModel().fill(terms(asset, order, told=told))
    return event


def quoted(**named: Any) -> Asset:
    """Trades at 100 to 101, quotes of 100.4 to 100.6, at 10:00."""
    asset = Asset(**named)
    asset.trade(TEN, 100.5, 101, 100, 100.45)
    asset.quote(TEN, (100.3, 100.7, 100.1, 100.4), (100.5, 100.9, 100.3, 100.6))
    return asset


@pytest.mark.parametrize(("quantity", "price"), [(10, "100.6"), (-10, "100.4")])
def test_market_orders_fill_at_the_other_side_of_the_quote(quantity: int, price: str) -> None:
    event = fill(quoted(), MarketOrder(SPY, quantity))
    assert (event.status, event.exact_fill_price) == (OrderStatus.FILLED, Decimal(price))
    assert (event.exact_fill_quantity, event.message) == (Decimal(quantity), "")
    assert event.utc_time == datetime(2021, 3, 1, 15)


@pytest.mark.parametrize(("quantity", "price"), [(10, "101.6"), (-10, "99.4")])
def test_slippage_makes_the_price_worse(quantity: int, price: str) -> None:
    asset = quoted()
    asset.cache.put(asset.cache.get_data(TradeBar))  # the model's base: 100.45
    asset.slippage_model = ConstantSlippageModel(Decimal(1) / Decimal("100.45"))
    event = fill(asset, MarketOrder(SPY, quantity))
    assert float(event.exact_fill_price) == pytest.approx(float(price))


def test_without_quotes_the_trade_is_taken_and_told() -> None:
    asset = Asset(types=(TradeBar,))
    asset.trade(TEN, 100.5, 101, 100, 100.45)
    event = fill(asset, MarketOrder(SPY, 10))
    assert event.exact_fill_price == Decimal("100.45")
    assert event.message == (
        "Warning: No quote information available at 03/01/2021 10:00:00 America/New_York, "
        "order filled using TradeBar data"
    )


def test_a_side_without_quote_takes_the_quotes_close() -> None:
    asset = Asset(types=(QuoteBar,))
    asset.quote(TEN, (100, 100, 100, 100), None)
    assert fill(asset, MarketOrder(SPY, 10)).exact_fill_price == 100


def test_no_data_at_all_is_an_error() -> None:
    with pytest.raises(InvalidOperationException, match=r"Cannot get ask price .* no market data was found"):
        fill(Asset(), MarketOrder(SPY, 10))


def test_old_quotes_give_way_to_newer_trades() -> None:
    asset = quoted()
    asset.trade(TEN + timedelta(minutes=90), 102, 102, 102, 102)
    event = fill(asset, MarketOrder(SPY, 10), ordered=TEN + timedelta(minutes=91))
    assert event.exact_fill_price == 102
    assert "using TradeBar data" in event.message


def test_nothing_fills_on_data_much_older_than_a_bar() -> None:
    asset = quoted()
    asset.local_time = TEN + timedelta(hours=2)
    assert fill(asset, MarketOrder(SPY, 10), ordered=asset.local_time).status == OrderStatus.NONE


def test_daily_prices_that_are_old_are_waited_out() -> None:
    asset = Asset(types=(TradeBar,), resolution=Resolution.DAILY)
    asset.trade(datetime(2021, 2, 26, 16), 1, 2, 1, 2, period=timedelta(hours=6.5))
    asset.local_time = TEN
    assert fill(asset, MarketOrder(SPY, 10)).status == OrderStatus.NONE


def test_a_closed_market_fills_nothing() -> None:
    asset = quoted()
    asset.local_time = datetime(2021, 3, 1, 17)
    assert fill(asset, MarketOrder(SPY, 10), ordered=asset.local_time).status == OrderStatus.NONE


def test_canceled_orders_do_not_fill() -> None:
    order = MarketOrder(SPY, 10)
    order.status = OrderStatus.CANCELED
    assert fill(quoted(), order).exact_fill_quantity == 0


@pytest.mark.parametrize(
    ("order", "price"),
    [
        (StopMarketOrder(SPY, 10, 101), "101"),  # touched at the high
        (StopMarketOrder(SPY, 10, 101.01), None),
        (StopMarketOrder(SPY, 10, 100.2), "100.5"),  # gap: the open
        (StopMarketOrder(SPY, -10, 100), "100"),
        (StopMarketOrder(SPY, -10, 99.99), None),
        (StopMarketOrder(SPY, -10, 100.8), "100.5"),
        (LimitOrder(SPY, 10, 100), None),  # a limit must be beaten
        (LimitOrder(SPY, 10, 100.01), "100.01"),
        (LimitOrder(SPY, 10, 100.9), "100.5"),  # gap: the open
        (LimitOrder(SPY, -10, 101), None),
        (LimitOrder(SPY, -10, 100.99), "100.99"),
        (LimitOrder(SPY, -10, 100.2), "100.5"),
        (LimitIfTouchedOrder(SPY, 10, 100, 100.6), "100.6"),  # at the ask
        (LimitIfTouchedOrder(SPY, 10, 100, 100.59), None),
        (LimitIfTouchedOrder(SPY, 10, 99.9, 100.7), None),
        (LimitIfTouchedOrder(SPY, -10, 101, 100.4), "100.4"),
        (LimitIfTouchedOrder(SPY, -10, 101, 100.41), None),
        (StopLimitOrder(SPY, 10, 100.8, 100.7), "100.7"),  # asks: high 100.9, last 100.6
        (StopLimitOrder(SPY, 10, 100.9, 100.7), None),
        (StopLimitOrder(SPY, -10, 100.2, 100.3), "100.3"),
        (TrailingStopOrder(SPY, -10, 100.1, 1, False), "100.1"),  # bids: low 100.1, last 100.4
        (TrailingStopOrder(SPY, 10, 100.5, 1, False), "100.6"),
    ],
)
def test_resting_orders(order: Any, price: str | None) -> None:
    event = fill(quoted(), order, ordered=TEN - MINUTE)
    if price is None:
        assert (event.status, event.exact_fill_quantity) == (OrderStatus.NONE, 0)
    else:
        assert (event.status, event.exact_fill_price) == (OrderStatus.FILLED, Decimal(price))


@pytest.mark.parametrize(
    "order",
    [
        StopMarketOrder(SPY, 10, 100.2),
        LimitOrder(SPY, 10, 100.9),
        TrailingStopOrder(SPY, 10, 100.5, 1, False),
    ],
)
def test_resting_orders_wait_for_data_after_them(order: Any) -> None:
    assert fill(quoted(), order, ordered=TEN).status == OrderStatus.NONE


def test_gaps_are_told() -> None:
    told = "at 03/01/2021 10:00:00 America/New_York, order filled using the open price (100.5)"
    assert (
        fill(quoted(), LimitOrder(SPY, 10, 100.9), TEN - MINUTE).message == f"Due to a favorable gap {told}"
    )
    stop = fill(quoted(), StopMarketOrder(SPY, 10, 100.2), TEN - MINUTE)
    assert stop.message == f"Due to an unfavorable gap {told}"


@pytest.mark.parametrize(("extended", "status"), [(True, OrderStatus.FILLED), (False, OrderStatus.NONE)])
def test_limits_fill_out_of_hours_when_such_data_is_subscribed_to(
    extended: bool, status: OrderStatus
) -> None:
    asset = Asset(extended=extended)
    asset.trade(datetime(2021, 3, 1, 17), 100, 100, 99, 99)
    event = fill(asset, LimitOrder(SPY, 10, 99.5), ordered=TEN)
    assert event.status == status


def test_a_trailing_stop_follows_and_is_told() -> None:
    order = TrailingStopOrder(SPY, -10, 99, 1, False)
    told: list[Any] = []
    event = fill(quoted(), order, TEN - MINUTE, told.append)
    assert event.status == OrderStatus.NONE
    assert (order.exact_stop_price, told) == (Decimal("99.7"), [order])  # one below the high of the bids


def test_market_on_open_takes_the_first_bar_of_the_next_session() -> None:
    asset, order = Asset(), MarketOnOpenOrder(SPY, 10)
    evening = datetime(2021, 2, 26, 17)
    asset.trade(datetime(2021, 3, 1, 9, 30), 98, 98, 98, 98)  # before the open
    assert fill(asset, order, evening).status == OrderStatus.NONE
    asset.trade(datetime(2021, 3, 1, 9, 31), 99, 101, 98, 100)
    assert fill(asset, order, evening).exact_fill_price == 99
    assert fill(asset, order, datetime(2021, 3, 1, 9, 30, 30)).status == OrderStatus.NONE


def test_market_on_close_waits_for_the_close() -> None:
    asset, order = Asset(), MarketOnCloseOrder(SPY, 10)
    asset.trade(datetime(2021, 3, 1, 15, 59), 99, 101, 98, 100)
    assert fill(asset, order).status == OrderStatus.NONE
    asset.trade(datetime(2021, 3, 1, 16), 99, 101, 98, 100.25)
    assert fill(asset, order).exact_fill_price == Decimal("100.25")


prices = st.integers(9000, 11000).map(lambda cents: cents / 100)


@given(st.lists(prices, min_size=4, max_size=4), prices, st.sampled_from([-7, 7]))
def test_a_limit_is_never_filled_worse(bar: list[float], limit: float, quantity: int) -> None:
    asset = Asset(types=(TradeBar,))
    asset.trade(TEN, bar[1], max(bar), min(bar), bar[2])
    event = fill(asset, LimitOrder(SPY, quantity, limit), TEN - MINUTE)
    if event.exact_fill_quantity:
        worst = Decimal(str(limit))
        assert event.exact_fill_price <= worst if quantity > 0 else event.exact_fill_price >= worst
        assert min(bar) <= event.fill_price <= max(bar)
    else:
        assert min(bar) >= limit if quantity > 0 else max(bar) <= limit
