"""How many contracts of an option chain pass its filter.

A filter's effect is kept in the attributes of a `Selection`: `strikes` and `days` (Spans: steps from the
money, days to expiry), `rights` (1 or 2), `types` ("weekly" or "standard", else both), `expirations` and
`most` (numbers that it lets through at most), `share` (part of the strikes that a range of deltas leaves).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import timedelta

from utils.nodes.analysis.journal import Journal
from utils.nodes.analysis.values import (
    NOTHING,
    Bounded,
    Chain,
    Choice,
    Function,
    Items,
    Selection,
    Span,
    Value,
    derived,
)
from utils.nodes.requirements import Source

INFINITE = float("inf")
DEFAULT_STRIKES = Span(-1, 1)
DEFAULT_DAYS = Span(0, 35)
"""LEAN's filter where an algorithm sets none (`Option.cs`)."""

ALL_STRIKES = 100
"""Strikes of one expiration where no filter limits them; 36 to 171 of AAPL and GOOG in LEAN's sample data."""
DELTA_STRIKES = 40
"""Strikes of one expiration between delta 0 and 1 that are worth trading."""
ALL_EXPIRATIONS = 20
"""Expirations of a chain at most, of those that are not daily."""
UNKNOWN_STRIKES = Span(-20, 20)
UNKNOWN_DAYS = Span(0, 45)
"""Ends of a filter's ranges that the code does not tell."""

DAILY = frozenset({"SPY", "QQQ", "IWM", "SPXW", "NDXP", "RUTW", "XSP"})
"""Chains that expire each trading day of the next two weeks."""
MONTHLY = frozenset({"SPX", "NDX", "RUT", "VIX"})
"""Chains without weekly expirations of their own."""
DAILY_DAYS, WEEKLY_DAYS = 14, 56
"""Days ahead for which daily and weekly expirations are listed; then they are monthly."""

_STRATEGIES = {
    "naked_call": 1, "naked_put": 1, "call_spread": 2, "put_spread": 2, "call_calendar_spread": 2,
    "put_calendar_spread": 2, "strangle": 2, "straddle": 2, "protective_collar": 2, "conversion": 2,
    "call_butterfly": 3, "put_butterfly": 3, "call_ladder": 3, "put_ladder": 3, "iron_butterfly": 4,
    "iron_condor": 4, "box_spread": 4, "jelly_roll": 4,
}  # fmt: skip
"""Contracts that a strategy filter selects (`OptionFilterUniverse.cs`)."""

_NARROWING = frozenset(
    {"gamma", "theta", "vega", "rho", "implied_volatility", "iv", "g", "t", "v", "r", "open_interest", "oi",
     "where", "where_contains"}
)  # fmt: skip
_SAME = frozenset({"to_list", "copy", "select", "only_apply_filter_at_market_open"})

Apply = Callable[[Value, Sequence[Value]], Value]


def narrow(
    journal: Journal, selection: Selection, name: str, args: Sequence[Value], place: Source, apply: Apply
) -> Value | None:
    """A method of a chain's universe: the selection with it applied, None for other names."""
    found: dict[str, Value] = {}
    if name in _STRATEGIES:
        found["most"] = Value(float(_STRATEGIES[name]))
    elif name == "strikes":
        found["strikes"] = _span(args, UNKNOWN_STRIKES, "strikes")
    elif name in {"expiration", "expirations"}:
        found["days"] = _span(args, UNKNOWN_DAYS, "days to expiry")
    elif name in {"include_weeklys", "weeklys_only", "standards_only"}:
        # Weekly contracts are included unless the filter says otherwise.
        found["types"] = Value({"weeklys_only": "weekly", "standards_only": "standard"}.get(name, "all"))
    elif name in {"calls_only", "puts_only"}:
        found["rights"] = Value(1)
    elif name in {"front_month", "back_month"}:
        found["expirations"] = Value(1)
    elif name == "back_months":
        pass
    elif name in {"delta", "d"}:
        found = _of_delta(args)
    elif name == "contracts":
        chosen = args[0] if args else NOTHING
        if isinstance(chosen.content, Function):
            chosen = apply(chosen, [NOTHING])
        found = _capped(selection, chosen)
    elif name in _NARROWING:
        _say(
            selection, Source(f"{name} lets fewer through, by how much is not known", place.file, place.line)
        )
    elif name not in _SAME:
        return None
    for key, value in found.items():
        journal.write(selection.attributes, key, value)
    _say(selection, place)
    return Value(selection)


