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
FIRST = 2  # return of the first of them: the variance is taken about it, see `set_ratios`
SUM = 3  # of returns - FIRST
SQUARES = 4  # of returns - FIRST, squared
DOWNSIDE = 5  # sum of squared negative returns
SIZE = 6


@kernel
def daily_state(initial_equity: float) -> Float64Array:
    """State before the first day."""
    state = np.zeros(SIZE)
    state[EQUITY] = initial_equity
    return state


@kernel
def close_day(state: Float64Array, blocks: Float64Array, block: int, equity: float) -> None:
    """Take in a day of time block `block` that closed at `equity`."""
    change = equity / state[EQUITY] - 1.0
    square = change * change
    state[EQUITY] = equity
    if state[DAYS] == 0.0:
        state[FIRST] = change
    state[DAYS] += 1.0
    apart = change - state[FIRST]
    state[SUM] += apart
    state[SQUARES] += apart * apart
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
    """Write the Sharpe and Sortino ratios of a span of `days` days into `result`.

    The variance is taken about the first return. That is one of the sample, so it is never further off than
    the sample spreads and no digits cancel; and when all returns are equal the sums are exactly zero.
    """
    total = 0.0
    for block in range(BLOCKS):
        total += blocks[block]
    mean = total / days
    annual = np.sqrt(days_per_year)
    flat = days - state[DAYS]
    apart = state[SUM] - flat * state[FIRST]
    squares = state[SQUARES] + flat * (state[FIRST] * state[FIRST])
    result.sharpe = np.nan
    if days > 1 and squares > 0.0:
        result.sharpe = mean / np.sqrt((squares - apart * apart / days) / (days - 1)) * annual
    result.sortino = mean / np.sqrt(state[DOWNSIDE] / days) * annual if state[DOWNSIDE] > 0.0 else np.nan
