"""The market of a contract: whether its quote can be traded on, and at which limit."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Quote:
    """Best bid and ask of one contract.

    Attributes:
        bid, ask: per share; 0 where nobody quotes.
        bid_size, ask_size: contracts.
        age: seconds since the market last spoke.
        tick: prices are whole multiples of it.
    """

    bid: float
    ask: float
    bid_size: float = math.inf
    ask_size: float = math.inf
    age: float = 0.0
    tick: float = 0.01

    @property
    def two_sided(self) -> bool:
        """Whether both sides are quoted and not crossed."""
        return 0 < self.bid <= self.ask < math.inf

    @property
    def mid(self) -> float:
        """Midway between bid and ask."""
        return (self.bid + self.ask) / 2


NO_QUOTE = Quote(0.0, 0.0, 0.0, 0.0, math.inf)


@dataclass(frozen=True)
class QuoteLimits:
    """What a quote must be to be traded on.

    Attributes:
        max_spread_pct: (ask − bid) ÷ mid, in percent.
        min_size: contracts on the side that would be hit.
        max_age: seconds.
    """

    max_spread_pct: float
    min_size: float
    max_age: float


def quote_fault(quote: Quote, side: int, limits: QuoteLimits) -> str | None:
    """Why a quote cannot be traded on, or None.

    Args:
        side: +1 to buy, −1 to sell.
    """
    if not quote.two_sided:
        return "no two-sided quote"
    if quote.age > limits.max_age:
        return f"quote is {quote.age:.0f} s old, over {limits.max_age:g} s"
    spread_pct = 100 * (quote.ask - quote.bid) / quote.mid
    if spread_pct > limits.max_spread_pct:
        return f"spread of {spread_pct:.1f} % of the mid, over {limits.max_spread_pct:g} %"
    size = quote.ask_size if side > 0 else quote.bid_size
    if size < limits.min_size:
        return f"size of {size:g}, under {limits.min_size:g}"
    return None


def improved_limit(
    quote: Quote, side: int, tries: int, improvement_pct: float, max_slippage_pct: float
) -> float:
    """Limit price of the next try: the mid, improved with each one, within the slippage allowed.

    On the tick, and on the cheap side of it: a bought limit is never rounded up, a sold one never down.

    Args:
        side: +1 to buy, −1 to sell.
        tries: orders sent before.
        improvement_pct: of the quoted spread, given up with each try.
        max_slippage_pct: of the mid, given up at most.
    """
    given_up = tries * improvement_pct / 100 * (quote.ask - quote.bid)
    allowed = max_slippage_pct / 100 * quote.mid
    return on_tick(quote.mid + side * min(given_up, allowed), side, quote.tick)


def on_tick(price: float, side: int, tick: float) -> float:
    """A limit price on the tick: downwards to buy, upwards to sell.

    >>> on_tick(1.239, 1, 0.01), on_tick(1.231, -1, 0.01), on_tick(0.3, 1, 0.1)
    (1.23, 1.24, 0.3)
    """
    ticks = price / tick
    nearest = round(ticks)
    if abs(ticks - nearest) > 1e-6:
        nearest = math.floor(ticks) if side > 0 else math.ceil(ticks)
    decimals = max(0, -math.floor(math.log10(tick)) + 2)
    return round(nearest * tick, decimals)


def slippage_pct(price: float, mid: float, side: int) -> float:
    """How much worse than the mid a fill was, in percent of it; negative when it was better."""
    return 100 * side * (price - mid) / mid
