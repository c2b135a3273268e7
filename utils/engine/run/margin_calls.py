"""Margin calls of a run: when the account has to be looked at, and what is done then."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.qc_algorithm import QCAlgorithm
from utils.engine.models.buying_power.security_margin_model import ConstantBuyingPowerModel
from utils.engine.securities.security import Security


class MarginCalls:
    """Asks the margin call model of an algorithm, and carries its orders out.

    Args:
        algorithm: whose account it is.
        warned: whether the algorithm wants to know that margin is about to run out.
    """

    def __init__(self, algorithm: QCAlgorithm, *, warned: bool) -> None:
        self._algorithm, self._warned = algorithm, warned

    def may_come(self) -> bool:
        """Whether the account could go bust, be called or warned of from one moment to the next."""
        portfolio = self._algorithm.portfolio
        if any(cash.exact_amount < 0 for cash in portfolio.cash_book.values()):
            return True
        securities = self._algorithm.securities.active()
        if any(security.holdings.is_short for security in securities):
            return True
        if not portfolio.invested:
            return False
        # Positions that are paid are not called, unless by a model of the user's; but they may be warned of.
        if self._warned or not _is_engines(portfolio.margin_call_model):
            return True
        return any(_may_tie_up_more(security) for security in securities if security.holdings.invested)

    def check(self) -> None:
        """Cut positions when margin has run out."""
        algorithm = self._algorithm
        if not algorithm.portfolio.invested:
            return
        model = algorithm.portfolio.margin_call_model
        requests, warn = model.get_margin_call_orders()
        done: list[Any] = []
        securities = algorithm.securities
        if requests and all(securities[request.symbol].exchange.exchange_open for request in requests):
            answer = algorithm.on_margin_call(requests)
            done = list(model.execute_margin_call(requests if answer is None else answer))
            for ticket in done:
                algorithm.error(
                    f"{algorithm.time} - Executed MarginCallOrder: {ticket.symbol} - Quantity: "
                    f"{ticket.quantity} "
                    f"@ {ticket.average_fill_price}"
                )
        if not done and warn:
            algorithm.on_margin_call_warning()


def _may_tie_up_more(security: Security) -> bool:
    """Whether a position may tie up more than it is worth."""
    model = security.buying_power_model
    return isinstance(model, ConstantBuyingPowerModel) or not _is_engines(model)


def _is_engines(model: Any) -> bool:
    return type(model).__module__.startswith("utils.engine.")
