"""Alpha Streams."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE
from utils.engine.enums import AccountType, SecurityType
from utils.engine.models.brokerage.default_brokerage_model import DefaultBrokerageModel
from utils.engine.models.fees.alpha_streams_fee_model import AlphaStreamsFeeModel
from utils.engine.models.settlement.immediate_settlement_model import ImmediateSettlementModel
from utils.engine.models.slippage.alpha_streams_slippage_model import AlphaStreamsSlippageModel

_CURRENCY_LEVERAGE = Decimal(10)


class AlphaStreamsBrokerageModel(DefaultBrokerageModel):
    """Takes every order on a margin account that has leverage on currencies only."""

    def __init__(self, account_type: AccountType = AccountType.MARGIN) -> None:
        if account_type == AccountType.CASH:
            raise ArgumentException(
                "The Alpha Streams brokerage does not currently support Cash trading. "
                "(Parameter 'accountType')"
            )
        super().__init__(account_type)

    def get_fee_model(self, security: Any) -> Any:
        """Alpha Streams'."""
        return AlphaStreamsFeeModel()

    def get_slippage_model(self, security: Any) -> Any:
        """Alpha Streams'."""
        return AlphaStreamsSlippageModel()

    def get_settlement_model(self, security: Any) -> Any:
        """At once."""
        return ImmediateSettlementModel()

    def _exact_leverage(self, security: Any) -> Decimal:
        return _CURRENCY_LEVERAGE if security.type in (SecurityType.FOREX, SecurityType.CFD) else ONE
