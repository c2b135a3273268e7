"""Drawdown, ratios and block sums: numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

from tests.reference.metrics import Metrics
from tests.reference.scenario import (
    CRYPTO,
    EQUITY,
    FLAT,
    TEN_THOUSAND,
    Simulator,
    as_array,
    closes,
    event,
    market,
)
from trading.bars import Bars
from trading.events import Event
from trading.simulation import Fees

LONG = event(0, 1)


def metrics(simulate: Simulator, bars: Bars, *events: Event) -> Metrics:
    """100 units an entry at 100, no fees."""
    return simulate(bars, as_array(events), EQUITY, TEN_THOUSAND, 0).metrics


# Drawdown. Equity is 100 times the price while the first long is open.


def test_drawdown_reaches_to_the_low_of_a_bar_held_through(simulate: Simulator) -> None:
    assert metrics(simulate, market(FLAT, (100, 100, 80, 95)), LONG).max_drawdown == 0.2


def test_drawdown_of_a_short_reaches_to_the_high(simulate: Simulator) -> None:
    assert metrics(simulate, market(FLAT, (100, 130, 100, 95)), event(0, -1)).max_drawdown == 0.3


def test_peaks_are_closes_not_highs_and_count_from_the_next_bar(simulate: Simulator) -> None:
    bars = market(FLAT, (100, 200, 100, 125), (125, 150, 100, 110))
    # Peak 12,500 at bar 1's close; bar 1's own low is measured from 10,000, its high is no peak.
    assert metrics(simulate, bars, LONG).max_drawdown == 0.2


def test_initial_equity_is_the_first_peak(simulate: Simulator) -> None:
    costly = EQUITY.model_copy(update={"fees": Fees(minimum=100.0)})
    outcome = simulate(closes(100), as_array([LONG]), costly, TEN_THOUSAND, 0)
    assert outcome.metrics.max_drawdown == 0.01


def test_an_entry_at_the_close_does_not_suffer_its_own_bar(simulate: Simulator) -> None:
    assert metrics(simulate, market((100, 150, 10, 100), FLAT), LONG).max_drawdown == 0.0


def test_an_entry_at_the_open_suffers_its_bar(simulate: Simulator) -> None:
    bars = market(FLAT, (100, 101, 70, 100), next_open=[0])
    assert metrics(simulate, bars, LONG).max_drawdown == 0.3


def test_a_stop_ends_the_suffering_at_its_price(simulate: Simulator) -> None:
    bars = market(FLAT, (100, 100, 50, 60))
    assert metrics(simulate, bars, event(0, 1, stop=90.0)).max_drawdown == 0.1


def test_a_stop_s_fee_belongs_to_the_low(simulate: Simulator) -> None:
    costly = EQUITY.model_copy(update={"fees": Fees(minimum=100.0)})
    bars = market(FLAT, (100, 100, 50, 60))
    outcome = simulate(bars, as_array([event(0, 1, stop=90.0)]), costly, TEN_THOUSAND, 0)
    # 10,000 - 100 - 1,000 - 100
    assert outcome.metrics.max_drawdown == 0.12


def test_a_target_s_bar_has_no_low_but_the_exit(simulate: Simulator) -> None:
    bars = market(FLAT, (100, 111, 60, 100))
    assert metrics(simulate, bars, event(0, 1, target=110.0)).max_drawdown == 0.0


def test_a_stop_that_an_entry_at_a_better_quote_covers_up_is_still_a_low(simulate: Simulator) -> None:
    # Stopped at 90 with 9,000 left, the close of 95 sells 94 at a bid of 105 and shows 940 more.
    bars = market(FLAT, (100, 100, 50, 95), bid=[100, 105], ask=[100, 106])
    outcome = simulate(bars, as_array([event(0, 1, stop=90.0), event(1, -1)]), EQUITY, TEN_THOUSAND, 0)
    assert outcome.equity == [10_000, 9_940]
    assert outcome.metrics.max_drawdown == 0.1


def test_an_exit_at_the_close_suffers_the_whole_bar(simulate: Simulator) -> None:
    bars = market(FLAT, (100, 110, 75, 105))
    assert metrics(simulate, bars, LONG, event(1, -1, enter=False)).max_drawdown == 0.25


def test_an_exit_at_the_open_suffers_the_open_only(simulate: Simulator) -> None:
    bars = market(FLAT, FLAT, (90, 120, 10, 50), next_open=[1])
    assert metrics(simulate, bars, LONG, event(1, -1, enter=False)).max_drawdown == 0.1


def test_a_reversal_at_the_open_then_suffers_as_the_other_side(simulate: Simulator) -> None:
    bars = market(FLAT, FLAT, (90, 120, 10, 50), next_open=[1])
    outcome = simulate(bars, as_array([LONG, event(1, -1)]), EQUITY, TEN_THOUSAND, 0)
    # Sold 100 at 90 with 9,000 left, short 100 (10,000 at the signal's 100): at 120, 6,000.
    assert outcome.metrics.max_drawdown == 0.4
    assert outcome.equity == [10_000, 10_000, 13_000]


def test_the_peak_of_a_bar_that_reverses_is_after_both_legs(simulate: Simulator) -> None:
    instrument = EQUITY.model_copy(update={"fees": Fees(per_unit=5.0)})
    events = as_array([LONG, event(1, -1), event(2, 1, enter=False)])
    outcome = simulate(closes(100, 200, 220), events, instrument, TEN_THOUSAND, 0)
    # 9,500; 9,500 + 10,000 - 500 = 19,000 sells 95 for 475 more: the peak is 18,525, not 19,000.
    # 18,525 - 95 * 20 - 475 = 16,150
    assert outcome.equity == [9_500, 18_525, 16_150]
    assert outcome.metrics.max_drawdown == pytest.approx(2_375 / 18_525, abs=1e-12)


# Win rate and profit factor.


def test_no_trade_leaves_the_rates_undefined(simulate: Simulator) -> None:
    figures = metrics(simulate, closes(100, 110))
    assert math.isnan(figures.win_rate)
    assert math.isnan(figures.profit_factor)
    assert (figures.pnl, figures.total_trades, figures.max_drawdown, figures.exposure) == (0, 0, 0, 0)


def test_no_losing_trade_leaves_the_profit_factor_undefined(simulate: Simulator) -> None:
    figures = metrics(simulate, closes(100, 110), LONG, event(1, -1, enter=False))
    assert figures.win_rate == 1.0
    assert math.isnan(figures.profit_factor)


def test_a_trade_that_breaks_even_neither_wins_nor_loses(simulate: Simulator) -> None:
    figures = metrics(simulate, closes(100, 100), LONG, event(1, -1, enter=False))
    assert (figures.total_trades, figures.win_rate) == (1, 0.0)
    assert math.isnan(figures.profit_factor)


def test_only_losing_trades_make_a_profit_factor_of_zero(simulate: Simulator) -> None:
    figures = metrics(simulate, closes(100, 90), LONG, event(1, -1, enter=False))
    assert (figures.win_rate, figures.profit_factor) == (0.0, 0.0)


def test_rates_count_closed_trades_only(simulate: Simulator) -> None:
    # +3,000 (100 units), -1,000 (100 at 130), then an open one that gains.
    events = (LONG, event(1, -1), event(2, 1), event(3, 1))
    figures = metrics(simulate, closes(100, 130, 140, 150), *events)
    assert (figures.total_trades, figures.win_rate, figures.profit_factor) == (2, 0.5, 3.0)
    # 12,000 buys 85 at 140.
    assert figures.open_pnl == 850
    assert figures.pnl == 2_850


# Daily returns.


def test_daily_returns_go_from_last_bar_to_last_bar(simulate: Simulator) -> None:
    bars = closes(100, 90, 110, 140, 99, days=[7, 7, 7, 9, 30])
    figures = metrics(simulate, bars, LONG)
    returns = [11_000 / 10_000 - 1, 14_000 / 11_000 - 1, 9_900 / 14_000 - 1]
    mean = sum(returns) / 3
    deviation = math.sqrt(sum((value - mean) ** 2 for value in returns) / 2)
    assert figures.sharpe == pytest.approx(mean / deviation * math.sqrt(252), rel=1e-12)
    downside = math.sqrt(returns[2] ** 2 / 3)
    assert figures.sortino == pytest.approx(mean / downside * math.sqrt(252), rel=1e-12)


def test_a_year_of_a_market_that_never_closes_has_365_days(simulate: Simulator) -> None:
    bars, events = closes(100, 110, 99, days=[0, 1, 2]), as_array([LONG])
    crypto = simulate(bars, events, CRYPTO, TEN_THOUSAND, 0).metrics
    equity = simulate(bars, events, EQUITY, TEN_THOUSAND, 0).metrics
    assert crypto.sharpe == pytest.approx(equity.sharpe * math.sqrt(365 / 252), rel=1e-12)
    assert crypto.sortino == pytest.approx(equity.sortino * math.sqrt(365 / 252), rel=1e-12)


def test_one_day_has_no_sharpe_ratio(simulate: Simulator) -> None:
    figures = metrics(simulate, closes(100, 90, days=[0, 0]), LONG)
    assert math.isnan(figures.sharpe)
    # One return of -0.1: mean -0.1 over a downside of 0.1.
    assert figures.sortino == pytest.approx(-math.sqrt(252), rel=1e-12)


def test_equal_returns_have_no_sharpe_ratio(simulate: Simulator) -> None:
    figures = metrics(simulate, closes(100, 200, 400, days=[0, 1, 2]), event(0, -1, enter=False))
    assert math.isnan(figures.sharpe)
    assert math.isnan(figures.sortino)
    # Not flat, but equal: the equity halves day after day.
    halves = simulate(closes(64, 32, 16, 8, days=[0, 0, 1, 2]), as_array([LONG]), CRYPTO, HALVED, 0)
    assert halves.equity == [64, 32, 16, 8]
    assert math.isnan(halves.metrics.sharpe)
    assert halves.metrics.sortino == pytest.approx(-math.sqrt(365), rel=1e-12)


HALVED = TEN_THOUSAND.model_copy(update={"initial_equity": 64.0})


@pytest.mark.parametrize("apart", [1e-3, 1e-6, 1e-9, 1e-12])
def test_nearly_equal_returns_have_a_sharpe_ratio(simulate: Simulator, apart: float) -> None:
    # -1/2 and -1/2 + apart/2: two values d apart have a sample deviation of d / sqrt(2).
    bars = closes(64, 32, 16 * (1 + apart), days=[0, 0, 1])
    figures = simulate(bars, as_array([LONG]), CRYPTO, HALVED, 0).metrics
    second = 16 * (1 + apart) / 32 - 1
    deviation = (second + 0.5) / math.sqrt(2)
    assert figures.sharpe == pytest.approx((second - 0.5) / 2 / deviation * math.sqrt(365), rel=1e-9)


def test_no_losing_day_leaves_sortino_undefined(simulate: Simulator) -> None:
    figures = metrics(simulate, closes(100, 110, 110, days=[0, 1, 2]), LONG)
    assert figures.sharpe > 0
    assert math.isnan(figures.sortino)


def test_the_first_day_is_that_of_the_first_simulated_bar(simulate: Simulator) -> None:
    bars = closes(50, 100, 90, 99, days=[0, 1, 1, 2])
    figures = simulate(bars, as_array([event(1, 1)]), EQUITY, TEN_THOUSAND, 1).metrics
    # Two days: -0.1 (block 0) and 0.1 (block 8).
    assert figures.blocks[0] == pytest.approx(-0.1, abs=1e-12)
    assert figures.blocks[8] == pytest.approx(0.1, abs=1e-12)


def test_blocks_of_twenty_days(simulate: Simulator) -> None:
    # Day k of 20 belongs to block 16 k // 20: blocks 0, 4, 8 and 12 hold two days, the others one.
    signs = [1, -1, 1, 1, -1] * 4
    prices = [100.0]
    for sign in signs:
        prices.append(prices[-1] + 8 * sign)
    bars = closes(*prices, days=[0, *range(20)])
    figures = metrics(simulate, bars, LONG)
    returns = [prices[day + 1] / prices[day] - 1 for day in range(20)]
    days = [
        [0, 1],
        [2],
        [3],
        [4],
        [5, 6],
        [7],
        [8],
        [9],
        [10, 11],
        [12],
        [13],
        [14],
        [15, 16],
        [17],
        [18],
        [19],
    ]
    wanted = [
        *(sum(returns[day] for day in block) for block in days),
        *(sum(returns[day] ** 2 for day in block) for block in days),
        sum(value**3 for value in returns),
        sum(value**4 for value in returns),
    ]
    assert figures.blocks == pytest.approx(wanted, abs=1e-12)


def test_blocks_of_three_days_are_mostly_empty(simulate: Simulator) -> None:
    figures = metrics(simulate, closes(100, 150, 75, 75, days=[0, 1, 2, 2]), LONG)
    # Days 0, 1 and 2 belong to blocks 0, 5 and 10; their returns are 0, 0.5 and -0.5.
    wanted = [0.0] * 34
    wanted[5], wanted[10] = 0.5, -0.5
    wanted[16 + 5] = wanted[16 + 10] = 0.25
    wanted[33] = 0.125
    assert figures.blocks == pytest.approx(wanted, abs=1e-15)


def test_exposure_counts_closes_with_a_position(simulate: Simulator) -> None:
    bars = market(FLAT, FLAT, FLAT, (100, 100, 94, 100), FLAT, next_open=[0])
    # In at bar 1's open, stopped inside bar 3: open at the closes of bars 1 and 2.
    assert metrics(simulate, bars, event(0, 1, stop=95.0)).exposure == 0.4
