"""`history`: as LEAN counts bars, and nothing of the future."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.utils.engine.feed.feed_folder import ENTRIES, Feed, make_config
from tests.utils.engine.feed.fill_forward_oracle import Market
from utils.engine.clock import local_to_utc, to_datetime
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType, TickType
from utils.engine.errors import AlgorithmError, NotSupportedByEngine
from utils.engine.feed.config import INCREMENTS, SubscriptionDataConfig
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.history_method import HistoryMethod
from utils.engine.feed.history_start import start_of_bars
from utils.engine.identity.data_folder import use_data_folder
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

ZONE = ZoneInfo("America/New_York")
MINUTE, HOUR, DAILY = Resolution.MINUTE, Resolution.HOUR, Resolution.DAILY
MONDAY = datetime(2013, 10, 7)


class Algorithm:
    """As much of an algorithm as history asks."""

    def __init__(self, feed: Feed, now: datetime) -> None:
        self._zone = ZONE
        self._clock = SimpleNamespace(utc_ns=local_to_utc(now, ZONE))
        self.subscription_manager = SimpleNamespace(configs=[])
        self.securities = SimpleNamespace(keys=[])
        self.settings = SimpleNamespace(daily_precise_end_time=True)
        self.universe_settings = SimpleNamespace(
            resolution=MINUTE,
            fill_forward=True,
            extended_market_hours=False,
            data_normalization_mode=DataNormalizationMode.ADJUSTED,
        )
        self.history = HistoryMethod(self, DataFolder(feed.root))

    def make_config(
        self,
        symbol: Any,
        resolution: Resolution,
        tick_type: TickType,
        *,
        fill_forward: bool = True,
        extended: bool = False,
        mode: DataNormalizationMode = DataNormalizationMode.ADJUSTED,
        internal: bool = False,
    ) -> SubscriptionDataConfig:
        return SubscriptionDataConfig(
            None,
            symbol,
            resolution,
            ZONE,
            ZONE,
            fill_forward,
            extended,
            internal,
            tick_type=tick_type,
            data_normalization_mode=mode,
        )

    def add(self, symbol: Any, resolution: Resolution, *tick_types: TickType) -> None:
        for tick_type in tick_types:
            self.subscription_manager.configs.append(self.make_config(symbol, resolution, tick_type))
        self.securities.keys.append(symbol)
        SymbolCache.set(symbol.value, symbol)

    def at(self, now: datetime) -> None:
        self._clock.utc_ns = local_to_utc(now, ZONE)


@pytest.fixture
def symbols(feed: Feed) -> Iterator[dict[str, Any]]:
    """SPY and AAPL: daily bars of two weeks, minutes of a Monday's first hour, SPY's quotes too."""
    use_data_folder(feed.root)
    found = {ticker: Symbol.create(ticker, SecurityType.EQUITY, "usa") for ticker in ("SPY", "AAPL")}
    maker = Algorithm(feed, MONDAY)
    for base, symbol in zip((100, 200), found.values(), strict=True):
        days = [MONDAY + timedelta(days=n) for n in range(12) if n % 7 < 5]
        prices = [(base + n) * 10_000 for n in range(len(days))]
        lines = [(day, f"{p},{p + 5000},{p - 5000},{p},{p}") for day, p in zip(days, prices, strict=True)]
        feed.write(maker.make_config(symbol, DAILY, TickType.TRADE), lines)
        minutes = [MONDAY + timedelta(days=7, hours=9, minutes=30 + n) for n in range(60)]
        cents = [base * 10_000 + n * 100 for n in range(60)]
        trades = [(time, f"{p},{p},{p},{p},{p}") for time, p in zip(minutes, cents, strict=True)]
        feed.write(maker.make_config(symbol, MINUTE, TickType.TRADE), trades)
    quotes = [
        (time, f"{p - 100},{p - 100},{p - 100},{p - 100},3,{p + 100},{p + 100},{p + 100},{p + 100},4")
        for time, p in zip(minutes, [1_000_000 + n * 100 for n in range(60)], strict=True)
    ]
    feed.write(maker.make_config(found["SPY"], MINUTE, TickType.QUOTE), quotes)
    yield found
    use_data_folder(None)
    SymbolCache.clear()


NOW = datetime(2013, 10, 14, 10, 0)


@pytest.fixture
def algorithm(feed: Feed, symbols: dict[str, Any]) -> Algorithm:
    """At ten o'clock on a Monday, with SPY by the minute."""
    made = Algorithm(feed, NOW)
    made.add(symbols["SPY"], MINUTE, TickType.TRADE, TickType.QUOTE)
    return made


