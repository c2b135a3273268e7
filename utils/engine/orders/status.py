"""What a status or a type of an order means."""

from __future__ import annotations

from utils.engine.enums import OrderDirection, OrderStatus, OrderType

CLOSED = frozenset({OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.INVALID})
FILLS = frozenset({OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED})
COMBOS = frozenset({OrderType.COMBO_MARKET, OrderType.COMBO_LIMIT, OrderType.COMBO_LEG_LIMIT})


def is_closed(status: OrderStatus) -> bool:
    """Whether nothing more will happen to an order."""
    return status in CLOSED


def is_open(status: OrderStatus) -> bool:
    """Whether an order may still be filled."""
    return status not in CLOSED


def is_fill(status: OrderStatus) -> bool:
    """Whether a status tells of shares that changed hands."""
    return status in FILLS


def direction_of(quantity: object) -> OrderDirection:
    """Side of a signed quantity."""
    if quantity > 0:  # type: ignore[operator]  # decimals and floats alike
        return OrderDirection.BUY
    return OrderDirection.SELL if quantity < 0 else OrderDirection.HOLD  # type: ignore[operator]
