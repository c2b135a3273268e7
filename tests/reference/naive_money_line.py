"""Money Line for one set of parameters at a time, as a quant would write it with NumPy and pandas.

Vectorized wherever the arithmetic allows it; Python loops only over the line's recursion, which is not a
linear filter, and over trades. It is the other side of two comparisons: its trades must be the sweep's, and
the sweep is measured against its speed. So it is written to be fast, not to lose.

Covered: markets that never close and fill at their stop or close (crypto), fees as a rate of notional.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trading.bars import Bars
from trading.simulation.instrument import Capital, Fees, Instrument
from trading.simulation.records import ExitReason

Array = NDArray[np.float64]


class Trade(NamedTuple):
    """One trade; an open one ends on the last bar at its close."""

    side: int
    entry_bar: int
    entry_price: float
    exit_bar: int
    exit_price: float
    quantity: float
    pnl: float
    reason: ExitReason


class Backtest(NamedTuple):
    """Figures as in RESULT_DTYPE, and the trades they come from."""

    pnl: float
    total_trades: int
    win_rate: float
    profit_factor: float
    max_drawdown: float
    sharpe: float
    sortino: float
    exposure: float
    fees: float
    open_pnl: float
    trades: list[Trade]


def backtest(
    bars: Bars, params: Mapping[str, float], instrument: Instrument, capital: Capital, start: int = 0
) -> Backtest:
    """Indicators, flips, trades and metrics of one combination, from nothing but the bars.

    Raises:
        ValueError: the bars, the fees or the outcome (ruin) are not covered.
    """
    if instrument.gap_fills or bars.fills_next_open.any() or bars.ask_close is not None:
        raise ValueError("only markets that never close and have no quotes are covered")
    if instrument.fees != Fees(rate=instrument.fees.rate):
        raise ValueError("only fees as a rate of notional are covered")
    atr = wilder(true_range(bars), int(params["atr_period"]))
    flip_bars, sides = flips(bars, atr, params["multiplier"])
    enter = passing(bars, flip_bars, sides, params)
    close = bars.close[flip_bars]
    unit = atr[flip_bars]
    tick = instrument.tick_size
    # Rounded to decimals as well: 23914 times 0.01 is the float beside 239.14.
    stops = np.round(np.rint((close - sides * params["stop_atr"] * unit) / tick) * tick, 9)
    targets = np.round(np.rint((close + sides * params["target_atr"] * unit) / tick) * tick, 9)
    stops[(stops <= 0) | (params["stop_atr"] == 0)] = np.nan
    targets[(targets <= 0) | (params["target_atr"] == 0)] = np.nan
    enter &= (flip_bars >= start) & (instrument.can_short | (sides > 0))
    return trade(bars, flip_bars, sides, enter, stops, targets, instrument, capital, start)


# Indicators


def true_range(bars: Bars) -> Array:
    """Greatest of high - low and the distances from the close before."""
    result: Array = bars.high - bars.low
    before = bars.close[:-1]
    result[1:] = np.maximum(result[1:], np.maximum(abs(bars.high[1:] - before), abs(bars.low[1:] - before)))
    return result


def smooth(values: Array, period: int, alpha: float) -> Array:
    """Exponential smoothing seeded with the mean of the first `period` values that are not NaN."""
    result = np.full(len(values), np.nan)
    first = int(np.isnan(values).sum())  # NaN only leads
    seed = first + period - 1
    if seed < len(values):
        seeded = values[seed:].copy()
        seeded[0] = values[first : seed + 1].mean()
        result[seed:] = pd.Series(seeded).ewm(alpha=alpha, adjust=False).mean().to_numpy()
    return result


def wilder(values: Array, period: int) -> Array:
    """Wilder's average."""
    return smooth(values, period, 1 / period)


def ema(values: Array, period: int) -> Array:
    """Exponential moving average."""
    return smooth(values, period, 2 / (period + 1))


