"""A cash account of currencies: what is not there cannot be spent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import (
    ArgumentException,
    InvalidOperationException,
    NotImplementedException,
)
from utils.engine.dotnet.money import ONE, ZERO, DecimalFloat, exact, normalize, text
from utils.engine.dotnet.surface import engines_own
from utils.engine.enums import OrderDirection, OrderType
from utils.engine.models.buying_power.buying_power_model import BuyingPowerModel
from utils.engine.models.buying_power.parameters import (
    BuyingPower,
    BuyingPowerParameters,
    GetMaximumOrderQuantityForDeltaBuyingPowerParameters,
    GetMaximumOrderQuantityForTargetBuyingPowerParameters,
    GetMaximumOrderQuantityResult,
    HasSufficientBuyingPowerForOrderParameters,
    HasSufficientBuyingPowerForOrderResult,
    ReservedBuyingPowerForPosition,
    ReservedBuyingPowerForPositionParameters,
)
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.orders.kinds import MarketOrder

_PRICE_OF = {
    OrderType.LIMIT: "exact_limit_price",
    OrderType.STOP_MARKET: "exact_stop_price",
    OrderType.STOP_LIMIT: "exact_limit_price",
    OrderType.LIMIT_IF_TOUCHED: "exact_limit_price",
    OrderType.TRAILING_STOP: "exact_stop_price",
}


class CashBuyingPowerModel(BuyingPowerModel):
    """Buys with the quote currency that is there, sells the base currency that is there."""

    def __init__(self) -> None:
        super().__init__(ONE, ZERO, ZERO)

    def get_leverage(self, security: Any) -> float:
        """None."""
        return DecimalFloat(ONE)

    def set_leverage(self, security: Any, leverage: float | Decimal) -> None:
        """Refuse any.

        Raises:
            InvalidOperationException: a leverage other than one.
        """
        if exact(leverage) != 1:
            raise InvalidOperationException(
                "CashBuyingPowerModel does not allow setting leverage. Cash accounts have no leverage."
            )

    def has_sufficient_buying_power_for_order(
        self, parameters: HasSufficientBuyingPowerForOrderParameters
    ) -> HasSufficientBuyingPowerForOrderResult:
        """Whether the currency an order costs is there and not reserved by open orders."""
        order, security, portfolio = parameters.order, parameters.security, parameters.portfolio
        base = getattr(security, "base_currency", None)
        if base is None:
            return parameters.insufficient(
                f"The '{security.symbol.value}' security is not supported by this cash model. "
                "Currently only SecurityType.Crypto and SecurityType.Forex are supported."
            )
        buying = order.direction == OrderDirection.BUY
        price = _order_price(security, order)
        total = security.quote_currency.exact_amount if buying else base.exact_amount
        needed = abs(order.exact_quantity) * (price if buying else ONE)
        reserved = _reserved(portfolio, security, order)
        if not buying:
            if needed <= total - reserved:
                return parameters.sufficient()
            return parameters.insufficient(
                f"Your portfolio holds {_show(total)} {base.symbol}, {_show(reserved)} {base.symbol} "
                "of which are reserved for open orders, but your Sell order is for "
                f"{_show(needed)} {base.symbol}. "
                "Cash Modeling trading does not permit short holdings so ensure you only sell what you have, "
                "including any additional open orders."
            )
        maximum = self._most_to_spend(portfolio, security, order, total, reserved, price)
        if needed <= maximum:
            return parameters.sufficient()
        quote = security.quote_currency.symbol
        return parameters.insufficient(
            f"Your portfolio holds {_show(total)} {quote}, {_show(reserved)} {quote} of which are "
            f"reserved for open orders, but your Buy order is for {_show(abs(order.exact_quantity))} "
            f"{base.symbol}. Your order requires a total value of {_show(needed)} {quote}, but only a total "
            f"value of {_show(abs(maximum))} {quote} is available."
        )

    def _most_to_spend(
        self, portfolio: Any, security: Any, order: Any, total: Decimal, reserved: Decimal, price: Decimal
    ) -> Decimal:
        """Quote currency a purchase may cost."""
        book, quote, base = portfolio.cash_book, security.quote_currency.symbol, security.base_currency
        if order.type == OrderType.MARKET:
            held = book.exact_convert(base.exact_amount, base.symbol, quote)
            target = book.exact_convert(total - reserved + held, quote)
            worth = portfolio.exact_total_portfolio_value
            terms = GetMaximumOrderQuantityForTargetBuyingPowerParameters(
                portfolio, security, target / worth if worth else ZERO, ZERO
            )
            quantity = engines_own(self, "get_maximum_order_quantity_for_target_buying_power")(terms)
            return abs(exact(quantity.exact_quantity) * price)
        fee = ZERO
        if order.type == OrderType.LIMIT:
            amount = security.fee_model.get_order_fee(OrderFeeParameters(security, order)).value
            fee = book.exact_convert(amount.exact_amount, amount.currency, quote)
        return total - reserved - fee

    def get_maximum_order_quantity_for_delta_buying_power(
        self, parameters: GetMaximumOrderQuantityForDeltaBuyingPowerParameters
    ) -> GetMaximumOrderQuantityResult:
        """Not of a cash account.

        Raises:
            NotImplementedException: always, as LEAN.
        """
        raise NotImplementedException(
            "The CashBuyingPowerModel does not require 'GetMaximumOrderQuantityForDeltaBuyingPower'."
        )

    def get_maximum_order_quantity_for_target_buying_power(
        self, parameters: GetMaximumOrderQuantityForTargetBuyingPowerParameters
    ) -> GetMaximumOrderQuantityResult:
        """Greatest quantity that brings the base currency to a share of the account, fees included."""
        security, portfolio = parameters.security, parameters.portfolio
        target = parameters.exact_target_buying_power * portfolio.exact_total_portfolio_value
        base = getattr(security, "base_currency", None)
        if target < 0:
            return GetMaximumOrderQuantityResult(ZERO, "The cash model does not allow shorting.")
        if base is None:
            return GetMaximumOrderQuantityResult(ZERO, "The security type must be Cryptoor Forex.")
        if not target:
            return GetMaximumOrderQuantityResult(-base.exact_amount)
        book = portfolio.cash_book
        held = book.exact_convert(base.exact_amount, base.symbol)
        value, buying = abs(target - held), target > held
        unit = security.exact_ask_price if buying else security.exact_bid_price
        rate = security.quote_currency.exact_conversion_rate
        unit = unit * (rate * security.symbol_properties.exact_contract_multiplier)
        if not unit:
            from utils.engine.algorithm.order_checks import zero_price_message

            reason = zero_price_message(security.symbol)
            if not rate:
                reason = (
                    f"The internal cash feed required for converting {security.quote_currency.symbol} to "
                    f"{book.account_currency} does not have any data yet (or market may be closed)."
                )
            return GetMaximumOrderQuantityResult(ZERO, reason)
        lot = security.symbol_properties.exact_lot_size
        quantity = value / unit
        quantity -= quantity % lot
        small = f"The order quantity is less than the lot size of {text(lot)} and has been rounded to zero."
        if not quantity:
            return GetMaximumOrderQuantityResult(ZERO, small, False)
        cost = last = ZERO
        while True:
            if cost > value:
                quantity -= max((cost - value) / (cost / quantity), lot)
            quantity -= quantity % lot
            if quantity <= 0:
                return GetMaximumOrderQuantityResult(ZERO, small)
            if last == quantity:
                raise ArgumentException(
                    f"The order for {security.symbol} failed to converge on {text(value)}"
                )
            last = quantity
            order = MarketOrder(security.symbol, quantity, security.utc_time)
            fee = security.fee_model.get_order_fee(OrderFeeParameters(security, order)).value
            cost = quantity * unit + book.in_account_currency(fee).exact_amount
            if cost <= value:
                return GetMaximumOrderQuantityResult(quantity if buying else -quantity)

    def get_reserved_buying_power_for_position(
        self, parameters: ReservedBuyingPowerForPositionParameters
    ) -> ReservedBuyingPowerForPosition:
        """Nothing: the currency is owned."""
        return parameters.result_in_account_currency(ZERO)

    def get_buying_power(self, parameters: BuyingPowerParameters) -> BuyingPower:
        """What can be bought or sold, in the base currency."""
        security = parameters.security
        base = getattr(security, "base_currency", None)
        price = security.exact_price * security.symbol_properties.exact_contract_multiplier
        if base is None or not price:
            return parameters.result_in_account_currency(ZERO)
        if parameters.direction == OrderDirection.BUY:
            return parameters.result(security.quote_currency.exact_amount / price, base.symbol)
        if parameters.direction == OrderDirection.SELL:
            return parameters.result(base.exact_amount, base.symbol)
        return parameters.result_in_account_currency(ZERO)


def _order_price(security: Any, order: Any) -> Decimal:
    if order.type == OrderType.MARKET:
        price: Decimal = security.exact_price
        return price
    return getattr(order, _PRICE_OF.get(order.type, ""), ZERO)


def _reserved(portfolio: Any, security: Any, order: Any) -> Decimal:
    """What other resting orders of the same side will take of the currency an order costs."""
    buying = order.direction == OrderDirection.BUY
    wanted = security.quote_currency.symbol if buying else security.base_currency.symbol
    sides = {}
    for other in portfolio.securities.active():
        base = getattr(other, "base_currency", None)
        if base is None:
            continue
        if base.symbol == wanted:
            sides[other.symbol] = OrderDirection.SELL
        elif other.quote_currency.symbol == wanted:
            sides[other.symbol] = OrderDirection.BUY
    reserved = ZERO
    for waiting in portfolio.transactions.processor.records.open_orders():
        resting = waiting.type in (OrderType.LIMIT, OrderType.STOP_MARKET)
        if waiting.id == order.id or not resting or sides.get(waiting.symbol) != waiting.direction:
            continue
        other = portfolio.securities[waiting.symbol]
        quoted = other.quote_currency.symbol == wanted
        reserved += abs(waiting.exact_quantity) * (_order_price(security, waiting) if quoted else ONE)
    return reserved


def _show(value: Decimal) -> str:
    return text(normalize(value))
