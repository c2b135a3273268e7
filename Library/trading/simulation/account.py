"""One combination's account: equity through its trades, and the metrics of it.

The loop goes from trade to trade, not from bar to bar. Peaks, troughs and daily marks of a trade follow from
its outcome's extremes, since equity while open is cash + quantity * (price in the position's favour); only a
trade that could set a new maximum drawdown from its own highs is walked bar by bar. Nothing is approximated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.simulation.daily import close_day, daily_state, set_ratios
from trading.simulation.drawdown import bust_bar, deepened, mark_to_market, walk
from trading.simulation.market import Market
from trading.simulation.outcomes import trade_hash
from trading.simulation.records import ExitReason, Status
from trading.simulation.terms import Terms, order_fee, order_quantity

_EVENT = int(ExitReason.EVENT)
_OPEN = int(ExitReason.OPEN)
_BUST = int(ExitReason.BUST)
_STATUS_OK = int(Status.OK)
_STATUS_BUST = int(Status.BUST)
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HASH_SHIFT = np.uint64(29)


@kernel
def run_account(
    market: Market,
    terms: Terms,
    bar: NDArray[np.int64],
    outcomes: NDArray[np.void],
    selected: NDArray[np.int32],
    result: Any,
    blocks: Float64Array,
    trades: NDArray[np.void],
    equity: Float64Array,
) -> int:
    """Trade the selected events and fill in one result.

    Args:
        market, terms: the bars and the money.
        bar: signal bar of each event.
        outcomes: outcome of each event, `OUTCOME_DTYPE`.
        selected: indices of the events that enter, ascending.
        result: record of `RESULT_DTYPE` to fill in, all but `blocks`.
        blocks: the result's block sums, shape (34,), zero on entry.
        trades: array of `TRADE_DTYPE` to fill in, at least len(selected) long; length 0 = not wanted.
        equity: equity at the close of each bar from `market.start`, to fill in when `trades` is wanted.

    Returns:
        Number of trades, one still open included.
    """
    prices = market.prices
    fills = market.fills
    days = market.days
    start = market.start
    record = len(trades) > 0
    cash = terms.initial_equity
    peak = cash
    drawdown = 0.0
    busted = False
    day = 0  # the day that the account is in
    daily = daily_state(cash)
    closed = 0
    wins = 0
    profit = 0.0
    loss = 0.0
    fees = 0.0
    open_pnl = 0.0
    open_bars = 0
    fingerprint = np.uint64(0)
    count = 0
    last_exit = -1  # bar of the last exit
    marked_until = start  # equity is written for the bars before it

    resume = 0  # first event that may be acted on
    closing_event = -1  # event that closed the last trade at the market,
    close_quantity = 0.0  # the quantity that it closed,
    close_estimate = 0.0  # and the equity expected of that when the order was sent
    for event in selected:
        if event < resume or outcomes[event].side == 0:
            continue
        row = outcomes[event]
        entry_bar = int(row.entry_bar)
        reversal = event == closing_event
        if cash <= 0.0 and not (reversal and entry_bar == last_exit):
            break
        quantity = order_quantity(terms, close_estimate if reversal else cash, row.signal_close)
        if quantity == 0.0:
            continue

        # Up to the entry the account was flat.
        if entry_bar > last_exit:
            peak = max(peak, cash)
        if row.entry_day > day:
            close_day(daily, blocks, days[day].block, cash)
            day = int(row.entry_day)
        if record:
            equity[marked_until - start : entry_bar - start] = cash

        entry_fee = order_fee(terms, quantity, row.entry_price)
        if reversal:  # one order: the new leg bears what the old one would not have cost alone
            whole = order_fee(terms, close_quantity + quantity, row.entry_price)
            entry_fee = whole - order_fee(terms, close_quantity, row.entry_price)
        cash -= entry_fee

        reason = int(row.reason)
        exit_bar = int(row.exit_bar)
        exit_price = row.exit_price
        hashed = row.hash
        if cash + quantity * row.close_bottom <= 0.0:
            busted = True
            reason = _BUST
            exit_bar = bust_bar(prices, row, cash, quantity)
            exit_price = fills[exit_bar].sell_now if row.side > 0 else fills[exit_bar].buy_now
            hashed = trade_hash(row.side, reason, entry_bar, exit_bar, row.entry_price, exit_price)

        top = cash + quantity * row.top
        bottom = cash + quantity * row.bottom
        if not busted and top <= peak:
            drawdown = deepened(drawdown, peak, bottom)
        elif not busted and bottom > 0.0 and top - bottom <= drawdown * top:
            peak = top  # even a fall from top to bottom would be no new maximum
        else:
            drawdown, peak = walk(prices, bar, event, row, cash, quantity, exit_bar, reason, peak, drawdown)
        while day < fills[exit_bar].day:
            mark = cash + quantity * (row.side * (days[day].close - row.entry_price))
            close_day(daily, blocks, days[day].block, mark)
            day += 1
        if record:
            mark_to_market(prices, row, cash, quantity, start, exit_bar, equity)
            marked_until = exit_bar

        gross = quantity * (row.side * (exit_price - row.entry_price))
        exit_fee = 0.0 if reason == _OPEN else order_fee(terms, quantity, exit_price)
        pnl = gross - (entry_fee + exit_fee)
        fees += entry_fee + exit_fee
        open_bars += exit_bar - entry_bar
        fingerprint = (fingerprint ^ hashed) * _HASH_FACTOR
        fingerprint ^= fingerprint >> _HASH_SHIFT
        if record:
            trades[count].signal_bar = bar[event]
            trades[count].entry_bar = entry_bar
            trades[count].exit_bar = exit_bar
            trades[count].side = int(row.side)
            trades[count].quantity = quantity
            trades[count].entry_price = row.entry_price
            trades[count].exit_price = exit_price
            trades[count].fees = entry_fee + exit_fee
            trades[count].pnl = pnl
            trades[count].reason = reason
        count += 1
        if reason == _EVENT:
            closing_event = int(row.resume)
            close_quantity = quantity
            expected = cash + quantity * (row.side * (row.exit_estimate - row.entry_price))
            close_estimate = expected - order_fee(terms, quantity, row.exit_estimate)
        else:
            closing_event = -1
        cash = cash + gross - exit_fee
        if reason == _OPEN:
            open_pnl = pnl
            open_bars += 1
        else:
            closed += 1
            wins += pnl > 0.0
            profit += max(pnl, 0.0)
            loss -= min(pnl, 0.0)
            drawdown = deepened(drawdown, peak, cash)
        if busted:
            break
        last_exit = exit_bar
        resume = int(row.resume)

    if record:
        equity[marked_until - start :] = cash
    close_day(daily, blocks, days[day].block, cash)

    result.status = _STATUS_BUST if busted or cash <= 0.0 else _STATUS_OK
    result.pnl = cash - terms.initial_equity
    result.total_trades = closed
    result.win_rate = wins / closed if closed > 0 else np.nan
    result.profit_factor = profit / loss if loss > 0.0 else np.nan
    result.max_drawdown = drawdown
    set_ratios(result, daily, blocks, len(days), terms.days_per_year)
    result.exposure = open_bars / (len(prices) - start)
    result.fees = fees
    result.open_pnl = open_pnl
    result.trades_hash = fingerprint
    return count
