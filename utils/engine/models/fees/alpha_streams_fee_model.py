"""Fees of Alpha Streams."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ZERO
from utils.engine.enums import SecurityType
from utils.engine.models.fees.bitfinex_fee_model import bitfinex_rate
from utils.engine.models.fees.fee_model import FeeModel, quoted_price
from utils.engine.models.fees.interactive_brokers_fee_model import equity_fee
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_FOREX = Decimal("0.000002")
_PER_CONTRACT = Decimal("0.5")
_CONTRACTS = (SecurityType.OPTION, SecurityType.FUTURE, SecurityType.FUTURE_OPTION)


class AlphaStreamsFeeModel(FeeModel):
    """US shares as at Interactive Brokers, coins as at Bitfinex, contracts by number."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order.

        Raises:
            ArgumentException: another kind of security.
            KeyNotFoundException: shares of another market.
        """
        order, security = parameters.order, parameters.security
        if security.type in _CONTRACTS:
            return OrderFee(CashAmount(_PER_CONTRACT * abs(order.exact_quantity), "USD"))
        match security.type:
            case SecurityType.CFD:
                return OrderFee(CashAmount(ZERO, "USD"))
            case SecurityType.FOREX:
                return OrderFee(CashAmount(_FOREX * abs(order.exact_value(security)), "USD"))
            case SecurityType.CRYPTO:
                worth = quoted_price(order, security) * abs(order.exact_quantity)
                return OrderFee(CashAmount(worth * bitfinex_rate(parameters), security.quote_currency.symbol))
            case SecurityType.EQUITY:
                return equity_fee(order, security, "AlphaStreamsFeeModel", ("usa",))
        raise ArgumentException(f"Unsupported security type: {security.type}")
