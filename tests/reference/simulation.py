"""Plain-Python reference of the simulator: one bar after the other, every rule spelled out.

It is written from the rules of `docs/strategies.md` alone and shares nothing with the kernels but the
records: no arrays in the logic, no skipping of bars, equity marked at every close. Slow, and meant to be
read.

Where the rules leave something open the reading taken here is marked "Reading:".
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.reference.metrics import Metrics, daily_returns, measure
from trading.bars import Bars
from trading.events import Event
from trading.simulation.instrument import Capital, Fees, Instrument
from trading.simulation.records import ExitReason, Status


@dataclass(frozen=True)
class Trade:
    """The fields of TRADE_DTYPE."""

    signal_bar: int
    entry_bar: int
    exit_bar: int
    side: int
    quantity: float
    entry_price: float
    exit_price: float
    fees: float
    pnl: float
    reason: ExitReason


@dataclass(frozen=True)
class Outcome:
    """What a simulation gives back: closed trades and the open one, equity at every close, metrics.

    `returns` are the daily returns behind the ratios, empty where a simulator does not give them.
    """

    trades: list[Trade]
    equity: list[float]
    metrics: Metrics
    returns: list[float] = field(default_factory=list)


class Row(NamedTuple):
    """One bar with all that may be asked of it."""

    open: float
    high: float
    low: float
    close: float
    buy: float  # price of a market buy at the close
    sell: float
    slip: float
    day: int
    fills_next_open: bool


@dataclass
class RestingOrder:
    """A stop or a target in the market."""

    reason: ExitReason
    price: float


@dataclass
class Position:
    """What is held, and the orders that protect it."""

    signal_bar: int
    entry_bar: int
    side: int
    quantity: float
    entry_price: float
    entry_fee: float
    trail: float
    orders: list[RestingOrder] = field(default_factory=list)

    def gain(self, price: float) -> float:
        """Money won at `price`, before fees."""
        return self.quantity * (self.side * (price - self.entry_price))


class MarketOrder(NamedTuple):
    """A market order that waits for the next bar's open."""

    event: Event
    entry_quantity: float  # 0 = it only closes


def simulate(
    bars: Bars, events: NDArray[np.void], instrument: Instrument, capital: Capital, start: int = 0
) -> Outcome:
    """Trade `events` over `bars[start:]`; bar numbers of trades are indices into `bars`."""
    rows = _rows(bars, instrument.slippage)
    by_bar = {int(row["bar"]): Event(*row.item()) for row in events if row["bar"] >= start}
    run = _Run(rows, by_bar, instrument, capital, start)
    for bar in range(start, len(rows)):
        run.step(bar)
    return run.outcome()


def fee_of(fees: Fees, quantity: float, price: float) -> float:
    """Fee of one order."""
    if quantity == 0:
        return 0.0
    notional = quantity * price
    fee = fees.rate * notional + fees.per_unit * quantity
    fee = max(fee, fees.minimum)
    if fees.maximum_rate > 0:
        fee = min(fee, fees.maximum_rate * notional)
    return fee


def to_tick(price: float, tick: float) -> float:
    """The nearest multiple of `tick` as a decimal number, halves to the even one."""
    return float(round(price / tick) * Decimal(f"{tick:.12g}"))


def _rows(bars: Bars, slippage: float) -> list[Row]:
    close = bars.close.tolist()
    bid = close if bars.bid_close is None else bars.bid_close.tolist()
    ask = close if bars.ask_close is None else bars.ask_close.tolist()
    return [
        Row(o, h, l, c, a + slippage * c, b - slippage * c, slippage * c, day, next_open)
        for o, h, l, c, b, a, day, next_open in zip(
            bars.open.tolist(),
            bars.high.tolist(),
            bars.low.tolist(),
            close,
            bid,
            ask,
            bars.day.tolist(),
            bars.fills_next_open.tolist(),
            strict=True,
        )
    ]


