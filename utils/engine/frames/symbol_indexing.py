"""Tickers as keys of tables whose index holds symbols.

LEAN changes pandas so that `frame.loc["SPY"]` finds the rows of the symbol that was added as SPY. So does
this, the first time a table is made; a key that pandas finds as it is never is translated.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import pandas as pd
from pandas.core import indexing as pandas_indexing

from utils.engine.data.symbol_key import symbol_of


@cache
def index_by_ticker() -> None:
    """Let pandas find symbols by their tickers, from now on in this process."""
    indexing: Any = pandas_indexing
    lookups: tuple[tuple[Any, str], ...] = (
        (indexing._LocationIndexer, "__getitem__"),
        (indexing._ScalarAccessIndexer, "__getitem__"),
        (pd.Index, "get_loc"),
        (pd.DataFrame, "__getitem__"),
    )
    for owner, name in lookups:
        setattr(owner, name, _translating(getattr(owner, name)))
    pd.Index.__contains__ = _also_translated(pd.Index.__contains__)  # type: ignore[method-assign]  # as LEAN


def translated(key: Any) -> Any:
    """A key with the tickers in it replaced by their symbols, as far as they were added."""
    if type(key) is str:
        symbol = symbol_of(key)
        return key if symbol is None else symbol
    if type(key) is tuple:
        return tuple(translated(part) for part in key)
    if type(key) is list:
        return [translated(part) for part in key]
    return key


def _translating(lookup: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(lookup)
    def look_up(owner: Any, key: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return lookup(owner, key, *args, **kwargs)
        except KeyError:
            other = translated(key)
            if _same(other, key):
                raise
            return lookup(owner, other, *args, **kwargs)

    return look_up


def _also_translated(contains: Callable[..., bool]) -> Callable[..., bool]:
    @wraps(contains)
    def look_up(owner: Any, key: Any) -> bool:
        if contains(owner, key):
            return True
        other = translated(key)
        return not _same(other, key) and contains(owner, other)

    return look_up


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (tuple, list)):
        return all(_same(a, b) for a, b in zip(one, other, strict=True))
    return one is other