def adx(bars: Bars, period: int) -> Array:
    """Wilder's average directional index; directional moves begin with the second bar."""
    up, down = np.diff(bars.high), -np.diff(bars.low)
    plus = np.where((up > 0) & (up >= down), up, 0.0)
    minus = np.where((down > 0) & (down > up), down, 0.0)
    rise, fall = (np.append(np.nan, wilder(moves, period)) for moves in (plus, minus))
    total = rise + fall  # the true range cancels out of their ratio
    with np.errstate(invalid="ignore"):
        index = np.where(total == 0, 0.0, 100 * abs(rise - fall) / total)
    return wilder(index, period)


def passing(
    bars: Bars, flip_bars: NDArray[np.int64], sides: NDArray[np.int64], params: Mapping[str, float]
) -> NDArray[np.bool_]:
    """Whether each flip passes the three filters."""
    fast = ema(bars.close, int(params.get("ma_fast", 20)))
    slow = ema(bars.close, int(params["ma_slow"]))
    with np.errstate(invalid="ignore"):  # no volume at all has no ratio
        ratio = bars.volume / pd.Series(bars.volume).rolling(20).mean().to_numpy()
    gap = sides * (fast - slow)[flip_bars] / bars.close[flip_bars]
    passes: NDArray[np.bool_] = (
        (gap >= params["ma_gap_min"])
        & (adx(bars, 14)[flip_bars] >= params["adx_min"])
        & ((params["volume_min"] == 0) | (ratio[flip_bars] >= params["volume_min"]))
    )
    return passes


