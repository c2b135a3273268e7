"""The loop over the time line: LEAN's order of things within a moment.

Most moments need nothing but a call of `on_data`. Everything else says beforehand when it is due next:
scheduled events, settlement and interest, scans of consolidators, corporate events, margin checks. The loop
runs through the moments before the earliest of these at full speed (`_quick`), and does the whole sequence of
LEAN's AlgorithmManager at the others (`_full`). What is scheduled between two moments happens before the
second (`_approach`); samples are taken at the end of either kind of moment.
"""

from __future__ import annotations

import time as wall_time
from bisect import bisect_left
from collections.abc import Callable
from sys import getrefcount
from typing import Any

from utils.engine.clock import HOUR, MINUTE, Clock, local_to_utc
from utils.engine.data.auxiliary import Delisting, Dividend, Split, SymbolChangedEvent
from utils.engine.data.slice import NOTHING
from utils.engine.enums import DelistingType, SecurityType, SplitType
from utils.engine.identity.security_identifier import is_option
from utils.engine.run.impending_splits import ImpendingSplits
from utils.engine.run.step_slice import StepSlice, step_slice
from utils.engine.run.steps import Steps
from utils.engine.run.volatility import begin_anew
from utils.engine.unshared import UNSHARED

NEVER = 1 << 62
MARGIN_CALL_PERIOD = 5 * MINUTE


class Stopped(Exception):  # noqa: N818 - no error: the run ends early
    """The algorithm asked to stop, or has nothing left."""


