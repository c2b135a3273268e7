"""Custom data: what of it appears and when, prices, history, indicators."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.utils.engine.feed.weather import (
    DAILY,
    HOUR,
    MINUTE,
    Weather,
    algorithm_of,
    follows,
    one_file,
)
from utils.engine.algorithm.qc_algorithm import QCAlgorithm
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException, InvalidOperationException
from utils.engine.enums import Resolution, SecurityType
from utils.engine.errors import AlgorithmError, NotSupportedByEngine
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.identity.market import Market
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_properties import SymbolProperties
from utils.engine.indicators.sums import SimpleMovingAverage
from utils.engine.testing import Backtest


def test_points_appear_at_their_end(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    one_file(
        tmp_path / "a.csv",
        [
            "2020-01-01T12:00,1",  # before the start
            "2020-01-02T00:00,2",
            "2020-01-02T10:07:30,3",
            "2020-01-02T09:00,4",  # goes back
            "",
            "2020-01-02T11:00,2020-01-03T11:00,5",
            "2020-01-04T00:00,6",  # after the end
        ],
    )
    algorithm = algorithm_of(backtest(follows(), data))
    assert algorithm.seen == [
        (datetime(2020, 1, 2), 2.0),
        (datetime(2020, 1, 2, 10, 7, 30), 3.0),
        (datetime(2020, 1, 3, 11), 5.0),
    ]
    assert Weather.asked == [datetime(2020, 1, day) for day in (2, 3, 4)]


def test_what_a_slice_and_the_security_show(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    one_file(tmp_path / "a.csv", ["2020-01-02T10:00,2020-01-02T10:30,3.25"])

    class Looks(follows()):  # type: ignore[misc]  # made above
        def on_data(self, data: Any) -> None:
            symbol = self.security.symbol
            if symbol not in data:
                return
            point = data[symbol]
            assert data["OSLO"] is point and data.get(Weather, symbol) is point
            assert (point.degrees, point.Degrees, point["degrees"]) == (3.75, 3.75, 3.75)
            # Rounded to a multiple of its length, as in LEAN.
            assert (point.time, point.end_time) == (datetime(2020, 1, 2, 10), datetime(2020, 1, 2, 10, 30))
            assert symbol not in data.bars and self.securities[symbol].get_last_data() is point
            assert self.security.price == 3.25
            cache = self.security.cache
            assert (cache.price, cache.open, cache.close, cache.volume) == (3.25, 0, 0, 0)
            self.seen.append(point)

    algorithm = algorithm_of(backtest(Looks, data))
    assert len(algorithm.seen) == 1
    assert algorithm.security.symbol.id.symbol == "OSLO.Weather" and algorithm.security.symbol.value == "OSLO"


def test_several_points_at_one_moment(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    one_file(
        tmp_path / "a.csv", [f"2020-01-02T{time},{n}" for n, time in enumerate(["10:00"] * 3 + ["11:00"])]
    )

    class Consolidates(follows(MINUTE)):  # type: ignore[misc]  # made above
        def prepare(self) -> None:
            self.bars: list[Any] = []
            self.moments: list[list[float]] = []
            self.consolidate(self.security.symbol, timedelta(minutes=30), self.bars.append)

        def on_data(self, data: Any) -> None:
            super().on_data(data)
            self.moments.append([point.value for point in data.all_data])

    algorithm = algorithm_of(backtest(Consolidates, data))
    assert algorithm.moments == [[0.0, 1.0, 2.0], [3.0]]
    assert [value for _, value in algorithm.seen] == [2.0, 3.0]
    bar = algorithm.bars[0]
    assert (bar.open, bar.high, bar.low, bar.close) == (0.0, 2.0, 0.0, 2.0)


def test_time_zone_and_hours(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    one_file(tmp_path / "a.csv", ["2020-01-02T15:00,1", "2020-01-03T03:00,2", "2020-01-04T15:00,3"])
    utc = algorithm_of(backtest(follows(days=4, time_zone=ZoneInfo("UTC")), data))
    assert [time for time, _ in utc.seen] == [
        datetime(2020, 1, 2, 10),
        datetime(2020, 1, 2, 22),
        datetime(2020, 1, 4, 10),
    ]

    class OwnHours(follows(days=4)):  # type: ignore[misc]  # made above
        def prepare(self) -> None:
            hours = MarketHoursDatabase.from_data_folder().get_exchange_hours(
                "usa", "SPY", SecurityType.EQUITY
            )
            properties = SymbolProperties("Weather", "USD", 1, 0.01, 0.5, "BERGEN")
            self.security = self.add_data(Weather, "BERGEN", properties, hours, HOUR, leverage=2)

    own = algorithm_of(backtest(OwnHours, data))
    assert own.security.symbol_properties.lot_size == 0.5 and own.security.leverage == 2
    # Shut at three in the morning, and on Saturday.
    assert [value for _, value in own.seen] == [1.0]


def test_history(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    times = [datetime(2020, 1, 1) + timedelta(hours=n) for n in range(72)]
    one_file(tmp_path / "a.csv", [f"{time.isoformat()},{n}" for n, time in enumerate(times)])

    class Asks(follows()):  # type: ignore[misc]  # made above
        def on_data(self, _data: Any) -> None:
            if self.time != datetime(2020, 1, 2, 12):
                return
            symbol = self.security.symbol
            self.last = self.history[Weather](symbol, 3)
            self.frame = self.history(Weather, symbol, timedelta(hours=4))
            self.both = self.history[Weather]([symbol], datetime(2020, 1, 2, 9), datetime(2020, 1, 3))
            self.average = self.indicator_history(self.sma_of(5), symbol, 4)

        @staticmethod
        def sma_of(period: int) -> Any:
            average: Any = SimpleMovingAverage
            return average(period)

    algorithm = algorithm_of(backtest(Asks, data))
    symbol = algorithm.security.symbol
    assert [point.value for point in algorithm.last] == [34.0, 35.0, 36.0]
    frame = algorithm.frame
    assert list(frame.columns) == ["degrees", "value"] and frame["value"].tolist() == [33.0, 34.0, 35.0, 36.0]
    assert frame.loc[symbol].index[-1] == datetime(2020, 1, 2, 12)
    # Nothing of what is still to come.
    assert [found[symbol].value for found in algorithm.both] == [34.0, 35.0, 36.0]
    assert [point.value for point in algorithm.average.current] == [31.0, 32.0, 33.0, 34.0]


def test_indicators_and_bars_of_a_day(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    times = [datetime(2020, 1, 2) + timedelta(hours=n) for n in range(1, 48)]
    one_file(tmp_path / "a.csv", [f"{time.isoformat()},{n}" for n, time in enumerate(times, 1)])

    class Measures(follows()):  # type: ignore[misc]  # made above
        def prepare(self) -> None:
            self.average = self.sma("OSLO", 4)
            self.days: list[TradeBar] = []
            self.consolidate(self.security.symbol, timedelta(days=1), self.days.append)

        def on_data(self, data: Any) -> None:
            super().on_data(data)
            value = self.seen[-1][1]
            assert self.average.current.value == sum(range(max(1, int(value) - 3), int(value) + 1)) / min(
                4, value
            )

    algorithm = algorithm_of(backtest(Measures, data))
    assert len(algorithm.seen) == 47
    assert [(bar.open, bar.high, bar.low, bar.close) for bar in algorithm.days] == [(1.0, 23.0, 1.0, 23.0)]


def test_bars_are_traded_on(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    class Bars(Weather):
        def reader(self, config: Any, line: Any, _date: datetime, _is_live_mode: bool) -> Any:
            time, close = line.split(",")
            price = float(close)
            return TradeBar(
                datetime.fromisoformat(time),
                config.symbol,
                price,
                price + 1,
                price - 1,
                price,
                10,
                timedelta(hours=1),
            )

    one_file(tmp_path / "a.csv", [f"2020-01-02T{hour}:00,{100 + hour}" for hour in range(10, 20)])

    class Trades(follows()):  # type: ignore[misc]  # made above
        def prepare(self) -> None:
            self.security = self.add_data(Bars, "STOCK", HOUR)

        def on_data(self, data: Any) -> None:
            symbol = self.security.symbol
            if symbol not in data.bars:
                return
            assert data.bars[symbol].close == self.security.close == self.security.price
            if not self.transactions.orders_count:
                self.market_order(symbol, 10)
                self.limit_order(symbol, -10, 115.5)

    outcome = backtest(Trades, data)
    algorithm_of(outcome)
    fills = [(event.fill_price, event.fill_quantity) for event in outcome.order_events if event.fill_quantity]
    # Immediate fills: at the price there is; a limit is touched by a high of more than 115.5.
    assert fills == [(110.0, 10.0), (115.5, -10.0)]
    assert outcome.trades[0].profit_loss == 55.0


def test_what_a_call_may_get_wrong(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    one_file(tmp_path / "a.csv", [])

    class Mapped(Weather):
        def requires_mapping(self) -> bool:
            return True

        def default_resolution(self) -> Resolution:
            return DAILY

        def supported_resolutions(self) -> list[Resolution]:
            return [DAILY]

    class Asks(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 2)
            no_type: Any = "Weather"
            wrong: list[tuple[type[Exception], tuple[Any, ...], dict[str, Any]]] = [
                (ArgumentException, (no_type, "OSLO"), {}),
                (NotSupportedByEngine, (TradeBar, "OSLO"), {}),
                (NotSupportedByEngine, (Weather, "OSLO", Resolution.TICK), {}),
                (AlgorithmError, (Weather, "OSLO"), {"colour": "red"}),
                (InvalidOperationException, (Mapped, "PARIS"), {}),
            ]
            for kind, terms, named in wrong:
                with pytest.raises(kind):
                    self.add_data(*terms, **named)
            spy = self.add_equity("SPY", DAILY).symbol
            with pytest.raises(
                ArgumentException, match="Sorry Minute is not a supported resolution for Mapped"
            ):
                self.add_data(Mapped, "SPY", MINUTE)
            about = self.add_data(Mapped, spy)
            assert about.symbol.underlying == spy and about.subscriptions[0].resolution == DAILY
            assert self.symbol("SPY") == spy

    algorithm_of(backtest(Asks, data))


def test_data_about_a_share_that_changes_its_ticker(backtest: Backtest, sample_data: Path) -> None:
    class Asks(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2013, 6, 27)
            self.set_end_date(2013, 7, 2)
            self.add_data(Weather, Symbol.create("FOXA", SecurityType.EQUITY, Market.USA))

    outcome = backtest(Asks, sample_data / "lean")
    assert outcome.error_type == "NotSupportedByEngine"
    assert outcome.error is not None and "add_data about FOXA, which changes its ticker" in outcome.error


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # Bars of a day from midnight to midnight, and a gap of two.
        (
            ["2020-01-01T00:00,2020-01-02T00:00,1", "2020-01-04T00:00,2020-01-05T00:00,2"],
            [((2, 0), 1), ((3, 0), 1), ((4, 0), 1), ((5, 0), 2), ((6, 0), 2), ((7, 0), 2)],
        ),
        # Points without length: the day that ends where one comes is not repeated.
        (
            ["2020-01-02T00:00,1", "2020-01-04T00:00,2"],
            [((2, 0), 1), ((3, 0), 1), ((4, 0), 2), ((5, 0), 2), ((6, 0), 2), ((7, 0), 2)],
        ),
        # At noon: repetitions end at midnight.
        (
            ["2020-01-02T12:00,1", "2020-01-04T12:00,2"],
            [((2, 12), 1), ((3, 0), 1), ((4, 0), 1), ((4, 12), 2), ((5, 0), 2), ((6, 0), 2), ((7, 0), 2)],
        ),
    ],
    ids=["bars", "points", "noon"],
)
def test_filled_forward(
    backtest: Backtest,
    data: Path,
    tmp_path: Path,
    lines: list[str],
    expected: list[tuple[tuple[int, int], float]],
) -> None:
    one_file(tmp_path / "a.csv", lines)
    algorithm = algorithm_of(backtest(follows(DAILY, days=5, fill_forward=True), data))
    found = [((time.day, time.hour), value) for time, value in algorithm.seen]
    assert found == expected


def test_it_warms_up_comes_and_goes(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    times = [datetime(2019, 12, 30) + timedelta(hours=n) for n in range(24 * 6)]
    one_file(tmp_path / "a.csv", [f"{time.isoformat()},{n}" for n, time in enumerate(times)])

    class Changes(follows(days=3)):  # type: ignore[misc]  # made above
        def prepare(self) -> None:
            self.set_warm_up(timedelta(hours=3))
            self.warming: list[datetime] = []
            self.later: list[datetime] = []
            self.other: Any = None

        def on_data(self, data: Any) -> None:
            super().on_data(data)
            if self.is_warming_up:
                self.warming.append(self.time)
            elif self.time == datetime(2020, 1, 2, 6):
                self.other = self.add_data(Weather, "BERGEN", HOUR)
            elif self.time == datetime(2020, 1, 3, 6):
                self.remove_security(self.security.symbol)
            if self.other is not None and self.other.symbol in data:
                self.later.append(self.time)

    algorithm = algorithm_of(backtest(Changes, data))
    start = datetime(2020, 1, 2)
    assert algorithm.warming == [start - timedelta(hours=n) for n in (3, 2, 1)]
    assert [time for time, _ in algorithm.seen][-1] == datetime(2020, 1, 3, 6)
    assert len(algorithm.seen) == 3 + 24 + 7
    assert algorithm.later[0] == datetime(2020, 1, 2, 7) and algorithm.later[-1] == datetime(2020, 1, 4, 23)


def test_a_configuration_made_of_another_is_refused(backtest: Backtest, data: Path) -> None:
    class Copies(Weather):
        def get_source(self, config: Any, _date: datetime, _is_live_mode: bool) -> Any:
            kind: Any = SubscriptionDataConfig
            return kind(config, Copies, config.symbol)

    class Follows(follows()):  # type: ignore[misc]  # made above
        def prepare(self) -> None:
            self.add_data(Copies, "ROME", HOUR)

    Weather.source = lambda _date: None
    outcome = backtest(Follows, data)
    assert outcome.error_type == "NotSupportedByEngine"
    assert outcome.error is not None and "SubscriptionDataConfig of another one" in outcome.error
