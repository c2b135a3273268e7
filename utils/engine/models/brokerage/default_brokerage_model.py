"""A brokerage that takes every order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ONE, DecimalFloat, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import AccountType, OrderField, OrderType, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.symbol import Symbol
from utils.engine.models.buying_power.cash_buying_power_model import CashBuyingPowerModel
from utils.engine.models.buying_power.option_margin_model import OptionMarginModel
from utils.engine.models.buying_power.security_margin_model import SecurityMarginModel
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel
from utils.engine.models.fees.interactive_brokers_fee_model import InteractiveBrokersFeeModel
from utils.engine.models.fills.equity_fill_model import EquityFillModel
from utils.engine.models.fills.immediate_fill_model import ImmediateFillModel
from utils.engine.models.interest.null_margin_interest_rate_model import MarginInterestRateModel
from utils.engine.models.settlement.delayed_settlement_model import DelayedSettlementModel
from utils.engine.models.settlement.immediate_settlement_model import ImmediateSettlementModel
from utils.engine.models.shortable.null_shortable_provider import NullShortableProvider
from utils.engine.models.slippage.null_slippage_model import NullSlippageModel
from utils.engine.orders.requests import UpdateOrderFields

DEFAULT_MARKETS: Mapping[SecurityType, str] = {
    SecurityType.BASE: "usa",
    SecurityType.EQUITY: "usa",
    SecurityType.OPTION: "usa",
    SecurityType.FUTURE: "cme",
    SecurityType.FUTURE_OPTION: "cme",
    SecurityType.FOREX: "oanda",
    SecurityType.CFD: "oanda",
    SecurityType.CRYPTO: "coinbase",
    SecurityType.CRYPTO_FUTURE: "binance",
    SecurityType.INDEX: "usa",
    SecurityType.INDEX_OPTION: "usa",
}
_LEVERAGE = {
    SecurityType.EQUITY: Decimal(2),
    SecurityType.FOREX: Decimal(50),
    SecurityType.CFD: Decimal(50),
    SecurityType.CRYPTO_FUTURE: Decimal(25),
}
# Of cash accounts: money of sold shares is there on the next trading day, at this time.
SETTLEMENT_DAYS, SETTLEMENT_TIME = 1, timedelta(hours=6)


_WITHOUT_MODEL = (SecurityType.FUTURE, SecurityType.FUTURE_OPTION, SecurityType.CRYPTO_FUTURE)


class DefaultBrokerageModel(DotNet):
    """LEAN's when the algorithm names none: takes every order, Interactive Brokers' fees on shares."""

    account_type: AccountType

    def __init__(self, account_type: AccountType = AccountType.MARGIN) -> None:
        self.account_type = account_type

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """Market of each kind of security."""
        return DEFAULT_MARKETS

    @property
    def required_free_buying_power_percent(self) -> float:
        """Fraction of the account that stays free."""
        return 0.0

    # Orders

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Whether the brokerage takes an order: alone, or with a message."""
        return True, None

    def can_update_order(self, security: Any, order: Any, request: Any, message: Any = None) -> Any:
        """Whether the brokerage takes a change."""
        return True, None

    def can_execute_order(self, security: Any, order: Any) -> bool:
        """Whether an order may fill now."""
        return True

    def apply_split(self, tickets: list[Any], split: Any) -> None:
        """Change open orders so that their notional stays."""
        factor = exact(split.split_factor)
        for ticket in tickets:
            fields = UpdateOrderFields()
            fields.quantity = int(ticket.exact_quantity / factor)
            kind = ticket.order_type
            if kind in (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED):
                fields.limit_price = float(exact(ticket.get(OrderField.LIMIT_PRICE)) * factor)
            if kind in (OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP):
                fields.stop_price = float(exact(ticket.get(OrderField.STOP_PRICE)) * factor)
            if kind == OrderType.LIMIT_IF_TOUCHED:
                fields.trigger_price = float(exact(ticket.get(OrderField.TRIGGER_PRICE)) * factor)
            if kind == OrderType.TRAILING_STOP and not ticket.get(OrderField.TRAILING_AS_PERCENTAGE):
                fields.trailing_amount = float(exact(ticket.get(OrderField.TRAILING_AMOUNT)) * factor)
            ticket.update(fields)

    # Models

    def get_leverage(self, security: Any) -> float:
        """Leverage of a kind of security."""
        return DecimalFloat(self._exact_leverage(security))

    def _exact_leverage(self, security: Any) -> Decimal:
        """Leverage of a kind of security, as brokerages override it."""
        if self.account_type == AccountType.CASH:
            return ONE
        return _LEVERAGE.get(security.type, ONE)

    def get_benchmark(self, securities: Any) -> Any:
        """Symbol of the benchmark, or a function of time."""
        return Symbol.create("SPY", SecurityType.EQUITY, "usa")

    def get_fill_model(self, security: Any) -> Any:
        """How orders are filled."""
        return EquityFillModel() if security.type == SecurityType.EQUITY else ImmediateFillModel()

    def get_fee_model(self, security: Any) -> Any:
        """What orders cost."""
        if security.type in (SecurityType.EQUITY, SecurityType.OPTION):
            return InteractiveBrokersFeeModel()
        return ConstantFeeModel(0)

    def get_slippage_model(self, security: Any) -> Any:
        """How far orders move the price."""
        return NullSlippageModel.INSTANCE

    def get_settlement_model(self, security: Any) -> Any:
        """When money is there."""
        delayed = security.type in (SecurityType.EQUITY, SecurityType.OPTION)
        if self.account_type == AccountType.CASH and delayed:
            return DelayedSettlementModel(SETTLEMENT_DAYS, SETTLEMENT_TIME)
        return ImmediateSettlementModel()

    def get_buying_power_model(self, security: Any) -> Any:
        """What positions tie up."""
        if security.type in (SecurityType.OPTION, SecurityType.INDEX_OPTION):
            return OptionMarginModel(self.required_free_buying_power_percent)
        if security.type in _WITHOUT_MODEL:
            raise NotSupportedByEngine(f"margin of SecurityType.{security.type}")
        pair = security.type in (SecurityType.CRYPTO, SecurityType.FOREX)
        if pair and self.account_type == AccountType.CASH:
            return CashBuyingPowerModel()
        return SecurityMarginModel(self._exact_leverage(security))

    def get_shortable_provider(self, security: Any) -> Any:
        """How much can be sold short."""
        return NullShortableProvider.INSTANCE

    def get_margin_interest_rate_model(self, security: Any) -> Any:
        """What borrowed money costs."""
        return MarginInterestRateModel.NULL
