"""Brokerages of shares: Interactive Brokers, Charles Schwab, Axos, Alpaca; and Oanda of currencies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ONE, text
from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.brokerage.brokerage_message_event import unsupported
from utils.engine.models.brokerage.default_brokerage_model import DEFAULT_MARKETS, DefaultBrokerageModel
from utils.engine.models.fees.alpaca_fee_model import AlpacaFeeModel
from utils.engine.models.fees.axos_fee_model import AxosFeeModel
from utils.engine.models.fees.charles_schwab_fee_model import CharlesSchwabFeeModel
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel
from utils.engine.models.fees.interactive_brokers_fee_model import InteractiveBrokersFeeModel
from utils.engine.models.shortable.local_disk_shortable_provider import LocalDiskShortableProvider


def no_benchmark(_time: Any) -> float:
    """A benchmark that never moves."""
    return 0.0


class InteractiveBrokersBrokerageModel(DefaultBrokerageModel):
    """Interactive Brokers: shares, currencies, contracts for difference."""

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """No coins."""
        markets = {kind: market for kind, market in DEFAULT_MARKETS.items() if "CRYPTO" not in kind.name}
        return {**markets, SecurityType.CFD: "interactivebrokers"}

    def get_benchmark(self, securities: Any) -> Any:
        """None."""
        return no_benchmark

    def get_fee_model(self, security: Any) -> Any:
        """Interactive Brokers'."""
        return InteractiveBrokersFeeModel()

    def get_leverage(self, security: Any) -> Decimal | float:
        """Ten on contracts for difference."""
        if self.account_type != AccountType.CASH and security.type == SecurityType.CFD:
            return Decimal(10)
        return super().get_leverage(security)

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Most orders in shares, currencies and contracts for difference."""
        kinds = (SecurityType.EQUITY, SecurityType.FOREX, SecurityType.INDEX, SecurityType.CFD)
        verdict = self._check_kinds(security, order, kinds, list(OrderType))
        if not verdict[0]:
            return verdict
        if order.type == OrderType.MARKET_ON_CLOSE and security.type != SecurityType.EQUITY:
            return unsupported(
                "InteractiveBrokers does not support Market-on-Close orders for other security types "
                "different than Future and Equity."
            )
        return True, None

    def can_execute_order(self, security: Any, order: Any) -> bool:
        """No custom data."""
        return bool(order.security_type != SecurityType.BASE)


class CharlesSchwabBrokerageModel(DefaultBrokerageModel):
    """Charles Schwab: shares."""

    def get_fee_model(self, security: Any) -> Any:
        """Shares are free."""
        return CharlesSchwabFeeModel()

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Shares, most kinds of orders."""
        kinds = (
            OrderType.MARKET,
            OrderType.LIMIT,
            OrderType.STOP_MARKET,
            OrderType.COMBO_MARKET,
            OrderType.COMBO_LIMIT,
            OrderType.MARKET_ON_CLOSE,
            OrderType.MARKET_ON_OPEN,
            OrderType.STOP_LIMIT,
        )
        return self._check_kinds(security, order, (SecurityType.EQUITY,), kinds)


class AxosClearingBrokerageModel(DefaultBrokerageModel):
    """Axos: whole shares."""

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """Shares only."""
        return {SecurityType.EQUITY: "usa"}

    def get_benchmark(self, securities: Any) -> Any:
        """None."""
        return no_benchmark

    def get_fee_model(self, security: Any) -> Any:
        """Axos'."""
        return AxosFeeModel()

    def get_shortable_provider(self, security: Any) -> Any:
        """Axos' lists."""
        if security.type == SecurityType.EQUITY:
            return LocalDiskShortableProvider("axos")
        return super().get_shortable_provider(security)

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Whole shares, three kinds of orders."""
        kinds = (OrderType.LIMIT, OrderType.MARKET, OrderType.MARKET_ON_CLOSE)
        verdict = self._check_kinds(security, order, (SecurityType.EQUITY,), kinds)
        if verdict[0] and order.exact_quantity % 1:
            return unsupported(
                f"Order Quantity must be Integer, but provided {text(abs(order.exact_quantity))}."
            )
        return verdict


class AlpacaBrokerageModel(DefaultBrokerageModel):
    """Alpaca: shares and coins."""

    def get_fee_model(self, security: Any) -> Any:
        """Alpaca's."""
        return AlpacaFeeModel()

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Shares and coins."""
        kinds = (
            OrderType.MARKET,
            OrderType.LIMIT,
            OrderType.STOP_MARKET,
            OrderType.STOP_LIMIT,
            OrderType.TRAILING_STOP,
            OrderType.MARKET_ON_OPEN,
            OrderType.MARKET_ON_CLOSE,
        )
        return self._check_kinds(security, order, (SecurityType.EQUITY, SecurityType.CRYPTO), kinds)


class OandaBrokerageModel(DefaultBrokerageModel):
    """Oanda: currencies and contracts for difference, without fees."""

    def get_benchmark(self, securities: Any) -> Any:
        """The euro."""
        return Symbol.create("EURUSD", SecurityType.FOREX, "oanda")

    def get_fee_model(self, security: Any) -> Any:
        """None."""
        return ConstantFeeModel(0)

    def get_leverage(self, security: Any) -> Decimal:
        """Fifty on currencies, ten on contracts for difference."""
        if self.account_type == AccountType.CASH:
            return ONE
        return {SecurityType.FOREX: Decimal(50), SecurityType.CFD: Decimal(10)}.get(security.type, ONE)

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Currencies and contracts for difference."""
        kinds = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET)
        return self._check_kinds(security, order, (SecurityType.FOREX, SecurityType.CFD), kinds)
