"""What happens when: the engine hurries through moments with nothing but data, and nobody may notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from AlgorithmImports import QCAlgorithm, Resolution

from utils.engine.testing import Backtest, LeanData

OPEN = "2024-01-02T14:30"
MINUTES = 390
MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(lean_data: LeanData) -> Path:
    """A session of SPY and QQQ whose prices never change."""
    lean_data.minutes("equity/usa/minute/qqq", OPEN, [50.0] * MINUTES)
    return lean_data.minutes("equity/usa/minute/spy", OPEN, [100.0] * MINUTES)


class OneSession(QCAlgorithm):
    """Follows SPY for a day; tests add what they look at."""

    def initialize(self) -> None:
        self.set_start_date(2024, 1, 2)
        self.set_end_date(2024, 1, 2)
        self.set_cash(100_000)
        self.spy = self.add_equity("SPY", Resolution.MINUTE).symbol
        self.seen: list[Any] = []


def run(backtest: Backtest, algorithm: type, data: Path) -> Any:
    outcome = backtest(algorithm, data)
    assert outcome.completed, outcome.error
    return outcome.algorithm


def test_the_current_slice_is_that_of_the_moment(backtest: Backtest, session: Path) -> None:
    class Looks(OneSession):
        def on_data(self, slice: Any) -> None:
            assert self.current_slice.time == self.time == slice.time
            if self.time.minute == 0:
                self.limit_order(self.spy, 1, 1)  # moments with an open order go another way
                self.seen.append(self.time)
            elif self.time.minute == 30:
                self.transactions.cancel_open_orders()

    assert len(run(backtest, Looks, session).seen) == 7


def test_slices_that_are_kept_stay_as_they_were(backtest: Backtest, lean_data: LeanData) -> None:
    """Looked at first after their moment, or before, kept alone or with what they hold."""
    closes = [100.0 + minute for minute in range(MINUTES)]
    data = lean_data.minutes("equity/usa/minute/spy", OPEN, closes)

    class Keeps(OneSession):
        def on_data(self, slice: Any) -> None:
            minute = self.time.minute
            if minute % 7 == 0:
                self.seen.append((self.time, slice))
            elif minute % 7 == 1:
                self.seen.append((slice.time, self.current_slice))
            elif minute % 7 == 2:
                self.bars = [*getattr(self, "bars", []), (self.time, slice.bars)]

    algorithm = run(backtest, Keeps, data)
    assert len(algorithm.seen) > 100 and len(algorithm.bars) > 50
    first = datetime(2024, 1, 2, 9, 31)
    for time, slice_ in algorithm.seen:
        assert slice_.time == time
        assert slice_.bars[algorithm.spy].close == closes[(time - first) // MINUTE]
    for time, bars in algorithm.bars:
        assert bars.time == bars[algorithm.spy].end_time == time


def test_a_new_security_is_announced_at_the_next_moment(backtest: Backtest, session: Path) -> None:
    class Adds(OneSession):
        def on_data(self, slice: Any) -> None:
            if self.time == datetime(2024, 1, 2, 11, 7):
                self.add_equity("QQQ", Resolution.MINUTE)

        def on_securities_changed(self, changes: Any) -> None:
            self.seen.append((self.time, [one.symbol.value for one in changes.added_securities]))

    first, later = run(backtest, Adds, session).seen
    assert first[1] == ["SPY"]
    assert later == (datetime(2024, 1, 2, 11, 8), ["QQQ"])


@pytest.mark.parametrize("leverage, warnings", [(1, 77), (2, 0)])
def test_a_warning_of_margin_comes_every_five_minutes(
    backtest: Backtest, session: Path, leverage: int, warnings: int
) -> None:
    """A position that ties up the whole account is called for by no one, but leaves less than 5 %."""

    class Invests(OneSession):
        def on_data(self, slice: Any) -> None:
            if not self.portfolio.invested:
                self.securities[self.spy].set_leverage(leverage)
                self.set_holdings(self.spy, 1)

        def on_margin_call_warning(self) -> None:
            self.seen.append(self.time)

    seen = run(backtest, Invests, session).seen
    assert len(seen) == warnings
    assert all(later - earlier == 5 * MINUTE for earlier, later in pairwise(seen))


def test_margin_is_looked_at_five_minutes_apart_from_the_first_moment_on(
    backtest: Backtest, session: Path
) -> None:
    """Whenever a position is opened, and though nobody looked before."""

    class InvestsLate(OneSession):
        def on_data(self, slice: Any) -> None:
            if self.time == datetime(2024, 1, 2, 10, 3):
                self.securities[self.spy].set_leverage(1)
                self.set_holdings(self.spy, 1)

        def on_margin_call_warning(self) -> None:
            self.seen.append(self.time)

    seen = run(backtest, InvestsLate, session).seen
    assert seen[:2] == [datetime(2024, 1, 2, 10, 6), datetime(2024, 1, 2, 10, 11)]


def test_what_is_scheduled_between_two_bars_happens_before_the_second(
    backtest: Backtest, session: Path
) -> None:
    class Schedules(OneSession):
        def initialize(self) -> None:
            super().initialize()
            time = self.time_rules.at(timedelta(hours=12, minutes=15, seconds=20))
            self.schedule.on(self.date_rules.every_day(), time, self.order_one)

        def order_one(self) -> None:
            self.seen.append(("event", self.time))
            self.market_order(self.spy, 1)

        def on_data(self, slice: Any) -> None:
            if self.time == datetime(2024, 1, 2, 12, 16):
                self.seen.append(("data", self.portfolio[self.spy].quantity))

        def on_order_event(self, order_event: Any) -> None:
            self.seen.append((str(order_event.status), self.time))

    moment = datetime(2024, 1, 2, 12, 15, 20)
    assert run(backtest, Schedules, session).seen == [
        ("event", moment),
        ("Submitted", moment),
        ("Filled", moment),
        ("data", 1),
    ]
