"""Bloomberg over FIX."""

from __future__ import annotations

from utils.engine.dotnet.exceptions import NotSupportedException
from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel


class BloombergFixBrokerageModel(SelectiveBrokerageModel):
    """Shares, options and futures on margin accounts."""

    _securities = (
        SecurityType.EQUITY,
        SecurityType.OPTION,
        SecurityType.INDEX_OPTION,
        SecurityType.FUTURE,
    )
    _orders = (
        OrderType.MARKET,
        OrderType.MARKET_ON_OPEN,
        OrderType.MARKET_ON_CLOSE,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
    )

    def __init__(self, account_type: AccountType = AccountType.MARGIN) -> None:
        if account_type == AccountType.CASH:
            raise NotSupportedException("Bloomberg FIX brokerage can only be used with a Margin account type")
        super().__init__(account_type)
