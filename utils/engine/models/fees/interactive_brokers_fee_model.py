"""Interactive Brokers' commissions."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.exceptions import ArgumentException, KeyNotFoundException
from utils.engine.dotnet.money import exact
from utils.engine.enums import OrderDirection, OrderType, SecurityType
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
_LOW: Final = Decimal("0.25")
# Of options, by the most contracts traded a month: dollars a contract by the least premium it is for.
_OPTIONS: Final = (
    (Decimal(10_000), ((Decimal("0.1"), Decimal("0.65")), (Decimal("0.05"), Decimal("0.5")), (None, _LOW))),
    (Decimal(50_000), ((Decimal("0.05"), Decimal("0.5")), (None, _LOW))),
    (Decimal(100_000), ((None, _LOW),)),
    (None, ((None, Decimal("0.15")),)),
)
_LEAST_OF_OPTIONS: Final = Decimal(1)
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
        contracts = exact(monthly_options_trade_amount_in_contracts)
        self._option_rates = next(rates for most, rates in _OPTIONS if most is None or contracts <= most)

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        kind = security.type
        if order.type == OrderType.OPTION_EXERCISE and order.symbol.security_type == SecurityType.OPTION:
            return OrderFee.ZERO
        if kind in (SecurityType.OPTION, SecurityType.INDEX_OPTION):
            return self._option_fee(order, security)
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

    def _option_fee(self, order: Any, security: Any) -> OrderFee:
        market = security.symbol.id.market
        if market != "usa":
            raise KeyNotFoundException(f"InteractiveBrokersFeeModel(): unexpected option Market {market}")
        premium = _premium(order, security)
        rate = next(rate for least, rate in self._option_rates if least is None or premium >= least)
        fee = max(abs(order.exact_quantity) * rate, _LEAST_OF_OPTIONS)
        return OrderFee(CashAmount(fee, "USD"))


def _premium(order: Any, security: Any) -> Decimal:
    """What a contract may be traded at: the order's own price, else the near side of the quote."""
    price: Decimal
    match order.type:
        case OrderType.STOP_MARKET | OrderType.TRAILING_STOP:
            price = order.exact_stop_price
        case OrderType.LIMIT | OrderType.STOP_LIMIT | OrderType.LIMIT_IF_TOUCHED | OrderType.COMBO_LEG_LIMIT:
            price = order.exact_limit_price
        case OrderType.COMBO_LIMIT:
            price = order.group_order_manager.exact_limit_price
        case OrderType.OPTION_EXERCISE:
            price = Decimal(0)
        case _:
            buying = order.direction == OrderDirection.BUY
            price = security.exact_bid_price if buying else security.exact_ask_price
    return price


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
