"""Many combinations at once: every selection of entries over events that share their outcomes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.simulation.account import run_account
from trading.simulation.market import Market
from trading.simulation.records import RESULT_DTYPE, TRADE_DTYPE
from trading.simulation.terms import Terms


def evaluate(
    market: Market,
    terms: Terms,
    bar: NDArray[np.int64],
    outcomes: NDArray[np.void],
    selected: NDArray[np.int32],
    offsets: NDArray[np.int64],
) -> NDArray[np.void]:
    """One result for each selection of the same events; holds no lock while it runs.

    Args:
        market, terms: the bars and the money, from `market()` and `terms()`.
        bar: signal bar of each event, shape (events,).
        outcomes: outcome of each event, from `outcomes()`.
        selected: the selections one after another, each the ascending indices of the events that enter.
        offsets: where each begins and the last ends, shape (selections + 1,).
    Returns:
        `RESULT_DTYPE`, shape (selections,), each equal bit for bit to `simulate`'s.
    """
    rows = np.zeros(len(offsets) - 1, RESULT_DTYPE)
    no_trades, no_equity = np.zeros(0, TRADE_DTYPE), np.zeros(0)
    _evaluate(market, terms, bar, outcomes, selected, offsets, rows, rows["blocks"], no_trades, no_equity)
    return rows


@kernel
def _evaluate(
    market: Market,
    terms: Terms,
    bar: NDArray[np.int64],
    outcomes: NDArray[np.void],
    selected: NDArray[np.int32],
    offsets: NDArray[np.int64],
    rows: NDArray[np.void],
    blocks: Float64Array,
    no_trades: NDArray[np.void],
    no_equity: Float64Array,
) -> None:
    for k in range(len(rows)):
        chosen = selected[offsets[k] : offsets[k + 1]]
        run_account(market, terms, bar, outcomes, chosen, rows[k], blocks[k], no_trades, no_equity)
