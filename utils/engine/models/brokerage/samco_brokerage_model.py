"""Samco."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE
from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import Markets, SelectiveBrokerageModel
from utils.engine.models.fees.samco_fee_model import SamcoFeeModel
from utils.engine.orders.time_in_force import (
    DayTimeInForce,
    GoodTilCanceledTimeInForce,
    GoodTilDateTimeInForce,
)

_LEVERAGE = Decimal(5)
_LEVERED = (SecurityType.EQUITY, SecurityType.FUTURE, SecurityType.OPTION, SecurityType.INDEX)


class SamcoBrokerageModel(SelectiveBrokerageModel):
    """Indian shares, options and futures."""

    _securities = (SecurityType.EQUITY, SecurityType.OPTION, SecurityType.FUTURE)
    _orders = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET)
    _times_in_force = (GoodTilCanceledTimeInForce, DayTimeInForce, GoodTilDateTimeInForce)
    _fees = SamcoFeeModel
    _markets: ClassVar[Markets] = {
        SecurityType.EQUITY: "india",
        SecurityType.FUTURE: "india",
        SecurityType.OPTION: "india",
    }
    _benchmark = ("NIFTYBEES", SecurityType.EQUITY, "india")

    def can_execute_order(self, security: Any, order: Any) -> bool:
        """What it trades."""
        return security.type in self._securities and isinstance(order.time_in_force, self._times_in_force)

    def _exact_leverage(self, security: Any) -> Decimal:
        if self._is_unlevered(security):
            return ONE
        if security.type not in _LEVERED:
            raise ArgumentException(f"Invalid security type: {security.type} (Parameter 'security')")
        return _LEVERAGE

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield rules.security_kind(self, security, self._securities)
        yield rules.time_in_force(self, order, self._times_in_force)
        yield self._order_kind(security, order)
