"""Where an option contract's data is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from utils.data.lean.option_series import OptionKind, OptionSeries
from utils.data.lean.series import Resolution, TickType

ROOT = Path("d")


def series(resolution: Resolution, tick_type: TickType, strike: str = "747.5") -> OptionSeries:
    terms = ("american", "call", Decimal(strike), date(2015, 12, 24))
    return OptionSeries(OptionKind.EQUITY_OPTION, "usa", "GOOG", resolution, tick_type, *terms)


def test_minutes_of_a_day_share_a_zip_and_the_strike_is_in_ten_thousandths() -> None:
    quotes = series(Resolution.MINUTE, TickType.QUOTE)
    day = date(2015, 12, 23)
    assert quotes.day_path(ROOT, day) == ROOT / "option/usa/minute/goog/20151223_quote_american.zip"
    assert quotes.entry_name(day) == "20151223_goog_minute_quote_american_call_7475000_20151224.csv"


def test_long_bars_have_a_zip_a_year() -> None:
    counts = series(Resolution.DAILY, TickType.OPEN_INTEREST, "1000")
    found = counts.whole_paths(ROOT, date(2014, 12, 31), date(2015, 1, 2))
    names = [str(path.relative_to(ROOT / "option/usa/daily")) for path in found]
    assert names == ["goog_2014_openinterest_american.zip", "goog_2015_openinterest_american.zip"]
    assert counts.entry_name(None) == "goog_openinterest_american_call_10000000_20151224.csv"


def test_a_renamed_underlying_has_the_files_of_its_ticker_of_the_time() -> None:
    trades = series(Resolution.MINUTE, TickType.TRADE)
    assert trades.day_path(ROOT, date(2013, 1, 2), "nwsa").parent.name == "nwsa"
    assert "_nwsa_minute_" in trades.entry_name(date(2013, 1, 2), "nwsa")


@pytest.mark.parametrize(("kind", "folder"), [(TickType.TRADE, "trade"), (TickType.QUOTE, "quote")])
def test_the_names_are_those_of_the_sample_data(sample_data: Path, kind: TickType, folder: str) -> None:
    root = sample_data / "lean"
    listed = series(Resolution.MINUTE, kind).day_files(root)
    assert [day for day, _ in listed] == [date(2015, 12, 23), date(2015, 12, 24), date(2015, 12, 28)]
    assert all(f"_{folder}_" in path.name for _, path in listed)
