"""The loop over the time line: LEAN's order of things within a moment.

Most moments need nothing but a call of `on_data`. Everything else says beforehand when it is due next:
scheduled events, samples, settlement and interest, scans of consolidators, corporate events, margin checks.
The loop runs through the moments before the earliest of these at full speed (`_quick`), and does the whole
sequence of LEAN's AlgorithmManager at the others (`_full`).
"""

from __future__ import annotations

import time as wall_time
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from utils.engine.clock import HOUR, MINUTE, Clock, local_to_utc
from utils.engine.data.auxiliary import Delisting, Dividend, Split, SymbolChangedEvent
from utils.engine.enums import DelistingType, SecurityType, SplitType
from utils.engine.identity.security_identifier import is_option
from utils.engine.run.impending_splits import ImpendingSplits
from utils.engine.run.step_slice import StepSlice, step_slice
from utils.engine.run.steps import Steps
from utils.engine.run.volatility import begin_anew

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
        while not self._timeline.finished:
            self._timeline.next_stretch()
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
            if self._run.universes.next_due(times[step]) <= times[step] and self._select(times[step]):
                return True
            due = self._due(steps)
            # Moments up to `due` have nothing special about them.
            if due > times[step] != self._selected_at and not self._needs_every_step(steps):
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

    # Moments without anything special

    def _needs_every_step(self, steps: Steps) -> bool:
        """Whether something happens at every moment: consolidators, positions that may go bust, capacity."""
        if self._algorithm.subscription_manager.consolidating or self._overrides_end_of_step:
            return True
        return bool(self._run.sessions.collecting or self._run.watches_every_step())

    def _quick(self, steps: Steps, first: int, due: int) -> int:
        """Run the steps before `due`, or until something interrupts; returns the next step."""
        clock, times, shows = self._clock, steps.times, steps.shows_something
        processor, brokerage = self._processor, self._processor.brokerage
        on_data = self._on_data
        clock.interrupted = False
        end = bisect_left(times, due, first)
        if not self._overrides_on_data and not brokerage.needs_scan:
            clock.step = clock.consolidated = end - 1
            clock.utc_ns = times[end - 1]
            return end
        for step in range(first, end):
            clock.utc_ns = times[step]
            clock.step = step
            if brokerage.needs_scan:
                processor.process_synchronous_events()
            clock.consolidated = step
            if shows is None or shows[step]:
                on_data(step_slice(steps, step))
            if clock.interrupted or brokerage.needs_scan:
                processor.process_synchronous_events()
                if clock.interrupted:
                    self._end_step(clock.utc_ns)
                    return step + 1
        return end

    def _end_step(self, now: int) -> None:
        """What a fill made the results want to see of this very moment."""
        if self._results.next_due <= now:
            self._results.end_step(now)

    def _due(self, steps: Steps) -> int:
        """Earliest moment at which more than `on_data` is to be done."""
        due: int = min(self._schedule.next_due, self._results.next_due, self._scans.next_due)
        due = min(due, self._splits.next_due)
        due = min(due, steps.next_event(self._clock.utc_ns), self._run.universes.next_due(self._clock.utc_ns))
        if self._was_warming_up:
            due = min(due, self._warm_up_end)
        if self._run.needs_model_scan():
            due = min(due, self._next_model_scan)
        return due

    # Moments with everything

    def _full(self, steps: Steps, step: int) -> None:
        clock, algorithm, run = self._clock, self._algorithm, self._run
        now = steps.times[step]
        if self._was_warming_up and now > self._warm_up_end:
            self._pulse(self._warm_up_end)
        if algorithm.portfolio.invested and algorithm.portfolio.exact_total_portfolio_value <= 0:
            raise Stopped("Portfolio value is less than or equal to zero, stopping algorithm.")
        self._schedule.scan_past(now)
        self._scans.scan_past(now, self._set_time)
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
            run.margin_call()
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
                manager.feed(source.config, source.bar())

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