class Loop:
    """One pass over the time line.

    Args:
        run: the parts of a run (`utils.engine.run.backtest.Run`).
    """

    def __init__(self, run: Any) -> None:
        self._run = run
        self._algorithm = run.algorithm
        self._clock: Clock = run.algorithm._clock
        self._timeline = run.timeline
        self._processor = run.algorithm.transactions.processor
        self._schedule = run.schedule
        self._scans = run.algorithm.subscription_manager.scans
        self._results = run.results
        self._next_model_scan = 0
        self._next_margin_call = 0
        self._splits = ImpendingSplits(run.algorithm)
        self._selected_at = -1
        self._warm_up_end = local_to_utc(run.algorithm.start_date, run.algorithm._zone)
        self._was_warming_up = run.algorithm.is_warming_up
        self._overrides_end_of_step = run.overrides("on_end_of_time_step")
        self._on_data: Callable[[Any], None] = run.algorithm.on_data
        self._overrides_on_data = run.overrides("on_data")

    def run(self) -> None:
        """Go through all moments.

        Raises:
            Stopped: the algorithm ended before its time.
        """
        if not self._was_warming_up:
            self._algorithm.on_warmup_finished()
        self._next_model_scan = self._clock.utc_ns // HOUR * HOUR + HOUR
        while self._timeline.next_stretch():
            self._run.load_ahead()
            self._stretch()
        if self._algorithm.is_warming_up:
            self._finish_warm_up_at(self._warm_up_end)

    def _stretch(self) -> None:
        clock, timeline = self._clock, self._timeline
        while True:
            steps = Steps(timeline, self._algorithm._zone, clock, self._algorithm.securities)
            rebuilt = self._through(steps)
            if not rebuilt:
                return

    def _through(self, steps: Steps) -> bool:
        """Run through the steps; True when subscriptions changed and the rest was laid anew."""
        times, clock = steps.times, self._clock
        step, count = 0, len(times)
        while step < count:
            now = times[step]
            if self._run.universes.next_due(now) <= now and self._select(now):
                return True
            self._approach(now)
            due = self._due(steps, now)
            if due > now:
                step = self._quick(steps, step, due)
            else:
                self._full(steps, step)
                step += 1
            self._check_stop()
            if self._run.has_changes() and self._run.apply_changes():
                return True
        clock.consolidated = clock.step
        return False

    def _select(self, now: int) -> bool:
        """Let universes select at a moment that is about to come; whether the steps were made anew."""
        self._selected_at = now
        self._pulse_to(now)
        return bool(self._run.select(now))

    def _pulse_to(self, now: int) -> None:
        """Set the algorithm's time; what is due before happens."""
        self._schedule.scan_past(now)
        self._scans.scan_past(now, self._set_time)
        self._clock.utc_ns = now

    def _approach(self, now: int) -> None:
        """What happens between the last moment and one that is about to come."""
        algorithm = self._algorithm
        self._clock.interrupted = False
        if self._was_warming_up and now > self._warm_up_end:
            self._pulse(self._warm_up_end)
        if algorithm.portfolio.invested and algorithm.portfolio.exact_total_portfolio_value <= 0:
            raise Stopped("Portfolio value is less than or equal to zero, stopping algorithm.")
        self._schedule.scan_past(now)
        self._scans.scan_past(now, self._set_time)

    def _due(self, steps: Steps, now: int) -> int:
        """Earliest moment, from now on, at which more than `on_data` is to be done."""
        algorithm, run = self._algorithm, self._run
        # What an event before this moment changed is taken up in LEAN's sequence.
        if self._clock.interrupted or now == self._selected_at or self._needs_every_step():
            return now
        if algorithm.changes_added or algorithm.changes_removed:
            return now
        due: int = min(self._schedule.next_due, self._scans.next_due, self._splits.next_due)
        due = min(due, steps.next_event(now - 1), run.universes.next_due(now))
        if self._was_warming_up:
            due = min(due, self._warm_up_end)
        if run.needs_model_scan():
            due = min(due, self._next_model_scan)
        return due

    def _needs_every_step(self) -> bool:
        """Whether something happens at every moment: consolidators, sessions, positions that may go bust."""
        if self._algorithm.subscription_manager.consolidating or self._overrides_end_of_step:
            return True
        return bool(self._run.sessions.collecting or self._run.watches_every_step())

    # Moments without anything special

    def _quick(self, steps: Steps, first: int, due: int) -> int:
        """Run the steps before `due`, or until something interrupts; returns the next step."""
        clock, times, results = self._clock, steps.times, self._results
        begin, end = first, bisect_left(times, due, first)
        while first < end and not clock.interrupted:
            # The results look at the end of the first step at or after the time that they wait for.
            stop = min(end, bisect_left(times, results.next_due, first) + 1)
            scans = self._processor.brokerage.needs_scan
            first = self._scan_and_show(steps, first, stop) if scans else self._show(steps, first, stop)
            if results.next_due <= clock.utc_ns:
                results.end_step(clock.utc_ns)
        self._pass_margin_checks(times, begin, first)
        return first

    def _pass_margin_checks(self, times: list[int], first: int, stop: int) -> None:
        """Margin is looked at every five minutes: count on through steps at which nothing can come of it."""
        due = self._next_margin_call
        while (first := bisect_left(times, due, first, stop)) < stop:
            due = times[first] + MARGIN_CALL_PERIOD
        self._next_margin_call = due

    def _show(self, steps: Steps, first: int, stop: int) -> int:
        """Show the algorithm steps while no order is open; returns the next step."""
        clock, times, algorithm, on_data = self._clock, steps.times, self._algorithm, self._on_data
        slice_ = algorithm.current_slice = step_slice(steps, first)
        for step in steps.showing(first, stop) if self._overrides_on_data else ():
            clock.utc_ns = times[step]
            clock.step = clock.consolidated = step
            if getrefcount(slice_) > UNSHARED:
                slice_ = algorithm.current_slice = step_slice(steps, step)
            else:  # nobody kept it: it may be the slice of another step
                slice_._step, slice_._made = step, NOTHING
            on_data(slice_)
            if clock.interrupted:
                self._processor.process_synchronous_events()
                return step + 1
        clock.utc_ns = times[stop - 1]
        clock.step = clock.consolidated = stop - 1
        return stop

    def _scan_and_show(self, steps: Steps, first: int, stop: int) -> int:
        """Show the algorithm steps, each with a look at the open orders before and after; the next step."""
        clock, times, shows = self._clock, steps.times, steps.shows_something
        processor, algorithm = self._processor, self._algorithm
        for step in range(first, stop):
            clock.utc_ns = times[step]
            clock.step = step
            algorithm.current_slice = slice_ = step_slice(steps, step)
            processor.process_synchronous_events()
            clock.consolidated = step
            if shows is None or shows[step]:
                self._on_data(slice_)
            processor.process_synchronous_events()
            if clock.interrupted or not processor.brokerage.needs_scan:
                return step + 1
        return stop

    # Moments with everything

    def _full(self, steps: Steps, step: int) -> None:
        clock, algorithm, run = self._clock, self._algorithm, self._run
        now = steps.times[step]
        clock.utc_ns = now
        clock.step = step
        events = steps.events_of(now) if steps.has_events(now) else []
        slice_ = step_slice(steps, step)
        run.update_volatility(steps.news(step))
        algorithm.current_slice = slice_
        if run.sessions.collecting:
            run.sessions.end_days()
            run.sessions.take(steps.news(step))
        self._note_events(events)
        if now >= self._next_model_scan:
            run.scan_models()
            self._next_model_scan = now // HOUR * HOUR + HOUR
        if self._was_warming_up and now >= self._warm_up_end:
            self._end_warm_up()
        self._change_symbols(slice_, events)
        self._processor.process_synchronous_events()
        self._liquidate_delisted(events)
        self._schedule.advance_to(now)
        self._splits.process(now)
        self._check_stop()
        if now >= self._next_margin_call:
            run.margin_calls.check()
            self._next_margin_call = now + MARGIN_CALL_PERIOD
        run.announce_changes()
        self._apply(events)
        self._feed_consolidators(steps, step)
        clock.consolidated = step
        self._tell(slice_, events)
        self._splits.note(events)
        if events or steps.news(step):
            self._on_data(slice_)
        self._processor.process_synchronous_events()
        self._results.end_step(now)
        if self._overrides_end_of_step:
            algorithm.on_end_of_time_step()

    def _set_time(self, now: int) -> None:
        self._clock.utc_ns = now

    def _pulse(self, now: int) -> None:
        """A moment without data at which the warm-up is over."""
        self._pulse_to(now)
        self._end_warm_up()

    def _end_warm_up(self) -> None:
        self._was_warming_up = False
        self._algorithm.set_finished_warming_up()
        self._results.finish_warm_up()
        self._algorithm.on_warmup_finished()
        self._algorithm.debug("Algorithm finished warming up.")

    def _finish_warm_up_at(self, moment: int) -> None:
        self._clock.utc_ns = max(self._clock.utc_ns, moment)
        self._end_warm_up()

    def _note_events(self, events: list[Any]) -> None:
        """Keep events in the securities' caches."""
        for event in events:
            security = self._algorithm.securities.known(event.symbol)
            if security is not None:
                security.cache.store(event)
                if isinstance(event, Delisting) and event.type == DelistingType.DELISTED:
                    security.is_tradable, security.is_delisted = False, True
                    self._run.universes.note_delisted(security)

    def _change_symbols(self, slice_: StepSlice, events: list[Any]) -> None:
        changes = [event for event in events if isinstance(event, SymbolChangedEvent)]
        if not changes:
            return
        self._algorithm.on_symbol_changed_events(slice_.symbol_changed_events)
        for change in changes:
            for ticket in self._algorithm.transactions.get_open_order_tickets(change.symbol):
                ticket.cancel("Open order cancelled on symbol changed event")

    def _apply(self, events: list[Any]) -> None:
        """Pay dividends and split positions."""
        algorithm = self._algorithm
        for event in events:
            if isinstance(event, Dividend):
                security = algorithm.securities.get(event.symbol)
                if security is not None:
                    algorithm.portfolio.apply_dividend(event, security.data_normalization_mode)
                    begin_anew(algorithm, security)
        for event in events:
            if isinstance(event, Split) and event.type == SplitType.SPLIT_OCCURRED:
                security = algorithm.securities.get(event.symbol)
                if security is not None and security.type == SecurityType.EQUITY:
                    self._run.split(event, security)
                    begin_anew(algorithm, security)

    def _feed_consolidators(self, steps: Steps, step: int) -> None:
        manager = self._algorithm.subscription_manager
        if not manager.consolidating:
            return
        consolidating = manager.consolidating
        for source in steps.news(step):
            if source.config.consolidators and source.config in consolidating:
                for bar in source.bars():
                    manager.feed(source.config, bar)

    def _tell(self, slice_: StepSlice, events: list[Any]) -> None:
        """Call the handlers of corporate events."""
        if not events:
            return
        algorithm = self._algorithm
        if any(isinstance(event, Split) for event in events):
            algorithm.on_splits(slice_.splits)
        if any(isinstance(event, Dividend) for event in events):
            algorithm.on_dividends(slice_.dividends)
        if any(isinstance(event, Delisting) for event in events):
            algorithm.on_delistings(slice_.delistings)

    def _liquidate_delisted(self, events: list[Any]) -> None:
        """Close what is delisted, options before what they are on."""
        gone = [
            event.symbol
            for event in events
            if isinstance(event, Delisting) and event.type == DelistingType.DELISTED
        ]
        for symbol in sorted(gone, key=lambda one: not is_option(one.security_type)):
            self._run.delist(symbol)

    def _check_stop(self) -> None:
        reason = self._algorithm.quit_reason
        if reason is not None:
            raise Stopped(reason)
        self._run.on_progress(self._clock.utc_ns, wall_time.monotonic())
