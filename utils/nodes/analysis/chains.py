"""How many contracts of an option chain pass its filter."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import timedelta

from utils.nodes.analysis.values import NOTHING, Bounded, Chain, Function, Value
from utils.nodes.requirements import Source

DEFAULT_STRIKES = (-1.0, 1.0)
DEFAULT_DAYS = (0.0, 35.0)
"""LEAN's filter where an algorithm sets none (`Option.cs`)."""

UNKNOWN_STRIKES = (-20.0, 20.0)
UNKNOWN_DAYS = (0.0, 45.0)

_STRATEGIES = {
    "naked_call": 1, "naked_put": 1, "covered_call": 1, "covered_put": 1, "protective_call": 1,
    "protective_put": 1, "call_spread": 2, "put_spread": 2, "call_calendar_spread": 2,
    "put_calendar_spread": 2, "strangle": 2, "straddle": 2, "protective_collar": 2, "conversion": 2,
    "call_butterfly": 3, "put_butterfly": 3, "call_ladder": 3, "put_ladder": 3, "iron_butterfly": 4,
    "iron_condor": 4, "box_spread": 4, "jelly_roll": 4,
}  # fmt: skip
"""Contracts that a strategy filter selects."""

_NARROWING = frozenset(
    {
        "standards_only", "front_month", "back_months", "back_month", "only_apply_filter_at_market_open",
        "delta", "gamma", "theta", "vega", "rho", "implied_volatility", "iv", "d", "g", "t", "v", "r",
        "open_interest", "oi",
    }
)  # fmt: skip


def narrow(
    chain: Chain,
    name: str,
    args: Sequence[Value],
    place: Source,
    apply: Callable[[Value, Sequence[Value]], Value],
) -> Value:
    """A method of a chain's universe: the chain with it applied. Other names give an unknown."""
    if name in _STRATEGIES:
        chain.exactly = _STRATEGIES[name]
    elif name == "strikes":
        chain.strikes = _ends(args, UNKNOWN_STRIKES)
    elif name in {"expiration", "expirations"}:
        chain.days = _ends(args, UNKNOWN_DAYS)
    elif name in {"include_weeklys", "weeklys_only"}:
        chain.weeklys = True
    elif name in {"calls_only", "puts_only"}:
        chain.rights = 1
    elif name == "contracts":
        chosen = apply(args[0], [NOTHING]) if args and callable_value(args[0]) else (args or [NOTHING])[0]
        if isinstance(chosen.content, Bounded):
            chain.most = chosen.content.most
        elif isinstance(chosen.content, list):
            chain.most = Value(len(chosen.content), chosen.sources)
    elif name in _NARROWING:
        pass  # by how much is not known
    else:
        return NOTHING
    if place not in chain.sources:
        chain.sources.append(place)
    return Value(chain)


def set_filter(
    chain: Chain,
    args: Sequence[Value],
    place: Source,
    apply: Callable[[Value, Sequence[Value]], Value],
) -> None:
    """`set_filter` in all its forms: a function, strikes, days, or strikes and days."""
    chain.filtered = True
    chain.sources.append(place)
    if len(args) == 1 and callable_value(args[0]):
        apply(args[0], [Value(chain)])
        return
    if len(args) >= 4:
        chain.strikes, chain.days = _ends(args[:2], UNKNOWN_STRIKES), _ends(args[2:4], UNKNOWN_DAYS)
    elif len(args) == 2 and isinstance(args[0].content, timedelta):
        chain.days = _ends(args, UNKNOWN_DAYS)
    elif len(args) >= 2:
        chain.strikes = _ends(args[:2], UNKNOWN_STRIKES)


def count_contracts(chain: Chain) -> tuple[int, tuple[Source, ...]]:
    """Contracts that pass the filter, and how that was arrived at.

    Strikes in the range, times expirations in the window (every Friday with weeklies, else every third one),
    times calls and puts; at most the filter's own cap.
    """
    sources = tuple(chain.sources)
    if chain.exactly is not None:
        return chain.exactly, (*sources, Source(f"{chain.exactly} contracts a strategy"))
    low, high = chain.strikes or DEFAULT_STRIKES
    first, last = chain.days or DEFAULT_DAYS
    strikes = max(int(high) - int(low) + 1, 0)
    every = 7 if chain.weeklys else 30
    expirations = max(math.ceil((last - first + 1) / every), 0)
    count = strikes * expirations * chain.rights
    rights = "calls and puts" if chain.rights == 2 else "one right"
    how = f"{strikes} strikes x {expirations} expirations (one every {every} days) x {rights} = {count}"
    if not chain.filtered:
        how += ", LEAN's filter where none is set"
    cap = chain.most.content if chain.most is not None else None
    if isinstance(cap, int | float) and chain.most is not None and cap < count:
        return int(cap), (*chain.most.sources, *sources, Source(f"{how}, capped at {int(cap)}"))
    return count, (*sources, Source(how))


def callable_value(value: Value) -> bool:
    """Whether a value is a function of the sources."""
    return isinstance(value.content, Function)


def _ends(args: Sequence[Value], fallback: tuple[float, float]) -> tuple[float, float]:
    """Both ends as numbers, days of a timedelta; where one is not known, the fallback's."""
    found = list(fallback)
    for index, value in enumerate(args[:2]):
        content = value.content
        if isinstance(content, timedelta):
            found[index] = content / timedelta(days=1)
        elif isinstance(content, int | float) and abs(content) < 10**6:
            found[index] = float(content)
    return found[0], found[1]
