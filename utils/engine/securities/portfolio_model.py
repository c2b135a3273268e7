"""What a fill does to cash and holdings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderDirection, SecurityType
from utils.engine.securities.cash_amount import CashAmount
from utils.engine.securities.winning import is_win

if TYPE_CHECKING:
    from utils.engine.orders.order_event import OrderEvent

# Derivatives that cost nothing up front.
_MARGINED = (SecurityType.FUTURE, SecurityType.CFD, SecurityType.CRYPTO_FUTURE)
_SWAPS = (SecurityType.FOREX, SecurityType.CRYPTO)


class SecurityPortfolioModel(DotNet):
    """Applies a fill: fee, cash through the settlement model, realized profit, holding."""

    def process_fill(self, portfolio: Any, security: Any, fill: OrderEvent) -> None:
        """Apply a fill to the portfolio."""
        holding = security.holdings
        quantity, price = fill.exact_fill_quantity, fill.exact_fill_price
        held, average = holding.exact_quantity, holding.exact_average_price
        holding.add_new_sale(holding.exact_quantity_value(abs(quantity), price))
        fee = self._charge(portfolio, security, fill)
        self._settle(portfolio, security, fill)
        closing = (held > 0 and fill.direction == OrderDirection.SELL) or (
            held < 0 and fill.direction == OrderDirection.BUY
        )
        if closing:
            self._realize(portfolio, security, fill, fee)
        holding.set_holdings(*_position_after(held, average, quantity, price))

    @staticmethod
    def _charge(portfolio: Any, security: Any, fill: OrderEvent) -> Decimal:
        amount = fill.order_fee.value
        if not amount.exact_amount:
            return ZERO
        fee: Decimal = portfolio.cash_book.in_account_currency(amount).exact_amount
        security.holdings.add_new_fee(fee)
        fill.order_fee.apply_to_portfolio(portfolio, fill)
        return fee

    @staticmethod
    def _settle(portfolio: Any, security: Any, fill: OrderEvent) -> None:
        quantity = fill.exact_fill_quantity
        if security.type not in _MARGINED:
            multiplier = security.symbol_properties.exact_contract_multiplier
            cost = -quantity * fill.exact_fill_price * multiplier
            apply_funds(portfolio, security, fill, CashAmount(cost, security.quote_currency.symbol))
        if security.type in _SWAPS:
            apply_funds(portfolio, security, fill, CashAmount(quantity, security.base_currency.symbol))

    def _realize(self, portfolio: Any, security: Any, fill: OrderEvent, fee: Decimal) -> None:
        profit = self.close_profit(portfolio, security, fill) * security.quote_currency.exact_conversion_rate
        security.holdings.add_new_profit(profit)
        security.holdings.set_last_trade_profit(profit)
        # The closing fee counts for the opening one too: LEAN's record of a round trip.
        after_fees = profit - 2 * fee
        portfolio.add_transaction_record(fill.utc_time, after_fees, is_win(fill, security, after_fees))

    def close_profit(self, portfolio: Any, security: Any, fill: OrderEvent) -> Decimal:
        """Profit of the part of a fill that closes a position, before fees, in the quote currency."""
        holding = security.holdings
        closed = min(abs(fill.exact_fill_quantity), holding.exact_absolute_quantity)
        signed = closed if fill.exact_fill_quantity < 0 else -closed
        multiplier = security.symbol_properties.exact_contract_multiplier
        sold, cost = fill.exact_fill_price * signed, holding.exact_average_price * signed
        profit: Decimal = sold * multiplier - cost * multiplier
        return profit


def apply_funds(portfolio: Any, security: Any, fill: OrderEvent, amount: CashAmount) -> None:
    """Give the account the money of a fill, through the security's settlement model."""
    from utils.engine.models.settlement.parameters import ApplyFundsSettlementModelParameters

    terms = ApplyFundsSettlementModelParameters(portfolio, security, fill.utc_time, amount, fill)
    security.settlement_model.apply_funds(terms)


def _position_after(
    held: Decimal, average: Decimal, quantity: Decimal, price: Decimal
) -> tuple[Decimal, Decimal]:
    """Average price and quantity after a fill."""
    after = held + quantity
    if not held:
        return price, quantity
    if (held > 0) == (quantity > 0):
        return (average * held + quantity * price) / after, after
    if not after:
        return ZERO, after
    return (average if (after > 0) == (held > 0) else price), after
