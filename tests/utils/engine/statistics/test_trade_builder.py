"""Trades out of fills: every grouping and matching, by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.dotnet.money import use_money_context
from utils.engine.enums import DataNormalizationMode, SecurityType
from utils.engine.statistics.trade import FillGroupingMethod, FillMatchingMethod, Trade, TradeDirection
from utils.engine.statistics.trade_builder import TradeBuilder

START = datetime(2015, 8, 6, 15, 30)
GROUPINGS = list(FillGroupingMethod)
MATCHINGS = list(FillMatchingMethod)
EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Ticker:
    value: str
    security_type: SecurityType = SecurityType.EQUITY


@dataclass
class Fill:
    order_id: int
    utc_time: datetime
    exact_fill_price: Decimal
    exact_fill_quantity: Decimal
    symbol: Any = Ticker("SPY")


@dataclass
class Split:
    symbol: Any
    split_factor: float


SPY = Ticker("SPY")


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


def send(builder: TradeBuilder, order_id: int, minutes: int, price: str, quantity: int, fee: int = 1) -> None:
    fill = Fill(order_id, START + timedelta(minutes=minutes), Decimal(price), Decimal(quantity))
    builder.process_fill(fill, Decimal(1), Decimal(fee))


def figures(trade: Trade) -> tuple[str, ...]:
    money = (trade.exact_entry_price, trade.exact_exit_price, trade.exact_quantity, trade.exact_profit_loss)
    return tuple(f"{value.normalize():f}" for value in (*money, trade.exact_total_fees))


@pytest.mark.parametrize("grouping", GROUPINGS, ids=str)
@pytest.mark.parametrize("matching", MATCHINGS, ids=str)
@pytest.mark.parametrize(("side", "direction"), [(1, TradeDirection.LONG), (-1, TradeDirection.SHORT)])
def test_all_in_all_out(
    grouping: FillGroupingMethod, matching: FillMatchingMethod, side: int, direction: TradeDirection
) -> None:
    builder = TradeBuilder(grouping, matching)
    send(builder, 1, 0, "1.08", 1000 * side)
    assert builder.has_open_position(SPY)
    for price in (1.075, 1.10):
        builder.set_market_price(SPY, price)
    send(builder, 2, 10, "1.09", -1000 * side)
    assert not builder.has_open_position(SPY)
    (trade,) = builder.closed_trades
    assert figures(trade) == ("1.08", "1.09", "1000", str(10 * side), "2")
    assert trade.direction == direction
    assert trade.duration == timedelta(minutes=10)
    assert trade.is_win == (side > 0)
    assert sorted(trade.order_ids) == [1, 2]
    measured = (trade.mae, trade.mfe, trade.end_trade_drawdown)
    if grouping == FillGroupingMethod.FILL_TO_FILL:
        assert measured == ((-5, 20, 10) if side > 0 else (-20, 5, 25))
    else:
        assert measured == (0, 0, 0)


@pytest.mark.parametrize("matching", MATCHINGS, ids=str)
def test_two_entries_closed_at_once_are_two_trades_fill_to_fill(matching: FillMatchingMethod) -> None:
    builder = TradeBuilder(FillGroupingMethod.FILL_TO_FILL, matching)
    send(builder, 1, 0, "1.08", 1000)
    builder.set_market_price(SPY, 1.075)
    send(builder, 2, 10, "1.07", 1000)
    for price in (1.065, 1.10):
        builder.set_market_price(SPY, price)
    send(builder, 3, 20, "1.09", -2000)
    first, second = (
        builder.closed_trades if matching == FillMatchingMethod.FIFO else builder.closed_trades[::-1]
    )
    fees = ("2", "1") if matching == FillMatchingMethod.FIFO else ("1", "2")
    assert figures(first) == ("1.08", "1.09", "1000", "10", fees[0])
    assert figures(second) == ("1.07", "1.09", "1000", "20", fees[1])
    assert (first.mae, first.mfe, second.mae, second.mfe) == (-15, 20, -5, 30)


@pytest.mark.parametrize(
    "grouping", [FillGroupingMethod.FLAT_TO_FLAT, FillGroupingMethod.FLAT_TO_REDUCED], ids=str
)
def test_two_entries_closed_at_once_are_one_trade_at_the_average_price(grouping: FillGroupingMethod) -> None:
    builder = TradeBuilder(grouping)
    send(builder, 1, 0, "1.08", 1000)
    send(builder, 2, 10, "1.07", 1000)
    send(builder, 3, 20, "1.09", -2000)
    (trade,) = builder.closed_trades
    assert figures(trade) == ("1.075", "1.09", "2000", "30", "3")


def test_a_reduction_closes_part_of_the_oldest_or_newest_entry() -> None:
    for matching, prices in ((FillMatchingMethod.FIFO, "1.08"), (FillMatchingMethod.LIFO, "1.07")):
        builder = TradeBuilder(FillGroupingMethod.FLAT_TO_REDUCED, matching)
        send(builder, 1, 0, "1.08", 1000)
        send(builder, 2, 10, "1.07", 1000)
        send(builder, 3, 20, "1.09", -500)
        (trade,) = builder.closed_trades
        assert trade.entry_price == float(prices)
        assert (trade.quantity, trade.total_fees) == (500, 3)
        send(builder, 4, 30, "1.09", -1500)
        assert [trade.total_fees for trade in builder.closed_trades] == [3, 1]
        assert sum(trade.profit_loss for trade in builder.closed_trades) == pytest.approx(30)
        assert not builder.has_open_position(SPY)


def test_flat_to_flat_waits_until_the_position_is_flat() -> None:
    builder = TradeBuilder(FillGroupingMethod.FLAT_TO_FLAT)
    send(builder, 1, 0, "10", 100)
    send(builder, 2, 10, "12", -40)
    assert builder.closed_trades == []
    send(builder, 3, 20, "13", -60)
    (trade,) = builder.closed_trades
    assert figures(trade) == ("10", "12.6", "100", "260", "3")


@pytest.mark.parametrize("grouping", GROUPINGS, ids=str)
def test_a_reversal_closes_one_trade_and_opens_the_other_without_fee(grouping: FillGroupingMethod) -> None:
    builder = TradeBuilder(grouping)
    send(builder, 1, 0, "10", 100)
    send(builder, 2, 10, "11", -150)
    send(builder, 3, 20, "9", 50)
    long, short = builder.closed_trades
    assert figures(long)[2:] == ("100", "100", "2")
    assert figures(short) == ("11", "9", "50", "100", "1")
    assert short.direction == TradeDirection.SHORT


def test_the_fee_of_an_order_is_booked_with_its_first_fill() -> None:
    builder = TradeBuilder()
    send(builder, 1, 0, "10", 50, fee=2)
    send(builder, 1, 1, "10", 50, fee=2)
    send(builder, 2, 2, "11", -100, fee=3)
    assert [trade.total_fees for trade in builder.closed_trades] == [5, 0]


def test_profit_is_converted_to_the_account_s_currency() -> None:
    builder = TradeBuilder()
    for order_id, price, quantity in ((1, "100", 2), (2, "110", -2)):
        fill = Fill(order_id, START, Decimal(price), Decimal(quantity))
        builder.process_fill(fill, Decimal("1.25"), Decimal(0), multiplier=Decimal(10))
    assert builder.closed_trades[0].profit_loss == 250


def test_a_split_restates_open_trades_on_raw_prices_only() -> None:
    for mode, entry in ((DataNormalizationMode.RAW, "50"), (DataNormalizationMode.ADJUSTED, "100")):
        builder = TradeBuilder()
        send(builder, 1, 0, "100", 10)
        builder.set_market_price(SPY, 120)
        builder.apply_split(Split(SPY, 0.5), False, mode)
        send(builder, 2, 10, entry, -20 if mode == DataNormalizationMode.RAW else -10)
        (trade,) = builder.closed_trades
        assert f"{trade.exact_entry_price.normalize():f}" == entry
        assert (trade.mfe, trade.end_trade_drawdown, trade.profit_loss) == (200, 200, 0)


prices_lists = st.lists(st.integers(1, 60).map(lambda cents: cents / 4), max_size=30)


@given(prices_lists, prices_lists, st.sampled_from([1, -1]))
def test_prices_looked_up_at_fills_measure_what_prices_at_every_bar_do(
    first: list[float], second: list[float], side: int
) -> None:
    stepwise, lazy = TradeBuilder(), TradeBuilder()
    times = [int((START - EPOCH) / timedelta(microseconds=1)) * 1000 + i for i in range(1, 61)]

    def path(_: object, since: int, until: int) -> Any:
        values = first if since < times[0] else second
        assert until > since
        return np.array(values)

    lazy.price_path = path
    for builder in (stepwise, lazy):
        send(builder, 1, 0, "8", 4 * side)
        if builder is stepwise:
            for price in first:
                builder.set_market_price(SPY, price)
        send(builder, 2, 30, "7", 2 * side)
        if builder is stepwise:
            for price in second:
                builder.set_market_price(SPY, price)
        send(builder, 3, 60, "9", -6 * side)
    measures = [
        [
            (trade.exact_mae, trade.exact_mfe, trade.exact_end_trade_drawdown)
            for trade in builder.closed_trades
        ]
        for builder in (stepwise, lazy)
    ]
    assert measures[0] == measures[1]
