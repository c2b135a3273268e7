"""What is written is read back, day by day, and nothing is written that cannot be."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from trading.bars import Bars
from trading.simulation.instrument import SecurityType
from utils.data.lean.checks import QUOTE_COLUMNS
from utils.data.lean.factor_files import Normalization
from utils.data.lean.market_hours import market_hours
from utils.data.lean.quotes import QuoteBars
from utils.data.lean.reader import read_bars, read_quotes
from utils.data.lean.series import LeanSeries, Resolution, TickType
from utils.data.lean.writer import write_bars, write_quotes
from utils.errors import UserError

EPOCH = date(1970, 1, 1)
MINUTE = 60_000_000_000

SERIES = [
    f"{name}/{resolution}/{symbol}{tick}"
    for name, symbol, ticks, resolutions in (
        ("equity/usa", "spy", ("", "/quote"), ("minute",)),
        ("equity/usa", "spy", ("",), ("hour", "daily")),
        ("index/usa", "spx", ("",), ("minute", "hour", "daily")),
        ("index/usa", "ndx", ("",), ("minute", "hour", "daily")),
        ("index/usa", "dxy", ("",), ("second", "minute", "hour", "daily")),
        ("crypto/coinbase", "btcusd", ("", "/quote"), ("second", "minute", "hour", "daily")),
        ("forex/oanda", "eurusd", ("",), ("minute", "hour", "daily")),
    )
    for tick in ticks
    for resolution in resolutions
]

DAYS = [date(2013, 3, day) for day in (8, 9, 10, 11)]  # the clock of New York goes forward on the 10th
DAYS += [date(2013, 11, day) for day in (2, 3, 4, 28, 29)]  # and back on the 3rd; the 29th ends early

SIZES = st.one_of(st.integers(0, 10**9).map(float), st.floats(0, 1e18), st.floats(0, 1e-6))


@st.composite
def wall_times(draw: st.DrawFn, resolution: Resolution, zone: ZoneInfo) -> list[datetime]:
    """Starts of bars on the clock of `zone`, each at most once shown by it."""
    step = timedelta(microseconds=resolution.period // 1_000)
    a_day = timedelta(days=1) // step
    early = st.integers(0, a_day - 1) | st.integers(0, max(a_day // 6, 1) - 1)
    chosen = draw(st.sets(st.tuples(st.sampled_from(DAYS), early), min_size=1, max_size=12))
    walls = [
        datetime(day.year, day.month, day.day, tzinfo=zone) + index * step for day, index in sorted(chosen)
    ]
    shown = [wall for wall in walls if wall.astimezone(ZoneInfo("UTC")).astimezone(zone) == wall]
    return shown or [datetime(2013, 11, 4, tzinfo=zone)]


@st.composite
def sides(draw: st.DrawFn, n: int, equity: bool) -> NDArray[np.float64]:
    """Open, high, low and close of n bars, shape (4, n)."""
    if equity:
        price = st.integers(1, 10**10).map(lambda units: units / 10_000)
    else:
        price = st.one_of(
            st.integers(1, 10**12).map(lambda units: units / 10**8), st.floats(1e-12, 1e12), st.just(1e-7)
        )
    rows = draw(st.lists(st.lists(price, min_size=4, max_size=4), min_size=n, max_size=n))
    prices = np.array(rows).T
    return np.array([prices[0], prices.max(axis=0), prices.min(axis=0), prices[1]])


@pytest.mark.parametrize("text", SERIES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_round_trip(make_folder: Callable[[Path], Path], data: st.DataObject, text: str) -> None:
    series = LeanSeries.parse(text)
    equity = series.security_type is SecurityType.EQUITY
    with tempfile.TemporaryDirectory() as home:
        folder = make_folder(Path(home, "data"))
        hours = market_hours(folder, series)
        walls = data.draw(wall_times(series.resolution, ZoneInfo(hours.data_zone)))
        n = len(walls)
        time = np.array([int(wall.timestamp()) * 10**9 for wall in walls], np.int64)
        exchange = ZoneInfo(hours.exchange_zone)
        daily = series.resolution is Resolution.DAILY
        dates = [wall.date() if daily else wall.astimezone(exchange).date() for wall in walls]
        day = np.array([(one - EPOCH).days for one in dates], np.int32)
        size = np.array(data.draw(st.lists(SIZES, min_size=n, max_size=n)))
        prices = data.draw(sides(n, equity))
        if series.tick_type is TickType.TRADE:
            open_, high, low, close = prices
            shut = np.zeros(n, np.bool_)
            bars = Bars(time, open_, high, low, close, size, day, shut, series.resolution.period)
            write_bars(folder, series, bars)
            found = read_bars(folder, series, normalization=Normalization.RAW)
            for name in ("time", "open", "high", "low", "close", "volume", "day"):
                np.testing.assert_array_equal(getattr(found, name), getattr(bars, name))
            assert found.fills_next_open.shape == (n,)
        else:
            other = data.draw(sides(n, equity))
            absent = data.draw(st.lists(st.sampled_from(["", "bid", "ask"]), min_size=n, max_size=n))
            prices[:, [side == "bid" for side in absent]] = np.nan
            other[:, [side == "ask" for side in absent]] = np.nan
            period = series.resolution.period
            columns = dict(zip(QUOTE_COLUMNS, [*prices, size, *other, size[::-1]], strict=True))
            quotes = QuoteBars(time=time, day=day, period=period, **columns)
            write_quotes(folder, series, quotes)
            read = read_quotes(folder, series, normalization=Normalization.RAW)
            for name in ("time", "day", "bid_size", "ask_size"):
                np.testing.assert_array_equal(getattr(read, name), getattr(quotes, name))
            for name in ("open", "high", "low", "close"):
                for side in ("bid", "ask"):
                    field = f"{side}_{name}"
                    np.testing.assert_array_equal(getattr(read, field), getattr(quotes, field))


def minute_bars(
    start: str, n: int, *, price: float = 100.0, step: int = MINUTE, period: int = MINUTE
) -> Bars:
    """Bars from a time in UTC on, one every `step` ns."""
    first = int(np.datetime64(start, "ns").astype(np.int64))
    time = first + np.arange(n, dtype=np.int64) * step
    level = price + np.arange(n) / 4
    day = (time // (1_440 * MINUTE)).astype(np.int32)
    shut = np.zeros(n, np.bool_)
    return Bars(time, level, level + 1, level - 1, level, np.full(n, 7.0), day, shut, period)


BTC = LeanSeries.parse("crypto/coinbase/minute/btcusd")
BTC_HOUR = LeanSeries.parse("crypto/coinbase/hour/btcusd")
SPY = LeanSeries.parse("equity/usa/minute/spy")


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return archive.read(name).decode()


def test_same_bars_same_bytes(folder: Path) -> None:
    bars = minute_bars("2018-04-04T23:58", 4)
    paths = write_bars(folder, BTC, bars)
    assert [path.name for path in paths] == ["20180404_trade.zip", "20180405_trade.zip"]
    before = [path.read_bytes() for path in paths]
    for path in paths:
        path.unlink()
    assert [path.read_bytes() for path in write_bars(folder, BTC, bars)] == before
    assert text_of(paths[0]) == "86280000,100,101,99,100,7\n86340000,100.25,101.25,99.25,100.25,7"


def test_numbers_are_written_in_full(folder: Path) -> None:
    bars = minute_bars("2018-04-04T00:00", 3)
    values = np.array([1e-7, 0.1 + 0.2, 123_456_789_012.5])
    bars = replace(
        bars, open=values, high=values, low=values, close=values, volume=np.array([1e22, -0.0, 1e-9])
    )
    (path,) = write_bars(folder, BTC, bars)
    assert text_of(path).split("\n") == [
        "0" + ",0.0000001" * 4 + ",10000000000000000000000",
        "60000" + ",0.30000000000000004" * 4 + ",0",
        "120000" + ",123456789012.5" * 4 + ",0.000000001",
    ]
    np.testing.assert_array_equal(read_bars(folder, BTC).volume, bars.volume)


def test_a_days_file_is_replaced_and_other_days_stay(folder: Path) -> None:
    write_bars(folder, BTC, minute_bars("2018-04-04T12:00", 2 * 1_440))
    write_bars(folder, BTC, minute_bars("2018-04-05T06:00", 3, price=500.0))
    bars = read_bars(folder, BTC)
    _, counts = np.unique(bars.day, return_counts=True)
    assert counts.tolist() == [720, 3, 720]
    assert bars.close[720] == 500.0


def test_hours_are_merged_into_the_one_file(folder: Path) -> None:
    hour = 60 * MINUTE
    write_bars(folder, BTC_HOUR, minute_bars("2018-04-04T00:00", 6, step=hour, period=hour))
    write_bars(folder, BTC_HOUR, minute_bars("2018-04-04T04:00", 4, price=500.0, step=hour, period=hour))
    write_bars(folder, BTC_HOUR, minute_bars("2018-04-03T23:00", 1, price=50.0, step=hour, period=hour))
    bars = read_bars(folder, BTC_HOUR)
    expected = [50, 100, 100.25, 100.5, 100.75, 500, 500.25, 500.5, 500.75]
    assert bars.close.tolist() == expected
    assert np.unique(np.diff(bars.time)).tolist() == [hour]


def test_a_damaged_file_is_not_merged_into(folder: Path) -> None:
    hour = 60 * MINUTE
    bars = minute_bars("2018-04-04T00:00", 6, step=hour, period=hour)
    (path,) = write_bars(folder, BTC_HOUR, bars)
    damaged = path.read_bytes()[:100]
    path.write_bytes(damaged)
    with pytest.raises(UserError, match=r"btcusd_trade\.zip: zip is truncated"):
        write_bars(folder, BTC_HOUR, bars)
    assert path.read_bytes() == damaged


def test_bars_become_quotes_without_a_spread(folder: Path) -> None:
    series = LeanSeries.parse("forex/oanda/minute/eurusd")
    bars = minute_bars("2018-04-04T00:00", 3)
    (path,) = write_bars(folder, series, bars)
    assert text_of(path).split("\n")[1] == "60000,100.25,101.25,99.25,100.25,0,100.25,101.25,99.25,100.25,0"
    found = read_bars(folder, series)
    np.testing.assert_array_equal(found.close, bars.close)
    np.testing.assert_array_equal(found.bid_close, bars.close)  # type: ignore[arg-type]
    write_bars(folder, series, found)
    with pytest.raises(UserError, match="write_quotes"):
        write_bars(folder, series, replace(bars, bid_close=bars.close - 1, ask_close=bars.close))


def test_prices_of_equities_are_rounded_only_when_asked(folder: Path) -> None:
    bars = minute_bars("2013-10-07T14:00", 3)
    bars = replace(bars, close=bars.close + np.array([0, 0.00004, 0]))
    with pytest.raises(UserError, match="2013-10-07 10:01: a price is not in whole ten-thousandths"):
        write_bars(folder, SPY, bars)
    assert not SPY.day_folder(folder).exists()
    write_bars(folder, SPY, bars, round_prices=True)
    assert read_bars(folder, SPY).close.tolist() == [100, 100.25, 100.5]
    tiny = replace(bars, low=np.full(3, 0.00004))
    with pytest.raises(UserError, match="rounds to zero"):
        write_bars(folder, SPY, tiny, round_prices=True)


def with_value(bars: Bars, name: str, value: float) -> Bars:
    column = getattr(bars, name).copy()
    column[1] = value
    return replace(bars, **{name: column})


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda bars: replace(bars, period=5 * MINUTE), "bars of 300 s are not minute bars"),
        (lambda bars: replace(bars, time=bars.time + 1_000_000_000), "does not start on a whole minute"),
        (lambda bars: replace(bars, time=bars.time[::-1].copy()), "is not later than the one before"),
        (lambda bars: replace(bars, time=bars.time[[0, 1, 1]]), "2018-04-04 00:01 is not later"),
        (lambda bars: with_value(bars, "close", np.nan), "2018-04-04 00:01: close is not a pos"),
        (lambda bars: with_value(bars, "open", -1.0), "2018-04-04 00:01: open is not a pos"),
        (lambda bars: with_value(bars, "low", 0.0), "2018-04-04 00:01: low is not a pos"),
        (lambda bars: with_value(bars, "high", np.inf), "2018-04-04 00:01: high is not a pos"),
        (lambda bars: with_value(bars, "high", 100.0), "2018-04-04 00:01: high"),
        (lambda bars: with_value(bars, "low", 101.0), "2018-04-04 00:01: low"),
        (lambda bars: with_value(bars, "volume", -1.0), "2018-04-04 00:01: volume"),
        (lambda bars: with_value(bars, "volume", np.nan), "2018-04-04 00:01: volume"),
        (lambda bars: bars[:0], "no bars to write"),
    ],
)
def test_what_no_market_can_have_said_is_refused(
    folder: Path, change: Callable[[Bars], Bars], named: str
) -> None:
    with pytest.raises(UserError, match=named) as caught:
        write_bars(folder, BTC, change(minute_bars("2018-04-04T00:00", 3)))
    assert "\n" not in str(caught.value)
    assert not BTC.day_folder(folder).exists()


def test_daily_bars_start_at_midnight_of_the_data_time_zone(folder: Path) -> None:
    series = LeanSeries.parse("equity/usa/daily/spy")
    bars = minute_bars("2013-10-07T00:00", 2, step=1_440 * MINUTE, period=1_440 * MINUTE)
    with pytest.raises(UserError, match="2013-10-06 20:00 does not start at midnight in America/New_York"):
        write_bars(folder, series, bars)
    (path,) = write_bars(folder, series, replace(bars, time=bars.time + 240 * MINUTE))
    assert text_of(path).split("\n")[0] == "20131007 00:00,1000000,1010000,990000,1000000,7"
    hours = market_hours(folder, series)
    assert hours.daily_time(bars.day).tolist() == (bars.time + 240 * MINUTE).tolist()


def test_the_hour_that_a_clock_repeats_is_refused(folder: Path) -> None:
    series = LeanSeries.parse("index/usa/minute/dxy")
    first = minute_bars("2013-11-03T05:30", 20)
    write_bars(folder, series, first)
    np.testing.assert_array_equal(read_bars(folder, series).time, first.time)
    with pytest.raises(UserError, match=r"01:30 is in an hour that America/New_York has twice"):
        write_bars(folder, series, minute_bars("2013-11-03T06:30", 20))


def test_quotes_need_a_series_of_quotes_and_a_side(folder: Path) -> None:
    series = LeanSeries.parse("crypto/coinbase/minute/btcusd/quote")
    bars = minute_bars("2018-04-04T00:00", 2)
    side = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    quotes = QuoteBars(bars.time, *side, *side, bars.day, MINUTE)
    with pytest.raises(UserError, match="tick type quote"):
        write_quotes(folder, BTC, quotes)
    with pytest.raises(UserError, match="tick type quote"):
        read_quotes(folder, BTC)
    nothing = np.full(2, np.nan)
    with pytest.raises(UserError, match="neither bid nor ask"):
        none = (nothing, nothing, nothing, nothing, bars.volume)
        write_quotes(folder, series, QuoteBars(bars.time, *none, *none, bars.day, MINUTE))
    half = (bars.open, nothing, bars.low, bars.close, bars.volume)
    with pytest.raises(UserError, match="bid_high is not a positive number"):
        write_quotes(folder, series, QuoteBars(bars.time, *half, *side, bars.day, MINUTE))


def test_ranges_are_of_exchange_days(folder: Path) -> None:
    """Days of forex are New York's, its files UTC's: a day's bars are in two files."""
    series = LeanSeries.parse("forex/oanda/minute/eurusd")
    write_bars(folder, series, minute_bars("2018-04-03T00:00", 3 * 1_440))
    found = read_bars(folder, series, date(2018, 4, 4), date(2018, 4, 4), Normalization.RAW)
    assert len(found) == 1_440
    assert np.datetime64(int(found.time[0]), "ns") == np.datetime64("2018-04-04T04:00")
    assert set(found.day.tolist()) == {(date(2018, 4, 4) - EPOCH).days}
