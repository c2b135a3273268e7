"""Where orders fill: numbers worked out by hand, for both fill kernels."""

from __future__ import annotations

import pytest

from tests.reference.scenario import (
    CRYPTO,
    EQUITY,
    FLAT,
    TEN_THOUSAND,
    Simulator,
    as_array,
    event,
    market,
)
from trading.events import Event
from trading.simulation import ExitReason, Instrument

OHLC = tuple[float, float, float, float]
INDEX = EQUITY.model_copy(update={"security_type": "index"})
FOREX = CRYPTO.model_copy(update={"security_type": "forex"})

LONG_STOP = event(0, 1, stop=95.0)
SHORT_STOP = event(0, -1, stop=105.0)
LONG_TARGET = event(0, 1, target=110.0)
SHORT_TARGET = event(0, -1, target=90.0)


def fill(
    simulate: Simulator, instrument: Instrument, entry: Event, bar: OHLC, slippage: float = 0.0
) -> float | None:
    """Price at which an entry at 100 leaves the market on the next bar, None when it does not."""
    instrument = instrument.model_copy(update={"slippage": slippage})
    (trade,) = simulate(market(FLAT, bar), as_array([entry]), instrument, TEN_THOUSAND, 0).trades
    return None if trade.reason is ExitReason.OPEN else trade.exit_price


@pytest.mark.parametrize("instrument", [EQUITY, INDEX])
@pytest.mark.parametrize(
    ("entry", "bar", "slippage", "price"),
    [
        pytest.param(LONG_STOP, (98, 99, 94, 96), 0.0, 95.0, id="long stop inside the bar"),
        pytest.param(LONG_STOP, (98, 99, 94, 96), 0.01, 95 - 0.96, id="long stop slips"),
        pytest.param(LONG_STOP, (90, 92, 88, 91), 0.0, 90.0, id="long stop behind a gap"),
        pytest.param(LONG_STOP, (90, 92, 88, 91), 0.01, 90 - 0.91, id="long stop behind a gap slips"),
        pytest.param(LONG_STOP, (98, 99, 95, 96), 0.0, 95.0, id="long stop met exactly"),
        pytest.param(LONG_STOP, (98, 99, 95.01, 96), 0.0, None, id="long stop missed by a tick"),
        pytest.param(SHORT_STOP, (102, 106, 101, 104), 0.0, 105.0, id="short stop inside the bar"),
        pytest.param(SHORT_STOP, (102, 106, 101, 104), 0.01, 105 + 1.04, id="short stop slips"),
        pytest.param(SHORT_STOP, (110, 112, 108, 109), 0.0, 110.0, id="short stop behind a gap"),
        pytest.param(SHORT_STOP, (110, 112, 108, 109), 0.01, 110 + 1.09, id="short stop gap slips"),
        pytest.param(SHORT_STOP, (102, 105, 101, 104), 0.0, 105.0, id="short stop met exactly"),
        pytest.param(SHORT_STOP, (102, 104.99, 101, 104), 0.0, None, id="short stop missed by a tick"),
        pytest.param(LONG_TARGET, (108, 111, 107, 109), 0.0, 110.0, id="long target inside the bar"),
        pytest.param(LONG_TARGET, (108, 111, 107, 109), 0.01, 110.0, id="a limit does not slip"),
        pytest.param(LONG_TARGET, (112, 115, 111, 114), 0.0, 112.0, id="long target: better open"),
        pytest.param(LONG_TARGET, (108, 110, 107, 109), 0.0, None, id="long target met exactly"),
        pytest.param(SHORT_TARGET, (92, 93, 89, 91), 0.0, 90.0, id="short target inside the bar"),
        pytest.param(SHORT_TARGET, (88, 89, 86, 87), 0.0, 88.0, id="short target: better open"),
        pytest.param(SHORT_TARGET, (92, 93, 90, 91), 0.0, None, id="short target met exactly"),
    ],
)
def test_gap_fills(
    simulate: Simulator, instrument: Instrument, entry: Event, bar: OHLC, slippage: float, price: float | None
) -> None:
    assert fill(simulate, instrument, entry, bar, slippage) == price


