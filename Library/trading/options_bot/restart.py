"""Which orders of saved spreads the broker still has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from trading.execution.lean_desk import LeanDesk
from trading.execution.leg import Contract
from trading.execution.order_record import OrderRecord, OrderState, OrderUpdate
from trading.execution.spread import Spread
from trading.state.brokerage_view import BrokerOrder
from trading.state.matching import match_orders
from trading.state.trading_state import WorkingOrder

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def orders_at_the_broker(
    spreads: Iterable[Spread], tickets: Iterable[Any], desk: LeanDesk, symbol_of: Callable[[Contract], Any]
) -> dict[str, OrderUpdate]:
    """The broker's word on orders that were not done, by tag; the desk takes them over.

    Orders are found by tag, or, as not every brokerage gives tags back, by what was ordered. One that cannot
    be told from another is left as it was sent: nothing is sent in its place.

    Args:
        tickets: LEAN's, of open orders.
    """
    records: dict[str, OrderRecord] = {}
    written: list[WorkingOrder] = []
    for spread in spreads:
        for leg in (spread.long, spread.short):
            symbol = str(symbol_of(leg.contract).id)
            for order in leg.orders:
                if not order.done:
                    records[order.tag] = order
                    written.append(_written(order, symbol, spread.id, leg.role))
    present = [(_present(ticket), ticket) for ticket in tickets]
    matching = match_orders(written, [order for order, _ in present])
    found = {
        order.tag: desk.adopt(
            order.tag, next(t for one, t in present if one is other), records[order.tag].filled
        )
        for order, other, _ in matching.pairs
    }
    unclear = {order.tag: OrderUpdate(tag=order.tag, state=OrderState.SENT) for order in matching.ambiguous}
    return found | unclear


def _written(order: OrderRecord, symbol: str, owner: str, role: str) -> WorkingOrder:
    return WorkingOrder(
        tag=order.tag, symbol=symbol, quantity=order.quantity, owner=owner, purpose=role,
        order_type="MARKET" if order.limit is None else "LIMIT", limit_price=order.limit,
        filled=order.filled, intended_at=_LONG_AGO,
    )  # fmt: skip


def _present(ticket: Any) -> BrokerOrder:
    limit = getattr(ticket.submit_request, "limit_price", None)
    return BrokerOrder(
        symbol=str(ticket.symbol.id),
        quantity=float(ticket.quantity),
        tag=ticket.tag or "",
        order_type="LIMIT" if limit else "MARKET",
        limit_price=float(limit) if limit else None,
    )
