"""Rows of a subscription: prices and their decimals, hours, stretches, damaged files."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.utils.engine.feed.feed_folder import Feed, local, make_config
from utils.engine.clock import local_to_utc
from utils.engine.dotnet.money import text
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType, TickType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.feed.columns import Columns
from utils.errors import UserError

MINUTE, HOUR, DAILY = Resolution.MINUTE, Resolution.HOUR, Resolution.DAILY
EQUITY, CRYPTO, FOREX = SecurityType.EQUITY, SecurityType.CRYPTO, SecurityType.FOREX
DAY = datetime(2013, 10, 7)
NEXT = datetime(2013, 10, 8)


def at(hour: int, minute: int = 0, day: datetime = DAY) -> datetime:
    return day + timedelta(hours=hour, minutes=minute)


def texts(columns: Columns, field: str) -> list[str]:
    return [text(columns.exact_price(row, field)) for row in range(len(columns))]


def test_equity_prices_are_ten_thousandths_with_four_decimals(feed: Feed) -> None:
    config = make_config(EQUITY, MINUTE)
    feed.write(config, [(at(9, 30), "1448100,1448500,1448000,1448200,345")])
    found = feed.read(config, DAY, NEXT)
    assert (found.open[0], found.high[0], found.low[0], found.close[0]) == (144.81, 144.85, 144.8, 144.82)
    assert found.volume[0] == 345.0
    assert texts(found, "close")[0] == "144.8200"
    assert texts(found, "volume")[0] == "345"
    assert local(config, found.start)[0] == at(9, 30)
    assert local(config, found.end_time)[0] == at(9, 31)


def test_other_prices_keep_the_digits_of_the_file(feed: Feed) -> None:
    config = make_config(CRYPTO, MINUTE)
    feed.write(config, [(at(0), "7.10,7.25,7.0,7.200,0.50"), (at(0, 1), "7,7.40,7,7.30,12")])
    found = feed.read(config, DAY, at(0, 3))
    assert texts(found, "close")[:2] == ["7.200", "7.30"]
    assert texts(found, "open")[:2] == ["7.10", "7"]
    assert texts(found, "volume")[:2] == ["0.50", "12"]
    assert found.close[:2].tolist() == [7.2, 7.3]


def test_a_repeated_bar_has_the_prices_of_the_last_and_no_volume(feed: Feed) -> None:
    config = make_config(CRYPTO, MINUTE)
    feed.write(config, [(at(0), "7.10,7.25,7.0,7.200,0.50"), (at(0, 2), "8,8,8,8,1")])
    found = feed.read(config, DAY, at(0, 4))
    assert found.fill_forward.tolist() == [False, True, False, True]
    assert found.close.tolist() == [7.2, 7.2, 8.0, 8.0]
    assert found.volume.tolist() == [0.5, 0.0, 1.0, 0.0]
    assert texts(found, "volume") == ["0.50", "0", "1", "0"]
    assert texts(found, "close") == ["7.200", "7.200", "8", "8"]


def test_nothing_is_repeated_when_that_is_not_wanted(feed: Feed) -> None:
    config = make_config(CRYPTO, MINUTE, fill_data_forward=False)
    feed.write(config, [(at(0), "7,7,7,7,1"), (at(0, 2), "8,8,8,8,1")])
    assert len(feed.read(config, DAY, at(0, 3))) == 2


def test_bars_out_of_hours_are_given_only_when_wanted(feed: Feed) -> None:
    lines = [(at(8), "100,100,100,100,1"), (at(9, 30), "200,200,200,200,1"), (at(17), "300,300,300,300,1")]
    for extended, expected in ((False, [0.02]), (True, [0.01, 0.02, 0.03])):
        config = make_config(EQUITY, MINUTE, extended_market_hours=extended, fill_data_forward=False)
        feed.write(config, lines)
        assert feed.read(config, DAY, NEXT).close.tolist() == expected


def test_a_bar_before_the_open_is_what_is_repeated_at_the_open(feed: Feed) -> None:
    config = make_config(EQUITY, MINUTE)
    feed.write(config, [(at(8), "100,100,100,100,1"), (at(9, 32), "200,200,200,200,1")])
    found = feed.read(config, DAY, at(9, 34))
    assert local(config, found.end_time[:4]) == [at(9, minute) for minute in (31, 32, 33, 34)]
    assert found.close[:4].tolist() == [0.01, 0.01, 0.02, 0.02]


class TestQuotes:
    """Both sides, and either absent."""

    def test_middle_and_sides(self, feed: Feed) -> None:
        config = make_config(FOREX, MINUTE, TickType.QUOTE)
        feed.write(config, [(at(10), "1.10,1.12,1.09,1.11000,5,1.20,1.22,1.19,1.21001,6")])
        found = feed.read(config, DAY, at(9))
        assert found.has_quotes
        assert (found.bid_close[0], found.ask_close[0]) == (1.11, 1.21001)  # type: ignore[index]
        assert (found.bid_size[0], found.ask_size[0], found.volume[0]) == (5.0, 6.0, 0.0)  # type: ignore[index]
        assert found.close[0] == 1.160005
        assert texts(found, "ask_close")[0] == "1.21001"
        assert texts(found, "bid_close")[0] == "1.11000"
        assert texts(found, "close")[0] == "1.160005"

    def test_an_absent_side_is_the_one_before_without_its_size(self, feed: Feed) -> None:
        config = make_config(CRYPTO, MINUTE, TickType.QUOTE)
        feed.write(
            config,
            [
                (at(0), ",,,,,10,10,10,10.0,2"),
                (at(0, 1), "8,8,8,8.0,3,12,12,12,12.0,4"),
                (at(0, 2), "9,9,9,9.00,5,,,,,"),
            ],
        )
        found = feed.read(config, DAY, at(0, 3))
        assert np.isnan(found.bid_close[0])  # type: ignore[index]
        assert found.close.tolist()[:3] == [10.0, 10.0, 10.5]
        assert found.ask_close[2] == 12.0  # type: ignore[index]
        assert found.ask_size[2] == 0.0  # type: ignore[index]
        assert texts(found, "ask_close")[2] == "12.0"
        assert texts(found, "ask_size")[2] == "0"
        assert texts(found, "close")[:3] == ["10.0", "10.0", "10.50"]

    def test_an_absent_side_stays_absent_when_nothing_is_repeated(self, feed: Feed) -> None:
        config = make_config(CRYPTO, MINUTE, TickType.QUOTE, fill_data_forward=False)
        feed.write(config, [(at(0), "8,8,8,8,3,12,12,12,12,4"), (at(0, 1), "9,9,9,9,5,,,,,")])
        found = feed.read(config, DAY, at(0, 3))
        assert np.isnan(found.ask_close[1])  # type: ignore[index]
        assert found.close[1] == 9.0


class TestNormalization:
    """Splits and dividends in the prices."""

    FACTORS = "20131007,0.98,0.5,200\n20131008,0.99,1,100\n20501231,1,1,0"
    LINES = (
        (DAY, "2000000,2000000,2000000,2000000,1001"),
        (NEXT, "1000000,1000000,1000000,1000000,7"),
        (datetime(2013, 10, 9), "990000,990000,990000,990000,7"),
    )

    def read(self, feed: Feed, mode: DataNormalizationMode) -> Columns:
        config = make_config(EQUITY, DAILY, data_normalization_mode=mode)
        feed.write(config, self.LINES)
        feed.text("equity/usa/factor_files/spy.csv", self.FACTORS)
        return feed.read(config, DAY, datetime(2013, 10, 10))

    @pytest.mark.parametrize(
        ("mode", "close", "volume"),
        [
            (DataNormalizationMode.RAW, ["200.0000", "100.0000", "99.0000"], ["1001", "7", "7"]),
            # 1001 / 0.49 = 2042.857, 7 / 0.99 = 7.07
            (DataNormalizationMode.ADJUSTED, ["98.0000000", "99.000000", "99.0000"], ["2043", "7", "7"]),
            (DataNormalizationMode.SPLIT_ADJUSTED, ["100.00000", "100.0000", "99.0000"], ["2002", "7", "7"]),
        ],
        ids=["raw", "adjusted", "split-adjusted"],
    )
    def test_prices_and_volumes(
        self, feed: Feed, mode: DataNormalizationMode, close: list[str], volume: list[str]
    ) -> None:
        found = self.read(feed, mode)
        assert texts(found, "close") == close
        assert found.close.tolist() == [float(value) for value in close]
        assert texts(found, "volume") == volume
        assert found.volume.tolist() == [float(value) for value in volume]

    def test_total_return_adds_the_dividends_since_the_start(self, feed: Feed) -> None:
        # From 8 to 9 October the price factor goes from 0.99 to 1 of a price of 100: a dividend of 1.00; from
        # 7 to 8 from 0.98 to 0.99 of a price of 200: 200 - 200 * 0.98 / 0.99 = 2.02.
        found = self.read(feed, DataNormalizationMode.TOTAL_RETURN)
        assert texts(found, "close") == ["100.00000", "102.0200", "102.0200"]
        assert found.close.tolist() == [100.0, 102.02, 102.02]

    def test_scaled_raw_keeps_the_prices_of_the_last_date(self, feed: Feed) -> None:
        config = make_config(EQUITY, DAILY, data_normalization_mode=DataNormalizationMode.SCALED_RAW)
        feed.write(config, self.LINES)
        feed.text("equity/usa/factor_files/spy.csv", self.FACTORS)
        found = feed.read(config, DAY, datetime(2013, 10, 8, 23))
        # 200 * 0.49 / 0.99
        assert found.close.tolist() == pytest.approx([98.989898989898, 100.0], abs=1e-11)

    def test_prices_begin_where_the_factors_do(self, feed: Feed) -> None:
        config = make_config(EQUITY, DAILY)
        feed.write(config, self.LINES)
        feed.text("equity/usa/factor_files/spy.csv", "20131009,1,1,0\n20501231,1,1,0")
        assert local(config, feed.read(config, DAY, datetime(2013, 10, 10)).end_time) == [
            at(16, day=NEXT),
            at(16, day=datetime(2013, 10, 9)),
        ]

    def test_panama_is_refused(self, feed: Feed) -> None:
        mode = DataNormalizationMode.BACKWARDS_PANAMA_CANAL
        with pytest.raises(NotSupportedByEngine, match="BackwardsPanamaCanal"):
            feed.stream(make_config(EQUITY, DAILY, data_normalization_mode=mode), DAY, NEXT)


class TestDailyTimes:
    """Daily bars from open to close, and when they are shown in between."""

    LINES = tuple(
        (datetime(2013, 11, day), f"{day}0000,{day}0000,{day}0000,{day}0000,1") for day in (26, 27, 28, 29)
    )

    def test_from_open_to_close_of_days_with_a_session(self, feed: Feed) -> None:
        config = make_config(EQUITY, DAILY)
        feed.write(config, self.LINES)  # the 28th is a holiday, the 29th ends at 13:00
        found = feed.read(config, datetime(2013, 11, 26), datetime(2013, 11, 30))
        days = [datetime(2013, 11, day) for day in (26, 27, 29)]
        assert local(config, found.start) == [at(9, 30, day) for day in days]
        assert local(config, found.end_time) == [at(16, 0, days[0]), at(16, 0, days[1]), at(13, 0, days[2])]
        assert found.close.tolist() == [26.0, 27.0, 29.0]

    def test_from_midnight_to_midnight_on_request(self, feed: Feed) -> None:
        config = make_config(EQUITY, DAILY)
        feed.write(config, self.LINES)
        days = datetime(2013, 11, 26), datetime(2013, 11, 28)
        found = feed.read(config, *days, daily_precise_end_time=False)
        assert local(config, found.end_time) == [datetime(2013, 11, 27), datetime(2013, 11, 28)]

    def test_repeated_during_the_day_it_is_still_yesterdays_bar(self, feed: Feed) -> None:
        config = make_config(EQUITY, DAILY)
        feed.write(config, self.LINES)
        found = feed.read(config, datetime(2013, 11, 26), datetime(2013, 11, 28), HOUR)
        rows = local(config, found.end_time).index(datetime(2013, 11, 27, 12))
        assert bool(found.fill_forward[rows])
        assert local(config, found.start[[rows]]) == [datetime(2013, 11, 26, 9, 30)]
        assert local(config, found.bar_end[[rows]]) == [datetime(2013, 11, 26, 16)]

    def test_the_daily_bar_is_repeated_at_the_close_and_not_at_the_end_of_its_hour(self, feed: Feed) -> None:
        config = make_config(SecurityType.INDEX, DAILY)  # from 8:30 to 15:15
        feed.write(config, [(DAY, "1,1,1,1,1")])
        found = feed.read(config, DAY, datetime(2013, 10, 9), HOUR)
        closes = [at(15, 15), at(15, 15, NEXT)]
        assert local(config, found.end_time) == [
            closes[0],
            *(at(hour, 0, NEXT) for hour in range(9, 16)),
            closes[1],
        ]
        assert local(config, found.bar_end) == [closes[0]] * 8 + [closes[1]]


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 9 * 24 * 60), max_size=6, unique=True), data=st.data())
def test_stretches_together_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], data: st.DataObject
) -> None:
    kind, resolution = data.draw(st.sampled_from([(EQUITY, MINUTE), (EQUITY, DAILY), (CRYPTO, HOUR)]))
    feed = Feed.empty(tmp_path_factory.mktemp("feed"))
    config = make_config(kind, resolution, TickType.QUOTE if kind == CRYPTO else TickType.TRADE)
    count = 9 if resolution == DAILY else 40
    step = timedelta(days=1) if resolution == DAILY else timedelta(hours=5)
    lines = ["1,1,1,1,1,2,2,2,2,1", ",,,,,3,3,3,3,1", "2,2,2,2,1,,,,,"] if kind == CRYPTO else ["1,1,1,1,1"]
    feed.write(config, [(at(9) + step * n, lines[n % len(lines)]) for n in range(count)])
    end = DAY + timedelta(days=9)
    whole = feed.read(config, DAY, end, HOUR)
    stream = feed.stream(config, DAY, end, HOUR)
    zone = config.exchange_time_zone
    moments = [local_to_utc(DAY + timedelta(minutes=cut), zone) for cut in sorted(cuts)]
    parts = [stream.advance(moment) for moment in (*moments, local_to_utc(end + timedelta(days=3), zone))]
    for name in ("start", "end_time", "bar_end", "fill_forward", "close", "volume", "ask_close"):
        if getattr(whole, name) is not None:
            joined = np.concatenate([getattr(part, name) for part in parts])
            np.testing.assert_array_equal(joined, getattr(whole, name), err_msg=name)
    exact = [part.exact_price(row, "close") for part in parts for row in range(len(part))]
    assert exact == [whole.exact_price(row, "close") for row in range(len(whole))]
    for part, moment in zip(parts, moments, strict=False):
        assert not len(part) or part.end_time[-1] <= moment


def test_a_missing_file_is_no_rows_and_is_counted(feed: Feed) -> None:
    config = make_config(EQUITY, MINUTE)
    feed.write(config, [(at(9, 30), "1,1,1,1,1")])
    stream = feed.stream(config, DAY, datetime(2013, 10, 12))
    stream.advance(local_to_utc(datetime(2013, 10, 12), config.exchange_time_zone))
    assert stream._data.files_missing == 4
    assert [path.name for path in stream._data.missing.values()] == ["20131008_trade.zip"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:40]), "zip is truncated or damaged"),
        (lambda path: path.write_bytes(b""), "zip is truncated or damaged"),
    ],
    ids=["truncated", "empty"],
)
def test_a_damaged_zip_is_named(feed: Feed, damage: Any, message: str) -> None:
    config = make_config(EQUITY, MINUTE)
    feed.write(config, [(at(9, 30), "1,1,1,1,1")])
    path: Path = feed.root / "equity/usa/minute/spy/20131007_trade.zip"
    damage(path)
    with pytest.raises(UserError, match=message) as caught:
        feed.read(config, DAY, NEXT)
    assert str(path) in str(caught.value)


def test_a_malformed_line_is_named(feed: Feed) -> None:
    config = make_config(EQUITY, MINUTE)
    feed.write(config, [(at(9, 30), "1,1,1,1,1"), (at(9, 31), "1,x,1,1,1")])
    with pytest.raises(UserError, match=r"20131007_trade\.zip: line 2: high 'x' is not a number"):
        feed.read(config, DAY, NEXT)


def test_ticks_are_refused(feed: Feed) -> None:
    with pytest.raises(NotSupportedByEngine, match="Tick"):
        feed.stream(make_config(EQUITY, Resolution.TICK), DAY, NEXT)


def test_exact_prices_of_chosen_rows(feed: Feed) -> None:
    config = make_config(EQUITY, MINUTE)
    feed.write(config, [(at(9, 30 + n), f"1,{n + 2},1,{n + 1},1") for n in range(4)])
    found = feed.read(config, DAY, at(9, 34)).taken(slice(1, 3))
    assert [found.exact_price(row, "close") for row in (0, 1)] == [Decimal("0.0002"), Decimal("0.0003")]
