"""Scheduled events: what fires when, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.data.lean.clock import zone
from utils.engine.clock import Clock, to_datetime, to_ns
from utils.engine.dotnet.exceptions import ArgumentException, InvalidOperationException
from utils.engine.enums import DayOfWeek
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.schedule.rules import CompositeTimeRule, FuncDateRule, FuncTimeRule
from utils.engine.schedule.schedule_manager import ScheduleManager
from utils.engine.schedule.scheduled_event import NEVER, ScheduledEvent

UTC = zone("UTC")
MONDAY = datetime(2013, 10, 7)


def at(text: str) -> int:
    return to_ns(datetime.fromisoformat(f"2013-10-{text}"))


class Bench:
    """A schedule, a clock, and what happened."""

    def __init__(self, begin: str = "07 00:00") -> None:
        self.clock = Clock(at(begin))
        hours = SecurityExchangeHours.always_open(UTC)
        self.schedule = ScheduleManager(lambda _symbol: hours, lambda: UTC, self.clock)
        self.happened: list[str] = []

    def note(self, text: str) -> Callable[[], None]:
        return lambda: self.happened.append(f"{text} {self.clock.utc:%d %H:%M}")

    def every_day(self, hour: int, name: str, minute: int = 0) -> ScheduledEvent:
        rules = self.schedule
        return rules.on(rules.date_rules.every_day(), rules.time_rules.at(hour, minute), self.note(name))

    def run_at(self, now: int, callback: Callable[[], None]) -> None:
        self.clock.utc_ns = now
        callback()

    def start(self) -> None:
        self.schedule.start(self.clock.utc_ns, NEVER, self.run_at)

    def step(self, time: str) -> None:
        """What the run does at a moment."""
        self.schedule.scan_past(at(time))
        self.clock.utc_ns = at(time)
        self.schedule.advance_to(at(time))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_event_fires_at_its_own_time_once_a_later_moment_comes(bench: Bench) -> None:
    bench.every_day(9, "a")
    bench.start()
    assert bench.schedule.next_due == at("07 09:00")
    bench.step("07 08:59")
    assert bench.happened == []
    bench.step("07 09:30")
    assert bench.happened == ["a 07 09:00"]
    assert bench.clock.utc_ns == at("07 09:30")
    bench.step("10 08:00")
    assert bench.happened == ["a 07 09:00", "a 08 09:00", "a 09 09:00"]


def test_event_fires_at_a_moment_of_its_time(bench: Bench) -> None:
    bench.every_day(9, "a")
    bench.start()
    bench.schedule.scan_past(at("07 09:00"))
    assert bench.happened == []
    bench.step("07 09:00")
    assert bench.happened == ["a 07 09:00"]
    bench.step("07 09:00")
    assert len(bench.happened) == 1


def test_events_fire_by_time_then_in_the_order_they_were_added(bench: Bench) -> None:
    bench.every_day(10, "late")
    bench.every_day(9, "a")
    bench.every_day(9, "b")
    bench.start()
    bench.step("07 12:00")
    assert bench.happened == ["a 07 09:00", "b 07 09:00", "late 07 10:00"]


def test_times_before_the_run_do_not_count() -> None:
    bench = Bench("07 09:00")
    bench.every_day(8, "early")
    bench.every_day(9, "a")
    bench.start()
    bench.step("07 09:00")
    assert bench.happened == ["a 07 09:00"]
    bench.step("08 08:30")
    assert bench.happened[-1] == "early 08 08:00"


def test_event_added_during_the_run_counts_from_then_on(bench: Bench) -> None:
    bench.every_day(9, "a")
    bench.start()
    bench.step("08 12:00")
    bench.every_day(11, "late")
    bench.every_day(12, "now")
    bench.step("08 12:00")
    bench.step("09 12:00")
    assert bench.happened[2:] == ["now 08 12:00", "a 09 09:00", "late 09 11:00", "now 09 12:00"]


def test_callback_may_add_and_remove_events(bench: Bench) -> None:
    added: list[ScheduledEvent] = []

    def add() -> None:
        added.append(bench.every_day(9, "new", 30))
        bench.schedule.remove(first)

    rules = bench.schedule
    first = rules.on(rules.date_rules.every_day(), rules.time_rules.at(9, 0), add)
    bench.start()
    bench.step("07 09:10")
    bench.step("08 12:00")
    assert len(added) == 1
    assert bench.happened == ["new 07 09:30", "new 08 09:30"]


def test_removed_and_disabled_events_do_not_fire(bench: Bench) -> None:
    removed, disabled = bench.every_day(9, "removed"), bench.every_day(9, "disabled")
    bench.start()
    bench.schedule.remove(removed)
    disabled.enabled = False
    bench.step("07 12:00")
    disabled.enabled = True
    bench.step("08 12:00")
    assert bench.happened == ["disabled 08 09:00"]


def test_names_follow_from_the_rules(bench: Bench) -> None:
    assert bench.every_day(9, "a", 30).name == "EveryDay: 9.5"
    rules = bench.schedule
    terms = rules.date_rules.every_day(), rules.time_rules.midnight
    named = rules.on("mine", *terms, bench.note("a"))
    assert named.Name == str(named) == "mine"
    by_keywords = rules.on(date_rule=terms[0], time_rule=terms[1], callback=bench.note("a"))
    assert by_keywords.name == "EveryDay: Midnight"
    with pytest.raises(ArgumentException, match=r"schedule\.on"):
        rules.on(terms[0], bench.note("a"))


def test_training_now_runs_when_the_loop_goes_on(bench: Bench) -> None:
    event = bench.schedule.training_now(bench.note("train"))
    assert event.name == "Training: Now: 2013-10-07T00:00:00.0000000Z"
    bench.start()
    bench.step("07 09:00")
    bench.step("08 09:00")
    assert bench.happened == ["train 07 00:00"]
    bench.schedule.training_now(bench.note("again"))
    bench.step("08 09:01")
    assert bench.happened[1:] == ["again 08 09:00"]


def test_today_and_tomorrow_are_those_of_the_first_moment(bench: Bench) -> None:
    rules = bench.schedule
    rules.training(rules.date_rules.tomorrow, rules.time_rules.at(9, 0), bench.note("tomorrow"))
    bench.clock.utc_ns = at("08 12:00")  # the dates were set after the event was
    bench.start()
    bench.step("31 00:00")
    assert bench.happened == ["tomorrow 09 09:00"]


def test_rules_of_the_users_own(bench: Bench) -> None:
    dates = FuncDateRule("mine", lambda start, _end: [start + timedelta(days=days) for days in (1, 3)])
    times = FuncTimeRule("too", lambda days: [day + timedelta(hours=7) for day in days])
    event = bench.schedule.on(dates, times, bench.note("own"))
    assert event.name == "mine: too"
    bench.start()
    assert event.next_event_utc_time == MONDAY + timedelta(hours=7)
    bench.step("31 00:00")
    assert bench.happened == ["own 07 07:00", "own 09 07:00"]
    assert bench.schedule.next_due == NEVER
    assert event.next_event_utc_time == datetime.max


def test_several_time_rules_are_one_in_order_each_time_once(bench: Bench) -> None:
    rules = bench.schedule.time_rules
    both = CompositeTimeRule(rules.at(12, 0), rules.at(9, 0), rules.at(12, 0))
    assert both.name == "12,9,12"
    assert [time.hour for time in both.create_utc_event_times([MONDAY])] == [9, 12]


def test_event_made_by_hand_takes_name_and_time(bench: Bench) -> None:
    seen: list[Any] = []
    event = ScheduledEvent("by hand", [MONDAY, MONDAY + timedelta(hours=1)], lambda *what: seen.append(what))
    event.event_fired += lambda name, _time: seen.append(name)
    bench.schedule.add(event)
    bench.start()
    bench.step("07 00:30")
    assert seen == [("by hand", MONDAY), "by hand"]


def test_sentences(bench: Bench) -> None:
    schedule = bench.schedule
    seen: list[Any] = []
    schedule.event().every(DayOfWeek.MONDAY).at(9, 0).at(8, 0).run(bench.note("monday"))
    named = (
        schedule.event("named")
        .on(2013, 10, 8)
        .every(timedelta(hours=12))
        .run(lambda name, time: seen.append((name, time.hour)))
    )
    schedule.event().every_day().every(timedelta(hours=1)).where(lambda time: time.hour == 5).where(
        lambda time: time.day == 9
    ).run(seen.append)
    assert named.name == "named"
    bench.start()
    bench.step("13 00:00")
    assert bench.happened == ["monday 07 08:00", "monday 07 09:00"]
    assert seen == [("named", 0), ("named", 12), datetime(2013, 10, 9, 5)]
    with pytest.raises(InvalidOperationException, match="which times"):
        schedule.event().every_day().run(bench.note("never"))


def test_twenty_years_of_minutes_are_made_as_they_come(bench: Bench) -> None:
    rules = bench.schedule
    every = rules.time_rules.every(timedelta(minutes=1))
    rules.on(rules.date_rules.every_day(), every, bench.note("minute"))
    bench.start()
    bench.step("07 00:02")
    assert bench.happened == ["minute 07 00:00", "minute 07 00:01", "minute 07 00:02"]
    assert bench.schedule.next_due == at("07 00:03")


@given(
    hours=st.lists(st.lists(st.integers(0, 47), max_size=6).map(sorted), max_size=6),
    steps=st.lists(st.integers(0, 50), max_size=12).map(sorted),
)
def test_everything_due_fires_once_in_order_of_time(hours: list[list[int]], steps: list[int]) -> None:
    bench = Bench()
    fired: list[tuple[datetime, str]] = []
    for number, own in enumerate(hours):
        times = [MONDAY + timedelta(hours=hour) for hour in own]
        bench.schedule.add(ScheduledEvent(str(number), times, lambda name, time: fired.append((time, name))))
    bench.start()
    for step in steps:
        now = at("07 00:00") + step * 3_600_000_000_000
        bench.schedule.scan_past(now)
        bench.clock.utc_ns = now
        bench.schedule.advance_to(now)
        assert bench.schedule.next_due > now
        assert all(time <= to_datetime(now) for time, _ in fired)
    last = MONDAY + timedelta(hours=steps[-1]) if steps else MONDAY - timedelta(hours=1)
    due = [(MONDAY + timedelta(hours=hour), str(number)) for number, own in enumerate(hours) for hour in own]
    assert sorted(fired) == sorted(one for one in due if one[0] <= last)
    assert [time for time, _ in fired] == sorted(time for time, _ in fired)


def test_events_of_one_time_keep_their_order_day_after_day(bench: Bench) -> None:
    for number in range(2):
        bench.every_day(9, f"a{number}", 25)
        bench.every_day(15, f"b{number}", 55)
        bench.every_day(16, f"c{number}", 5)
    bench.start()
    for number in range(7, 12):
        bench.step(f"{number:02d} 09:31")
        bench.step(f"{number:02d} 15:55")
        bench.step(f"{number + 1:02d} 00:00")
    order = [text.split()[0] for text in bench.happened]
    assert order == ["a0", "a1", "b0", "b1", "c0", "c1"] * 5