def flips(bars: Bars, atr: Array, multiplier: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Bars and sides of the line's flips."""
    first = int(np.isnan(atr).sum())
    middle = (bars.high + bars.low) / 2
    lowers = (middle - multiplier * atr)[first:].tolist()
    uppers = (middle + multiplier * atr)[first:].tolist()
    closes = bars.close[first:].tolist()
    found = []
    rising = False
    lower = previous = -np.inf
    upper = np.inf
    for bar, (low_band, high_band, close) in enumerate(zip(lowers, uppers, closes, strict=True), first):
        if low_band > lower or previous < lower:
            lower = low_band
        if high_band < upper or previous > upper:
            upper = high_band
        if rising:
            if close < lower:
                rising = False
                found.append((bar, -1))
        elif close > upper and bar > first:
            rising = True
            found.append((bar, 1))
        previous = close
    columns = np.array(found, dtype=np.int64).reshape(-1, 2)
    return columns[:, 0].copy(), columns[:, 1].copy()


# Trades


def trade(
    bars: Bars,
    flip_bars: NDArray[np.int64],
    sides: NDArray[np.int64],
    enter: NDArray[np.bool_],
    stops: Array,
    targets: Array,
    instrument: Instrument,
    capital: Capital,
    start: int,
) -> Backtest:
    """Enter at the flips that pass, leave at stop, target or the next flip; equity as one array."""
    high, low, close = bars.high, bars.low, bars.close
    slip = instrument.slippage * close
    rate, lot = instrument.fees.rate, instrument.lot_size
    last = len(close) - 1
    cash = capital.initial_equity
    equity = np.empty(len(close))
    worst = np.full(len(close), np.inf)  # inside the bar
    flat_from = held = 0
    fees = 0.0
    trades = []
    ends = np.append(flip_bars[1:], last)
    for k in np.flatnonzero(enter).tolist():
        entry, side, end = int(flip_bars[k]), int(sides[k]), int(ends[k])
        quantity = np.floor(capital.allocation * cash / (close[entry] * lot)) * lot
        if quantity <= 0:
            continue
        price = close[entry] + side * slip[entry]
        exit_bar, exit_price, reason = leave(bars, slip, side, entry, end, stops[k], targets[k])
        if reason is ExitReason.EVENT and k + 1 == len(flip_bars):
            exit_price, reason = float(close[last]), ExitReason.OPEN
        entry_fee = rate * quantity * price
        exit_fee = 0.0 if reason is ExitReason.OPEN else rate * quantity * exit_price
        pnl = side * quantity * (exit_price - price) - entry_fee - exit_fee

        gain = side * quantity
        base = cash - entry_fee - gain * price
        equity[flat_from:entry] = cash
        equity[entry:exit_bar] = base + gain * close[entry:exit_bar]
        through = exit_bar if reason in (ExitReason.STOP, ExitReason.TARGET) else exit_bar + 1
        adverse = low if side > 0 else high
        worst[entry + 1 : through] = base + gain * adverse[entry + 1 : through]
        cash += pnl
        worst[exit_bar] = min(worst[exit_bar], cash)
        flat_from = exit_bar
        held += exit_bar - entry + (reason is ExitReason.OPEN)
        fees += entry_fee + exit_fee
        trades.append(Trade(side, entry, float(price), exit_bar, exit_price, float(quantity), pnl, reason))
    equity[flat_from:] = cash
    if (equity <= 0).any():
        raise ValueError("ruin is not covered")
    return measure(bars.day, equity, worst, trades, held, fees, instrument, capital, start)


def leave(
    bars: Bars, slip: Array, side: int, entry: int, end: int, stop: float, target: float
) -> tuple[int, float, ExitReason]:
    """Bar, price and reason of the first exit after `entry`, at `end` at the latest."""
    span = slice(entry + 1, end + 1)
    high, low = bars.high[span], bars.low[span]
    stopped = first_true(low < stop if side > 0 else high > stop)
    reached = first_true(high > target if side > 0 else low < target)
    if stopped is not None and (reached is None or stopped <= reached):
        bar = entry + 1 + stopped
        beyond = bars.close[bar] - side * slip[bar]
        return bar, float(min(stop, beyond) if side > 0 else max(stop, beyond)), ExitReason.STOP
    if reached is not None:
        bar = entry + 1 + reached
        price = max(target, bars.low[bar]) if side > 0 else min(target, bars.high[bar])
        return bar, float(price), ExitReason.TARGET
    return end, float(bars.close[end] - side * slip[end]), ExitReason.EVENT


def first_true(mask: NDArray[np.bool_]) -> int | None:
    """Index of the first true element."""
    if not len(mask):
        return None
    index = int(mask.argmax())
    return index if mask[index] else None


def measure(
    day: NDArray[np.int32],
    equity: Array,
    worst: Array,
    trades: list[Trade],
    held: int,
    fees: float,
    instrument: Instrument,
    capital: Capital,
    start: int,
) -> Backtest:
    """The metrics of an equity curve and its trades."""
    equity, worst, day = equity[start:], worst[start:], day[start:]
    initial = capital.initial_equity
    peak = np.maximum.accumulate(np.append(initial, equity[:-1]))
    drawdown = (peak - np.minimum(worst, equity)) / peak
    daily = np.append(initial, equity[np.append(np.flatnonzero(np.diff(day)), len(day) - 1)])
    returns = daily[1:] / daily[:-1] - 1
    year = np.sqrt(instrument.days_per_year)
    varied = len(returns) > 1 and (returns != returns[0]).any()
    downside = np.sqrt((np.minimum(returns, 0) ** 2).mean())
    closed = np.array([one.pnl for one in trades if one.reason is not ExitReason.OPEN])
    losses = -closed[closed < 0].sum()
    return Backtest(
        pnl=float(equity[-1] - initial),
        total_trades=len(closed),
        win_rate=float((closed > 0).mean()) if len(closed) else np.nan,
        profit_factor=float(closed[closed > 0].sum() / losses) if losses > 0 else np.nan,
        max_drawdown=float(drawdown.max()),
        sharpe=float(returns.mean() / returns.std(ddof=1) * year) if varied else np.nan,
        sortino=float(returns.mean() / downside * year) if downside > 0 else np.nan,
        exposure=held / len(equity),
        fees=fees,
        open_pnl=sum(one.pnl for one in trades if one.reason is ExitReason.OPEN),
        trades=trades,
    )
