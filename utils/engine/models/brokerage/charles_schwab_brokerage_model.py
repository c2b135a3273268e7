"""Charles Schwab."""

from __future__ import annotations

from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.charles_schwab_fee_model import CharlesSchwabFeeModel


class CharlesSchwabBrokerageModel(SelectiveBrokerageModel):
    """Shares and options."""

    _securities = (SecurityType.EQUITY, SecurityType.OPTION, SecurityType.INDEX_OPTION)
    _orders = (
        OrderType.MARKET,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.COMBO_MARKET,
        OrderType.COMBO_LIMIT,
        OrderType.MARKET_ON_CLOSE,
        OrderType.MARKET_ON_OPEN,
        OrderType.STOP_LIMIT,
    )
    _fees = CharlesSchwabFeeModel
