"""A stand-in for LEAN that follows its order rules, for one security.

Backtest (Brokerages/Backtesting/BacktestingBrokerage.cs, Engine/TransactionHandlers): requests queue up and
are handled when an order is submitted and at the end of a step, each followed by a scan of the pending
orders; a scan goes by ascending order id and skips what was sent at the same time, market orders apart;
a cancellation is reported as pending at once and done later; an updated order is scanned with the bar that
is there. Live: orders rest until the test fills, rejects or cancels them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from types import SimpleNamespace
from typing import Any, NamedTuple

from trading.execution.account import Terms
from trading.execution.executor import EventExecutor

SYMBOL = "XYZ"
OTHER_SYMBOL = "ABC"


class Kind(Enum):
    MARKET = "market"
    ON_OPEN = "on open"
    STOP = "stop"
    LIMIT = "limit"


class Quote(NamedTuple):
    """Prices of one bar; `open_at_close`: whether the exchange is open when the bar closes."""

    open: float
    high: float
    low: float
    close: float
    bid: float
    ask: float
    open_at_close: bool


NO_QUOTE = Quote(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, open_at_close=True)


@dataclass
class Order:
    """LEAN's order and its ticket in one; `status` is LEAN's name for it."""

    lean: Lean
    id: int
    kind: Kind
    quantity: float
    price: float
    tag: str
    time: int
    status: str = "submitted"
    quantity_filled: float = 0.0

    @property
    def order_id(self) -> int:
        return self.id

    @property
    def stop_price(self) -> float:
        return self.price

    @property
    def role(self) -> str:
        return self.tag.split("|")[1]

    @property
    def remaining(self) -> float:
        return self.quantity - self.quantity_filled

    def cancel(self) -> None:
        if self.status in ("submitted", "partially filled"):
            self.lean.requests.append((self, "cancel", 0.0))
            self.status = "cancel pending"
            self.lean.report(self)

    def update_stop_price(self, price: float) -> None:
        self.lean.requests.append((self, "price", price))

    def update_quantity(self, quantity: float) -> None:
        self.lean.requests.append((self, "quantity", quantity))


@dataclass(frozen=True)
class Fill:
    time: int
    role: str
    lots: int
    price: float


@dataclass
class Lean:
    """The part of QCAlgorithm that the executor uses, and the machinery behind it."""

    lot_size: float = 1.0
    cash: float = 100_000.0
    gap_fills: bool = True
    slippage: float = 0.0
    fee: Callable[[float, float], float] = lambda _quantity, _price: 0.0
    live_mode: bool = False
    asks_executor: bool = True
    refuse: Callable[[Order], bool] = lambda _order: False
    utc_time: int = 0
    lots: int = 0
    average: float = 0.0
    quote: Quote = NO_QUOTE
    orders: list[Order] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    requests: list[tuple[Order, str, float]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    executor: EventExecutor | None = None

    # What the executor sees.

    @property
    def portfolio(self) -> Any:
        return _Portfolio({SYMBOL: SimpleNamespace(quantity=self.lots * self.lot_size)}, self.equity)

    @property
    def securities(self) -> dict[str, Any]:
        quote = self.quote
        security = SimpleNamespace(price=quote.close, bid_price=quote.bid, ask_price=quote.ask)
        return {SYMBOL: security}

    @property
    def transactions(self) -> Any:
        return SimpleNamespace(
            get_open_order_tickets=lambda _symbol: self.open_orders(),
            get_order_by_id=lambda order_id: self.orders[order_id - 1],
        )

    def market_order(self, symbol: str, quantity: float, asynchronous: bool, tag: str) -> Order:
        assert asynchronous == self.live_mode
        kind = Kind.MARKET if self.quote.open_at_close else Kind.ON_OPEN
        return self._submit(symbol, kind, quantity, 0.0, tag)

    def stop_market_order(
        self, symbol: str, quantity: float, stop_price: float, asynchronous: bool, tag: str
    ) -> Order:
        assert asynchronous == self.live_mode
        return self._submit(symbol, Kind.STOP, quantity, stop_price, tag)

    def limit_order(
        self, symbol: str, quantity: float, limit_price: float, asynchronous: bool, tag: str
    ) -> Order:
        assert asynchronous == self.live_mode
        return self._submit(symbol, Kind.LIMIT, quantity, limit_price, tag)

    def log(self, message: str) -> None:
        self.messages.append(message)

    def error(self, message: str) -> None:
        self.messages.append(f"error: {message}")

    # What a test drives.

    @property
    def equity(self) -> float:
        return self.cash + self.lots * self.lot_size * (self.quote.close - self.average)

    def open_orders(self) -> list[Order]:
        return [order for order in self.orders if order.status not in ("filled", "canceled", "invalid")]

    def attach(self, name: str, terms: Terms) -> EventExecutor:
        """A new executor on what is there, as after a restart."""
        self.executor = EventExecutor(self, SYMBOL, name, terms)
        return self.executor

    def next_bar(self, quote: Quote) -> None:
        """The start of a step: new prices, then fills."""
        self.utc_time += 1
        self.quote = quote
        if not self.live_mode:
            self._process_requests()
            self._scan()

    def end_step(self) -> None:
        """The end of a step, after `on_data`."""
        if not self.live_mode:
            self._process_requests()
            self._scan()

    def report(self, order: Order, symbol: str = SYMBOL) -> None:
        if self.executor is not None:
            self.executor.on_order_event(SimpleNamespace(symbol=symbol, order_id=order.id))

    def fill(self, order: Order, price: float, lots: int | None = None) -> None:
        """Fill an order, wholly or in part, and report it."""
        size = round(order.remaining / self.lot_size) if lots is None else lots
        order.quantity_filled += size * self.lot_size
        order.status = "filled" if round(order.remaining / self.lot_size) == 0 else "partially filled"
        self._book(size, price)
        self.fills.append(Fill(self.utc_time, order.role, size, price))
        self.report(order)

    def finish(self, order: Order, status: str) -> None:
        """End an order without a fill: ``canceled`` or ``invalid``."""
        order.status = status
        self.report(order)

    def apply(self, order: Order, what: str, value: float) -> None:
        """Carry out a request."""
        if order.status in ("filled", "canceled", "invalid"):
            return
        if what == "cancel":
            self.finish(order, "canceled")
            return
        if what == "price":
            order.price = value
        else:
            order.quantity = value
        self.report(order)

    def _submit(self, symbol: str, kind: Kind, quantity: float, price: float, tag: str) -> Order:
        assert symbol == SYMBOL
        assert quantity != 0
        order = Order(self, len(self.orders) + 1, kind, quantity, price, tag, self.utc_time)
        self.orders.append(order)
        if not self.live_mode:
            self._process_requests()
        if self.refuse(order):
            self.finish(order, "invalid")
            return order
        self.report(order)
        if not self.live_mode:
            self._scan()
        return order

    def _process_requests(self) -> None:
        while self.requests:
            self.apply(*self.requests.pop(0))
            self._scan()

    def _scan(self) -> None:
        for order in self.open_orders():
            if order.time == self.utc_time and order.kind is not Kind.MARKET:
                continue
            if order not in self.open_orders():  # closed by what an earlier fill led to
                continue
            price = self._fill_price(order)
            if price:
                self.fill(order, price)

    def _fill_price(self, order: Order) -> float:
        quote, buys = self.quote, order.quantity > 0
        slip = self.slippage * quote.close
        if order.kind is Kind.MARKET:
            return quote.ask + slip if buys else quote.bid - slip
        if order.kind is Kind.ON_OPEN:
            return quote.open + slip if buys else quote.open - slip
        if self.asks_executor and self.executor is not None and not self.executor.may_fill(order):
            return 0.0
        if order.kind is Kind.STOP:
            return self._stop_price(order.price, buys, slip)
        return self._limit_price(order.price, buys)

    def _stop_price(self, stop: float, buys: bool, slip: float) -> float:
        quote = self.quote
        if self.gap_fills:
            if buys:
                return max(quote.open, stop) + slip if quote.high >= stop else 0.0
            return min(quote.open, stop) - slip if quote.low <= stop else 0.0
        if buys:
            return max(stop, quote.close + slip) if quote.high > stop else 0.0
        return min(stop, quote.close - slip) if quote.low < stop else 0.0

    def _limit_price(self, limit: float, buys: bool) -> float:
        quote = self.quote
        if buys:
            better = quote.open if self.gap_fills else quote.high
            return min(better, limit) if quote.low < limit else 0.0
        better = quote.open if self.gap_fills else quote.low
        return max(better, limit) if quote.high > limit else 0.0

    def _book(self, lots: int, price: float) -> None:
        quantity = lots * self.lot_size
        self.cash -= self.fee(quantity, price)
        closing = min(abs(lots), abs(self.lots)) if lots * self.lots < 0 else 0
        side = 1 if self.lots > 0 else -1
        if closing:
            self.cash += closing * self.lot_size * (side * (price - self.average))
            self.lots -= side * closing
        opening = lots + side * closing
        if opening:
            held, self.lots = self.lots, self.lots + opening
            self.average = (held * self.average + opening * price) / self.lots


class _Portfolio(dict[str, Any]):
    """Holdings by symbol, with the portfolio's value."""

    def __init__(self, holdings: dict[str, Any], value: float) -> None:
        super().__init__(holdings)
        self.total_portfolio_value = value