@pytest.mark.parametrize("instrument", [CRYPTO, FOREX])
@pytest.mark.parametrize(
    ("entry", "bar", "slippage", "price"),
    [
        pytest.param(LONG_STOP, (98, 99, 94, 97), 0.0, 95.0, id="long stop, close back above"),
        pytest.param(LONG_STOP, (98, 99, 94, 97), 0.03, 97 - 2.91, id="long stop, close slips below it"),
        pytest.param(LONG_STOP, (98, 99, 92, 93), 0.0, 93.0, id="long stop, close below"),
        pytest.param(LONG_STOP, (90, 92, 88, 91), 0.0, 91.0, id="long stop behind a gap: the close"),
        pytest.param(LONG_STOP, (98, 99, 95, 96), 0.0, None, id="long stop met exactly"),
        pytest.param(SHORT_STOP, (102, 106, 101, 104), 0.0, 105.0, id="short stop, close back below"),
        pytest.param(SHORT_STOP, (102, 106, 101, 104), 0.03, 104 + 3.12, id="short stop, close slips above"),
        pytest.param(SHORT_STOP, (110, 112, 108, 109), 0.0, 109.0, id="short stop behind a gap: the close"),
        pytest.param(SHORT_STOP, (102, 105, 101, 104), 0.0, None, id="short stop met exactly"),
        pytest.param(LONG_TARGET, (108, 111, 107, 109), 0.03, 110.0, id="long target inside the bar"),
        pytest.param(LONG_TARGET, (112, 115, 111, 114), 0.0, 111.0, id="long target: bar above, its low"),
        pytest.param(LONG_TARGET, (108, 110, 107, 109), 0.0, None, id="long target met exactly"),
        pytest.param(SHORT_TARGET, (92, 93, 89, 91), 0.03, 90.0, id="short target inside the bar"),
        pytest.param(SHORT_TARGET, (88, 89, 86, 87), 0.0, 89.0, id="short target: bar below, its high"),
        pytest.param(SHORT_TARGET, (92, 93, 90, 91), 0.0, None, id="short target met exactly"),
    ],
)
def test_immediate_fills(
    simulate: Simulator, instrument: Instrument, entry: Event, bar: OHLC, slippage: float, price: float | None
) -> None:
    assert fill(simulate, instrument, entry, bar, slippage) == price


@pytest.mark.parametrize("instrument", [EQUITY, CRYPTO])
@pytest.mark.parametrize(("side", "stop", "target"), [(1, 95.0, 105.0), (-1, 105.0, 95.0)])
def test_stop_comes_before_target_when_one_bar_touches_both(
    simulate: Simulator, instrument: Instrument, side: int, stop: float, target: float
) -> None:
    bars = market(FLAT, (100, 106, 94, 100))
    entry = event(0, side, stop=stop, target=target)
    (trade,) = simulate(bars, as_array([entry]), instrument, TEN_THOUSAND, 0).trades
    assert (trade.reason, trade.exit_price, trade.pnl) == (ExitReason.STOP, stop, -500.0)


@pytest.mark.parametrize("instrument", [EQUITY, CRYPTO])
def test_an_entry_at_the_close_is_safe_from_its_own_bar(simulate: Simulator, instrument: Instrument) -> None:
    bars = market((100, 120, 80, 100), (100, 101, 94, 99))
    entry = event(0, 1, stop=95.0, target=110.0)
    (trade,) = simulate(bars, as_array([entry]), instrument, TEN_THOUSAND, 0).trades
    assert (trade.entry_bar, trade.exit_bar, trade.reason) == (0, 1, ExitReason.STOP)
    assert trade.exit_price == 95.0


def test_next_open_entry_is_stopped_on_the_bar_that_fills_it(simulate: Simulator) -> None:
    bars = market(FLAT, (102, 103, 94, 96), FLAT, next_open=[0])
    entry = event(0, 1, stop=95.0)
    (trade,) = simulate(bars, as_array([entry]), EQUITY, TEN_THOUSAND, 0).trades
    assert (trade.signal_bar, trade.entry_bar, trade.exit_bar) == (0, 1, 1)
    # Sized by the signal bar's close: 100 units, bought at 102.
    assert (trade.quantity, trade.entry_price, trade.exit_price, trade.pnl) == (100, 102, 95, -700)


def test_next_open_fill_takes_the_slippage_of_the_bar_that_fills(simulate: Simulator) -> None:
    instrument = EQUITY.model_copy(update={"slippage": 0.01})
    bars = market(
        FLAT, (102, 104, 101, 103), (105, 106, 104, 106), next_open=[0, 1], bid=[1] * 3, ask=[9] * 3
    )
    events = as_array([event(0, 1), event(1, -1, enter=False)])
    (trade,) = simulate(bars, events, instrument, TEN_THOUSAND, 0).trades
    # Quotes belong to closes: they have no say at an open.
    assert trade.entry_price == 102 + 1.03
    assert trade.exit_price == 105 - 1.06


def test_an_exit_at_the_open_comes_before_the_cancelled_stop(simulate: Simulator) -> None:
    bars = market(FLAT, FLAT, (99, 99, 50, 60), next_open=[1])
    events = as_array([event(0, 1, stop=95.0), event(1, -1, enter=False)])
    (trade,) = simulate(bars, events, EQUITY, TEN_THOUSAND, 0).trades
    assert (trade.exit_bar, trade.exit_price, trade.reason) == (2, 99.0, ExitReason.EVENT)