def filtered(journal: Journal, args: Sequence[Value], place: Source, apply: Apply) -> Selection:
    """What `set_filter` in any of its forms selects: a function, strikes, days, or strikes and days."""
    selection = Selection(sources=[place])
    if len(args) >= 4:
        narrow(journal, selection, "strikes", args[:2], place, apply)
        narrow(journal, selection, "expiration", args[2:4], place, apply)
    elif len(args) >= 2:
        days = any(isinstance(arg.content, timedelta) for arg in args[:2])
        narrow(journal, selection, "expiration" if days else "strikes", args[:2], place, apply)
    elif args and isinstance(args[0].content, Function):
        result = apply(args[0], [Value(selection)])
        if isinstance(result.content, Bounded | Items):
            selection.attributes |= _capped(selection, result)
    elif args and args[0].content is not None:
        for name, span in (("strikes", UNKNOWN_STRIKES), ("days", UNKNOWN_DAYS)):
            selection.attributes[name] = _unknown(span, name)
    return selection


def set_filter(journal: Journal, chain: Chain, args: Sequence[Value], place: Source, apply: Apply) -> None:
    """Put a filter in the place of the one before it."""
    selection = filtered(journal, args, place, apply)
    journal.write(chain.attributes, "filter", Value(Choice((selection,))))


def count_contracts(chain: Chain) -> tuple[int, tuple[Source, ...]]:
    """Contracts that pass the chain's filter, and how that was arrived at; of several filters the widest."""
    counted = [_count(chain, selection) for selection in chain.options]
    best = max(counted, key=lambda one: one[0])
    if len(counted) > 1:
        return best[0], (*best[1], Source(f"the widest of {len(counted)} filters that may be in force"))
    return best


def count_expirations(ticker: str, selection: Selection, *, monthly: bool = False) -> tuple[int, str]:
    """Expirations in the window of a filter, at most, and in words how they lie."""
    days = selection.attributes.get("days", NOTHING).content
    types = selection.attributes.get("types", Value("all")).content
    most = _number(selection, "expirations")
    low, high = (days.low, days.high) if isinstance(days, Span) else (0.0, INFINITE)
    low = max(low, 0.0)
    if high < low:
        return 0, "none in the window"
    if monthly or types == "standard" or ticker in MONTHLY:
        number, how = _every(30, low, high), "one a month"
    else:
        until = DAILY_DAYS - 1 if ticker in DAILY and types != "weekly" else -1
        number = math.ceil(5 / 7 * (min(high, until) - low + 1)) if low <= until else 0
        number += _every(7, max(low, until + 1), min(high, WEEKLY_DAYS))
        number += _every(30, max(low, WEEKLY_DAYS + 1), high)
        how = "one a week for eight weeks, then one a month"
        if until >= 0:
            how = f"one each trading day for two weeks, {how}"
    limit = ALL_EXPIRATIONS + (DAILY_DAYS if ticker in DAILY else 0)
    return int(min(number, limit, most)), how


