"""Names of series and of their files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trading.simulation.instrument import SecurityType
from utils.data.lean.series import LeanSeries, Resolution, TickType, list_series
from utils.errors import UserError

DAY = date(2013, 10, 7)


@pytest.mark.parametrize(
    ("text", "path", "entry"),
    [
        ("equity/usa/daily/SPY", "equity/usa/daily/spy.zip", "spy.csv"),
        ("equity/usa/hour/brk.b", "equity/usa/hour/brk.b.zip", "brk.b.csv"),
        (
            "equity/usa/minute/spy/quote",
            "equity/usa/minute/spy/20131007_quote.zip",
            "20131007_spy_minute_quote.csv",
        ),
        ("crypto/Coinbase/daily/btcusd", "crypto/coinbase/daily/btcusd_trade.zip", "btcusd.csv"),
        ("crypto/coinbase/hour/btcusd/quote", "crypto/coinbase/hour/btcusd_quote.zip", "btcusd.csv"),
        (
            "crypto/coinbase/second/btcusd",
            "crypto/coinbase/second/btcusd/20131007_trade.zip",
            "20131007_btcusd_second_trade.csv",
        ),
        ("forex/oanda/daily/eurusd", "forex/oanda/daily/eurusd.zip", "eurusd.csv"),
        (
            "forex/oanda/minute/eurusd",
            "forex/oanda/minute/eurusd/20131007_quote.zip",
            "20131007_eurusd_minute_quote.csv",
        ),
        (
            "index/usa/minute/SPX",
            "index/usa/minute/spx/20131007_trade.zip",
            "20131007_spx_minute_trade.csv",
        ),
    ],
)
def test_files_have_leans_names(text: str, path: str, entry: str) -> None:
    series = LeanSeries.parse(text)
    if series.resolution.file_a_day:
        assert series.day_path(Path("d"), DAY) == Path("d", path)
        assert series.entry_name(DAY) == entry
    else:
        assert series.whole_path(Path("d")) == Path("d", path)
        assert series.entry_name(None) == entry
    assert LeanSeries.parse(str(series)) == series


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("equity/usa/daily", "TYPE/MARKET/RESOLUTION/SYMBOL"),
        ("option/usa/daily/spy", "security type 'option'"),
        ("equity/usa/tick/spy", "resolution 'tick'"),
        ("equity/usa/minute/spy/openinterest", "no minute openinterest bars"),
        ("equity/usa/minute/sp y", "symbol"),
        ("equity/usa/minute/..", "symbol"),
        ("equity/u s a/minute/spy", "market"),
        ("equity/usa/daily/spy/quote", "tick_type"),
        ("forex/oanda/minute/eurusd/trade", "tick_type"),
        ("index/usa/minute/spx/quote", "tick_type"),
    ],
)
def test_what_lean_does_not_have_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(UserError, match=named) as caught:
        LeanSeries.parse(text)
    assert "\n" not in str(caught.value)


def test_lists_every_series_of_the_sample(lean: Path) -> None:
    expected = set()
    for path in lean.rglob("*.zip"):
        security_type, market, resolution, *rest = path.relative_to(lean).parts
        if security_type not in set(SecurityType):
            continue
        kind = path.stem.split("_")[1] if "_" in path.stem else None
        kind = kind or ("quote" if security_type == "forex" else "trade")
        symbol = rest[0] if len(rest) == 2 else path.stem.split("_")[0]
        expected.add("/".join((security_type, market, resolution, symbol, kind)))
    found = list_series(lean)
    assert [str(series) for series in found] == sorted(expected)
    assert LeanSeries(SecurityType.CRYPTO, "coinbase", "BTCUSD", Resolution.DAILY, TickType.QUOTE) in found


def test_other_files_are_passed_over(folder: Path) -> None:
    for name in (
        "equity/usa/minute/spy/readme.zip",
        "equity/usa/map_files/spy.csv",
        "crypto/coinbase/daily/btcusd_openinterest.zip",
        "index/usa/minute/spx/20131007_quote.zip",
        "option/usa/minute/spy/20131007_trade_american.zip",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    assert list_series(folder) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere: no such data folder"):
        list_series(tmp_path / "nowhere")
