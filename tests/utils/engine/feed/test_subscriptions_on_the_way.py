"""Securities that come and go while a backtest runs, on real daily bars."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from AlgorithmImports import DataNormalizationMode, QCAlgorithm, Resolution

from utils.engine.testing import Backtest

DAY = 86_400_000_000_000


class Follows(QCAlgorithm):
    """Follows IBM through 2014, and notes what it is shown of SPY."""

    def initialize(self) -> None:
        self.set_start_date(2014, 1, 2)
        self.set_end_date(2014, 12, 31)
        self.universe_settings.data_normalization_mode = DataNormalizationMode.RAW
        self.add_equity("IBM", Resolution.DAILY)
        self.seen: list[Any] = []

    def add(self) -> None:
        self.add_equity("SPY", Resolution.DAILY, data_normalization_mode=DataNormalizationMode.RAW)


def seen(backtest: Backtest, kind: type[Follows], sample_data: Path) -> list[Any]:
    outcome = backtest(kind, sample_data / "lean")
    assert outcome.completed, outcome.error
    found: list[Any] = outcome.algorithm.seen  # type: ignore[union-attr]
    return found


def test_the_dividends_of_what_is_gone_are_not_shown(backtest: Backtest, sample_data: Path) -> None:
    class Leaves(Follows):
        def initialize(self) -> None:
            super().initialize()
            self.add()

        def on_data(self, data: Any) -> None:
            if self.time.month == 7 and "SPY" in self.securities:
                self.remove_security("SPY")
            if data.dividends.contains_key("SPY"):
                self.seen.append(self.time.date().isoformat())

    assert seen(backtest, Leaves, sample_data) == ["2014-03-21", "2014-06-20"]


@pytest.mark.parametrize("days", [1, 3, 20_000])
def test_the_bar_of_the_moment_is_shown_at_the_next(
    backtest: Backtest, sample_data: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """However many days of data are laid out at a time."""

    class Comes(Follows):
        def on_data(self, data: Any) -> None:
            if self.time == datetime(2014, 2, 6, 16):
                self.add()
            if data.bars.contains_key("SPY"):
                self.seen.append((self.time, data.bars["SPY"].end_time))

    monkeypatch.setattr("utils.engine.feed.timeline._STRETCH", dict.fromkeys(Resolution, days * DAY))
    first, second, *_ = seen(backtest, Comes, sample_data)
    assert first[1] == datetime(2014, 2, 6, 16) and second == (datetime(2014, 2, 7, 16),) * 2