def test_daily_bars_of_sessions_that_are_over(algorithm: Algorithm) -> None:
    table = algorithm.history("SPY", 3, DAILY)
    times = [f"{day} 16:00:00" for day in ("2013-10-09", "2013-10-10", "2013-10-11")]
    assert [str(time) for time in table.loc["SPY"].index] == times
    assert table["close"].tolist() == [102.0, 103.0, 104.0]
    assert list(table.columns) == ["close", "high", "low", "open", "volume"]
    assert list(table.index.names) == ["symbol", "time"]


def test_todays_daily_bar_counts_from_the_close_on(algorithm: Algorithm) -> None:
    algorithm.at(datetime(2013, 10, 14, 16))
    assert algorithm.history("SPY", 2, DAILY)["close"].tolist() == [104.0, 105.0]
    algorithm.at(datetime(2013, 10, 14, 15, 59))
    assert algorithm.history("SPY", 2, DAILY)["close"].tolist() == [103.0, 104.0]


def test_minutes_have_trades_and_quotes_in_a_row(algorithm: Algorithm, symbols: dict[str, Any]) -> None:
    table = algorithm.history(symbols["SPY"], 2)
    assert list(table.columns) == [
        *("askclose", "askhigh", "asklow", "askopen", "asksize"),
        *("bidclose", "bidhigh", "bidlow", "bidopen", "bidsize"),
        *("close", "high", "low", "open", "volume"),
    ]
    assert [str(time) for _, time in table.index] == ["2013-10-14 09:59:00", "2013-10-14 10:00:00"]
    assert table["close"].tolist() == [100.28, 100.29]
    assert table["askclose"].tolist() == [100.29, 100.3]
    assert table["bidsize"].tolist() == [3.0, 3.0]


def test_several_symbols_unstack(algorithm: Algorithm, symbols: dict[str, Any]) -> None:
    table = algorithm.history(list(symbols.values()), 3, DAILY)
    closes = table["close"].unstack(level=0)
    assert closes[symbols["SPY"]].tolist() == [102.0, 103.0, 104.0]
    assert closes[symbols["AAPL"]].tolist() == [202.0, 203.0, 204.0]
    assert table.unstack(level=0).close["SPY"].tolist() == [102.0, 103.0, 104.0]


def test_a_table_knows_symbols_and_tickers(algorithm: Algorithm, symbols: dict[str, Any]) -> None:
    table = algorithm.history(symbols["SPY"], 3, DAILY)
    assert table.loc["SPY"].equals(table.loc[symbols["SPY"]])
    assert "SPY" in table.index
    assert "OTHER" not in table.index
    with pytest.raises(KeyError):
        table.loc["OTHER"]


def test_nothing_found_is_an_empty_table(algorithm: Algorithm, symbols: dict[str, Any]) -> None:
    table = algorithm.history(symbols["SPY"], datetime(2015, 1, 1), datetime(2015, 2, 1), DAILY)
    assert table.empty
    assert list(table.columns) == []


def test_bars_instead_of_a_table(algorithm: Algorithm, symbols: dict[str, Any]) -> None:
    trades = algorithm.history[TradeBar](symbols["SPY"], 2)
    assert [(type(bar), bar.end_time, bar.close) for bar in trades] == [
        (TradeBar, datetime(2013, 10, 14, 9, 59), 100.28),
        (TradeBar, datetime(2013, 10, 14, 10), 100.29),
    ]
    quotes = algorithm.history[QuoteBar](symbols["SPY"], timedelta(minutes=1))
    assert [(bar.bid.close, bar.ask.close, bar.last_ask_size) for bar in quotes] == [(100.28, 100.3, 4.0)]
    by_moment = algorithm.history[TradeBar](list(symbols.values()), 2, DAILY)
    assert [bars[symbols["AAPL"]].close for bars in by_moment] == [203.0, 204.0]


def test_slices_of_everything(algorithm: Algorithm, symbols: dict[str, Any]) -> None:
    slices = algorithm.history(timedelta(minutes=3))
    assert [one.time for one in slices] == [NOW - timedelta(minutes=n) for n in (2, 1, 0)]
    assert slices[-1].bars[symbols["SPY"]].close == 100.29
    assert slices[-1].quote_bars[symbols["SPY"]].ask.close == 100.3


def test_a_kind_of_bars_may_be_asked_for(algorithm: Algorithm, symbols: dict[str, Any]) -> None:
    assert "askclose" not in algorithm.history(TradeBar, symbols["SPY"], 2)
    assert "volume" not in algorithm.history(QuoteBar, symbols["SPY"], 2)


