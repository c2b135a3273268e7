"""What every strategy must keep to, as assertions: both forms, and what fields may move."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bar, Bars
from trading.events import EVENT_DTYPE
from trading.indicators import IndicatorTable
from trading.strategies.contract import Indicators, Strategy, StrategyParams


def stepped(strategy: Strategy[Any], params: StrategyParams, rows: list[Bar]) -> NDArray[np.void]:
    """The events of the stepper fed every bar, as an event array."""
    update = strategy.stepper(params).update
    return np.array([event for bar in rows if (event := update(bar)) is not None], EVENT_DTYPE)


def assert_forms_agree(strategy: Strategy[Any], params: StrategyParams, bars: Bars) -> NDArray[np.void]:
    """Array events, after comparing them bit for bit with the stepper's."""
    events = strategy.signals(bars, IndicatorTable(bars), params)
    assert_equal_events(events, stepped(strategy, params, list(bars.rows())))
    assert_well_formed(events, bars)
    return events


def assert_equal_events(left: NDArray[np.void], right: NDArray[np.void]) -> None:
    """Equal bit for bit, and none is NaN."""
    assert left.dtype == right.dtype == EVENT_DTYPE
    assert len(left) == len(right)
    for name in EVENT_DTYPE.names or ():
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)
        assert not np.isnan(left[name]).any(), name


def assert_well_formed(events: NDArray[np.void], bars: Bars) -> None:
    """What a simulator may rely on."""
    assert (np.diff(events["bar"]) > 0).all()
    assert ((events["bar"] >= 0) & (events["bar"] < len(bars))).all()
    assert np.isin(events["side"], (-1, 1)).all()
    close = bars.close[events["bar"]]
    for name, sign in (("stop", -1), ("target", 1)):
        beyond = sign * events["side"] * (events[name] - close) >= 0
        assert ((events[name] == 0) | ((events[name] > 0) & beyond)).all()
    assert (events["trail"] >= 0).all()


def assert_fields_keep_to_their_class(
    strategy: Strategy[Any], bars: Bars, indicators: Indicators, base: StrategyParams, other: StrategyParams
) -> None:
    """Where `other` differs from `base` in entry (exit) fields, only `enter` (exits) may differ."""
    different = {name for name in type(base).model_fields if getattr(base, name) != getattr(other, name)}
    before, after = (strategy.signals(bars, indicators, params) for params in (base, other))
    may_differ: set[str] = set()
    if different & set(strategy.ENTRY_FIELDS):
        may_differ |= {"enter"}
    if different & set(strategy.EXIT_FIELDS):
        may_differ |= {"stop", "target", "trail"}
    assert different <= {*strategy.ENTRY_FIELDS, *strategy.EXIT_FIELDS}
    assert len(before) == len(after)
    for name in set(EVENT_DTYPE.names or ()) - may_differ:
        np.testing.assert_array_equal(before[name], after[name], err_msg=name)