def test_market_orders_cross_the_quotes(simulate: Simulator) -> None:
    bars = market(FLAT, (110, 110, 110, 110), (120, 120, 120, 120), bid=[99, 108, 119], ask=[101, 111, 122])
    instrument = EQUITY.model_copy(update={"slippage": 0.01})
    events = as_array([event(0, 1), event(1, -1)])
    closed, still_open = simulate(bars, events, instrument, TEN_THOUSAND, 0).trades
    assert closed.entry_price == 101 + 1.0
    assert closed.exit_price == still_open.entry_price == 108 - 1.1
    # What is open at the end is marked at the last trade, not at a quote.
    assert still_open.exit_price == 120.0


@pytest.mark.parametrize(
    ("level", "tick", "rounded"),
    [(95.25, 0.5, 95.0), (95.75, 0.5, 96.0), (95.3, 0.5, 95.5), (94.9, 2.0, 94.0)],
)
def test_levels_are_rounded_to_the_tick_halves_to_even(
    simulate: Simulator, level: float, tick: float, rounded: float
) -> None:
    instrument = EQUITY.model_copy(update={"tick_size": tick})
    assert fill(simulate, instrument, event(0, 1, stop=level), (97, 97, 90, 91)) == rounded
    assert fill(simulate, instrument, event(0, -1, target=level), (97, 97, 90, 91)) == rounded


def test_trailing_stop_starts_at_the_close_and_moves_after_the_fill_test(simulate: Simulator) -> None:
    bars = market(
        (100, 130, 70, 100),  # the entry bar's own range moves nothing: the stop starts at 100 - 5
        (100, 110, 96, 109),  # 96 is above 95; the high lifts the stop to 105, which this bar's low passed
        (109, 109, 106, 108),  # 106 is above 105; 109 - 5 would lower the stop: it never falls
        (108, 120, 104, 119),  # 104 reaches 105: stopped there, though the high would have lifted it to 115
    )
    for instrument in (EQUITY, CRYPTO):
        (trade,) = simulate(bars, as_array([event(0, 1, trail=5.0)]), instrument, TEN_THOUSAND, 0).trades
        assert (trade.exit_bar, trade.exit_price, trade.reason) == (3, 105.0, ExitReason.STOP)


def test_trailing_stop_of_a_short_falls_with_the_lows(simulate: Simulator) -> None:
    bars = market(FLAT, (100, 104, 90, 91), (91, 94, 91, 93), (93, 96, 92, 94))
    (trade,) = simulate(bars, as_array([event(0, -1, trail=5.0)]), EQUITY, TEN_THOUSAND, 0).trades
    assert (trade.exit_bar, trade.exit_price, trade.pnl) == (3, 95.0, 500.0)


def test_trailing_stop_with_a_stop_price_starts_there(simulate: Simulator) -> None:
    bars = market(FLAT, (100, 101, 93, 101), (101, 101, 95.5, 96))
    (trade,) = simulate(bars, as_array([event(0, 1, stop=92.0, trail=5.0)]), EQUITY, TEN_THOUSAND, 0).trades
    assert (trade.exit_bar, trade.exit_price) == (2, 96.0)


def test_trailing_stop_of_a_next_open_entry_is_tested_and_moved_on_the_fill_bar(simulate: Simulator) -> None:
    bars = market(FLAT, (101, 111, 96, 107), (107, 108, 105, 107), next_open=[0])
    (trade,) = simulate(bars, as_array([event(0, 1, trail=5.0)]), EQUITY, TEN_THOUSAND, 0).trades
    # 96 does not reach 100 - 5; the high of 111 lifts the stop to 106.
    assert (trade.exit_bar, trade.exit_price) == (2, 106.0)


def test_trailing_levels_are_rounded_to_the_tick(simulate: Simulator) -> None:
    instrument = EQUITY.model_copy(update={"tick_size": 0.5})
    bars = market(FLAT, (100, 103.25, 99, 103), (103, 103, 90, 91))
    (trade,) = simulate(bars, as_array([event(0, 1, trail=5.0)]), instrument, TEN_THOUSAND, 0).trades
    assert trade.exit_price == 98.0  # 98.25 is halfway: to the even multiple


@pytest.mark.parametrize("instrument", [EQUITY, CRYPTO])
def test_a_stop_far_below_zero_is_no_stop(simulate: Simulator, instrument: Instrument) -> None:
    bars = market(FLAT, (100, 100, 1, 50))
    (trade,) = simulate(bars, as_array([event(0, 1, stop=-20.0)]), instrument, TEN_THOUSAND, 0).trades
    assert trade.reason is ExitReason.OPEN
