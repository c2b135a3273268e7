"""What a fill of an option does to cash and holdings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from utils.engine.dotnet.money import normalize, text
from utils.engine.enums import OrderType, SettlementType
from utils.engine.securities.cash_amount import CashAmount
from utils.engine.securities.portfolio_model import SecurityPortfolioModel, apply_funds

if TYPE_CHECKING:
    from utils.engine.orders.order_event import OrderEvent


class OptionPortfolioModel(SecurityPortfolioModel):
    """As of any security; an exercise settles in money where nothing is delivered, and tells its profit."""

    def process_fill(self, portfolio: Any, security: Any, fill: OrderEvent) -> None:
        """Apply a fill to the portfolio."""
        super().process_fill(portfolio, security, fill)
        if _is_exercise(fill):
            profit = security.holdings.exact_last_trade_profit
            word = f"Profit: +{text(profit)}" if profit >= 0 else f"Loss: {text(profit)}"
            fill.message += f". {word}"

    def close_profit(self, portfolio: Any, security: Any, fill: OrderEvent) -> Decimal:
        """Profit of the part of a fill that closes; exercise settled in money pays it here."""
        profit = super().close_profit(portfolio, security, fill)
        if not _is_exercise(fill) or security.exercise_settlement != SettlementType.CASH:
            return profit
        assert fill.ticket is not None
        paid = (
            -security.exact_intrinsic_value(security.underlying.exact_close)
            * security.contract_unit_of_trade
            * fill.ticket.exact_quantity
        )
        if not paid:
            return profit
        apply_funds(portfolio, security, fill, CashAmount(paid, security.quote_currency.symbol))
        return profit + normalize(paid)


def _is_exercise(fill: OrderEvent) -> bool:
    return fill.ticket is not None and fill.ticket.order_type == OrderType.OPTION_EXERCISE
