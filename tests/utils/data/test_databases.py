"""Hours and properties for a data folder, read back with the reader of LEAN's databases."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from trading.simulation.instrument import SecurityType
from utils.data.databases import PROPERTIES_HEADER, add_market_hours, add_symbol_properties
from utils.data.lean.market_hours import DATABASE as MARKET_HOURS
from utils.data.lean.market_hours import market_hours
from utils.data.lean.series import LeanSeries
from utils.data.lean.symbol_properties import DATABASE as SYMBOL_PROPERTIES
from utils.errors import UserError


def at(*times: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(times, "M8[ns]").astype(np.int64)


def test_us_hours_have_holidays_and_early_closes(tmp_path: Path) -> None:
    add_market_hours(tmp_path, (SecurityType.EQUITY, "usa"), (SecurityType.INDEX, "usa"))
    for name in ("equity/usa/minute/spy", "index/usa/daily/spx"):
        hours = market_hours(tmp_path, LeanSeries.parse(name))
        assert hours.exchange_zone == hours.data_zone == "America/New_York"
        assert hours.session(date(2024, 7, 4)) is None
        session = hours.session(date(2024, 11, 29))
        assert session is not None
        assert (session[0].hour, session[1].hour) == (9, 13)
        assert hours.open_at(
            at("2024-11-27T14:29", "2024-11-27T14:30", "2024-11-27T20:59", "2024-11-27T21:00")
        ).tolist() == [False, True, True, False]
    equity = market_hours(tmp_path, LeanSeries.parse("equity/usa/minute/spy"))
    assert equity.open_at(at("2024-11-27T10:00"), extended=True).all()


def test_holidays_are_those_of_leans_own_database(tmp_path: Path, sample_data: Path) -> None:
    add_market_hours(tmp_path, (SecurityType.EQUITY, "usa"))
    series = LeanSeries.parse("equity/usa/minute/spy")
    ours, theirs = market_hours(tmp_path, series), market_hours(sample_data / "lean", series)
    # Later years are forecasts, and weekends need no holiday.
    known = {day for day in theirs.holidays if day.year <= 2026 and day.weekday() < 5}
    unknown_to_ours = {date(2011, 1, 1), date(2022, 1, 1)}
    missing = known - ours.holidays - unknown_to_ours
    assert missing <= {date(2018, 12, 5)} - ours.holidays


def test_crypto_never_closes_and_forex_has_its_week(tmp_path: Path) -> None:
    add_market_hours(tmp_path, (SecurityType.CRYPTO, "kraken"), (SecurityType.FOREX, "oanda"))
    assert market_hours(tmp_path, LeanSeries.parse("crypto/kraken/minute/ethusd")).always_open
    forex = market_hours(tmp_path, LeanSeries.parse("forex/oanda/minute/eurusd"))
    times = at(
        "2024-11-22T21:59", "2024-11-22T22:00", "2024-11-24T21:59", "2024-11-24T22:00", "2024-11-26T03:00"
    )
    assert forex.open_at(times).tolist() == [True, False, False, True, True]


def test_what_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / MARKET_HOURS
    path.parent.mkdir()
    path.write_text('{"entries": {"Equity-tse-[*]": {"of": "somebody"}}, "note": 1}')
    add_market_hours(tmp_path, (SecurityType.CRYPTO, "coinbase"), (SecurityType.EQUITY, "tse"))
    database = json.loads(path.read_text())
    assert database["note"] == 1
    assert database["entries"]["Equity-tse-[*]"] == {"of": "somebody"}
    before = path.read_bytes()
    add_market_hours(tmp_path, (SecurityType.CRYPTO, "coinbase"))
    assert path.read_bytes() == before


def test_unknown_hours_and_a_damaged_database_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match="hours of the equity market tse are not known; add them to market-hours"
    ):
        add_market_hours(tmp_path, (SecurityType.EQUITY, "tse"))
    assert not list(tmp_path.iterdir())
    path = tmp_path / MARKET_HOURS
    path.parent.mkdir()
    for text in ("", "[]", "{}", '{"entries": 1}', "\0"):
        path.write_text(text)
        with pytest.raises(UserError, match=r"market-hours-database\.json: is not a market hours database"):
            add_market_hours(tmp_path, (SecurityType.EQUITY, "usa"))


def test_properties_are_added_once(tmp_path: Path) -> None:
    row = "coinbase,SYNUSD,crypto,Made-up coin,USD,1,0.01,0.00000001,SYN-USD,0.00000001"
    for _ in range(2):
        add_symbol_properties(tmp_path, row, "usa,[*],equity,,USD,1,0.01,1")
    add_symbol_properties(tmp_path, row.replace("0.01", "0.5"))
    lines = (tmp_path / SYMBOL_PROPERTIES).read_text().splitlines()
    assert lines == [PROPERTIES_HEADER, row, "usa,[*],equity,,USD,1,0.01,1"]
