"""What becomes of an event if it is entered.

A position opened by an event ends at its stop, its target, or the next event of the opposite side, whichever
is first; no filter, no money and no other position has a say. So the outcome of an event is computed once for
each setting of the parameters that move the events and their brackets, and shared by every combination of
entry filters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.simulation.brackets import NONE, rounded, stop_fill, target_fill
from trading.simulation.instrument import Instrument
from trading.simulation.market import SKIP, Market
from trading.simulation.records import ExitReason

OUTCOME_DTYPE = np.dtype(
    [
        ("entry_price", np.float64),
        ("exit_price", np.float64),  # fill, or the last close while open
        ("exit_estimate", np.float64),  # market price at the close of the closing event's bar
        ("signal_close", np.float64),  # close of the event's bar: entries are sized by it
        ("top", np.float64),  # greatest side * (close - entry price) while open
        ("close_bottom", np.float64),  # least side * (close - entry price) while open
        ("bottom", np.float64),  # least side * (price - entry price) inside its bars
        ("hash", np.uint64),  # of all that makes the trade
        ("entry_bar", np.int32),
        ("exit_bar", np.int32),
        ("entry_day", np.int32),
        ("exit_day", np.int32),
        ("resume", np.int32),  # first event that may be acted on after the exit
        ("side", np.int8),  # 0 = cannot be entered
        ("reason", np.int8),
    ],
    align=True,
)
"""One row an event. `top`, `close_bottom` and `bottom` are price units in the position's favour."""

_EVENT = int(ExitReason.EVENT)
_STOP = int(ExitReason.STOP)
_TARGET = int(ExitReason.TARGET)
_OPEN = int(ExitReason.OPEN)


def outcomes(
    market: Market,
    instrument: Instrument,
    bar: NDArray[np.int64],
    side: NDArray[np.int64],
    stop: Float64Array,
    target: Float64Array,
    trail: Float64Array,
) -> NDArray[np.void]:
    """The outcome of each event, shape (events,), `OUTCOME_DTYPE`.

    Args:
        market: the bars, from `market()`.
        instrument: what is traded.
        bar, side: the events, ascending by bar, none before `market.start`.
        stop, target, trail: their brackets in price units, 0 = none.
    """
    table = np.zeros(len(bar), OUTCOME_DTYPE)
    if len(bar):
        _outcomes(
            market,
            instrument.gap_fills,
            instrument.can_short,
            instrument.tick_size,
            bar,
            side,
            stop,
            target,
            trail,
            table,
        )
    return table


@kernel
def _outcomes(
    market: Market,
    gap_fills: bool,
    can_short: bool,
    tick: float,
    bar: NDArray[np.int64],
    side: NDArray[np.int64],
    stop: Float64Array,
    target: Float64Array,
    trail: Float64Array,
    table: NDArray[np.void],
) -> None:
    closing = _next_opposite(side)
    for event in range(len(bar)):
        signal = bar[event]
        if market.fill_bar[signal] < 0 or (side[event] < 0 and not can_short):
            continue
        close = market.close[signal]
        stop_level = rounded(stop[event], tick)
        if stop_level == NONE and trail[event] > 0.0:
            stop_level = rounded(close - side[event] * trail[event], tick)
        target_level = rounded(target[event], tick)
        _follow(
            market,
            gap_fills,
            tick,
            bar,
            side,
            closing[event],
            event,
            stop_level,
            target_level,
            trail[event],
            table[event],
        )


