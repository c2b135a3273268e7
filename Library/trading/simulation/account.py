"""One combination's account: equity through its trades, and the metrics of it.

The loop goes from trade to trade, not from bar to bar. Peaks, troughs and daily marks of a trade follow from
its outcome's extremes, since equity while open is cash + quantity * (price in the position's favour); only a
trade that could set a new maximum drawdown from its own highs is walked bar by bar. Nothing is approximated.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trading.compiled import kernel
from trading.simulation.instrument import Capital, Instrument
from trading.simulation.outcomes import trade_hash
from trading.simulation.records import BLOCKS, ExitReason, Status

_EVENT = int(ExitReason.EVENT)
_STOP = int(ExitReason.STOP)
_TARGET = int(ExitReason.TARGET)
_OPEN = int(ExitReason.OPEN)
_BUST = int(ExitReason.BUST)
_STATUS_OK = int(Status.OK)
_STATUS_BUST = int(Status.BUST)
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HASH_SHIFT = np.uint64(29)


class Terms(NamedTuple):
    """Money side of a simulation, as the kernels take it; units as in `Instrument` and `Capital`."""

    initial_equity: float
    allocation: float
    lot_size: float
    fee_rate: float
    fee_per_unit: float
    fee_minimum: float
    fee_maximum_rate: float
    days_per_year: float


def terms(instrument: Instrument, capital: Capital) -> Terms:
    """The terms of trading `instrument` with `capital`.

    Raises:
        ValueError: the allocation needs more leverage than the instrument has.
    """
    capital.check_against(instrument)
    fees = instrument.fees
    return Terms(
        capital.initial_equity,
        capital.allocation,
        instrument.lot_size,
        fees.rate,
        fees.per_unit,
        fees.minimum,
        fees.maximum_rate,
        float(instrument.days_per_year),
    )


@kernel
def order_fee(terms, quantity, price):  # type: ignore[no-untyped-def]
    """Fee of one order, money."""
    if quantity == 0.0:
        return 0.0
    notional = quantity * price
    fee = max(terms.fee_rate * notional + terms.fee_per_unit * quantity, terms.fee_minimum)
    if terms.fee_maximum_rate > 0.0:
        fee = min(fee, terms.fee_maximum_rate * notional)
    return fee


@kernel
def run_account(market, terms, bar, outcomes, selected, result, blocks, trades, equity):  # type: ignore[no-untyped-def]
    """Trade the selected events and fill in one result.

    Args:
        market, terms: `Market`, `Terms`.
        bar: signal bar of each event.
        outcomes: outcome of each event, `OUTCOME_DTYPE`.
        selected: indices of the events that enter, ascending.
        result: record of `RESULT_DTYPE` to fill in, without `blocks`.
        blocks: the result's block sums, shape (34,), zero on entry.
        trades: array of `TRADE_DTYPE` to fill in, length 0 = not wanted, else at least len(selected).
        equity: close equity of each bar from `market.start`, to fill in when `trades` is wanted.
    Returns:
        the number of trades, one still open included.
    """
    record = len(trades) > 0
    cash = terms.initial_equity
    peak = cash
    drawdown = 0.0
    status = _STATUS_OK

    flat_since = -1  # bar of the last exit
    closing_event = -1  # event that closed the last trade at the market
    close_quantity = 0.0  # quantity that it closed,
    close_estimate = 0.0  # and equity expected of it when it was sent

    day = 0
    day_equity = cash
    recorded_days = 0
    least_return = np.inf
    greatest_return = -np.inf
    sum_3 = 0.0
    sum_4 = 0.0
    downside = 0.0

    closed = 0
    wins = 0
    profit = 0.0
    loss = 0.0
    fees = 0.0
    open_pnl = 0.0
    open_bars = 0
    fingerprint = np.uint64(0)
    count = 0
    written = market.start  # bars before it have their equity written

    resume = 0
    for event in selected:
        if event < resume:
            continue
        row = outcomes[event]
        if row.side == 0:
            continue
        reversal = event == closing_event
        entry_bar = np.int64(row.entry_bar)
        if cash <= 0.0 and not (reversal and entry_bar == flat_since):
            break
        lot = terms.lot_size
        sized_by = close_estimate if reversal else cash
        quantity = np.floor((terms.allocation * sized_by) / (row.signal_close * lot)) * lot
        if not quantity > 0.0:
            continue
        if entry_bar > flat_since:
            peak = max(peak, cash)

        # Days that ended flat since the last exit: all but the first of them return zero.
        if row.entry_day > day:
            change = cash / day_equity - 1.0
            recorded_days += 1
            least_return = min(least_return, change)
            greatest_return = max(greatest_return, change)
            square = change * change
            block = market.day_block[day]
            blocks[block] += change
            blocks[BLOCKS + block] += square
            sum_3 += square * change
            sum_4 += square * square
            downside += min(change, 0.0) * change
            day_equity = cash
            day = np.int64(row.entry_day)
        if record:
            equity[written - market.start : entry_bar - market.start] = cash
            written = entry_bar

        entry = row.entry_price
        fee = (
            order_fee(terms, close_quantity + quantity, entry) - order_fee(terms, close_quantity, entry)
            if reversal
            else order_fee(terms, quantity, entry)
        )
        fees += fee
        trade_fees = fee
        cash -= fee

        exit_bar = np.int64(row.exit_bar)
        exit_day = np.int64(row.exit_day)
        exit_price = row.exit_price
        reason = np.int64(row.reason)
        side = float(row.side)
        bust = cash + quantity * row.close_bottom <= 0.0
        if bust:
            exit_bar = _bust_bar(market, side, cash, quantity, entry, entry_bar)
            exit_day = np.int64(market.day[exit_bar])
            exit_price = market.sell_now[exit_bar] if side > 0 else market.buy_now[exit_bar]
            reason = _BUST
            status = _STATUS_BUST

        top = cash + quantity * row.top
        bottom = cash + quantity * row.bottom
        if bust or top > peak:
            # A drawdown is at most from the trade's top to its bottom: walk only if that would be a new one.
            if bust or bottom <= 0.0 or top - bottom > drawdown * top:
                whole_entry_bar = entry_bar > bar[event]
                whole_exit_bar = reason == _BUST or (reason == _EVENT and bar[row.resume] == exit_bar)
                drawdown, peak = _walk(
                    market,
                    side,
                    cash,
                    quantity,
                    entry,
                    entry_bar,
                    whole_entry_bar,
                    exit_bar,
                    whole_exit_bar,
                    reason == _OPEN,
                    peak,
                    drawdown,
                )
            else:
                peak = top
        elif peak - bottom > drawdown * peak:
            drawdown = (peak - bottom) / peak

        while day < exit_day:
            mark = cash + quantity * (side * (market.day_close[day] - entry))
            change = mark / day_equity - 1.0
            recorded_days += 1
            least_return = min(least_return, change)
            greatest_return = max(greatest_return, change)
            square = change * change
            block = market.day_block[day]
            blocks[block] += change
            blocks[BLOCKS + block] += square
            sum_3 += square * change
            sum_4 += square * square
            downside += min(change, 0.0) * change
            day_equity = mark
            day += 1
        if record:
            for t in range(entry_bar, exit_bar):
                equity[t - market.start] = cash + quantity * (side * (market.close[t] - entry))
            written = max(written, exit_bar)

        gross = quantity * (side * (exit_price - entry))
        before = cash
        cash += gross
        open_bars += exit_bar - entry_bar
        if bust:
            fingerprint = (
                fingerprint ^ trade_hash(row.side, reason, entry_bar, exit_bar, entry, exit_price)
            ) * _HASH_FACTOR
        else:
            fingerprint = (fingerprint ^ row.hash) * _HASH_FACTOR
        fingerprint ^= fingerprint >> _HASH_SHIFT
        if reason == _OPEN:
            open_bars += 1
            open_pnl = gross - trade_fees
        else:
            fee = order_fee(terms, quantity, exit_price)
            fees += fee
            trade_fees += fee
            cash -= fee
            closed += 1
            pnl = gross - trade_fees
            if pnl > 0.0:
                wins += 1
                profit += pnl
            else:
                loss -= pnl
            if peak - cash > drawdown * peak:
                drawdown = (peak - cash) / peak
        if record:
            trades[count].signal_bar = bar[event]
            trades[count].entry_bar = entry_bar
            trades[count].exit_bar = exit_bar
            trades[count].side = np.int64(row.side)
            trades[count].quantity = quantity
            trades[count].entry_price = entry
            trades[count].exit_price = exit_price
            trades[count].fees = trade_fees
            trades[count].pnl = gross - trade_fees
            trades[count].reason = reason
        count += 1
        if bust:
            break

        flat_since = exit_bar
        closing_event = -1
        if reason == _EVENT:
            closing_event = np.int64(row.resume)
            close_quantity = quantity
            close_estimate = (before + quantity * (side * (row.exit_estimate - entry))) - order_fee(
                terms, quantity, row.exit_estimate
            )
        resume = row.resume

    if cash <= 0.0:
        status = _STATUS_BUST
    if record:
        equity[written - market.start :] = cash
    # The last day on which anything happened; the days after it return zero.
    change = cash / day_equity - 1.0
    square = change * change
    block = market.day_block[day]
    blocks[block] += change
    blocks[BLOCKS + block] += square
    blocks[2 * BLOCKS] = sum_3 + square * change
    blocks[2 * BLOCKS + 1] = sum_4 + square * square
    downside += min(change, 0.0) * change
    least_return = min(least_return, change)
    greatest_return = max(greatest_return, change)
    days = len(market.day_close)
    if recorded_days + 1 < days:
        least_return = min(least_return, 0.0)
        greatest_return = max(greatest_return, 0.0)

    result.status = status
    result.pnl = cash - terms.initial_equity
    result.total_trades = closed
    result.win_rate = wins / closed if closed > 0 else np.nan
    result.profit_factor = profit / loss if loss > 0.0 else np.nan
    result.max_drawdown = drawdown
    _set_ratios(result, blocks, days, least_return < greatest_return, downside, terms.days_per_year)
    result.exposure = open_bars / (len(market.close) - market.start)
    result.fees = fees
    result.open_pnl = open_pnl
    result.trades_hash = fingerprint
    return count


@kernel
def _set_ratios(result, blocks, days, varies, downside, days_per_year):  # type: ignore[no-untyped-def]
    total = 0.0
    squares = 0.0
    for block in range(BLOCKS):
        total += blocks[block]
        squares += blocks[BLOCKS + block]
    mean = total / days
    annual = np.sqrt(days_per_year)
    result.sharpe = np.nan
    if days > 1 and varies:
        variance = (squares - total * mean) / (days - 1)
        if variance > 0.0:
            result.sharpe = mean / np.sqrt(variance) * annual
    result.sortino = mean / np.sqrt(downside / days) * annual if downside > 0.0 else np.nan


@kernel
def _bust_bar(market, side, cash, quantity, entry, entry_bar):  # type: ignore[no-untyped-def]
    """First bar at whose close the equity is gone; the caller knows that there is one."""
    t = entry_bar
    while cash + quantity * (side * (market.close[t] - entry)) > 0.0:
        t += 1
    return t


@kernel
def _walk(  # type: ignore[no-untyped-def]
    market,
    side,
    cash,
    quantity,
    entry,
    entry_bar,
    whole_entry_bar,
    exit_bar,
    whole_exit_bar,
    still_open,
    peak,
    drawdown,
):
    """Greatest drawdown and peak after a trade, bar by bar; the exit itself is left to the caller.

    `whole_entry_bar`: the position was held through the entry bar's range (it filled at the open);
    `whole_exit_bar`: through the exit bar's, which it left at the close.
    """
    adverse = market.low if side > 0 else market.high
    for t in range(entry_bar, exit_bar + 1):
        if t == exit_bar and not (whole_exit_bar or still_open):
            break
        price = adverse[t] if t > entry_bar or whole_entry_bar else market.close[t]
        trough = cash + quantity * (side * (price - entry))
        drawdown = max(drawdown, (peak - trough) / peak)
        if t < exit_bar or still_open:
            peak = max(peak, cash + quantity * (side * (market.close[t] - entry)))
    return drawdown, peak
