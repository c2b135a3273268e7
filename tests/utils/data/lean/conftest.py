"""A data folder of one's own, and LEAN's sample."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

REGULAR = {"start": "09:30:00", "end": "16:00:00", "state": "market"}
US_DAY = [
    {"start": "04:00:00", "end": "09:30:00", "state": "premarket"},
    REGULAR,
    {"start": "16:00:00", "end": "20:00:00", "state": "postmarket"},
]
ALL_DAY = [{"start": "00:00:00", "end": "1.00:00:00", "state": "market"}]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
WEEKEND = ("saturday", "sunday")


def _entry(
    data: str, exchange: str, weekday: list[dict[str, str]], weekend: list[dict[str, str]], **more: object
) -> dict[str, object]:
    week = dict.fromkeys(WEEKDAYS, weekday) | dict.fromkeys(WEEKEND, weekend)
    return {"dataTimeZone": data, "exchangeTimeZone": exchange, **week, **more}


NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"

ENTRIES = {
    "Equity-usa-[*]": _entry(
        NEW_YORK,
        NEW_YORK,
        US_DAY,
        [],
        holidays=["11/28/2013", "12/25/2013"],
        earlyCloses={"11/29/2013": "13:00:00"},
        lateOpens={},
    ),
    "Index-usa-[*]": _entry(
        CHICAGO,
        CHICAGO,
        [{"start": "08:30:00", "end": "15:15:00", "state": "market"}],
        [],
        holidays=["11/28/2013"],
        earlyCloses={"11/29/2013": "12:15:00"},
    ),
    "Index-usa-NDX": _entry(CHICAGO, NEW_YORK, [REGULAR], [], holidays=["12/25/2013"]),
    "Index-usa-DXY": _entry(NEW_YORK, NEW_YORK, ALL_DAY, ALL_DAY, holidays=[]),
    "Index-hkfe-[*]": _entry(
        "Asia/Hong_Kong",
        "Asia/Hong_Kong",
        [
            {"start": "09:30:00", "end": "12:00:00", "state": "market"},
            {"start": "13:00:00", "end": "16:00:00", "state": "market"},
        ],
        [],
        holidays=[],
        earlyCloses={"12/24/2013": "12:00:00", "12/23/2013": "11:00:00"},
        lateOpens={"12/20/2013": "10:30:00", "12/23/2013": "14:00:00"},
    ),
    "Crypto-coinbase-[*]": _entry("UTC", "UTC", ALL_DAY, ALL_DAY, holidays=[]),
    "Forex-oanda-[*]": _entry("UTC", NEW_YORK, ALL_DAY, [], holidays=[]),
    "Forex-fxcm-[*]": _entry("UTC-05", NEW_YORK, ALL_DAY, [], holidays=[]),
}

PROPERTIES = """\
market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size,market_ticker,minimum_order_size,price_magnifier,strike_multiplier

# Use # signs for comments
usa,[*],equity,,USD,1,0.01,1
usa,VIX,index,Volatility,USD,1,0.001,1
coinbase,BTCUSD,crypto,Bitcoin-US Dollar,USD,1,0.01,0.00000001,BTC-USD,0.00000001
oanda,EURUSD,forex,EUR/USD,USD,1,0.00001,1
"""


@pytest.fixture(scope="session")
def make_folder() -> Callable[[Path], Path]:
    """Makes a data folder with the two databases and nothing else."""

    def make(home: Path) -> Path:
        (home / "market-hours").mkdir(parents=True)
        (home / "market-hours" / "market-hours-database.json").write_text(json.dumps({"entries": ENTRIES}))
        (home / "symbol-properties").mkdir()
        (home / "symbol-properties" / "symbol-properties-database.csv").write_text(PROPERTIES)
        return home

    return make


@pytest.fixture
def folder(tmp_path: Path, make_folder: Callable[[Path], Path]) -> Path:
    """A data folder with the two databases and nothing else."""
    return make_folder(tmp_path / "data")


@pytest.fixture(scope="session")
def lean(sample_data: Path) -> Path:
    """LEAN's own sample data folder."""
    folder = sample_data / "lean"
    if not folder.is_dir():
        pytest.skip(f"no LEAN sample data at {folder}: set TRADING_SAMPLE_DATA")
    return folder