@kernel
def _next_opposite(side: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index of the first later event of the opposite side, for each event; their number = none."""
    count = len(side)
    closing = np.empty(count, np.int64)
    for event in range(count - 1, -1, -1):
        if event + 1 == count or side[event + 1] != side[event]:
            closing[event] = event + 1
        else:
            closing[event] = closing[event + 1]
    return closing


@kernel
def _follow(
    market: Market,
    gap_fills: bool,
    tick: float,
    bar: NDArray[np.int64],
    side: NDArray[np.int64],
    closing: int,
    event: int,
    stop: float,
    target: float,
    trail: float,
    row: Any,
) -> None:
    """Follow one position from its entry to its exit and write its outcome into `row`."""
    direction = side[event]
    signal = bar[event]
    entry_bar = market.fill_bar[signal]
    entry = market.buy[signal] if direction > 0 else market.sell[signal]
    last = bar[closing] if closing < len(bar) else len(market.close) - 1

    top = -np.inf
    close_bottom = np.inf
    bottom = np.inf
    reason = _OPEN
    exit_price = market.close[last]
    t = entry_bar
    if entry_bar == signal:  # filled at the close: the bar's range was before the position
        mark = direction * (market.close[t] - entry)
        top = mark
        close_bottom = mark
        bottom = mark
        t += 1
    favourable = market.high if direction > 0 else market.low
    adverse = market.low if direction > 0 else market.high
    while t <= last:
        if trail <= 0.0 and t % SKIP == 0 and t + SKIP <= last:
            block = t // SKIP
            high = market.block_high[block]
            low = market.block_low[block]
            if (
                stop_fill(gap_fills, direction, stop, low, low, high, low, 0.0) == NONE
                and target_fill(gap_fills, direction, target, high, low, high) == NONE
            ):
                if direction > 0:
                    top = max(top, market.block_close_high[block] - entry)
                    close_bottom = min(close_bottom, market.block_close_low[block] - entry)
                    bottom = min(bottom, low - entry)
                else:
                    top = max(top, entry - market.block_close_low[block])
                    close_bottom = min(close_bottom, entry - market.block_close_high[block])
                    bottom = min(bottom, entry - high)
                t += SKIP
                continue
        fill = stop_fill(
            gap_fills,
            direction,
            stop,
            market.open[t],
            market.low[t],
            market.high[t],
            market.close[t],
            market.slip[t],
        )
        if fill != NONE:
            reason = _STOP
            exit_price = fill
            break
        fill = target_fill(gap_fills, direction, target, market.open[t], market.low[t], market.high[t])
        if fill != NONE:
            reason = _TARGET
            exit_price = fill
            break
        bottom = min(bottom, direction * (adverse[t] - entry))
        if t == last and closing < len(bar) and market.fill_bar[last] == last:
            break  # closed at this bar's close: its close is not a mark
        mark = direction * (market.close[t] - entry)
        top = max(top, mark)
        close_bottom = min(close_bottom, mark)
        if trail > 0.0:
            if direction > 0:
                stop = max(stop, rounded(favourable[t] - trail, tick))
            else:
                stop = min(stop, rounded(favourable[t] + trail, tick))
        t += 1

    exit_bar = t
    resume = len(bar)
    if reason != _OPEN:
        resume = event + 1
        while resume < len(bar) and bar[resume] < exit_bar:
            resume += 1
    elif closing < len(bar) and market.fill_bar[last] >= 0:
        reason = _EVENT
        exit_bar = market.fill_bar[last]
        exit_price = market.sell[last] if direction > 0 else market.buy[last]
        row.exit_estimate = market.sell_now[last] if direction > 0 else market.buy_now[last]
        resume = closing
    else:
        exit_bar = len(market.close) - 1
    row.entry_price = entry
    row.exit_price = exit_price
    row.signal_close = market.close[signal]
    row.top = top
    row.close_bottom = close_bottom
    row.bottom = bottom
    row.entry_bar = entry_bar
    row.exit_bar = exit_bar
    row.entry_day = market.day[entry_bar]
    row.exit_day = market.day[exit_bar]
    row.resume = resume
    row.side = direction
    row.reason = reason
    row.hash = trade_hash(direction, reason, entry_bar, exit_bar, entry, exit_price)


@kernel
def trade_hash(
    side: int, reason: int, entry_bar: int, exit_bar: int, entry_price: float, exit_price: float
) -> np.uint64:
    """64-bit hash of a trade; the quantity follows from the trades before it."""
    value = np.uint64(0xCBF29CE484222325)
    value = _mixed(value, np.uint64(side + 2))
    value = _mixed(value, np.uint64(reason))
    value = _mixed(value, np.uint64(entry_bar))
    value = _mixed(value, np.uint64(exit_bar))
    value = _mixed(value, np.float64(entry_price).view(np.uint64))
    return _mixed(value, np.float64(exit_price).view(np.uint64))


@kernel
def _mixed(value: np.uint64, word: np.uint64) -> np.uint64:
    """One step of a multiply-xorshift hash (after SplitMix64's finalizer)."""
    value = (value ^ word) * np.uint64(0xBF58476D1CE4E5B9)
    return value ^ (value >> np.uint64(31))
