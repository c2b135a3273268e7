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
from trading.simulation.brackets import NONE, rounded, stop_fill, target_fill, touches
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
    terms = (instrument.gap_fills, instrument.can_short, instrument.tick_size, instrument.slippage)
    _outcomes(market.prices, market.fills, market.runs, *terms, bar, side, stop, target, trail, table)
    return table


@kernel
def _outcomes(
    prices: NDArray[np.void],
    fills: NDArray[np.void],
    runs: NDArray[np.void],
    gap_fills: bool,
    can_short: bool,
    tick: float,
    slippage: float,
    bar: NDArray[np.int64],
    side: NDArray[np.int64],
    stop: Float64Array,
    target: Float64Array,
    trail: Float64Array,
    table: NDArray[np.void],
) -> None:
    count = len(bar)
    closing = _next_opposite(side)
    for event in range(count):
        signal = bar[event]
        direction = side[event]
        row = table[event]
        if fills[signal].bar < 0 or (direction < 0 and not can_short):
            continue
        row.side = direction
        row.signal_close = prices[signal].close
        row.entry_bar = fills[signal].bar
        row.entry_price = fills[signal].buy if direction > 0 else fills[signal].sell
        row.entry_day = fills[row.entry_bar].day

        stop_level = rounded(stop[event], tick)
        if stop_level == NONE and trail[event] > 0.0:
            stop_level = rounded(prices[signal].close - direction * trail[event], tick)
        target_level = rounded(target[event], tick)
        closed_by = closing[event]
        last = bar[closed_by] if closed_by < count else len(prices) - 1
        leaves_at_close = closed_by < count and fills[last].bar == last
        first = signal + 1 if row.entry_bar == signal else row.entry_bar
        _follow(
            prices,
            runs,
            gap_fills,
            tick,
            slippage,
            first,
            last,
            leaves_at_close,
            stop_level,
            target_level,
            trail[event],
            row,
        )

        row.resume = count
        if row.reason != _OPEN:
            row.resume = event + 1
            while row.resume < count and bar[row.resume] < row.exit_bar:
                row.resume += 1
        elif closed_by < count and fills[last].bar >= 0:
            row.reason = _EVENT
            row.exit_bar = fills[last].bar
            row.exit_price = fills[last].sell if direction > 0 else fills[last].buy
            row.exit_estimate = fills[last].sell_now if direction > 0 else fills[last].buy_now
            row.resume = closed_by
        row.exit_day = fills[row.exit_bar].day
        row.hash = trade_hash(
            direction, row.reason, row.entry_bar, row.exit_bar, row.entry_price, row.exit_price
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
    prices: NDArray[np.void],
    runs: NDArray[np.void],
    gap_fills: bool,
    tick: float,
    slippage: float,
    first: int,
    last: int,
    leaves_at_close: bool,
    stop: float,
    target: float,
    trail: float,
    row: Any,
) -> None:
    """Follow a position's resting orders through the bars `first` to `last`.

    Writes exit bar, price and reason into `row`, OPEN at the last close when none filled, and the extremes of
    the bars before the exit. `leaves_at_close`: an event closes it at the close of `last`.
    """
    side = row.side
    entry = row.entry_price
    top = -np.inf
    close_bottom = np.inf
    bottom = np.inf
    if first > row.entry_bar:  # filled at a close: the range of that bar was before the position
        top = side * (prices[row.entry_bar].close - entry)
        close_bottom = top
        bottom = top
    t = first
    while t <= last:
        if t % SKIP == 0 and t + SKIP <= last and trail <= 0.0:
            run = runs[t // SKIP]
            if not touches(side, stop, target, run.low, run.high):
                top = max(top, side * ((run.close_high if side > 0 else run.close_low) - entry))
                close_bottom = min(
                    close_bottom, side * ((run.close_low if side > 0 else run.close_high) - entry)
                )
                bottom = min(bottom, side * ((run.low if side > 0 else run.high) - entry))
                t += SKIP
                continue
        bar = prices[t]
        if touches(side, stop, target, bar.low, bar.high):
            slip = slippage * bar.close
            fill = stop_fill(gap_fills, side, stop, bar.open, bar.low, bar.high, bar.close, slip)
            reason = _STOP
            if fill == NONE:
                fill = target_fill(gap_fills, side, target, bar.open, bar.low, bar.high)
                reason = _TARGET
            if fill != NONE:
                row.exit_price = fill
                row.reason = reason
                break
        bottom = min(bottom, side * ((bar.low if side > 0 else bar.high) - entry))
        if not (leaves_at_close and t == last):  # else its close is no mark: the position is gone
            mark = side * (bar.close - entry)
            top = max(top, mark)
            close_bottom = min(close_bottom, mark)
        if trail > 0.0:
            moved = rounded(bar.high - trail, tick) if side > 0 else rounded(bar.low + trail, tick)
            stop = max(stop, moved) if side > 0 else min(stop, moved)
        t += 1
    if t > last:
        t = len(prices) - 1
        row.reason = _OPEN
        row.exit_price = prices[t].close
    row.exit_bar = t
    row.top = top
    row.close_bottom = close_bottom
    row.bottom = bottom


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