class _Run:
    """One pass over the bars; `cash` is equity without the open position's gain."""

    def __init__(
        self,
        rows: list[Row],
        events: dict[int, Event],
        instrument: Instrument,
        capital: Capital,
        start: int,
    ) -> None:
        self.rows = rows
        self.events = events
        self.instrument = instrument
        self.capital = capital
        self.start = start
        self.cash = capital.initial_equity
        self.position: Position | None = None
        self.waiting: MarketOrder | None = None
        self.trades: list[Trade] = []
        self.equity: list[float] = []
        self.exposed_bars = 0
        self.bust_bar: int | None = None
        self.peak = capital.initial_equity
        self.max_drawdown = 0.0
        self.lows: list[float] = []  # equities of this bar that may be its worst

    def step(self, bar: int) -> None:
        """One bar: the open, the resting orders, the trailing stop, the event, the mark."""
        if self.bust_bar is not None:
            self.equity.append(self.cash)
            return
        row = self.rows[bar]
        self.lows = []
        self._fill_waiting_order(bar, row)
        self._fill_resting_orders(bar, row)
        if self.position is not None:
            # Held from the open to the close, whatever the event then does.
            self.lows.append(self.cash + self.position.gain(row.low if self.position.side > 0 else row.high))
            self._move_trailing_stop(row)
        if bar in self.events:
            self._take_event(bar, row, self.events[bar])
        self._mark(bar, row)

    # Orders

    def _fill_waiting_order(self, bar: int, row: Row) -> None:
        if self.waiting is not None:
            order, self.waiting = self.waiting, None
            price = row.open + row.slip if order.event.side > 0 else row.open - row.slip
            self._trade_at_market(order, bar, price)

    def _fill_resting_orders(self, bar: int, row: Row) -> None:
        position = self.position
        if position is None:
            return
        for order in position.orders:
            price = self._fill_price(order, position.side, row)
            if price is not None:
                self._close(bar, price, order.reason)
                return  # its partner is cancelled

    def _fill_price(self, order: RestingOrder, side: int, row: Row) -> float | None:
        """Price at which a stop or target fills inside a bar, None when it does not."""
        level = order.price
        if order.reason is ExitReason.STOP:
            if self.instrument.gap_fills:
                if side > 0 and row.low <= level:
                    return (row.open if row.open <= level else level) - row.slip
                if side < 0 and row.high >= level:
                    return (row.open if row.open >= level else level) + row.slip
            else:
                if side > 0 and row.low < level:
                    return min(level, row.close - row.slip)
                if side < 0 and row.high > level:
                    return max(level, row.close + row.slip)
        elif self.instrument.gap_fills:
            if side > 0 and row.high > level:
                return max(row.open, level)
            if side < 0 and row.low < level:
                return min(row.open, level)
        else:
            if side > 0 and row.high > level:
                return max(row.low, level)
            if side < 0 and row.low < level:
                return min(row.high, level)
        return None

    def _move_trailing_stop(self, row: Row) -> None:
        """Follow the bar's best price; what it becomes is tested from the next bar on."""
        position = self.position
        if position is None or position.trail == 0:
            return
        best = row.high if position.side > 0 else row.low
        level = self._tick(best - position.side * position.trail)
        stop = next((order for order in position.orders if order.reason is ExitReason.STOP), None)
        if stop is not None:
            stop.price = max(stop.price, level) if position.side > 0 else min(stop.price, level)
        elif level > 0:
            position.orders.insert(0, RestingOrder(ExitReason.STOP, level))

    def _take_event(self, bar: int, row: Row, event: Event) -> None:
        position = self.position
        if position is not None and position.side == event.side:
            return
        may_enter = event.enter and (event.side > 0 or self.instrument.can_short)
        if position is None and not may_enter:
            return
        price = row.buy if event.side > 0 else row.sell
        quantity = 0.0
        if may_enter:
            quantity = self._entry_quantity(self._equity_when_closed(price), row.close)
        order = MarketOrder(event, quantity)
        if position is not None:
            position.orders.clear()
        if row.fills_next_open:
            self.waiting = order
        else:
            self._trade_at_market(order, bar, price)

    def _entry_quantity(self, equity: float, close: float) -> float:
        lot = self.instrument.lot_size
        return max(0.0, math.floor((self.capital.allocation * equity) / (close * lot)) * lot)

    def _equity_when_closed(self, price: float) -> float:
        if self.position is None:
            return self.cash
        fee = fee_of(self.instrument.fees, self.position.quantity, price)
        return self.cash + self.position.gain(price) - fee

    # Fills

    def _trade_at_market(self, order: MarketOrder, bar: int, price: float) -> None:
        """Close the opposite position and open the order's own: one order, one fee."""
        closed_quantity = 0.0
        if self.position is not None:
            closed_quantity = self.position.quantity
            self._close(bar, price, ExitReason.EVENT)
        if order.entry_quantity <= 0:
            return
        fees = self.instrument.fees
        # The closing trade has borne the fee of closing alone; the rest is the opening trade's.
        entry_fee = fee_of(fees, closed_quantity + order.entry_quantity, price) - fee_of(
            fees, closed_quantity, price
        )
        self.cash -= entry_fee
        event = order.event
        self.position = Position(
            signal_bar=event.bar,
            entry_bar=bar,
            side=event.side,
            quantity=order.entry_quantity,
            entry_price=price,
            entry_fee=entry_fee,
            trail=event.trail,
            orders=self._brackets(event, self.rows[event.bar].close),
        )

    def _brackets(self, event: Event, signal_close: float) -> list[RestingOrder]:
        """The stop first: of two orders touched by one bar it is the stop that fills."""
        # Reading: prices are positive, so a level that is not positive once rounded is none.
        stop, target = self._tick(event.stop), self._tick(event.target)
        if stop <= 0 and event.trail > 0:
            stop = self._tick(signal_close - event.side * event.trail)
        orders = [RestingOrder(ExitReason.STOP, stop), RestingOrder(ExitReason.TARGET, target)]
        return [order for order in orders if order.price > 0]

    def _tick(self, price: float) -> float:
        return to_tick(price, self.instrument.tick_size)

    def _close(self, bar: int, price: float, reason: ExitReason) -> None:
        position = self.position
        assert position is not None
        exit_fee = fee_of(self.instrument.fees, position.quantity, price)
        self.cash = self.cash + position.gain(price) - exit_fee
        # Reading: an exit's own equity counts as a low net of the exit's fee, also in a bar that reverses.
        self.lows.append(self.cash)
        self._record(position, bar, price, position.entry_fee + exit_fee, reason)
        self.position = None

    def _record(self, position: Position, bar: int, price: float, fees: float, reason: ExitReason) -> None:
        self.trades.append(
            Trade(
                signal_bar=position.signal_bar,
                entry_bar=position.entry_bar,
                exit_bar=bar,
                side=position.side,
                quantity=position.quantity,
                entry_price=position.entry_price,
                exit_price=price,
                fees=fees,
                pnl=position.gain(price) - fees,
                reason=reason,
            )
        )

    # Marks

    def _mark(self, bar: int, row: Row) -> None:
        equity = self._equity_at(row.close)
        if equity <= 0:
            # Reading: the mark that showed the ruin is itself a low, and the position that the ruin closed
            # is not open at this bar's close.
            self.lows.append(equity)
            self.waiting = None
            self.bust_bar = bar
            if self.position is not None:
                self._close(bar, row.sell if self.position.side > 0 else row.buy, ExitReason.BUST)
            equity = self.cash
        self.lows.append(equity)
        self.max_drawdown = max(self.max_drawdown, (self.peak - min(self.lows)) / self.peak)
        self.peak = max(self.peak, equity)
        self.equity.append(equity)
        if self.position is not None:
            self.exposed_bars += 1

    def _equity_at(self, close: float) -> float:
        return self.cash if self.position is None else self.cash + self.position.gain(close)

    def outcome(self) -> Outcome:
        """The trades and metrics, once every bar was stepped over."""
        if self.position is not None:
            self._record(
                self.position,
                len(self.rows) - 1,
                self.rows[-1].close,
                self.position.entry_fee,
                ExitReason.OPEN,
            )
        days = [row.day for row in self.rows[self.start :]]
        bust = None if self.bust_bar is None else self.bust_bar - self.start
        returns = daily_returns(self.equity, days, self.capital.initial_equity, bust)
        metrics = measure(
            status=Status.OK if bust is None else Status.BUST,
            initial_equity=self.capital.initial_equity,
            equity=self.equity,
            trades=[(trade.pnl, trade.fees, trade.reason) for trade in self.trades],
            max_drawdown=self.max_drawdown,
            exposed_bars=self.exposed_bars,
            returns=returns,
            days_per_year=self.instrument.days_per_year,
        )
        return Outcome(self.trades, self.equity, metrics, returns)
