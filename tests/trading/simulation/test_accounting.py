"""Fees, sizes, accounts, ruin and the ends of the span: numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

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
from trading.simulation import Account, Capital, ExitReason, Fees, Instrument, Status


def with_fees(instrument: Instrument, **fees: float) -> Instrument:
    return instrument.model_copy(update={"fees": Fees(**fees)})


ROUND_TRIP = as_array([event(0, 1), event(1, -1, enter=False)])


@pytest.mark.parametrize(
    ("fees", "entry", "exit_"),
    [
        pytest.param({"rate": 0.001}, 10.0, 11.0, id="rate of notional"),
        pytest.param({"per_unit": 0.005}, 0.5, 0.5, id="per unit"),
        pytest.param({"per_unit": 0.005, "minimum": 1.0, "maximum_rate": 0.005}, 1.0, 1.0, id="minimum"),
        pytest.param({"per_unit": 1.0, "minimum": 1.0, "maximum_rate": 0.005}, 50.0, 55.0, id="capped"),
        pytest.param({"rate": 0.001, "per_unit": 0.1}, 20.0, 21.0, id="both kinds"),
    ],
)
def test_fees_of_a_round_trip(
    simulate: Simulator, fees: dict[str, float], entry: float, exit_: float
) -> None:
    # 100 units bought at 100, sold at 110.
    outcome = simulate(closes(100, 110), ROUND_TRIP, with_fees(EQUITY, **fees), TEN_THOUSAND, 0)
    (trade,) = outcome.trades
    assert trade.quantity == 100
    assert trade.fees == outcome.metrics.fees == entry + exit_
    assert trade.pnl == outcome.metrics.pnl == 1000 - entry - exit_
    assert outcome.equity == [10_000 - entry, 11_000 - entry - exit_]


def test_a_reversal_is_one_order_with_one_minimum_fee(simulate: Simulator) -> None:
    events = as_array([event(0, 1), event(1, -1), event(2, 1, enter=False)])
    outcome = simulate(closes(100, 110, 100), events, with_fees(EQUITY, minimum=5.0), TEN_THOUSAND, 0)
    long, short = outcome.trades
    # Long: 5 to open, 5 to close. Then 10,990 of equity sells floor(10,990 / 110) = 99 in the same order.
    assert (long.side, long.quantity, long.exit_price, long.fees, long.pnl) == (1, 100, 110, 10, 990)
    assert (short.side, short.quantity, short.entry_price) == (-1, 99, 110)
    assert (short.fees, short.pnl) == (5, 985)
    assert outcome.metrics.fees == 15
    assert outcome.equity == [9_995, 10_990, 11_975]


def test_the_opening_trade_bears_what_the_reversal_costs_beyond_closing(simulate: Simulator) -> None:
    events = as_array([event(0, 1), event(1, -1)])
    fees = {"per_unit": 0.02, "minimum": 3.0}
    outcome = simulate(closes(100, 110), events, with_fees(EQUITY, **fees), TEN_THOUSAND, 0)
    long, short = outcome.trades
    # Closing 100 alone costs 3; equity 10,000 - 3 + 1,000 - 3 = 10,994 sells 99: 199 units cost 3.98.
    assert (long.fees, short.quantity) == (6, 99)
    assert short.fees == pytest.approx(0.98, abs=1e-12)
    assert outcome.metrics.open_pnl == pytest.approx(-0.98, abs=1e-12)


def test_a_reversal_at_the_next_open_is_sized_by_the_signal_close(simulate: Simulator) -> None:
    # At the signal the long has won 10 a unit: 11,000 sells 100 at 110. At the open all that gain is gone.
    bars = market(FLAT, (110, 110, 110, 110), (99, 99, 99, 99), next_open=[1])
    outcome = simulate(bars, as_array([event(0, 1), event(1, -1)]), EQUITY, TEN_THOUSAND, 0)
    long, short = outcome.trades
    assert (long.exit_bar, long.exit_price, long.pnl) == (2, 99, -100)
    assert (short.signal_bar, short.entry_bar, short.quantity, short.entry_price) == (1, 2, 100, 99)
    assert outcome.equity == [10_000, 11_000, 9_900]


def test_quantities_are_whole_lots_cut_toward_zero(simulate: Simulator) -> None:
    events = as_array([event(0, 1)])
    for lot, quantity in ((1.0, 3.0), (0.125, 3.25), (0.5, 3.0)):
        instrument = CRYPTO.model_copy(update={"lot_size": lot})
        (trade,) = simulate(
            closes(300), events, instrument, Capital(initial_equity=1000, allocation=1), 0
        ).trades
        assert trade.quantity == quantity  # 3.33 units can be paid


def test_decimal_lots(simulate: Simulator) -> None:
    instrument = CRYPTO.model_copy(update={"lot_size": 0.001})
    (trade,) = simulate(
        closes(300), as_array([event(0, 1)]), instrument, Capital(initial_equity=1000, allocation=0.95), 0
    ).trades
    assert trade.quantity == 3166 * 0.001  # 950 / 300 = 3.1666...


def test_too_little_for_one_lot_is_no_trade(simulate: Simulator) -> None:
    capital = Capital(initial_equity=99.0, allocation=1.0)
    outcome = simulate(closes(100, 101), as_array([event(0, 1)]), EQUITY, capital, 0)
    assert outcome.trades == []
    assert outcome.equity == [99.0, 99.0]
    assert outcome.metrics.status is Status.OK


def test_a_reversal_into_nothing_only_closes(simulate: Simulator) -> None:
    instrument = EQUITY.model_copy(update={"lot_size": 2.0, "fees": Fees(minimum=1.0)})
    capital = Capital(initial_equity=100.0, allocation=1.0)
    outcome = simulate(closes(40, 60), as_array([event(0, -1), event(1, 1)]), instrument, capital, 0)
    (trade,) = outcome.trades
    # 100 - 1 - 2 * 20 - 1 = 58 does not pay two units at 60: the order closes, and costs one minimum.
    assert (trade.quantity, trade.fees, trade.pnl) == (2, 2, -42)
    assert outcome.equity == [99, 58]


def test_leverage(simulate: Simulator) -> None:
    instrument = EQUITY.model_copy(update={"leverage": 3.0})
    capital = Capital(initial_equity=10_000, allocation=3.0)
    outcome = simulate(closes(100, 101), as_array([event(0, -1)]), instrument, capital, 0)
    assert outcome.trades[0].quantity == 300
    assert outcome.metrics.open_pnl == outcome.metrics.pnl == -300


def test_a_cash_account_closes_on_down_events_and_never_shorts(simulate: Simulator) -> None:
    instrument = CRYPTO.model_copy(update={"account": Account.CASH})
    events = as_array([event(0, -1), event(1, 1), event(2, -1), event(3, -1)])
    outcome = simulate(closes(100, 100, 104, 90), events, instrument, TEN_THOUSAND, 0)
    (trade,) = outcome.trades
    assert (trade.side, trade.entry_bar, trade.exit_bar, trade.pnl) == (1, 1, 2, 400)
    assert outcome.equity == [10_000, 10_000, 10_400, 10_400]


def test_a_failed_filter_closes_and_stays_out(simulate: Simulator) -> None:
    events = as_array([event(0, 1), event(1, -1, enter=False), event(2, 1, enter=False), event(3, -1)])
    outcome = simulate(closes(100, 102, 50, 100), events, EQUITY, TEN_THOUSAND, 0)
    assert [(trade.side, trade.entry_bar) for trade in outcome.trades] == [(1, 0), (-1, 3)]
    assert outcome.equity == [10_000, 10_200, 10_200, 10_200]


def test_events_of_the_position_s_own_side_change_nothing(simulate: Simulator) -> None:
    events = as_array([event(0, 1, stop=90.0), event(1, 1, stop=99.0), event(2, 1, enter=False)])
    (trade,) = simulate(closes(100, 100, 95, 89), events, EQUITY, TEN_THOUSAND, 0).trades
    assert (trade.signal_bar, trade.exit_bar, trade.exit_price) == (0, 3, 89)


def test_after_a_stop_the_next_event_of_any_side_enters(simulate: Simulator) -> None:
    events = as_array([event(0, 1, stop=95.0), event(1, 1)])
    bars = market(FLAT, (100, 100, 90, 98), (98, 99, 98, 99))
    stopped, again = simulate(bars, events, EQUITY, TEN_THOUSAND, 0).trades
    # Stopped at 95 inside bar 1, whose close enters anew: 9,500 / 98 = 96.9.
    assert (stopped.exit_bar, stopped.reason) == (1, ExitReason.STOP)
    assert (again.entry_bar, again.quantity, again.entry_price, again.pnl) == (1, 96, 98, 96)


def test_open_position_is_marked_and_kept_apart(simulate: Simulator) -> None:
    outcome = simulate(
        closes(100, 104), as_array([event(0, 1, stop=90)]), with_fees(EQUITY, rate=0.001), TEN_THOUSAND, 0
    )
    (trade,) = outcome.trades
    assert (trade.exit_bar, trade.exit_price, trade.reason) == (1, 104, ExitReason.OPEN)
    assert trade.fees == outcome.metrics.fees == 10  # nothing is charged for an exit that was not
    assert trade.pnl == outcome.metrics.open_pnl == outcome.metrics.pnl == 390
    assert outcome.metrics.total_trades == 0
    assert math.isnan(outcome.metrics.win_rate)
    assert math.isnan(outcome.metrics.profit_factor)
    assert outcome.metrics.exposure == 1.0


def test_event_on_the_last_bar_trades_at_its_close(simulate: Simulator) -> None:
    outcome = simulate(
        closes(100, 50), as_array([event(1, 1)]), with_fees(EQUITY, minimum=2.0), TEN_THOUSAND, 0
    )
    (trade,) = outcome.trades
    assert (trade.entry_bar, trade.exit_bar, trade.quantity, trade.pnl) == (1, 1, 200, -2)
    assert outcome.metrics.exposure == 0.5


def test_event_on_the_last_bar_never_fills_when_the_exchange_is_shut(simulate: Simulator) -> None:
    bars = market(FLAT, (100, 101, 100, 101), next_open=[1])
    assert simulate(bars, as_array([event(1, 1)]), EQUITY, TEN_THOUSAND, 0).trades == []
    (trade,) = simulate(bars, as_array([event(0, 1), event(1, -1)]), EQUITY, TEN_THOUSAND, 0).trades
    assert (trade.side, trade.reason, trade.pnl) == (1, ExitReason.OPEN, 100)


def test_events_before_the_start_are_ignored(simulate: Simulator) -> None:
    events = as_array([event(0, 1), event(2, -1, enter=False), event(3, 1)])
    outcome = simulate(closes(50, 60, 70, 100, 110), events, EQUITY, TEN_THOUSAND, 1)
    (trade,) = outcome.trades
    assert (trade.signal_bar, trade.entry_bar, trade.exit_bar) == (3, 3, 4)  # numbered from the first bar
    assert outcome.equity == [10_000, 10_000, 10_000, 11_000]
    assert outcome.metrics.exposure == 0.5


FIVEFOLD = EQUITY.model_copy(update={"leverage": 5.0})
ALL_OF_IT = Capital(initial_equity=10_000, allocation=5.0)


def test_ruin_closes_the_position_and_ends_trading(simulate: Simulator) -> None:
    bars = market(FLAT, (95, 95, 78, 79), FLAT, FLAT, days=[0, 1, 2, 3], next_open=[1])
    events = as_array([event(0, 1), event(2, 1)])
    outcome = simulate(bars, events, FIVEFOLD, ALL_OF_IT, 0)
    (trade,) = outcome.trades
    # 500 units: at 79 there is 10,000 - 500 * 21 = -500, though the bar's order would fill at the next open.
    assert (trade.exit_bar, trade.exit_price, trade.reason, trade.pnl) == (1, 79, ExitReason.BUST, -10_500)
    assert outcome.equity == [10_000, -500, -500, -500]
    metrics = outcome.metrics
    assert (metrics.status, metrics.total_trades, metrics.win_rate) == (Status.BUST, 1, 0.0)
    assert metrics.exposure == 0.25
    assert metrics.max_drawdown == 1.1  # the low of 78: -1,000 after 10,000
    # Daily returns: 0, -1.05, 0, 0.
    assert sum(metrics.blocks[:16]) == pytest.approx(-1.05, abs=1e-12)
    assert sum(metrics.blocks[16:32]) == pytest.approx(1.05**2, abs=1e-12)


def test_ruin_pays_quotes_slippage_and_fee(simulate: Simulator) -> None:
    instrument = with_fees(FIVEFOLD, minimum=7.0).model_copy(update={"slippage": 0.01})
    bars = market(FLAT, (80, 80, 80, 80), bid=[100, 78], ask=[99, 90])
    (trade,) = simulate(bars, as_array([event(0, 1)]), instrument, ALL_OF_IT, 0).trades
    # Bought at 99 + 1, sold at 78 - 0.8.
    assert (trade.entry_price, trade.exit_price, trade.fees) == (100, 77.2, 14)
    assert trade.pnl == pytest.approx(-500 * 22.8 - 14, abs=1e-9)


def test_equity_of_exactly_nothing_is_ruin(simulate: Simulator) -> None:
    bars = closes(100, 80, 100, 100, days=[0, 1, 2, 3])
    outcome = simulate(bars, as_array([event(0, 1), event(2, 1)]), FIVEFOLD, ALL_OF_IT, 0)
    assert [trade.reason for trade in outcome.trades] == [ExitReason.BUST]
    assert outcome.equity == [10_000, 0, 0, 0]
    assert outcome.metrics.status is Status.BUST
    # 0, -1, and then nothing of nothing is 0: the mean is -1/4, the downside 1/2.
    assert outcome.metrics.blocks[33] == 1.0
    assert outcome.metrics.sortino == pytest.approx(-0.5 * math.sqrt(252), rel=1e-12)


def test_a_stop_behind_a_gap_may_ruin(simulate: Simulator) -> None:
    bars = market(FLAT, (70, 72, 69, 71), FLAT)
    events = as_array([event(0, 1, stop=95.0), event(1, 1), event(2, 1)])
    outcome = simulate(bars, events, FIVEFOLD, ALL_OF_IT, 0)
    (trade,) = outcome.trades
    assert (trade.reason, trade.pnl) == (ExitReason.STOP, -15_000)
    assert outcome.equity == [10_000, -5_000, -5_000]
    assert (outcome.metrics.status, outcome.metrics.max_drawdown) == (Status.BUST, 1.5)


def test_a_fee_may_ruin_at_once(simulate: Simulator) -> None:
    capital = Capital(initial_equity=3.0, allocation=1.0)
    outcome = simulate(closes(1, 2), as_array([event(0, 1)]), with_fees(EQUITY, minimum=5.0), capital, 0)
    (trade,) = outcome.trades
    assert (trade.entry_bar, trade.exit_bar, trade.reason) == (0, 0, ExitReason.BUST)
    assert (trade.fees, trade.pnl) == (10, -10)
    assert outcome.equity == [-7, -7]
    assert outcome.metrics.exposure == 0.0


def test_a_waiting_order_dies_with_the_account(simulate: Simulator) -> None:
    bars = market(FLAT, (79, 79, 79, 79), FLAT, next_open=[1])
    outcome = simulate(bars, as_array([event(0, 1), event(1, -1)]), FIVEFOLD, ALL_OF_IT, 0)
    (trade,) = outcome.trades
    assert (trade.exit_bar, trade.exit_price, trade.reason) == (1, 79, ExitReason.BUST)
