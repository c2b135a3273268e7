"""How many securities a universe holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from utils.nodes.analysis.operations import number_or_more
from utils.nodes.analysis.values import (
    NOTHING,
    Bounded,
    Function,
    Items,
    Security,
    Table,
    Universe,
    Value,
    derived,
)

UNKNOWN_UNIVERSE = 100
"""Securities assumed where a universe's size is not known."""
CONSTITUENTS = {
    "SPY": 503,
    "VOO": 503,
    "IVV": 503,
    "QQQ": 101,
    "DIA": 30,
    "IWM": 2000,
    "SPX": 503,
    "NDX": 101,
}
"""Constituents of funds and indices, about 2025; they are assumptions."""

CALLS = frozenset({"add_universe", "add_universe_selection", "set_universe_selection"})

Apply = Callable[[Value, Sequence[Value]], Value]


def universe_of(path: str, args: Sequence[Value], apply: Apply) -> Universe | None:
    """The universe that a call of LEAN's makes: `self.universe.etf(...)`, a selection model; else None."""
    parts = path.lower().replace("_", "").split(".")
    name = parts[-1]
    if len(parts) > 2 and parts[-2] in {"universe", "dollarvolume"}:
        return _defined(name, args, apply)
    if len(parts) == 2 and parts[0] == "fundamentaluniverse":
        return Universe(selected(args, apply), "a universe by fundamentals")
    if not name.endswith("universeselectionmodel"):
        return None
    if name.startswith("manual"):
        members = [one for arg in args for one in _members(arg)]
        if members and not any(one is None for one in members):
            return Universe(derived(len(members), *args), "the symbols of a manual universe")
    if name.startswith("qc500"):
        return Universe(Value(500), "the QC500")
    return Universe(selected(args, apply), _words(name))


def _defined(name: str, args: Sequence[Value], apply: Apply) -> Universe | None:
    """A member of LEAN's universe definitions."""
    chosen = selected(args, apply)
    if name == "top":
        return Universe(args[0] if args else NOTHING, "the top of a ranking")
    if name == "qc500":
        return Universe(Value(500), "the QC500")
    if name in {"etf", "index"}:
        ticker = args[0].content if args else None
        if isinstance(ticker, Security):
            ticker = ticker.ticker
        number = CONSTITUENTS.get(ticker.upper()) if isinstance(ticker, str) else None
        text = f"the constituents of {ticker}" if isinstance(ticker, str) else "the constituents of a fund"
        if isinstance(chosen.content, int):
            return Universe(chosen, f"a selection of {text}")
        return Universe(NOTHING if number is None else Value(number), f"{text}, as an assumption")
    return None


def selected(args: Sequence[Value], apply: Apply) -> Value:
    """How many securities the last of these that is a universe or a selecting function lets through."""
    found = NOTHING
    for arg in args:
        content = arg.content
        if isinstance(content, Universe):
            found = content.size
        elif isinstance(content, Function):
            parameters = content.node.args.args
            given = len(parameters) - (content.bound is not None)
            size = _size(apply(arg, [NOTHING] * max(given, 0)))
            found = size if isinstance(size.content, int) else found
    return found


def _size(result: Value) -> Value:
    """The most securities that a selector's result has."""
    content = result.content
    if isinstance(content, Bounded) and number_or_more(content.most) < float("inf"):
        return content.most
    if isinstance(content, Items | Table) and not content.open:
        return derived(len(content), result)
    return NOTHING


def _members(value: Value) -> list[object]:
    content = value.content
    if isinstance(content, Items) and not content.open:
        return list(content)
    return [content] if isinstance(content, Security | str) else [None]


def _words(name: str) -> str:
    return "a universe" if name == "universeselectionmodel" else "a universe of a selection model"


def is_selection_model(bases: frozenset[str]) -> bool:
    """Whether a class with these bases selects a universe."""
    return any(re.search(r"UniverseSelectionModel$", base) for base in bases)
