"""What must not matter to a simulation, and what must: no oracle needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.reference.series import Case, cases
from trading.bars import Bars
from trading.simulation import Account, ExitReason, Simulation, Status, simulate

HASHED = ["side", "entry_bar", "entry_price", "exit_bar", "exit_price", "reason"]
MONEY = ["pnl", "fees", "open_pnl"]


def hashed(simulation: Simulation) -> list[tuple[float, ...]]:
    """What `trades_hash` is a digest of."""
    rows: list[tuple[float, ...]] = simulation.trades[HASHED].tolist()
    return rows


def same(one: Simulation, other: Simulation) -> bool:
    """Bit for bit."""
    return (
        one.trades.tobytes() == other.trades.tobytes()
        and one.equity.tobytes() == other.equity.tobytes()
        and one.result.tobytes() == other.result.tobytes()
    )


def scaled_prices(bars: Bars, factor: float) -> Bars:
    return replace(
        bars,
        open=bars.open * factor,
        high=bars.high * factor,
        low=bars.low * factor,
        close=bars.close * factor,
        bid_close=None if bars.bid_close is None else bars.bid_close * factor,
        ask_close=None if bars.ask_close is None else bars.ask_close * factor,
    )


def scaled_levels(events: NDArray[np.void], factor: float) -> NDArray[np.void]:
    events = events.copy()
    for field in ("stop", "target", "trail"):
        events[field] *= factor
    return events


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(cases(), st.data())
def test_equal_hashes_mean_equal_trades(case: Case, data: st.DataObject) -> None:
    before = simulate(*case)
    assume(len(case.events))
    events = case.events.copy()
    row = events[data.draw(st.integers(0, len(events) - 1))]
    match data.draw(st.sampled_from(["enter", "side", "stop", "target"])):
        case "enter":
            row["enter"] = not row["enter"]
        case "side":
            row["side"] = -row["side"]
        case "stop":
            row["stop"] += case.instrument.tick_size
        case "target":
            row["target"] += case.instrument.tick_size
    after = simulate(case.bars, events, case.instrument, case.capital, case.start)
    equal_hash = before.result["trades_hash"] == after.result["trades_hash"]
    assert equal_hash == (hashed(before) == hashed(after))


@settings(max_examples=300, deadline=None)
@given(cases(largest=61), cases(largest=61))
def test_hashes_of_unrelated_trades_differ(one: Case, other: Case) -> None:
    first, second = simulate(*one), simulate(*other)
    equal_hash = first.result["trades_hash"] == second.result["trades_hash"]
    assert equal_hash == (hashed(first) == hashed(second))


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([0.25, 4.0, 1024.0]))
def test_money_does_not_depend_on_the_unit(case: Case, factor: float) -> None:
    """Prices times a power of two, lots divided by it: every sum of money keeps its very bits."""
    instrument = case.instrument
    rescaled = instrument.model_copy(
        update={
            "tick_size": instrument.tick_size * factor,
            "lot_size": instrument.lot_size / factor,
            "fees": instrument.fees.model_copy(update={"per_unit": instrument.fees.per_unit * factor}),
        }
    )
    before = simulate(*case)
    after = simulate(
        scaled_prices(case.bars, factor),
        scaled_levels(case.events, factor),
        rescaled,
        case.capital,
        case.start,
    )
    assert after.equity.tobytes() == before.equity.tobytes()
    assert (after.trades["pnl"] == before.trades["pnl"]).all()
    assert (after.trades["exit_price"] == before.trades["exit_price"] * factor).all()
    for field in before.result.dtype.names or ():
        if field != "trades_hash":
            np.testing.assert_array_equal(after.result[field], before.result[field], err_msg=field)


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([0.5, 8.0]))
def test_ratios_do_not_depend_on_the_currency(case: Case, factor: float) -> None:
    """Prices, capital and fixed fees times a power of two: money follows, nothing else moves."""
    instrument = case.instrument
    fees = instrument.fees
    rescaled = instrument.model_copy(
        update={
            "tick_size": instrument.tick_size * factor,
            "fees": fees.model_copy(
                update={"per_unit": fees.per_unit * factor, "minimum": fees.minimum * factor}
            ),
        }
    )
    capital = case.capital.model_copy(update={"initial_equity": case.capital.initial_equity * factor})
    before = simulate(*case)
    after = simulate(
        scaled_prices(case.bars, factor), scaled_levels(case.events, factor), rescaled, capital, case.start
    )
    assert (after.equity == before.equity * factor).all()
    for field in before.result.dtype.names or ():
        if field in MONEY:
            assert after.result[field] == before.result[field] * factor
        elif field != "trades_hash":
            np.testing.assert_array_equal(after.result[field], before.result[field], err_msg=field)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_bars_before_the_start_do_not_matter(case: Case) -> None:
    events = case.events[case.events["bar"] >= case.start]
    events["bar"] -= case.start
    whole = simulate(*case)
    part = simulate(case.bars[case.start :], events, case.instrument, case.capital)
    for field in ("signal_bar", "entry_bar", "exit_bar"):
        part.trades[field] += case.start
    assert part.trades.tobytes() == whole.trades.tobytes()
    assert part.equity.tobytes() == whole.equity.tobytes()


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_future_does_not_matter(case: Case) -> None:
    """Trades that ended within a prefix of the bars, and equity up to there, are the prefix's own."""
    cut = case.start + (len(case.bars) - case.start + 1) // 2
    whole = simulate(*case)
    part = simulate(
        case.bars[:cut], case.events[case.events["bar"] < cut], case.instrument, case.capital, case.start
    )
    assert part.equity.tobytes() == whole.equity[: cut - case.start].tobytes()
    closed = part.trades[part.trades["reason"] != ExitReason.OPEN]
    assert closed.tobytes() == whole.trades[: len(closed)].tobytes()


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_cash_account_is_a_margin_account_whose_down_events_do_not_enter(case: Case) -> None:
    events = case.events.copy()
    events["enter"] &= events["side"] > 0
    cash, margin = (
        case.instrument.model_copy(update={"account": account}) for account in (Account.CASH, Account.MARGIN)
    )
    assert same(
        simulate(case.bars, case.events, cash, case.capital, case.start),
        simulate(case.bars, events, margin, case.capital, case.start),
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(cases())
def test_dearer_fees_cost_what_they_are(case: Case) -> None:
    """Doubled fees on the same trades: twice the fees, and as much less profit."""
    fees = case.instrument.fees
    doubled = fees.model_copy(
        update={name: 2 * getattr(fees, name) for name in ("rate", "per_unit", "minimum", "maximum_rate")}
    )
    cheap = simulate(*case)
    dear = simulate(*case._replace(instrument=case.instrument.model_copy(update={"fees": doubled})))
    assume(cheap.trades["quantity"].tolist() == dear.trades["quantity"].tolist())
    assume(hashed(cheap) == hashed(dear))
    money = 1e-12 * max(np.abs(cheap.equity).max(), case.capital.initial_equity)
    assert abs(dear.result["fees"] - 2 * cheap.result["fees"]) <= money
    assert abs(dear.result["pnl"] - (cheap.result["pnl"] - cheap.result["fees"])) <= money
    assert (dear.equity <= cheap.equity + money).all()


@settings(max_examples=60, deadline=None)
@given(cases())
def test_nothing_happens_after_ruin(case: Case) -> None:
    simulation = simulate(*case)
    if simulation.result["status"] == Status.OK:
        assert (simulation.equity > 0).all()
        return
    end = simulation.trades[-1]["exit_bar"]
    assert (simulation.equity[end - case.start :] == simulation.equity[-1]).all()
    assert (simulation.equity[: end - case.start] > 0).all()
