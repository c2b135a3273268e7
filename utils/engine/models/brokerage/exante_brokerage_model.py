"""Exante."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ONE
from utils.engine.enums import AccountType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.exante_fee_model import ExanteFeeModel

_LEVERAGE = {SecurityType.FOREX: Decimal("1.05"), SecurityType.EQUITY: Decimal("1.2")}


class ExanteBrokerageModel(SelectiveBrokerageModel):
    """Most securities; LEAN's model refuses orders without a price, which market orders of backtests are."""

    _securities = (
        SecurityType.FOREX,
        SecurityType.EQUITY,
        SecurityType.INDEX,
        SecurityType.OPTION,
        SecurityType.FUTURE,
        SecurityType.CFD,
        SecurityType.CRYPTO,
    )
    _fees = ExanteFeeModel

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        super().__init__(account_type)

    def _exact_leverage(self, security: Any) -> Decimal:
        return ONE if self._is_unlevered(security) else _LEVERAGE.get(security.type, ONE)

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        if not order.exact_price:
            yield rules.refusal("Price is not set.")
        yield rules.security_kind(self, security, self._securities)
