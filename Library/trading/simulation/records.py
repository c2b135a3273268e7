"""Layouts of what a simulation gives back: trades and metric rows, documented once."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

BLOCKS = 16
"""Number of equal spans of days whose return sums are kept for overfitting statistics."""

BLOCK_SUMS = 2 * BLOCKS + 2
"""Length of `blocks`: sum of r for each of the 16 blocks, sum of r^2 for each, then total r^3 and r^4."""


class ExitReason(IntEnum):
    """Why a trade ended."""

    EVENT = 0
    """An event of the opposite side closed it at the market."""
    STOP = 1
    """The stop filled, fixed or trailing."""
    TARGET = 2
    """The profit target filled."""
    OPEN = 3
    """Still open at the end: marked at the last close."""
    BUST = 4
    """Equity was gone: closed at the market."""


class Status(IntEnum):
    """State of one combination's result."""

    OK = 0
    INVALID = 1
    """Contradictory parameters: nothing was simulated."""
    BUST = 2
    """Equity reached zero at a bar's close; trading stopped there."""


TRADE_DTYPE = np.dtype(
    [
        ("signal_bar", np.int64),  # bar of the event that opened it
        ("entry_bar", np.int64),  # bar it filled on
        ("exit_bar", np.int64),  # bar it closed on; the last bar while open
        ("side", np.int64),  # +1 long, -1 short
        ("quantity", np.float64),  # units, positive
        ("entry_price", np.float64),
        ("exit_price", np.float64),  # fill, or the last close while open
        ("fees", np.float64),  # its share of its orders' fees, money
        ("pnl", np.float64),  # net of fees, money
        ("reason", np.int64),  # ExitReason
    ],
    align=True,
)
"""One row a trade, in order of entry."""

RESULT_DTYPE = np.dtype(
    [
        ("status", np.int64),  # Status
        ("pnl", np.float64),  # final equity - initial equity, open position marked
        ("total_trades", np.int64),  # closed trades
        ("win_rate", np.float64),  # closed trades with pnl > 0 / closed trades
        ("profit_factor", np.float64),  # gross profit / gross loss over closed trades
        ("max_drawdown", np.float64),  # positive fraction of peak equity
        ("sharpe", np.float64),  # annualized, daily equity returns, no risk-free rate
        ("sortino", np.float64),  # annualized, downside = RMS of negative returns over all days
        ("exposure", np.float64),  # share of bars at whose close a position is open
        ("fees", np.float64),  # money, all orders
        ("open_pnl", np.float64),  # mark of the position open at the end, net of its entry fee; 0 = none
        ("trades_hash", np.uint64),  # over entry and exit of every trade
        ("blocks", np.float64, (BLOCK_SUMS,)),
    ],
    align=True,
)
"""One row a combination. NaN means undefined, NULL in a store."""
