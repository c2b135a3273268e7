"""When options stop trading, expire and settle."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from utils.engine.enums import OptionRight, OptionStyle, SecurityType
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.exchange.option_symbol import OptionSymbol
from utils.engine.identity.index_option_symbol import IndexOptionSymbol
from utils.engine.identity.symbol import Symbol


@pytest.fixture(autouse=True)
def hours(sample_data: Path) -> None:
    MarketHoursDatabase.from_data_folder(sample_data / "lean")


def on_share(expiry: datetime) -> Symbol:
    underlying = Symbol.create("SPY", SecurityType.EQUITY, "usa")
    return Symbol.create_option(underlying, "usa", OptionStyle.AMERICAN, OptionRight.CALL, 100, expiry)


def on_index(ticker: str, expiry: datetime, target: str | None = None) -> Symbol:
    underlying = Symbol.create(ticker, SecurityType.INDEX, "usa")
    terms = ("usa", OptionStyle.EUROPEAN, OptionRight.CALL, 3000, expiry)
    return Symbol.create_option(underlying, target, *terms)


@pytest.mark.parametrize(
    ("expiry", "standard", "weekly"),
    [
        (datetime(2015, 12, 18), True, False),  # third Friday
        (datetime(2014, 6, 21), True, False),  # the Saturday after it
        (datetime(2015, 12, 24), False, False),  # a Thursday before a holiday
        (datetime(2016, 1, 8), False, True),
        (datetime(2016, 1, 13), False, False),  # the Wednesday before the third Friday
    ],
)
def test_monthly_and_weekly_contracts(expiry: datetime, standard: bool, weekly: bool) -> None:
    assert OptionSymbol.is_standard(on_share(expiry)) is standard
    assert OptionSymbol.is_weekly(on_share(expiry)) is weekly


@pytest.mark.parametrize(
    ("expiry", "last"),
    [
        (datetime(2014, 6, 21), datetime(2014, 6, 20)),  # Saturday expiry
        (datetime(2015, 12, 24), datetime(2015, 12, 24)),
        (datetime(2015, 12, 25), datetime(2015, 12, 24)),  # a holiday
    ],
)
def test_last_day_of_trading(expiry: datetime, last: datetime) -> None:
    assert OptionSymbol.get_last_day_of_trading(on_share(expiry)) == last


def test_a_contract_has_expired_at_the_close_of_its_last_day() -> None:
    early = on_share(datetime(2015, 12, 24))  # closes at one o'clock in New York
    assert not OptionSymbol.is_option_contract_expired(early, datetime(2015, 12, 24, 17, 59))
    assert OptionSymbol.is_option_contract_expired(early, datetime(2015, 12, 24, 18, 0))
    share = Symbol.create("SPY", SecurityType.EQUITY, "usa")
    assert not OptionSymbol.is_option_contract_expired(share, datetime(2030, 1, 1))


def test_settlement_of_index_options() -> None:
    morning = on_index("SPX", datetime(2021, 1, 15))
    assert OptionSymbol.get_settlement_date_time(morning) == datetime(2021, 1, 15, 8, 30)
    afternoon = on_index("SPX", datetime(2021, 1, 15), "SPXW")
    assert OptionSymbol.get_settlement_date_time(afternoon) == datetime(2021, 1, 15, 15, 0)


def test_index_options_with_tickers_of_their_own() -> None:
    assert IndexOptionSymbol.map_to_underlying("SPXW") == "SPX"
    assert IndexOptionSymbol.map_to_underlying("SPX") == "SPX"
    assert IndexOptionSymbol.is_standard(on_index("SPX", datetime(2021, 1, 15), "SPXW"))
    assert not IndexOptionSymbol.is_standard(on_index("SPX", datetime(2021, 1, 8), "SPXW"))
    assert IndexOptionSymbol.is_standard(on_index("SPX", datetime(2021, 1, 8)))
