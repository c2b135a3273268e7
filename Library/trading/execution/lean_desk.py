"""The desk of a LEAN algorithm: its orders, quotes, holdings and clock.

`trading` imports nothing of LEAN: what is LEAN's comes in from outside. Enumerations go by name, which
.NET spells ``PartiallyFilled`` and Python ``PARTIALLY_FILLED``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC
from typing import Any, Protocol

from trading.execution.leg import Cancel, Contract, Report, Submit
from trading.execution.order_record import OrderState, OrderUpdate
from trading.execution.quotes import NO_QUOTE, Quote
from trading.execution.spread import Market, Spread

_STATES = {
    "none": OrderState.SENT,
    "new": OrderState.SENT,
    "submitted": OrderState.OPEN,
    "updatesubmitted": OrderState.OPEN,
    "partiallyfilled": OrderState.OPEN,
    "cancelpending": OrderState.OPEN,
    "filled": OrderState.FILLED,
    "canceled": OrderState.CANCELLED,
    "invalid": OrderState.REJECTED,
}


def _nothing(*_what: Any) -> None:
    """Nobody wants to know."""


class Algorithm(Protocol):
    """The part of LEAN's QCAlgorithm that is used."""

    @property
    def live_mode(self) -> bool:
        """Whether orders go to a broker."""

    @property
    def utc_time(self) -> Any:
        """The algorithm's time."""

    @property
    def portfolio(self) -> Any:
        """Holdings by symbol."""

    @property
    def securities(self) -> Any:
        """Securities by symbol."""

    @property
    def transactions(self) -> Any:
        """The order book."""

    def is_market_open(self, symbol: Any, /) -> bool:
        """Whether a security's exchange is open."""

    def market_order(self, symbol: Any, quantity: float, asynchronous: bool, tag: str) -> Any:
        """Buy or sell at the market."""

    def limit_order(
        self, symbol: Any, quantity: float, limit_price: float, asynchronous: bool, tag: str
    ) -> Any:
        """Buy or sell at the limit or better."""


class LeanDesk:
    """Sends, cancels and asks for one algorithm.

    Attributes:
        connected: whether the broker is reached; LEAN tells in `on_brokerage_disconnect` and `-reconnect`.
        save, report, moved: who keeps the spreads, takes reports, and hears of a spread's next phase.
    """

    def __init__(
        self,
        algorithm: Algorithm,
        symbol_of: Callable[[Contract], Any],
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.connected = True
        self.save: Callable[[tuple[Spread, ...]], None] = _nothing
        self.report: Callable[[Report], None] = _nothing
        self.moved: Callable[[Spread, Spread], None] = _nothing
        self._algorithm = algorithm
        self._symbol_of = symbol_of
        self._stopwatch = stopwatch
        self._tickets: dict[str, Any] = {}
        self._tags: dict[int, str] = {}  # where a brokerage did not keep them
        self._sent: dict[str, float] = {}  # not answered yet
        self._latency_ms: float | None = None
        self._filled_before: dict[str, int] = {}  # by earlier runs, which LEAN's tickets do not count
        self._bars = 0
        self._quoted_at: dict[Any, float] = {}

    def next_bar(self, quoted: Any = ()) -> None:
        """A bar has come, with fresh quotes of the symbols named."""
        self._bars += 1
        now = self._seconds()
        self._quoted_at.update(dict.fromkeys(quoted, now))

    def quote(self, contract: Contract) -> Quote:
        """The latest quote of a contract."""
        symbol = self._symbol_of(contract)
        security = self._algorithm.securities[symbol]
        quoted_at = self._quoted_at.get(symbol)
        if quoted_at is None:
            return NO_QUOTE
        return Quote(
            float(security.bid_price),
            float(security.ask_price),
            float(security.bid_size),
            float(security.ask_size),
            self._seconds() - quoted_at,
            float(security.symbol_properties.minimum_price_variation),
        )

    def market(self, spread: Spread) -> Market:
        """The market of a spread's legs; the clock counts seconds live, and bars in a backtest."""
        now = self._seconds() if self._algorithm.live_mode else float(self._bars)
        symbols = [self._symbol_of(leg.contract) for leg in (spread.long, spread.short)]
        is_open = all(self._algorithm.is_market_open(symbol) for symbol in symbols)
        long, short = self.quote(spread.long.contract), self.quote(spread.short.contract)
        return Market(now, long, short, self.connected and is_open)

    def send(self, order: Submit) -> OrderUpdate:
        """Send an order under its tag; what LEAN says of it at once, a refusal for instance."""
        symbol, asynchronous = self._symbol_of(order.contract), self._algorithm.live_mode
        self._sent[order.tag] = self._stopwatch()
        if order.limit is None:
            ticket = self._algorithm.market_order(symbol, order.quantity, asynchronous, order.tag)
        else:
            ticket = self._algorithm.limit_order(symbol, order.quantity, order.limit, asynchronous, order.tag)
        self._tickets[order.tag] = ticket
        return self._update(order.tag, ticket)

    def cancel(self, order: Cancel) -> None:
        """Ask for a cancellation; of an order that LEAN does not have nothing can be asked."""
        ticket = self._tickets.get(order.tag)
        if ticket is not None:
            ticket.cancel()

    def holding(self, contract: Contract) -> int:
        """Contracts held, signed."""
        return round(float(self._algorithm.portfolio[self._symbol_of(contract)].quantity))

    def update_of(self, order_id: int) -> OrderUpdate | None:
        """What an order event means, the order's fills in all; None for an order without a tag."""
        ticket = self._algorithm.transactions.get_order_ticket(order_id)
        tag = self._tags.get(order_id, ticket.tag if ticket is not None else None)
        return self._update(tag, ticket) if tag else None

    def take_latency_ms(self) -> float | None:
        """Milliseconds from the latest order that was answered to its answer; None: none since last asked."""
        latency, self._latency_ms = self._latency_ms, None
        return latency

    def adopt(self, tag: str, ticket: Any, filled_before: int) -> OrderUpdate:
        """Take over an order of an earlier run; its ticket counts the fills of this run only."""
        self._tickets[tag] = ticket
        self._tags[ticket.order_id] = tag
        self._filled_before[tag] = filled_before
        return self._update(tag, ticket)

    def _update(self, tag: str, ticket: Any) -> OrderUpdate:
        name = str(ticket.status).rpartition(".")[2].replace("_", "").lower()
        if tag in self._sent and _STATES[name] is not OrderState.SENT:
            self._latency_ms = 1_000 * (self._stopwatch() - self._sent.pop(tag))
        response = getattr(ticket.submit_request, "response", None)
        refused = _STATES[name] is OrderState.REJECTED
        return OrderUpdate(
            tag=tag,
            state=_STATES[name],
            filled=self._filled_before.get(tag, 0) + round(float(ticket.quantity_filled)),
            average_price=float(ticket.average_fill_price),
            message=str(getattr(response, "error_message", "") or "") if refused else "",
        )

    def _seconds(self) -> float:
        return float(self._algorithm.utc_time.replace(tzinfo=UTC).timestamp())
