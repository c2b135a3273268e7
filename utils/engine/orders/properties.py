"""What a brokerage is told about an order."""

from __future__ import annotations

import copy
from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.orders.time_in_force import TimeInForce


class OrderProperties(DotNet):
    """Properties every brokerage knows: how long the order rests, and on which exchange."""

    time_in_force: TimeInForce
    exchange: Any

    def __init__(self, exchange: Any = None) -> None:
        self.time_in_force = TimeInForce.GOOD_TIL_CANCELED
        self.exchange = exchange

    def clone(self) -> OrderProperties:
        """A copy of its own."""
        return copy.copy(self)
