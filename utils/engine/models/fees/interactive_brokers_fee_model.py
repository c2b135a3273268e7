"""Interactive Brokers' commissions."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException, KeyNotFoundException
from utils.engine.dotnet.money import exact
from utils.engine.enums import SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

# Per share, least and greatest (as a fraction of the notional) of an order, by market.
_EQUITIES = {
    "usa": ("USD", Decimal("0.005"), Decimal(1), Decimal("0.005")),
    "india": ("INR", Decimal("0.01"), Decimal(6), Decimal(20)),
}
# By the most US dollars traded a month: rate and least of an order.
_FOREX = (
    (Decimal(10**9), Decimal("0.00002"), Decimal(2)),
    (Decimal(2 * 10**9), Decimal("0.000015"), Decimal("1.5")),
    (Decimal(5 * 10**9), Decimal("0.00001"), Decimal("1.25")),
    (None, Decimal("0.000008"), Decimal(1)),
)
_CFD_RATE = Decimal("0.00002")
_CFD_LEAST = {"JPY": Decimal(40), "HKD": Decimal(10)}


class InteractiveBrokersFeeModel(FeeModel):
    """Fees by kind of security; shares per share, with a least and a greatest."""

    def __init__(
        self,
        monthly_forex_trade_amount_in_us_dollars: float = 0,
        monthly_options_trade_amount_in_contracts: float = 0,
    ) -> None:
        traded = exact(monthly_forex_trade_amount_in_us_dollars)
        tier = next(row for row in _FOREX if row[0] is None or traded <= row[0])
        self._forex_rate, self._forex_least = tier[1:]

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        kind = security.type
        if kind == SecurityType.EQUITY:
            return equity_fee(order, security, "InteractiveBrokersFeeModel")
        if kind == SecurityType.FOREX:
            fee = abs(self._forex_rate * order.exact_value(security))
            return OrderFee(CashAmount(max(self._forex_least, fee), "USD"))
        if kind == SecurityType.CFD:
            currency = security.quote_currency.symbol
            fee = max(_CFD_RATE * abs(order.exact_value(security)), _CFD_LEAST.get(currency, Decimal(1)))
            return OrderFee(CashAmount(fee, currency))
        if kind in (SecurityType.CRYPTO, SecurityType.BASE, SecurityType.INDEX, SecurityType.CRYPTO_FUTURE):
            raise ArgumentException(f"Unsupported security type: {kind}")
        raise NotSupportedByEngine(f"InteractiveBrokersFeeModel of SecurityType.{kind}")


def equity_fee(order: Any, security: Any, model: str, markets: Iterable[str] = tuple(_EQUITIES)) -> OrderFee:
    """Fee of shares: by the share, with a least amount and a greatest rate of the notional.

    Raises:
        KeyNotFoundException: the model named has no fees for the security's market.
    """
    market = security.symbol.id.market
    if market not in markets:
        raise KeyNotFoundException(f"{model}(): unexpected equity Market {market}")
    currency, per_share, least, greatest_rate = _EQUITIES[market]
    fee = per_share * abs(order.exact_quantity)
    greatest = greatest_rate * abs(order.exact_value(security))
    if fee < least:
        fee = least
    elif fee > greatest:
        fee = greatest
    return OrderFee(CashAmount(abs(fee), currency))
