"""Filters of option contracts, on listings written by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.data.option_universe import OptionListing
from utils.engine.dotnet.exceptions import ArgumentException, InvalidOperationException
from utils.engine.enums import OptionRight, SecurityType
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.identity.symbol import Symbol
from utils.engine.universes.contract_filter import DEFAULT_FILTER, contract_filter
from utils.engine.universes.option_filter_universe import OptionFilterUniverse
from utils.errors import UserError

CALL, PUT = OptionRight.CALL, OptionRight.PUT
WEEKLY, MONTHLY, FAR = date(2016, 1, 8), date(2016, 1, 15), date(2016, 3, 18)
STRIKES = (90, 95, 100, 105, 110)
Legs = list[tuple[date, float, OptionRight]]


def line(expiry: date, strike: float, right: str) -> str:
    delta = 0.5 if right == "C" else -0.5
    return (
        f"{expiry:%Y%m%d},{strike},{right},1,2,0.5,1.5,10,{strike},0.{int(strike)},{delta},0.1,0.2,-0.1,0.3"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Path:
    MarketHoursDatabase.from_data_folder(sample_data / "lean")
    return tmp_path_factory.mktemp("listings")


@pytest.fixture
def universe(folder: Path, sample_data: Path) -> OptionFilterUniverse:
    return listed(folder, sample_data, price=101.0)


def listed(
    folder: Path, sample_data: Path, price: float, local_time: datetime = datetime(2016, 1, 5)
) -> OptionFilterUniverse:
    """All strikes of three expiries, calls and puts, on an underlying of a price."""
    database = MarketHoursDatabase.from_data_folder(sample_data / "lean")
    rows = [line(e, s, r) for e in (WEEKLY, MONTHLY, FAR) for s in STRIKES for r in "CP"]
    path = folder / f"{price}.csv"
    path.write_text("\n".join(["#expiry,strike,...", f",,,{price},{price},{price},{price},7,,,,,,,", *rows]))
    canonical = Symbol.create_canonical_option(Symbol.create("SPY", SecurityType.EQUITY, "usa"))
    hours = database.get_exchange_hours("usa", canonical, SecurityType.OPTION)
    option: Any = SimpleNamespace(
        exchange=SimpleNamespace(hours=hours), symbol_properties=SimpleNamespace(strike_multiplier=1.0)
    )
    listing = OptionListing(canonical, date(2016, 1, 4), path)
    made = OptionFilterUniverse(option)
    made.refresh(listing.contracts, listing.underlying, local_time)
    return made


def legs(universe: Any) -> Legs:
    return [(row.expiry.date(), row.strike, row.right) for row in universe]


def strikes_of(universe: Any) -> list[float]:
    return sorted({row.strike for row in universe})


# LEAN counts strikes from the one at or above the price; without a strike at the price the one above is the
# first step up and the one below the first step down.
@pytest.mark.parametrize(
    ("price", "least", "most", "expected"),
    [
        (101.0, -1, 1, [100, 105]),
        (100.0, -1, 1, [95, 100, 105]),
        (101.0, 0, 0, [105]),
        (101.0, 1, 2, [105, 110]),
        (101.0, -2, -1, [95, 100]),
        (100.0, -10, 10, [90, 95, 100, 105, 110]),
        (101.0, 5, 9, []),
        (150.0, -1, 1, []),
        (101.0, -9, -8, []),
    ],
)
def test_strikes_are_counted_from_the_price(
    folder: Path, sample_data: Path, price: float, least: int, most: int, expected: list[float]
) -> None:
    assert strikes_of(listed(folder, sample_data, price).strikes(least, most)) == expected


def test_expiration_counts_days_from_a_trading_day(folder: Path, sample_data: Path) -> None:
    assert {leg[0] for leg in legs(listed(folder, sample_data, 101.0).expiration(0, 9))} == {WEEKLY}
    saturday = listed(folder, sample_data, 101.0, datetime(2016, 1, 9))
    assert {leg[0] for leg in legs(saturday.expiration(timedelta(0), timedelta(days=4)))} == {MONTHLY}


def test_weekly_and_monthly_contracts(folder: Path, sample_data: Path) -> None:
    def expiries(chosen: Any) -> set[date]:
        return {leg[0] for leg in legs(chosen.apply_types_filter())}

    assert expiries(listed(folder, sample_data, 101.0).weeklys_only()) == {WEEKLY}
    assert expiries(listed(folder, sample_data, 101.0).standards_only()) == {MONTHLY, FAR}
    assert expiries(listed(folder, sample_data, 101.0)) == {WEEKLY, MONTHLY, FAR}
    with pytest.raises(InvalidOperationException, match="StandardsOnly"):
        listed(folder, sample_data, 101.0).front_month().standards_only()


def test_front_and_back_months(folder: Path, sample_data: Path) -> None:
    assert {leg[0] for leg in legs(listed(folder, sample_data, 101.0).front_month())} == {WEEKLY}
    assert {leg[0] for leg in legs(listed(folder, sample_data, 101.0).back_months())} == {MONTHLY, FAR}
    assert {leg[0] for leg in legs(listed(folder, sample_data, 101.0).back_month())} == {MONTHLY}


def test_ranges_of_what_the_listing_says(universe: OptionFilterUniverse) -> None:
    assert {leg[2] for leg in legs(universe.delta(0.4, 0.6))} == {CALL}
    assert strikes_of(universe.open_interest(95, 105)) == [95, 100, 105]
    assert strikes_of(universe.implied_volatility(0.95, 0.99)) == [95]
    assert universe.theta(-37, -36).count == universe.count  # a year's; the file has a day's
    assert universe.oi(1000, 2000).count == 0


def test_contracts_by_function_and_by_list(universe: OptionFilterUniverse) -> None:
    chosen = universe.contracts(lambda rows: [row.symbol for row in rows if row.strike == 100])
    assert strikes_of(chosen) == [100]
    symbols = universe.all_symbols[:2]
    assert universe.contracts(symbols).all_symbols == symbols
    unknown = Symbol.create_option(
        Symbol.create("SPY", SecurityType.EQUITY, "usa"),
        "usa",
        0,
        0,
        1000,
        datetime(2016, 1, 8),
    )
    assert universe.contracts([unknown]).all_symbols == [unknown]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (lambda u: u.naked_call(5, 4), [(MONTHLY, 105, CALL)]),
        (lambda u: u.naked_put(0, -4), [(WEEKLY, 95, PUT)]),
        (lambda u: u.call_spread(5, 5, -5), [(MONTHLY, 95, CALL), (MONTHLY, 105, CALL)]),
        (lambda u: u.put_spread(5, 10), [(MONTHLY, 90, PUT), (MONTHLY, 110, PUT)]),
        (lambda u: u.call_calendar_spread(0, 0, 20), [(WEEKLY, 100, CALL), (FAR, 100, CALL)]),
        (lambda u: u.strangle(5, 5, -5), [(MONTHLY, 105, CALL), (MONTHLY, 95, PUT)]),
        (lambda u: u.straddle(5), [(MONTHLY, 100, CALL), (MONTHLY, 100, PUT)]),
        (lambda u: u.protective_collar(5, 5, -5), [(MONTHLY, 105, CALL), (MONTHLY, 95, PUT)]),
        (lambda u: u.conversion(5, 5), [(MONTHLY, 105, CALL), (MONTHLY, 105, PUT)]),
        (lambda u: u.call_butterfly(5, 5), [(MONTHLY, s, CALL) for s in (95, 100, 105)]),
        (
            lambda u: u.iron_butterfly(5, 5),
            [(MONTHLY, 95, PUT), (MONTHLY, 100, CALL), (MONTHLY, 100, PUT), (MONTHLY, 105, CALL)],
        ),
        (
            lambda u: u.iron_condor(5, 4, 9),
            [(MONTHLY, 90, PUT), (MONTHLY, 95, PUT), (MONTHLY, 105, CALL), (MONTHLY, 110, CALL)],
        ),
        (
            lambda u: u.box_spread(5, 5),
            [(MONTHLY, s, r) for s in (95, 105) for r in (CALL, PUT)],
        ),
        (
            lambda u: u.jelly_roll(0, 0, 20),
            [(e, 100, r) for e in (WEEKLY, FAR) for r in (CALL, PUT)],
        ),
        (lambda u: u.call_ladder(5, 9, 4, -1), [(MONTHLY, s, CALL) for s in (100, 105, 110)]),
        (lambda u: u.straddle(900), []),
    ],
)
def test_legs_of_strategies(universe: OptionFilterUniverse, strategy: Any, expected: Legs) -> None:
    assert sorted(legs(strategy(universe))) == sorted(expected)


@pytest.mark.parametrize(
    "strategy",
    [
        lambda u: u.call_spread(5, -5, 5),
        lambda u: u.call_calendar_spread(0, 60, 30),
        lambda u: u.strangle(5, -5, -5),
        lambda u: u.iron_condor(5, 10, 5),
        lambda u: u.put_ladder(5, 1, 2, 3),
    ],
)
def test_terms_that_make_no_strategy_are_refused(universe: OptionFilterUniverse, strategy: Any) -> None:
    with pytest.raises(ArgumentException):
        strategy(universe)


@pytest.mark.parametrize(
    "terms",
    [
        (-1, 1, timedelta(0), timedelta(days=10)),
        (-1, 1, 0, 10),
        (lambda u: u.strikes(-1, 1).expiration(0, 10),),
        (lambda u: u.strikes(-1, 1).expiration(0, 10) and None,),
        (lambda u: u.strikes(-1, 1).expiration(0, 10).all_symbols,),
    ],
)
def test_every_form_of_a_filter_gives_the_same(
    folder: Path, sample_data: Path, universe: OptionFilterUniverse, terms: Any
) -> None:
    wanted = legs(listed(folder, sample_data, 101.0).strikes(-1, 1).expiration(0, 10))
    assert wanted
    assert legs(contract_filter(*terms)(universe)) == wanted


def test_the_default_filter_is_a_strike_each_side_and_35_days(universe: OptionFilterUniverse) -> None:
    chosen = legs(DEFAULT_FILTER(universe))
    assert {leg[1] for leg in chosen} == {100, 105}
    assert {leg[0] for leg in chosen} == {WEEKLY, MONTHLY}


def test_a_filter_that_gives_nonsense_is_refused(universe: OptionFilterUniverse) -> None:
    with pytest.raises(ArgumentException, match="not a valid argument"):
        contract_filter(lambda _: 5)(universe)
    with pytest.raises(ArgumentException, match="set_filter"):
        contract_filter(1, 2, 3)


def test_a_damaged_listing_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "20160104.csv"
    path.write_text("#header\n,,,1,1,1,1,1\n20160108,abc,C,1\n")
    canonical = Symbol.create_canonical_option(Symbol.create("SPY", SecurityType.EQUITY, "usa"))
    with pytest.raises(UserError, match=r"20160104\.csv: line 3"):
        _ = OptionListing(canonical, date(2016, 1, 4), path).contracts


@given(st.integers(1, 400), st.sampled_from("CP"))
def test_a_contract_of_a_listing_is_the_symbol_made_by_hand(strike: int, right: str) -> None:
    underlying = Symbol.create("SPY", SecurityType.EQUITY, "usa")
    listing = OptionListing(Symbol.create_canonical_option(underlying), date(2016, 1, 4), Path("none"))
    symbol = listing.symbol_of(("20160108", f"{strike / 2:.4f}", right))
    assert symbol.id.strike_price == strike / 2
    assert symbol.id.option_right == (CALL if right == "C" else PUT)
    assert symbol.id.date == datetime(2016, 1, 8)
    assert symbol.underlying == underlying
