"""What a new position must pass before its first order is sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trading.execution.leg import Contract
from trading.execution.quotes import Quote, QuoteLimits, quote_fault

MULTIPLIER = 100
"""Shares in a contract of a US option."""


@dataclass(frozen=True)
class Proposal:
    """A spread that somebody wants.

    Attributes:
        long, short: the contract to buy, and the one to sell against it.
        contracts: how many pairs.
        net_limit: most that a pair may cost, per share.
        long_quote, short_quote: of the legs.
    """

    long: Contract
    short: Contract
    contracts: int
    net_limit: float
    long_quote: Quote
    short_quote: Quote

    @property
    def notional(self) -> float:
        """Most that it can lose: its net debit."""
        return max(self.net_limit, 0.0) * MULTIPLIER * self.contracts

    @property
    def outlay(self) -> float:
        """Money that is needed until the credit comes in: the debit alone."""
        return self.long_quote.ask * MULTIPLIER * self.contracts


@dataclass(frozen=True)
class Standing:
    """The account and what it holds.

    Attributes:
        equity: the portfolio's value.
        buying_power: what may still be spent.
        positions: how many are open or on their way.
        contracts_in_use: of these positions.
        halted: why no new risk may be taken; empty when it may.
        market_open: whether the exchange is.
    """

    equity: float
    buying_power: float
    positions: int
    contracts_in_use: Collection[Contract]
    halted: str
    market_open: bool


@dataclass(frozen=True)
class PositionLimits:
    """Limits from the settings; percentages are of equity."""

    max_positions: int
    max_position_pct: float
    min_free_buying_power_pct: float
    quote: QuoteLimits


def refusals(proposal: Proposal, standing: Standing, limits: PositionLimits) -> tuple[str, ...]:
    """Every reason not to open a position; empty when there is none."""
    found: list[str] = []
    if standing.halted:
        found.append(f"no new risk: {standing.halted}")
    if not standing.market_open:
        found.append("the market is closed")
    if standing.positions >= limits.max_positions:
        found.append(f"{standing.positions} positions, {limits.max_positions} are allowed")
    used = [str(one) for one in (proposal.long, proposal.short) if one in standing.contracts_in_use]
    if used:
        found.append(f"{' and '.join(used)} already belongs to a position")
    if proposal.long == proposal.short:
        found.append("both legs are one contract")
    if proposal.contracts < 1:
        found.append("no contract is affordable")
    most = limits.max_position_pct / 100 * standing.equity
    if proposal.notional > most:
        found.append(f"could lose {proposal.notional:,.0f}, over {most:,.0f}")
    reserve = limits.min_free_buying_power_pct / 100 * standing.equity
    if proposal.outlay > standing.buying_power - reserve:
        free = max(standing.buying_power - reserve, 0.0)
        found.append(f"needs {proposal.outlay:,.0f}, {free:,.0f} is free to spend")
    for name, quote, side in (("long", proposal.long_quote, 1), ("short", proposal.short_quote, -1)):
        fault = quote_fault(quote, side, limits.quote)
        if fault is not None:
            found.append(f"{name} leg: {fault}")
    return tuple(found)


def affordable(wanted: int, net_limit: float, equity: float, max_position_pct: float) -> int:
    """As many of the wanted pairs as the limit on a position's notional allows."""
    if net_limit <= 0:
        return wanted
    return min(wanted, int(max_position_pct / 100 * equity / (net_limit * MULTIPLIER)))
