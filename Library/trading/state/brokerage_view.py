"""What the account holds and has working, as LEAN tells it after it has asked the brokerage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class BrokerOrder:
    """An open order.

    Attributes:
        symbol: LEAN's security identifier.
        quantity: signed units; after a restart perhaps only what is left of a partly filled order.
        tag: as sent; many brokerages do not give it back after a restart.
        broker_ids: as the brokerage calls it.
        order_type: LEAN's name, such as ``LIMIT``.
    """

    symbol: str
    quantity: float
    tag: str = ""
    broker_ids: tuple[str, ...] = ()
    order_type: str = "MARKET"
    limit_price: float | None = None
    stop_price: float | None = None


@dataclass(frozen=True)
class BrokerageView:
    """Holdings (signed units by symbol) and open orders."""

    holdings: Mapping[str, float]
    orders: tuple[BrokerOrder, ...]


class Algorithm(Protocol):
    """The part of QCAlgorithm that is read."""

    @property
    def portfolio(self) -> Any:
        """Holdings by symbol."""

    @property
    def transactions(self) -> Any:
        """The order book."""


def brokerage_view(algorithm: Algorithm) -> BrokerageView:
    """The account of a LEAN algorithm; from `initialize`'s end on, it holds what the brokerage reported."""
    holdings = {
        str(holding.symbol.id): float(holding.quantity)
        for holding in algorithm.portfolio.values()
        if float(holding.quantity)
    }
    orders = tuple(_broker_order(order) for order in algorithm.transactions.get_open_orders())
    return BrokerageView(holdings, orders)


def _broker_order(order: Any) -> BrokerOrder:
    return BrokerOrder(
        symbol=str(order.symbol.id),
        quantity=float(order.quantity),
        tag=order.tag or "",
        broker_ids=tuple(str(identity) for identity in order.broker_id),
        order_type=_name(order.type),
        limit_price=_price(order, "limit_price"),
        stop_price=_price(order, "stop_price"),
    )


def _name(order_type: Any) -> str:
    """LIMIT for .NET's `OrderType.Limit`, STOP_MARKET for `OrderType.StopMarket`."""
    name = str(order_type).rpartition(".")[2]
    spread = "".join(f"_{letter}" if letter.isupper() else letter for letter in name)
    return name if name.isupper() else spread.lstrip("_").upper()


def _price(order: Any, name: str) -> float | None:
    price = getattr(order, name, None)
    return None if price is None else float(price)
