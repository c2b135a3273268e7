"""One security of a LEAN algorithm: its position, prices and orders, in whole lots.

`trading` imports nothing of LEAN: the algorithm comes in from outside, and the protocols here say which part
of LEAN's API is used. Names and meaning are those of QCAlgorithm, OrderTicket, Order and Security.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from trading.execution.plan import Plan, Role, order_tag, parse_tag
from trading.execution.sizing import whole_lots


class Ticket(Protocol):
    """LEAN's OrderTicket."""

    @property
    def order_id(self) -> int:
        """Ascending in the order of submission."""

    @property
    def tag(self) -> str:
        """As submitted."""

    @property
    def quantity(self) -> float:
        """Ordered, signed."""

    @property
    def quantity_filled(self) -> float:
        """Filled so far, signed."""

    def cancel(self) -> Any:
        """Ask for its cancellation."""

    def update_stop_price(self, stop_price: float, /) -> Any:
        """Ask for another stop price."""

    def update_quantity(self, quantity: float, /) -> Any:
        """Ask for another quantity, the filled part included."""


class Transactions(Protocol):
    """LEAN's SecurityTransactionManager."""

    def get_open_order_tickets(self, symbol: Any, /) -> Iterable[Any]:
        """Tickets of a symbol's open orders."""

    def get_order_by_id(self, order_id: int, /) -> Any:
        """The order of an id."""


class Algorithm(Protocol):
    """LEAN's QCAlgorithm."""

    @property
    def live_mode(self) -> bool:
        """Whether orders go to a broker (or to paper trading) in real time."""

    @property
    def utc_time(self) -> Any:
        """The algorithm's time."""

    @property
    def portfolio(self) -> Any:
        """Holdings by symbol, and the portfolio's value."""

    @property
    def securities(self) -> Any:
        """Securities by symbol."""

    @property
    def transactions(self) -> Transactions:
        """The order book."""

    def market_order(self, symbol: Any, quantity: float, asynchronous: bool, tag: str) -> Any:
        """Buy or sell at the market; LEAN makes it market-on-open when the exchange is shut."""

    def stop_market_order(
        self, symbol: Any, quantity: float, stop_price: float, asynchronous: bool, tag: str
    ) -> Any:
        """Buy or sell once the price touches the stop."""

    def limit_order(
        self, symbol: Any, quantity: float, limit_price: float, asynchronous: bool, tag: str
    ) -> Any:
        """Buy or sell at the limit or better."""

    def log(self, message: str, /) -> None:
        """Write to the log."""

    def error(self, message: str, /) -> None:
        """Write to the log as an error."""


@dataclass(frozen=True)
class Terms:
    """On what terms a security is traded.

    Attributes:
        lot_size: quantities are whole multiples of it.
        tick_size: stop and limit prices are rounded to it.
        can_short: whether a short position may be opened; a cash account may not.
        fee: fee of an order in the account's currency, from its signed quantity and price.
        slippage: fraction of the price, as in LEAN's ConstantSlippageModel.
        allocation: notional of an entry, fraction of equity.
    """

    lot_size: float
    tick_size: float
    can_short: bool
    fee: Callable[[float, float], float]
    slippage: float = 0.0
    allocation: float = 0.95


@dataclass(frozen=True)
class OpenOrder:
    """An open order; role and plan are None for an order that is not ours."""

    ticket: Ticket
    role: Role | None
    plan: Plan | None

    @property
    def id(self) -> int:
        """LEAN's order id."""
        return self.ticket.order_id


class Account:
    """Reads and trades one security for one strategy, whose `name` begins the tags of its orders."""

    def __init__(self, algorithm: Algorithm, symbol: Any, name: str, terms: Terms) -> None:
        if "|" in name:
            raise ValueError(f"name: {name!r} must not contain '|', which separates the parts of a tag")
        self._algorithm = algorithm
        self._symbol = symbol
        self._name = name
        self.terms = terms

    @property
    def live(self) -> bool:
        """Whether orders are worked by a broker, so that answers come later."""
        return self._algorithm.live_mode

    @property
    def now(self) -> Any:
        """The algorithm's time."""
        return self._algorithm.utc_time

    @property
    def quantity(self) -> float:
        """The position, signed units."""
        return float(self._algorithm.portfolio[self._symbol].quantity)

    @property
    def position(self) -> int:
        """The position, signed lots."""
        return self.lots(self.quantity)

    def lots(self, quantity: float) -> int:
        """A signed quantity in lots."""
        return whole_lots(float(quantity), self.terms.lot_size)

    @property
    def equity(self) -> float:
        """The portfolio's value."""
        return float(self._algorithm.portfolio.total_portfolio_value)

    def equity_once_flat(self) -> float:
        """Equity as it would be after the position's close at the market now."""
        quantity = self.quantity
        if quantity == 0:
            return self.equity
        security = self._algorithm.securities[self._symbol]
        price = float(security.price)
        slip = self.terms.slippage * price
        estimate = float(security.bid_price) - slip if quantity > 0 else float(security.ask_price) + slip
        return self.equity + quantity * (estimate - price) - self.terms.fee(-quantity, estimate)

    def owns(self, symbol: Any) -> bool:
        """Whether `symbol` is the security's."""
        return bool(symbol == self._symbol)

    def open_orders(self) -> list[OpenOrder]:
        """The security's open orders, the oldest first, those asked to cancel included."""
        tickets = self._algorithm.transactions.get_open_order_tickets(self._symbol)
        orders = [OpenOrder(ticket, *self._read_tag(ticket)) for ticket in tickets]
        return sorted(orders, key=lambda order: order.id)

    def remaining(self, order: OpenOrder) -> int:
        """What is left to fill of an order, signed lots."""
        return self.lots(order.ticket.quantity - order.ticket.quantity_filled)

    def stop_price(self, order: OpenOrder) -> float:
        """Present stop price of a stop order."""
        return float(self._algorithm.transactions.get_order_by_id(order.id).stop_price)

    def trade(self, lots: int, role: Role, plan: Plan | None) -> None:
        """Send a market order."""
        tag = order_tag(self._name, role, plan)
        # Live, waiting for a fill would block the thread that has to report it.
        self._algorithm.market_order(self._symbol, self._units(lots), self.live, tag)

    def rest(self, lots: int, role: Role, plan: Plan) -> int:
        """Send the stop or the target of `plan`; the order's id."""
        send, price = (
            (self._algorithm.stop_market_order, plan.stop)
            if role is Role.STOP
            else (self._algorithm.limit_order, plan.target)
        )
        tag = order_tag(self._name, role, plan)
        return int(send(self._symbol, self._units(lots), price, self.live, tag).order_id)

    def resize(self, order: OpenOrder, lots: int) -> None:
        """Ask for `lots` to be what is left of an order."""
        filled = self.lots(order.ticket.quantity_filled)
        order.ticket.update_quantity(self._units(filled + lots))

    def log(self, message: str) -> None:
        """Write to the algorithm's log."""
        self._algorithm.log(f"{self._name}: {message}")

    def error(self, message: str) -> None:
        """Write to the algorithm's log as an error."""
        self._algorithm.error(f"{self._name}: {message}")

    def _units(self, lots: int) -> float:
        return lots * self.terms.lot_size

    def _read_tag(self, ticket: Ticket) -> tuple[Role | None, Plan | None]:
        return parse_tag(self._name, ticket.tag or "") or (None, None)
