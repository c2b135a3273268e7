"""The credit that goes with a debit: which contract to sell against one that is bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trading.execution.config import TwoPartSpread
from trading.execution.leg import Contract
from trading.execution.quotes import Quote, QuoteLimits, quote_fault


@dataclass(frozen=True)
class Candidate:
    """A contract of the chain with its quote."""

    contract: Contract
    quote: Quote


@dataclass(frozen=True)
class Pair:
    """A debit with its credit.

    Attributes:
        net_natural: cost of the pair bought at the ask and sold at the bid, per share.
        net_limit: most that it may cost, per share.
    """

    long: Candidate
    short: Candidate
    net_natural: float
    net_limit: float


def best_credit(
    long: Candidate, chain: Sequence[Candidate], rules: TwoPartSpread, limits: QuoteLimits
) -> Pair | str:
    """The pair that pays most for what it can lose, or why there is none.

    The credit is of the same expiry and right and at most `max_width` strikes farther out of the money. A
    pair can gain the distance of its strikes less its cost, and lose its cost; the cost counted is the one
    that both quotes give at once, so that the second part can be had while the market stays.
    """
    bought = long.contract
    outwards = 1 if bought.right == "call" else -1
    farther = sorted(
        (
            one
            for one in chain
            if (one.contract.underlying, one.contract.right, one.contract.expiry)
            == (bought.underlying, bought.right, bought.expiry)
            and (one.contract.strike - bought.strike) * outwards > 0
        ),
        key=lambda one: one.contract.strike * outwards,
    )[: rules.max_width]
    if not farther:
        return "no contract farther out of the money"
    pairs: list[Pair] = []
    for short in farther:
        if quote_fault(short.quote, -1, limits) is not None:
            continue
        width = abs(short.contract.strike - bought.strike)
        net_natural = long.quote.ask - short.quote.bid
        net_limit = rules.max_net_debit_pct / 100 * width
        if net_natural <= net_limit:
            pairs.append(Pair(long, short, net_natural, net_limit))
    if not pairs:
        return f"no credit is good for {100 - rules.max_net_debit_pct:g} % of the distance of the strikes"
    return min(pairs, key=_cost_of_width)


def _cost_of_width(pair: Pair) -> float:
    return pair.net_natural / abs(pair.short.contract.strike - pair.long.contract.strike)
