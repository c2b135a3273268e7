"""Zerodha."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE
from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage.selective_brokerage_model import Markets, SelectiveBrokerageModel
from utils.engine.models.fees.zerodha_fee_model import ZerodhaFeeModel
from utils.engine.orders.time_in_force import (
    DayTimeInForce,
    GoodTilCanceledTimeInForce,
    GoodTilDateTimeInForce,
)

_LEVERAGE = Decimal(5)
_LEVERED = (SecurityType.EQUITY, SecurityType.FUTURE, SecurityType.OPTION, SecurityType.INDEX)


class ZerodhaBrokerageModel(SelectiveBrokerageModel):
    """Indian shares."""

    _securities = (SecurityType.EQUITY,)
    _orders = (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
    _times_in_force = (GoodTilCanceledTimeInForce, DayTimeInForce, GoodTilDateTimeInForce)
    _fees = ZerodhaFeeModel
    _markets: ClassVar[Markets] = {SecurityType.EQUITY: "india"}

    def can_execute_order(self, security: Any, order: Any) -> bool:
        """What it trades."""
        return security.type in self._securities and isinstance(order.time_in_force, self._times_in_force)

    def _exact_leverage(self, security: Any) -> Decimal:
        if self._is_unlevered(security):
            return ONE
        if security.type not in _LEVERED:
            raise ArgumentException(f"Invalid security type: {security.type} (Parameter 'security')")
        return _LEVERAGE
