"""The market hours database of a data folder."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from utils.data.lean.clock import zone
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import SecurityType
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.identity.symbol import Symbol
from utils.errors import UserError

SESSION = [{"start": "09:30:00", "end": "16:00:00", "state": "market"}]
ALL_DAY = [{"start": "00:00:00", "end": "1.00:00:00", "state": "market"}]
NEW_YORK = "America/New_York"


def entry(zone_name: str = NEW_YORK, **more: Any) -> dict[str, Any]:
    return {"dataTimeZone": zone_name, "exchangeTimeZone": zone_name, "monday": SESSION} | more


def database(folder: Path, entries: dict[str, Any]) -> MarketHoursDatabase:
    (folder / "market-hours").mkdir(exist_ok=True)
    (folder / "market-hours" / "market-hours-database.json").write_text(json.dumps({"entries": entries}))
    return MarketHoursDatabase.from_data_folder(folder)


def test_own_entry_then_that_of_the_market(tmp_path: Path) -> None:
    found = database(tmp_path, {"Equity-usa-[*]": entry(), "Equity-usa-XYZ": entry("UTC")})
    assert found.get_data_time_zone("usa", "xyz", SecurityType.EQUITY) is zone("UTC")
    spy = Symbol.create("SPY", SecurityType.EQUITY, "usa")
    assert found.get_exchange_hours("usa", spy, SecurityType.EQUITY).time_zone is zone(NEW_YORK)
    assert found.get_entry("usa", spy, SecurityType.EQUITY) is found.get_entry(
        "USA", None, SecurityType.EQUITY
    )


def test_special_days_of_market_and_symbol_together(tmp_path: Path) -> None:
    market = entry(holidays=["1/1/2020"], earlyCloses={"1/6/2020": "13:00:00", "1/13/2020": "13:00:00"})
    own = entry(holidays=["1/2/2020"], earlyCloses={"1/6/2020": "12:00:00"}, bankHolidays=["10/12/2020"])
    found = database(tmp_path, {"Index-usa-[*]": market, "Index-usa-SPX": own})
    hours = found.get_exchange_hours("usa", "SPX", SecurityType.INDEX)
    assert hours.holidays == {datetime(2020, 1, 1), datetime(2020, 1, 2)}
    assert hours.early_closes == {
        datetime(2020, 1, 6): timedelta(hours=12),
        datetime(2020, 1, 13): timedelta(hours=13),
    }
    assert hours.bank_holidays == {datetime(2020, 10, 12)}


def test_options_take_special_days_from_their_underlying(tmp_path: Path) -> None:
    equity = entry(holidays=["1/6/2020"])
    found = database(tmp_path, {"Equity-usa-[*]": equity, "Option-usa-[*]": entry()})
    hours = found.get_exchange_hours("usa", "SPY", SecurityType.OPTION)
    assert not hours.is_date_open(datetime(2020, 1, 6))


def test_day_that_is_open_throughout(tmp_path: Path) -> None:
    week = dict.fromkeys(
        ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"), ALL_DAY
    )
    found = database(tmp_path, {"Crypto-coinbase-[*]": entry("UTC", **week)})
    assert found.get_exchange_hours("coinbase", "BTCUSD", SecurityType.CRYPTO).is_market_always_open


def test_custom_entries_end_with_the_run(tmp_path: Path) -> None:
    found = database(tmp_path, {})
    found.set_entry_always_open("usa", "RAIN", SecurityType.BASE, zone("UTC"))
    assert MarketHoursDatabase.from_data_folder() is found
    assert found.get_exchange_hours("usa", "RAIN", SecurityType.BASE).is_market_always_open
    assert (
        MarketHoursDatabase.from_data_folder(tmp_path).try_get_entry("usa", "RAIN", SecurityType.BASE) is None
    )


def test_missing_entry_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArgumentException, match="no entry Forex-nowhere-EURUSD"):
        database(tmp_path, {}).get_entry("nowhere", "EURUSD", SecurityType.FOREX)


def test_damaged_entry_is_named_when_it_is_asked_for(tmp_path: Path) -> None:
    found = database(tmp_path, {"Equity-usa-[*]": entry(), "Equity-usa-BAD": entry(holidays=["yesterday"])})
    found.get_entry("usa", "SPY", SecurityType.EQUITY)
    with pytest.raises(UserError, match=r"market-hours-database\.json: entry Equity-usa-bad"):
        found.get_entry("usa", "BAD", SecurityType.EQUITY)


def test_missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no market hours database"):
        MarketHoursDatabase.from_data_folder(tmp_path)
    path = tmp_path / "hours.json"
    path.write_text("[]")
    with pytest.raises(UserError, match=r"hours\.json: is not a market hours database"):
        MarketHoursDatabase.from_file(path)


def test_every_entry_of_the_sample_can_be_read(sample_data: Path) -> None:
    found = MarketHoursDatabase.from_data_folder(sample_data / "lean")
    entries = [found.get_entry(market, symbol, SecurityType(kind)) for market, symbol, kind in found._raw]
    assert len(entries) > 500