@pytest.mark.parametrize(
    "ask",
    [
        lambda history, spy: history(spy, datetime(2013, 10, 14), datetime(2030, 1, 1), MINUTE),
        lambda history, spy: history(spy, datetime(2013, 10, 14, 9, 59), datetime(2013, 10, 14, 10, 1)),
        lambda history, spy: history(spy, datetime(2013, 10, 1), datetime(2013, 11, 1), DAILY),
        lambda history, spy: history(spy, datetime(2013, 10, 20), datetime(2013, 11, 1), DAILY),
    ],
    ids=["minutes", "the next minute", "days", "only the future"],
)
def test_the_future_is_not_told(algorithm: Algorithm, symbols: dict[str, Any], ask: Any) -> None:
    table = ask(algorithm.history, symbols["SPY"])
    assert table.empty or table.loc["SPY"].index[-1] <= NOW


@settings(max_examples=40, deadline=None)
@given(minutes=st.integers(-600, 600), past=st.integers(0, 4_000), ahead=st.integers(0, 40_000))
def test_no_row_ends_after_now(
    tmp_path_factory: pytest.TempPathFactory, minutes: int, past: int, ahead: int
) -> None:
    feed = Feed.empty(tmp_path_factory.mktemp("history"))
    config = make_config(SecurityType.CRYPTO, HOUR)
    feed.write(config, [(MONDAY + timedelta(hours=n), "1,1,1,1,1") for n in range(0, 100, 3)])
    algorithm = Algorithm(feed, MONDAY + timedelta(days=1, minutes=minutes))
    algorithm.subscription_manager.configs.append(config)
    now = to_datetime(algorithm._clock.utc_ns)
    local_now = MONDAY + timedelta(days=1, minutes=minutes)
    bars = algorithm.history[TradeBar](
        config.symbol, local_now - timedelta(minutes=past), local_now + timedelta(minutes=ahead)
    )
    assert all(now - timedelta(minutes=past) < bar.end_time <= now for bar in bars)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((Tick, "SPY", 3), NotSupportedByEngine),
        (("SPY", 3, Resolution.TICK), NotSupportedByEngine),
        (("NOBODY", 3, DAILY), AlgorithmError),
        (("SPY",), AlgorithmError),
    ],
    ids=["ticks", "tick resolution", "unknown ticker", "no span"],
)
def test_what_cannot_be_answered(
    algorithm: Algorithm, arguments: tuple[Any, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        algorithm.history(*arguments)


def test_a_date_is_its_midnight(algorithm: Algorithm) -> None:
    table = algorithm.history("SPY", date(2013, 10, 9), date(2013, 10, 11), DAILY)
    assert table["close"].tolist() == [102.0, 103.0]


def _naive_start(market: Market, end: datetime, period: timedelta, count: int, strict: bool) -> datetime:
    """Step back a bar at a time on the exchange's clock."""
    local = market.local(end)
    session = market.session(local.date())
    if not (strict and period == timedelta(days=1) and session is not None and session[1] <= end):
        local = market.local(market.floor(end, period))
    while count:
        local -= period
        count -= any(
            begin < local + period and until > local
            for n in range(-1, 3)
            for begin, until in market.segments(local.date() + timedelta(days=n), extended=market.extended)
        )
    return market.utc(local)


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.integers(0, 60 * 24 * 60),
    resolution=st.sampled_from([MINUTE, HOUR, DAILY]),
    count=st.integers(1, 40),
    extended=st.booleans(),
    kind=st.sampled_from(["Equity-usa-[*]", "Crypto-coinbase-[*]", "Forex-oanda-[*]"]),
)
def test_where_a_number_of_bars_begins(
    tmp_path_factory: pytest.TempPathFactory,
    minutes: int,
    resolution: Resolution,
    count: int,
    extended: bool,
    kind: str,
) -> None:
    feed = Feed.empty(tmp_path_factory.mktemp("start"))
    security_type = {"E": SecurityType.EQUITY, "C": SecurityType.CRYPTO, "F": SecurityType.FOREX}[kind[0]]
    data = DataFolder(feed.root)
    tick_type = TickType.QUOTE if kind[0] == "F" else TickType.TRADE
    sessions = data.sessions(data.series(make_config(security_type, MINUTE, tick_type)))
    end = datetime(2013, 10, 20) + timedelta(minutes=minutes)
    extended = extended and resolution == MINUTE
    strict = kind[0] == "E"
    found = start_of_bars(
        sessions,
        (end - datetime(1970, 1, 1)) // timedelta(microseconds=1) * 1000,
        resolution,
        count,
        extended=extended,
        strict=strict,
    )
    market = Market(ENTRIES[kind], extended)
    assert to_datetime(found) == _naive_start(market, end, INCREMENTS[resolution], count, strict)
