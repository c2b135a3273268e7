"""Daily returns of one account, summed as they come.

A day is handed in when its closing equity is known. Days on which the account stayed flat return exactly
zero: they add nothing to any sum, are not handed in, and are only counted at the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.simulation.records import BLOCKS

EQUITY = 0  # at the close of the last day handed in
DAYS = 1  # handed in
LEAST = 2  # return
GREATEST = 3  # return
DOWNSIDE = 4  # sum of squared negative returns
SIZE = 5


@kernel
def daily_state(initial_equity: float) -> Float64Array:
    """State before the first day."""
    state = np.zeros(SIZE)
    state[EQUITY] = initial_equity
    state[LEAST] = np.inf
    state[GREATEST] = -np.inf
    return state


@kernel
def close_day(state: Float64Array, blocks: Float64Array, block: int, equity: float) -> None:
    """Take in a day of time block `block` that closed at `equity`."""
    change = equity / state[EQUITY] - 1.0
    square = change * change
    state[EQUITY] = equity
    state[DAYS] += 1.0
    state[LEAST] = min(state[LEAST], change)
    state[GREATEST] = max(state[GREATEST], change)
    if change < 0.0:
        state[DOWNSIDE] += square
    blocks[block] += change
    blocks[BLOCKS + block] += square
    blocks[2 * BLOCKS] += square * change
    blocks[2 * BLOCKS + 1] += square * square


@kernel
def set_ratios(
    result: Any, state: Float64Array, blocks: Float64Array, days: int, days_per_year: float
) -> None:
    """Write the Sharpe and Sortino ratios of a span of `days` days into `result`."""
    total = 0.0
    squares = 0.0
    for block in range(BLOCKS):
        total += blocks[block]
        squares += blocks[BLOCKS + block]
    mean = total / days
    annual = np.sqrt(days_per_year)
    any_flat = state[DAYS] < days
    least = min(state[LEAST], 0.0) if any_flat else state[LEAST]
    greatest = max(state[GREATEST], 0.0) if any_flat else state[GREATEST]
    result.sharpe = np.nan
    if least < greatest:
        variance = (squares - total * mean) / (days - 1)
        if variance > 0.0:  # not where it is rounding alone
            result.sharpe = mean / np.sqrt(variance) * annual
    result.sortino = mean / np.sqrt(state[DOWNSIDE] / days) * annual if state[DOWNSIDE] > 0.0 else np.nan
