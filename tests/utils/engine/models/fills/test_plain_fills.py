"""Orders in currencies and coins, combos, and fill models of the user's own: prices by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.utils.engine.models.fills.traded_asset import EURUSD, NEW_YORK, SPY, Asset, sent, terms
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.enums import OrderDirection, OrderStatus, Resolution
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.models.fills.fill import Fill
from utils.engine.models.fills.fill_model import FillModel
from utils.engine.models.fills.fill_model_parameters import FillModelParameters
from utils.engine.models.fills.immediate_fill_model import ImmediateFillModel
from utils.engine.models.fills.latest_price_fill_model import LatestPriceFillModel
from utils.engine.models.fills.prices import Prices
from utils.engine.orders.group import GroupOrderManager
from utils.engine.orders.kinds import (
    ComboLegLimitOrder,
    ComboLimitOrder,
    ComboMarketOrder,
    LimitIfTouchedOrder,
    LimitOrder,
    MarketOnCloseOrder,
    MarketOnOpenOrder,
    MarketOrder,
    StopLimitOrder,
    StopMarketOrder,
    TrailingStopOrder,
)
from utils.engine.orders.order_event import OrderEvent

TEN = datetime(2021, 3, 1, 10)
MINUTE = timedelta(minutes=1)
ALWAYS = SecurityExchangeHours.always_open(NEW_YORK)


def pair(**named: Any) -> Asset:
    """Bids of 1.18 to 1.22, asks of 1.19 to 1.23, at 10:00."""
    asset = Asset(symbol=EURUSD, hours=ALWAYS, **({"types": (QuoteBar,)} | named))
    asset.quote(TEN, (1.20, 1.22, 1.18, 1.21), (1.21, 1.23, 1.19, 1.22))
    return asset


def fill(asset: Asset, order: Any, ordered: datetime = TEN, model: Any = None, told: Any = None) -> Any:
    """The one event of an order sent at a local time."""
    sent(order, 1, asset.utc(ordered))
    (event,) = (model or ImmediateFillModel()).fill(terms(asset, order, told=told))
    return event


@pytest.mark.parametrize(
    ("order", "price"),
    [
        (MarketOrder(EURUSD, 10), "1.22"),
        (MarketOrder(EURUSD, -10), "1.21"),
        (LimitOrder(EURUSD, 10, 1.19), None),  # a limit must be beaten
        (LimitOrder(EURUSD, 10, 1.20), "1.2"),
        (LimitOrder(EURUSD, 10, 1.30), "1.23"),  # better than asked: the far end of the bar
        (LimitOrder(EURUSD, -10, 1.22), None),
        (LimitOrder(EURUSD, -10, 1.20), "1.2"),
        (LimitOrder(EURUSD, -10, 1.00), "1.18"),
        (StopMarketOrder(EURUSD, 10, 1.23), None),
        (StopMarketOrder(EURUSD, 10, 1.225), "1.225"),
        (StopMarketOrder(EURUSD, 10, 1.20), "1.22"),  # the price is worse than the stop
        (StopMarketOrder(EURUSD, -10, 1.18), None),
        (StopMarketOrder(EURUSD, -10, 1.185), "1.185"),
        (StopMarketOrder(EURUSD, -10, 1.215), "1.21"),
        (TrailingStopOrder(EURUSD, -10, 1.18, 1, False), "1.18"),  # touched at the low
        (StopLimitOrder(EURUSD, 10, 1.22, 1.225), "1.225"),
        (StopLimitOrder(EURUSD, 10, 1.22, 1.22), None),
        (StopLimitOrder(EURUSD, -10, 1.19, 1.20), "1.2"),
        (StopLimitOrder(EURUSD, -10, 1.18, 1.20), None),
    ],
)
def test_orders(order: Any, price: str | None) -> None:
    event = fill(pair(), order, TEN - MINUTE)
    if price is None:
        assert (event.status, event.exact_fill_quantity) == (OrderStatus.NONE, 0)
    else:
        assert (event.status, event.exact_fill_price) == (OrderStatus.FILLED, Decimal(price))
        assert event.exact_fill_quantity == order.exact_quantity


def test_a_stop_limit_remembers_its_stop_and_tells_once() -> None:
    asset = pair()
    told: list[Any] = []
    order = StopLimitOrder(EURUSD, 10, 1.22, 1.22)
    for _ in range(2):
        assert fill(asset, order, TEN - MINUTE, told=told.append).status == OrderStatus.NONE
    assert (order.stop_triggered, told) == (True, [order])
    asset.quote(TEN + MINUTE, (1.1, 1.1, 1.1, 1.1), (1.1, 1.11, 1.1, 1.1))
    assert fill(asset, order, TEN - MINUTE).exact_fill_price == Decimal("1.11")


@pytest.mark.parametrize(
    ("order", "price"),
    [
        (LimitIfTouchedOrder(EURUSD, 10, 1.19, 1.21), "1.21"),  # bids no more than the limit
        (LimitIfTouchedOrder(EURUSD, 10, 1.19, 1.205), None),
        (LimitIfTouchedOrder(EURUSD, 10, 1.18, 1.21), None),
        (LimitIfTouchedOrder(EURUSD, -10, 1.23, 1.22), "1.22"),
        (LimitIfTouchedOrder(EURUSD, -10, 1.23, 1.225), None),
    ],
)
def test_limit_if_touched_needs_trades(order: Any, price: str | None) -> None:
    assert fill(pair(), order, TEN - MINUTE).status == OrderStatus.NONE
    asset = pair(types=(TradeBar, QuoteBar))
    asset.trade(TEN, 1.2, 1.23, 1.19, 1.21)
    event = fill(asset, order, TEN - MINUTE)
    assert event.exact_fill_price == (0 if price is None else Decimal(price))


def test_stale_prices_are_told_or_waited_out() -> None:
    asset = pair(resolution=Resolution.MINUTE)
    asset.local_time = TEN + timedelta(hours=2)
    assert fill(asset, MarketOrder(EURUSD, 10), asset.local_time).status == OrderStatus.NONE
    ticks = pair(resolution=Resolution.TICK)
    event = fill(ticks, MarketOrder(EURUSD, 10), TEN + timedelta(hours=2))
    assert event.message == "Warning: fill at stale price (03/01/2021 10:00:00 America/New_York)"
    assert event.status == OrderStatus.FILLED


@pytest.mark.parametrize(("ordered", "price"), [(TEN - timedelta(hours=1), "1.21"), (TEN - MINUTE, "1.22")])
def test_an_order_older_than_an_hourly_bar_fills_at_its_open(ordered: datetime, price: str) -> None:
    asset = pair(resolution=Resolution.HOUR)
    asset.quote(TEN, (1.20, 1.22, 1.18, 1.21), (1.21, 1.23, 1.19, 1.22), period=timedelta(hours=1))
    assert fill(asset, MarketOrder(EURUSD, 10), ordered).exact_fill_price == Decimal(price)


@pytest.mark.parametrize("order", [MarketOnOpenOrder(EURUSD, 10), MarketOnCloseOrder(EURUSD, 10)])
def test_a_market_without_close_has_no_auctions(order: Any) -> None:
    with pytest.raises(InvalidOperationException, match=f"Market never closes .* {order.type} order"):
        fill(pair(), order)


def test_latest_price_takes_the_newer_of_trade_and_quote() -> None:
    asset, model = pair(types=(TradeBar, QuoteBar)), LatestPriceFillModel()
    asset.trade(TEN, 1.3, 1.3, 1.3, 1.3)
    assert fill(asset, MarketOrder(EURUSD, 10), model=model).exact_fill_price == Decimal("1.22")
    asset.trade(TEN + MINUTE, 1.3, 1.3, 1.3, 1.3)
    assert fill(asset, MarketOrder(EURUSD, 10), model=model).exact_fill_price == Decimal("1.3")
    assert fill(asset, MarketOrder(EURUSD, 10)).exact_fill_price == Decimal("1.22")


def combo(kind: type, group_limit: float = 0, limits: tuple[float, float] = (0, 0)) -> list[Any]:
    """Two legs, one bought and one sold, 100 times."""
    group = GroupOrderManager(2, 100, group_limit)
    legs = []
    for number, (symbol, quantity) in enumerate(((SPY, 100), (EURUSD, -100))):
        leg = kind(symbol, quantity, group_order_manager=group)
        leg.exact_limit_price = Decimal(str(limits[number]))
        legs.append(sent(leg, number + 1, datetime(2021, 3, 1, 14, 59)))
        group.order_ids.add(number + 1)
    return legs


def combo_fill(kind: type, **named: Any) -> tuple[Any, list[Any]]:
    first, second = combo(kind, **named)
    share, other = Asset(types=(TradeBar,)), pair()
    share.trade(TEN, 100, 102, 99, 101)
    legs = {second: other, first: share}
    return terms(share, first, legs), [first, second]


def test_combo_market_fills_all_legs_by_id() -> None:
    parameters, _ = combo_fill(ComboMarketOrder)
    events = list(FillModel().fill(parameters))
    assert [(event.order_id, event.fill_price, event.fill_quantity) for event in events] == [
        (1, 101, 100),
        (2, 1.21, -100),
    ]


# Lows of a buy: 99 of a share, a hundredth of it, less a bid of 1.18: -0.19.
@pytest.mark.parametrize(("limit", "filled"), [(-0.18, True), (-0.19, False)])
def test_combo_limit_compares_the_net_price(limit: float, filled: bool) -> None:
    parameters, _ = combo_fill(ComboLimitOrder, group_limit=limit)
    events = list(FillModel().fill(parameters))
    assert [event.fill_price for event in events] == ([99, 1.18] if filled else [])


@pytest.mark.parametrize(("limits", "prices"), [((100, 1.2), [100, 1.2]), ((100, 1.22), []), ((99, 1.2), [])])
def test_combo_leg_limits_fill_together_or_not(limits: tuple[float, float], prices: list[float]) -> None:
    parameters, _ = combo_fill(ComboLegLimitOrder, limits=limits)
    assert [event.fill_price for event in FillModel().fill(parameters)] == prices


def test_a_users_model_sees_the_legs_as_pairs() -> None:
    class Partial(FillModel):
        def combo_market_fill(self, order: Any, parameters: FillModelParameters) -> list[OrderEvent]:
            fills = super().combo_market_fill(order, parameters)
            pairs = sorted(parameters.securities_for_orders, key=lambda leg: leg.key.id)
            for leg, event in zip(pairs, fills, strict=True):
                event.fill_quantity = leg.key.quantity / 2
            return fills

    parameters, _ = combo_fill(ComboMarketOrder)
    assert [event.fill_quantity for event in Partial().fill(parameters)] == [50, -50]


def test_a_users_model_overrides_in_either_naming() -> None:
    class Snake(ImmediateFillModel):
        def __init__(self) -> None:  # without the base's, as users do
            self.asked = 0

        def market_fill(self, asset: Any, order: Any) -> OrderEvent:
            self.asked += 1
            event = super().market_fill(asset, order)
            event.fill_quantity = 3
            event.status = OrderStatus.PARTIALLY_FILLED
            return event

    class Pascal(ImmediateFillModel):
        def MarketFill(self, asset: Any, order: Any) -> OrderEvent:
            event = super().MarketFill(asset, order)  # type: ignore[misc]  # the twin of market_fill
            event.FillPrice = 9.5
            return event  # type: ignore[no-any-return]

    snake = fill(pair(), MarketOrder(EURUSD, 10), model=Snake())
    assert (snake.exact_fill_quantity, snake.status) == (3, OrderStatus.PARTIALLY_FILLED)
    assert fill(pair(), MarketOrder(EURUSD, 10), model=Pascal()).exact_fill_price == Decimal("9.5")


def test_a_users_prices_are_used_for_every_order() -> None:
    class Fixed(ImmediateFillModel):
        def get_prices(self, asset: Any, direction: OrderDirection) -> Prices:  # noqa: ARG002 - LEAN's
            return Prices(TEN - MINUTE, TEN, 5.0, 0, 6.0, 0, 0)

    for order, price in ((MarketOrder(EURUSD, 10), 5), (LimitOrder(EURUSD, 10, 7), 6)):
        assert fill(pair(), order, TEN - MINUTE, model=Fixed()).exact_fill_price == price


def test_a_users_fill_may_answer_nothing() -> None:
    class Never(FillModel):
        def fill(self, parameters: FillModelParameters) -> Fill:  # noqa: ARG002 - LEAN's
            return Fill([])

    asset = pair()
    assert list(Never().fill(terms(asset, sent(MarketOrder(EURUSD, 1), 1, asset.utc_time)))) == []


def test_unknown_prices_are_the_price_of_the_moment() -> None:
    prices = Prices(TEN, TEN, 2.5, 0, 3.0, 0, 0)
    assert (prices.open, prices.high, prices.low, prices.close, prices.Current) == (2.5, 3, 2.5, 2.5, 2.5)
