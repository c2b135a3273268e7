"""The engine hurries through moments with nothing but data. Whatever an algorithm does, it may not notice.

Algorithms of random deeds are run twice: as users run them, but with the data cut anywhere, and with LEAN's
whole sequence at every moment.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from AlgorithmImports import QCAlgorithm, Resolution, TradeBarConsolidator
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from utils.engine.run.loop import Loop
from utils.engine.testing import Backtest, LeanData

START = datetime(2024, 1, 2)
SESSIONS = ("2024-01-02T14:30", "2024-01-03T14:30")
MINUTES = 390

Deed = Callable[["Doer", int], Any]


def _consolidate(doer: Doer, number: int) -> None:
    consolidator = TradeBarConsolidator(timedelta(minutes=1 + number % 13))
    consolidator.data_consolidated += lambda _sender, bar: doer.note("bar", bar.end_time, bar.close)
    doer.subscription_manager.add_consolidator("SPY", consolidator)


def _schedule(doer: Doer, number: int) -> None:
    def event() -> None:
        doer.note("event", doer.worth())
        doer.market_order("SPY", 1 - 2 * (number % 2))

    time = doer.time_rules.at(9 + number % 8, number % 60, number % 40)
    doer.schedule.on(doer.date_rules.every_day(), time, event)


def _average(doer: Doer, number: int) -> None:
    doer.averages.append((doer.ema, doer.sma, doer.rsi)[number % 3]("SPY", 2 + number % 30))


def _withdraw(doer: Doer, _number: int) -> None:
    if "QQQ" in doer.securities:
        doer.remove_security("QQQ")


DEEDS: dict[str, Deed] = {
    "buys": lambda doer, number: doer.market_order("SPY", 1 + number),
    "sells": lambda doer, number: doer.market_order("SPY", -1 - number),
    "sizes": lambda doer, number: doer.set_holdings("SPY", (number % 200 - 100) / 50),
    "liquidates": lambda doer, _number: doer.liquidate(),
    "bids": lambda doer, number: doer.limit_order("SPY", 10, doer.price() - number % 20 / 50),
    "offers": lambda doer, number: doer.limit_order("SPY", -10, doer.price() + number % 20 / 50),
    "stops": lambda doer, number: doer.stop_market_order("SPY", -5, doer.price() - number % 20 / 50),
    "trails": lambda doer, number: doer.trailing_stop_order("SPY", -5, 0.1 + number % 9 / 10, False),
    "closes": lambda doer, _number: doer.market_on_close_order("SPY", 3),
    "cancels": lambda doer, _number: doer.transactions.cancel_open_orders(),
    "adds": lambda doer, _number: doer.add_equity("QQQ", Resolution.MINUTE),
    "withdraws": _withdraw,
    "buys another": lambda doer, number: "QQQ" in doer.securities and doer.market_order("QQQ", 1 + number),
    "looks back": lambda doer, number: doer.note(*doer.history(["SPY"], 1 + number % 9)["close"].tolist()),
    "averages": _average,
    "consolidates": _consolidate,
    "schedules": _schedule,
    "keeps": lambda doer, _number: doer.kept.append(doer.current_slice),
}


class Doer(QCAlgorithm):
    """Does what `deeds` say, and notes what it sees."""

    deeds: dict[int, list[tuple[str, int]]]
    looks: int  # every so many minutes

    def initialize(self) -> None:
        self.set_start_date(START.year, START.month, START.day)
        self.set_end_date(START.year, START.month, START.day + 1)
        self.set_cash(20_000)
        self.spy = self.add_equity("SPY", Resolution.MINUTE).symbol
        self.seen: list[Any] = []
        self.averages: list[Any] = []
        self.kept: list[Any] = []
        self.minute = -1

    def note(self, *things: Any) -> None:
        self.seen.append((str(self.time), *things))

    def price(self) -> float:
        return float(self.securities["SPY"].price)

    def worth(self) -> float:
        return float(self.portfolio.total_portfolio_value)

    def on_data(self, slice: Any) -> None:
        self.minute += 1
        for name, number in self.deeds.get(self.minute, ()):
            DEEDS[name](self, number)
        if self.minute % self.looks == 0:
            values = [(one.current.value, one.is_ready, one.samples) for one in self.averages]
            self.note(self.worth(), slice.bars.count, self.current_slice.time, values)

    def on_order_event(self, order_event: Any) -> None:
        self.note(str(order_event), self.worth())

    def on_securities_changed(self, changes: Any) -> None:
        self.note(len(changes.added_securities), len(changes.removed_securities))

    def on_margin_call_warning(self) -> None:
        self.note("warned", self.worth())

    def on_end_of_day(self, symbol: Any) -> None:
        self.note("day", str(symbol), self.worth())

    def on_end_of_algorithm(self) -> None:
        for kept in self.kept:
            self.note(kept.time, [bar.close for bar in kept.bars.values()])


class Whole(Loop):
    """Goes through LEAN's whole sequence at every moment."""

    def _due(self, _steps: Any, now: int) -> int:
        return now


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions of SPY, which moves a lot, and of QQQ."""
    data = LeanData(tmp_path_factory.mktemp("market") / "data")
    random = np.random.default_rng(4)
    for name, level in (("qqq", 50.0), ("spy", 100.0)):
        closes = level * np.exp(np.cumsum(random.normal(0, 0.002, MINUTES * len(SESSIONS))))
        for number, opening in enumerate(SESSIONS):
            part = closes[number * MINUTES : (number + 1) * MINUTES]
            data.minutes(f"equity/usa/minute/{name}", opening, part.round(2).tolist(), spread=0.02)
    return data.folder


@given(
    deeds=st.dictionaries(
        st.integers(0, 2 * MINUTES - 1),
        st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 300)), max_size=3),
        max_size=25,
    ),
    looks=st.sampled_from([1, 7, 390]),
    stretch=st.sampled_from([97, 400, 1440, 40 * 1440]),  # minutes of data that are laid out at a time
)
@settings(max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # shrinking takes very long
def test_nobody_notices(
    tmp_path_factory: pytest.TempPathFactory, market: Path, deeds: Any, looks: int, stretch: int
) -> None:
    kind = type("Random", (Doer,), {"deeds": deeds, "looks": looks})
    outcomes = []
    for loop, length in ((Loop, stretch), (Whole, 40 * 1440)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("utils.engine.run.backtest.Loop", loop)
            stretches = dict.fromkeys(Resolution, length * 60_000_000_000)
            patch.setattr("utils.engine.feed.timeline._STRETCH", stretches)
            outcomes.append(Backtest(tmp_path_factory.mktemp("run"))(kind, market))
    hurried, whole = outcomes
    assert hurried.error == whole.error
    seen, expected = (cast(Doer, one.algorithm).seen for one in outcomes)
    for one, other in zip(seen, expected, strict=False):  # names the first that differs
        assert one == other
    assert len(seen) == len(expected)
    assert hurried.log == whole.log
    assert hurried.statistics == whole.statistics
    assert hurried.equity == whole.equity
