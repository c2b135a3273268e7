"""Resolution, dates, warm-up, schedule and limits."""

from __future__ import annotations

import pytest

from tests.utils.nodes.analysis.small_workspace import FIRST_LINE, Workspace
from utils.nodes.requirements import Resolution


@pytest.mark.parametrize(
    ("body", "finest", "line"),
    [
        ('self.add_equity("A", Resolution.TICK)', Resolution.TICK, 0),
        ('self.add_equity("A", Resolution.Tick)', Resolution.TICK, 0),
        ('self.AddEquity("A", Resolution.Second)', Resolution.SECOND, 0),
        ('self.add_equity("A", resolution=Resolution.HOUR)', Resolution.HOUR, 0),
        ('self.add_equity("A", Resolution.DAILY)\nself.add_equity("B", Resolution.HOUR)', Resolution.HOUR, 1),
        ('r = Resolution.DAILY\nself.add_equity("A", r)', Resolution.DAILY, 1),
        ('self.r = {"d": Resolution.DAILY}["d"]\nself.add_equity("A", self.r)', Resolution.DAILY, 1),
        (
            'self.universe_settings.resolution = Resolution.DAILY\nself.add_equity("A")',
            Resolution.DAILY,
            0,
        ),
        (
            "self.UniverseSettings.Resolution = Resolution.Hour\nself.AddUniverse(self.select)",
            Resolution.HOUR,
            0,
        ),
    ],
)
def test_the_finest_resolution_of_a_subscription(
    workspace: Workspace, body: str, finest: Resolution, line: int
) -> None:
    read = workspace.initialize(body)

    assert read.requirements.resolution is finest
    assert read.places("resolution") == {f"main.py:{FIRST_LINE + line}"}


@pytest.mark.parametrize(
    "body",
    [
        'self.add_equity("A")',
        'self.add_equity("A", Resolution.DAILY)\nself.add_equity("B")',
        'self.add_equity("A")\nself.rsi("A", 14, MovingAverageType.WILDERS, Resolution.DAILY)',
        'self.add_equity("A")\nself.history(["A"], 10, Resolution.HOUR)',
        'self.add_equity("A")\nself.set_warm_up(10, Resolution.DAILY)',
        "self.set_cash(1)",
    ],
)
def test_a_subscription_without_resolution_has_leans_default(workspace: Workspace, body: str) -> None:
    read = workspace.initialize(body)

    assert read.requirements.resolution is Resolution.MINUTE
    assert read.sources("resolution") == ["assumed: minute, LEAN's default where no other is named"]


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ("self.set_start_date(2020, 1, 1)\nself.set_end_date(2021, 1, 1)", 366),
        ("self.SetStartDate(2021, 1, 1)\nself.SetEndDate(2021, 1, 31)", 30),
        ("self.set_start_date(datetime(2021, 1, 1))\nself.set_end_date(datetime(2021, 3, 1))", 59),
        ("self.set_start_date(year=2021, day=1, month=1)\nself.set_end_date(2021, 1, 2)", 1),
        ("self.set_start_date(date(2021, 1, 1))\nself.set_end_date(date(2021, 1, 1) + timedelta(days=9))", 9),
        (
            'self.set_start_date(datetime.fromisoformat("2021-01-01"))\nself.set_end_date(2021, 1, 3)',
            2,
        ),
    ],
)
def test_days_between_the_dates(workspace: Workspace, body: str, days: int) -> None:
    read = workspace.initialize(body)

    assert read.requirements.backtest_days == days
    assert read.places("backtest_days") == {f"main.py:{FIRST_LINE}", f"main.py:{FIRST_LINE + 1}"}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("self.set_cash(1)", "no start date"),
        ("self.set_start_date(2020, 1, 1)", "no end date"),
        ("self.set_start_date(2020, 13, 45)\nself.set_end_date(2021, 1, 1)", "13, 45): not known before"),
        ("self.set_start_date(self.then)", "self.set_start_date(self.then): not known before it runs"),
        ("self.set_end_date(datetime.now())\nself.set_start_date(2020, 1, 1)", "now()): not known before"),
    ],
)
def test_days_are_not_known_without_both_dates(workspace: Workspace, body: str, why: str) -> None:
    read = workspace.initialize(body)

    assert read.requirements.backtest_days == 0
    assert any(why in text for text in read.sources("backtest_days"))


@pytest.mark.parametrize(
    ("body", "bars"),
    [
        ("self.set_warm_up(200)", 200),
        ("self.SetWarmUp(200)", 200),
        ("self.set_warmup(200)", 200),
        ("self.set_warm_up(bar_count=200)", 200),
        ("period = 14\nself.set_warm_up(2 * period)", 28),
        ("self.set_warm_up(timedelta(days=2))", 2 * 390),
        ("self.set_warm_up(timedelta(2), Resolution.DAILY)", 2),
        ("self.set_warm_up(max(20, 50, 5))", 50),
    ],
)
def test_warm_up_as_bars_and_as_time(workspace: Workspace, body: str, bars: int) -> None:
    read = workspace.initialize(f'self.add_equity("A", Resolution.MINUTE)\n{body}')

    assert read.requirements.warm_up_bars == bars
    assert read.places("warm_up_bars") == {f"main.py:{FIRST_LINE + 1 + body.count(chr(10))}"}


def test_scheduled_events_count_each_and_training_too(workspace: Workspace) -> None:
    read = workspace.initialize(
        """
        for hour in (10, 12, 14):
            self.schedule.on(self.date_rules.every_day(), self.time_rules.at(hour, 0), self.scan)
        self.Schedule.On(self.DateRules.EveryDay(), self.TimeRules.At(9, 31), self.scan)
        self.train(self.date_rules.month_start(), self.time_rules.midnight, self.scan)
        """,
        "def scan(self):\n    pass\n",
    )

    assert read.requirements.scheduled_events == 5
    assert read.places("scheduled_events") == {f"main.py:{FIRST_LINE + line}" for line in (1, 2, 3)}


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ("self.max_positions = 12", 12),
        ("self._max_concurrent_positions = 4.0", 4),
        ("MAX = 9\nself.MAX_OPEN_POSITIONS = MAX", 9),
        ("self.max_positions = -1", 0),
        ("self.max_positions = None", 0),
    ],
)
def test_a_limit_of_positions_kept_by_the_algorithm(workspace: Workspace, body: str, limit: int) -> None:
    assert workspace.initialize(body).requirements.max_concurrent_positions == limit
