"""Oanda."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel
from utils.engine.models.settlement.immediate_settlement_model import (
    AccountCurrencyImmediateSettlementModel,
    ImmediateSettlementModel,
)
from utils.engine.orders.time_in_force import GoodTilCanceledTimeInForce

_MARKETS: Mapping[SecurityType, str] = {
    SecurityType.BASE: "usa",
    SecurityType.EQUITY: "usa",
    SecurityType.OPTION: "usa",
    SecurityType.FOREX: "oanda",
    SecurityType.CFD: "oanda",
}


class OandaBrokerageModel(SelectiveBrokerageModel):
    """Currencies and contracts for difference on margin accounts, without fees."""

    _securities = (SecurityType.FOREX, SecurityType.CFD)
    _orders = (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
    _times_in_force = (GoodTilCanceledTimeInForce,)
    _benchmark = ("EURUSD", SecurityType.FOREX, "oanda")

    def __init__(self, account_type: AccountType = AccountType.MARGIN) -> None:
        if account_type == AccountType.CASH:
            raise InvalidOperationException("Oanda brokerage can only be used with a Margin account type")
        super().__init__(account_type)

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """No coins, no futures."""
        return _MARKETS

    def get_fee_model(self, security: Any) -> Any:
        """None."""
        return ConstantFeeModel(0)

    def get_settlement_model(self, security: Any) -> Any:
        """At once; contracts for difference in the account's currency."""
        if security.type == SecurityType.CFD:
            return AccountCurrencyImmediateSettlementModel()
        return ImmediateSettlementModel()