def _count(chain: Chain, chosen: Selection | None) -> tuple[int, tuple[Source, ...]]:
    selection = chosen or Selection({"strikes": Value(DEFAULT_STRIKES), "days": Value(DEFAULT_DAYS)})
    strikes, strikes_text = _strikes(selection)
    expirations, how = count_expirations(chain.ticker, selection)
    rights = int(min(_number(selection, "rights"), 2))
    count = strikes * expirations * rights
    which = "calls and puts" if rights == 2 else "one right"
    text = f"{strikes_text} x {expirations} expirations ({how}) x {which} = {count}"
    if chosen is None:
        text += ", LEAN's filter where none is set"
    doubtful = [one for one in selection.attributes.values() if not one.sure]
    sources = [chain.place, *selection.sources, *(source for one in doubtful for source in one.sources)]
    cap = selection.attributes.get("most", Value(INFINITE))
    limit = _number(selection, "most")
    if limit <= count:
        limits = [one for one in cap.sources if one not in sources]
        if limit < count:
            text += f", of which at most {int(limit)} pass"
        return int(limit), (*limits, *sources, Source(text))
    return count, (*sources, Source(text))


def _strikes(selection: Selection) -> tuple[int, str]:
    span = selection.attributes.get("strikes", NOTHING).content
    share = selection.attributes.get("share", NOTHING).content
    if isinstance(span, Span) and math.isfinite(span.low) and math.isfinite(span.high):
        number = max(int(span.high) - int(span.low) + 1, 0)
        text = f"{number} strikes"
    else:
        number, text = ALL_STRIKES, f"all strikes, assumed to be {ALL_STRIKES},"
    if isinstance(share, int | float):
        number = min(number, max(1, math.ceil(share * DELTA_STRIKES)))
        text = f"{number} strikes by their delta"
    return number, text


def _every(days: int, low: float, high: float) -> int:
    """Expirations that lie so many days apart, at most, in a window."""
    if high < low:
        return 0
    return math.ceil((high - low + 1) / days) if math.isfinite(high) else ALL_EXPIRATIONS


def _number(selection: Selection, name: str) -> float:
    content = selection.attributes.get(name, NOTHING).content
    return max(0.0, float(content)) if isinstance(content, int | float) else INFINITE


def _capped(selection: Selection, chosen: Value) -> dict[str, Value]:
    """The cap that contracts named one by one, or a slice of them, put on a filter."""
    content = chosen.content
    if isinstance(content, Selection):
        return {}
    if isinstance(content, Bounded) and isinstance(content.most.content, int | float):
        return {"most": content.most}
    if isinstance(content, Items) and not content.open:
        return {"most": derived(len(content), chosen)}
    _say(selection, Source("it selects fewer by a rule whose effect is not known"))
    return {}


def _of_delta(args: Sequence[Value]) -> dict[str, Value]:
    """A range of deltas: of one sign, it is calls or puts only."""
    ends = [arg.content for arg in args[:2]]
    numbers = [float(end) for end in ends if isinstance(end, int | float)]
    if len(numbers) < 2:
        return {}
    low, high = sorted(max(-1.0, min(1.0, number)) for number in numbers)
    found = {"share": derived(min(1.0, high - low), *args)}
    if low >= 0 or high <= 0:
        found["rights"] = Value(1)
    return found


def _span(args: Sequence[Value], fallback: Span, what: str) -> Value:
    """Both ends as numbers, days of a timedelta; where one is not known, the fallback's."""
    ends = [fallback.low, fallback.high]
    known = 0
    for index, value in enumerate(args[:2]):
        content = value.content
        if isinstance(content, timedelta):
            content = content / timedelta(days=1)
        if isinstance(content, int | float) and abs(content) < 10**6:
            ends[index] = float(content)
            known += 1
    found = derived(Span(*ends), *args[:2])
    return found if known == 2 else Value(found.content, _unknown(fallback, what).sources, sure=False)


def _unknown(span: Span, what: str) -> Value:
    text = f"{what}, where they are not known: {span.low:g} to {span.high:g}"
    return Value(span, (Source(text),), sure=False)


def _say(selection: Selection, source: Source) -> None:
    if source not in selection.sources:
        selection.sources.append(source)
