"""FTX."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ONE
from utils.engine.enums import AccountType, OrderDirection, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import Markets, SelectiveBrokerageModel
from utils.engine.models.fees.ftx_fee_model import FTXFeeModel
from utils.engine.models.fees.ftxus_fee_model import FTXUSFeeModel

_LEVERAGE = Decimal(3)


class FTXBrokerageModel(SelectiveBrokerageModel):
    """Coins; stops on the far side of the market; orders are not changed."""

    _securities = (SecurityType.CRYPTO,)
    _orders = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
    _fees = FTXFeeModel
    _markets: ClassVar[Markets] = {SecurityType.CRYPTO: "ftx"}
    _benchmark = ("BTCUSD", SecurityType.CRYPTO, "ftx")
    _takes_updates = False

    def _exact_leverage(self, security: Any) -> Decimal:
        return ONE if self.account_type == AccountType.CASH else _LEVERAGE

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield rules.least_size(security, order.exact_quantity)
        yield self._order_kind(security, order)
        if order.type in (OrderType.STOP_MARKET, OrderType.STOP_LIMIT):
            yield from _refusals_of_stop(security, order)
        yield rules.security_kind(self, security, self._securities)


def _refusals_of_stop(security: Any, order: Any) -> Iterator[Refusal]:
    if not security.has_data:
        yield rules.refusal(rules.NO_DATA)
    stop = order.exact_stop_price
    if order.direction == OrderDirection.SELL and stop > security.exact_bid_price:
        yield rules.refusal("Trigger price too high: must be below current market price.")
    if order.direction == OrderDirection.BUY and stop < security.exact_ask_price:
        yield rules.refusal("Trigger price too low: must be above current market price.")


class FTXUSBrokerageModel(FTXBrokerageModel):
    """FTX in the United States."""

    _fees = FTXUSFeeModel
    _markets: ClassVar[Markets] = {SecurityType.CRYPTO: "ftxus"}
    _benchmark = ("BTCUSD", SecurityType.CRYPTO, "ftxus")
