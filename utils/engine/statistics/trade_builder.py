"""Closed trades out of fills."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.money import ONE, ZERO, exact, round_half_even
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import DataNormalizationMode, SecurityType
from utils.engine.statistics.trade import FillGroupingMethod, FillMatchingMethod, Trade, TradeDirection
from utils.engine.statistics.trade_path import OpenTrade, PricePath, as_path

# LEAN remembers the orders whose fee is booked for this many orders back.
_REMEMBERED_ORDERS: Final = 1000

_EPOCH: Final = datetime(1970, 1, 1)
_TRADE_IDS: Final = uuid.UUID("6f9d4d3e-2f0b-5d1c-9a53-1f4f5a1c7f10")


@dataclass
class _Fill:
    order_id: int
    time: datetime
    price: Decimal
    quantity: Decimal


@dataclass
class _Position:
    low: Decimal
    high: Decimal
    seen: datetime
    trades: list[OpenTrade] = field(default_factory=list)
    fills: list[_Fill] = field(default_factory=list)
    fees: Decimal = ZERO


class TradeBuilder(DotNet):
    """Groups fills into trades and measures them.

    Market prices reach open trades in one of two ways: `set_market_price` at every bar, or `price_path`,
    asked at each fill for the prices since the last. As in LEAN, only the grouping FILL_TO_FILL measures MAE,
    MFE and drawdown.

    Example:
        >>> builder = TradeBuilder(FillGroupingMethod.FLAT_TO_FLAT, FillMatchingMethod.FIFO)
        >>> builder.closed_trades
        []
    """

    def __init__(
        self,
        grouping_method: FillGroupingMethod = FillGroupingMethod.FILL_TO_FILL,
        matching_method: FillMatchingMethod = FillMatchingMethod.FIFO,
    ) -> None:
        self._grouping, self._matching = (
            FillGroupingMethod(grouping_method),
            FillMatchingMethod(matching_method),
        )
        self._trades: list[Trade] = []
        self._positions: dict[Any, _Position] = {}
        self._orders_with_fee: dict[int, None] = {}
        self._is_win: Callable[[Any, Decimal], bool] | None = None
        self.price_path: PricePath | None = None

    @property
    def closed_trades(self) -> list[Trade]:
        """Trades closed so far, in order of their exits."""
        return list(self._trades)

    def set_win_rule(self, is_win: Callable[[Any, Decimal], bool]) -> None:
        """Decide what wins by (fill, profit); exercised options are not told by the profit alone."""
        self._is_win = is_win

    def has_open_position(self, symbol: Any) -> bool:
        """Whether a trade of the security is open."""
        position = self._positions.get(symbol)
        return position is not None and bool(position.trades or position.fills)

    def open_symbols(self) -> list[Any]:
        """Securities with an open trade."""
        return list(self._positions)

    def set_market_price(self, symbol: Any, price: float | Decimal) -> None:
        """Show a market price to the open trades of a security."""
        position = self._positions.get(symbol)
        if position is not None:
            _see_price(position, exact(price))

    def apply_split(
        self, split: Any, live_mode: bool, data_normalization_mode: DataNormalizationMode
    ) -> None:
        """Restate the open trades of an equity on raw prices after a split."""
        position = self._positions.get(split.symbol)
        raw = live_mode or data_normalization_mode == DataNormalizationMode.RAW
        if position is None or not raw or split.symbol.security_type != SecurityType.EQUITY:
            return
        factor = exact(split.split_factor)
        position.low *= factor
        position.high *= factor
        for state in position.trades:
            trade = state.trade
            trade.exact_quantity /= factor
            trade.exact_entry_price *= factor
            state.best_profit *= factor
            state.given_back *= factor
        for fill in position.fills:
            fill.quantity /= factor
            fill.price *= factor

    def catch_up(self, symbol: Any, until: datetime) -> None:
        """Look up the prices since the last look; to be called before a split restates them."""
        position = self._positions.get(symbol)
        if position is None or self.price_path is None or until <= position.seen:
            return
        path = as_path(self.price_path(symbol, _nanoseconds(position.seen), _nanoseconds(until)))
        position.seen = until
        if path.size:
            position.low = min(position.low, exact(float(path.min())))
            position.high = max(position.high, exact(float(path.max())))
            for state in position.trades:
                state.see_path(path)

    def process_fill(
        self,
        fill: Any,
        security_conversion_rate: Decimal,
        fee_in_account_currency: Decimal,
        multiplier: Decimal = ONE,
    ) -> None:
        """Take in a fill.

        Args:
            fill: the order event of the fill.
            security_conversion_rate: from the security's quote currency to the account's.
            fee_in_account_currency: of the order; booked with its first fill only.
            multiplier: units of a contract.
        """
        fee = ZERO
        if fill.order_id not in self._orders_with_fee:
            fee = fee_in_account_currency
            self._orders_with_fee[fill.order_id] = None
            if len(self._orders_with_fee) > _REMEMBERED_ORDERS:
                del self._orders_with_fee[next(iter(self._orders_with_fee))]
        own = _Fill(fill.order_id, fill.utc_time, fill.exact_fill_price, fill.exact_fill_quantity)
        value = security_conversion_rate * multiplier
        position = self._positions.get(fill.symbol)
        if position is None or not (position.trades or position.fills):
            self._open(fill.symbol, own, fee)
            return
        self.catch_up(fill.symbol, own.time)
        _see_price(position, own.price)
        match self._grouping:
            case FillGroupingMethod.FILL_TO_FILL:
                self._fill_to_fill(position, fill, own, fee, value)
            case FillGroupingMethod.FLAT_TO_FLAT:
                self._flat_to_flat(position, fill, own, fee, value)
            case FillGroupingMethod.FLAT_TO_REDUCED:
                self._flat_to_reduced(position, fill, own, fee, value)

    def _open(self, symbol: Any, fill: _Fill, fee: Decimal) -> None:
        position = _Position(low=fill.price, high=fill.price, seen=fill.time)
        if self._grouping == FillGroupingMethod.FILL_TO_FILL:
            position.trades.append(OpenTrade(_entry(symbol, fill, fee)))
        else:
            position.fills.append(fill)
            position.fees = fee
        self._positions[symbol] = position

    def _next(self, pending: list[Any]) -> int:
        return 0 if self._matching == FillMatchingMethod.FIFO else len(pending) - 1

    def _fill_to_fill(
        self, position: _Position, event: Any, fill: _Fill, fee: Decimal, value: Decimal
    ) -> None:
        side = position.trades[self._next(position.trades)].trade.direction
        if (fill.quantity > 0) == (side == TradeDirection.LONG):
            position.trades.append(OpenTrade(_entry(event.symbol, fill, fee)))
            return
        left = abs(fill.quantity)
        while position.trades and left > 0:
            index = self._next(position.trades)
            state = position.trades[index]
            trade = state.trade
            if left >= trade.exact_quantity:
                closed = position.trades.pop(index).trade
                left -= closed.exact_quantity
            else:
                closed = _part(trade, left)
                trade.exact_quantity -= left
                trade.exact_total_fees = ZERO
                left = ZERO
            closed.exact_total_fees += fee
            fee = ZERO  # one order's fee belongs to the first trade it closes
            _add_order(closed.order_ids, fill.order_id)
            _close(closed, state, position, fill, value)
            self._add(closed, event)
        if left > 0:
            rest = _Fill(fill.order_id, fill.time, fill.price, left.copy_sign(fill.quantity))
            self._open(event.symbol, rest, ZERO)
        elif not position.trades:
            del self._positions[event.symbol]

    def _flat_to_flat(
        self, position: _Position, event: Any, fill: _Fill, fee: Decimal, value: Decimal
    ) -> None:
        held = sum((pending.quantity for pending in position.fills), ZERO)
        position.fills.append(fill)
        position.fees += fee
        rest = held + fill.quantity
        if (position.fills[0].quantity > 0) == (fill.quantity > 0) or (rest and (rest > 0) == (held > 0)):
            return
        fills = position.fills if self._matching == FillMatchingMethod.FIFO else position.fills[::-1]
        entry = _average(pending for pending in fills if (pending.quantity > 0) != (fill.quantity > 0))
        leave = _average(pending for pending in fills if (pending.quantity > 0) == (fill.quantity > 0))
        first = position.fills[0]
        opening = _Fill(first.order_id, first.time, entry.price, entry.quantity)
        trade = _entry(event.symbol, opening, position.fees)
        trade.order_ids = list(dict.fromkeys(pending.order_id for pending in fills))
        self._close_average(trade, leave.price, entry.quantity, event, fill, value)
        del self._positions[event.symbol]
        if rest:
            self._open(event.symbol, _Fill(fill.order_id, fill.time, fill.price, rest), ZERO)

    def _flat_to_reduced(
        self, position: _Position, event: Any, fill: _Fill, fee: Decimal, value: Decimal
    ) -> None:
        position.fees += fee
        index = self._next(position.fills)
        if (position.fills[index].quantity > 0) == (fill.quantity > 0):
            position.fills.append(fill)
            return
        entry_time = position.fills[index].time
        orders = [fill.order_id]
        done = price = ZERO
        while position.fills and abs(done) < abs(fill.quantity):
            index = self._next(position.fills)
            pending = position.fills[index]
            left = abs(fill.quantity) - abs(done)
            if left >= abs(pending.quantity):
                position.fills.pop(index)
                share = -pending.quantity
                if self._matching == FillMatchingMethod.LIFO:
                    entry_time = pending.time
            else:
                share = left.copy_sign(fill.quantity)
                pending.quantity += share
            done += share
            price += (pending.price - price) * share / done
            _add_order(orders, pending.order_id)
        trade = _entry(event.symbol, _Fill(fill.order_id, entry_time, price, -done), position.fees)
        trade.order_ids = orders
        self._close_average(trade, fill.price, -done, event, fill, value)
        position.fees = ZERO
        rest = fill.quantity - done
        if rest:
            self._open(event.symbol, _Fill(fill.order_id, fill.time, fill.price, rest), ZERO)
        elif not position.fills:
            del self._positions[event.symbol]

    def _close_average(
        self, trade: Trade, exit_price: Decimal, quantity: Decimal, event: Any, fill: _Fill, value: Decimal
    ) -> None:
        trade.exit_time, trade.exact_exit_price = fill.time, exit_price
        profit = (exit_price - trade.exact_entry_price) * quantity * value
        trade.exact_profit_loss = round_half_even(profit, 2)
        self._add(trade, event)

    def _add(self, trade: Trade, event: Any) -> None:
        profit = trade.exact_profit_loss
        trade.is_win = self._is_win(event, profit) if self._is_win is not None else profit > 0
        trade.id = str(uuid.uuid5(_TRADE_IDS, f"{len(self._trades)} {trade.symbol} {trade.entry_time}"))
        self._trades.append(trade)


def _entry(symbol: Any, fill: _Fill, fee: Decimal) -> Trade:
    side = TradeDirection.LONG if fill.quantity > 0 else TradeDirection.SHORT
    return Trade(symbol, fill.time, fill.price, side, abs(fill.quantity), fee, [fill.order_id])


def _part(trade: Trade, quantity: Decimal) -> Trade:
    """The part of a trade that an exit closes; it takes the fees of the whole."""
    fees, orders = trade.exact_total_fees, list(trade.order_ids)
    return Trade(
        trade.symbol, trade.entry_time, trade.exact_entry_price, trade.direction, quantity, fees, orders
    )


def _close(trade: Trade, state: OpenTrade, position: _Position, fill: _Fill, value: Decimal) -> None:
    entry, long = trade.exact_entry_price, trade.direction == TradeDirection.LONG
    trade.exit_time, trade.exact_exit_price = fill.time, fill.price
    worst = position.low - entry if long else entry - position.high
    best = position.high - entry if long else entry - position.low
    gain = fill.price - entry if long else entry - fill.price
    units = trade.exact_quantity
    trade.exact_profit_loss = round_half_even(gain * units * value, 2)
    trade.exact_mae = round_half_even(worst * units * value, 2)
    trade.exact_mfe = round_half_even(best * units * value, 2)
    trade.exact_end_trade_drawdown = round_half_even(state.given_back * units * value, 2)


def _see_price(position: _Position, price: Decimal) -> None:
    position.low, position.high = min(position.low, price), max(position.high, price)
    for state in position.trades:
        state.see_price(price)


def _average(fills: Any) -> _Fill:
    """Quantity-weighted price of fills, with their total quantity."""
    quantity = price = ZERO
    for fill in fills:
        quantity += fill.quantity
        price += (fill.price - price) * fill.quantity / quantity
    return _Fill(0, _EPOCH, price, quantity)


def _add_order(orders: list[int], order_id: int) -> None:
    if order_id not in orders:
        orders.append(order_id)


def _nanoseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1) * 1000
