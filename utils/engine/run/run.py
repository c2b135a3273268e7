"""The parts of a run, and what changes them while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from utils.engine.algorithm.qc_algorithm import QCAlgorithm
from utils.engine.clock import DAY, Clock, local_to_utc, to_datetime
from utils.engine.dotnet.money import exact
from utils.engine.enums import Resolution, TickType
from utils.engine.feed.columns import Columns
from utils.engine.feed.config import ConsolidatorSet, SubscriptionDataConfig
from utils.engine.feed.custom_stream import CustomStream
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.source import Source
from utils.engine.feed.stream import SubscriptionStream
from utils.engine.feed.timeline import Stream, Timeline
from utils.engine.identity.security_identifier import is_option
from utils.engine.identity.symbol import Symbol
from utils.engine.models.benchmark.security_benchmark import SecurityBenchmark, as_benchmark
from utils.engine.run import volatility
from utils.engine.run.conversions import ensure_conversions, seed_conversions
from utils.engine.run.end_of_day import EndOfDay
from utils.engine.run.margin_calls import MarginCalls
from utils.engine.run.security_changes import SecurityChanges
from utils.engine.securities.security import Security
from utils.engine.subscriptions.data_types import available
from utils.engine.universes.selection import UniverseSelection


class Run:
    """Ties algorithm, data and results together.

    Attributes:
        span: first and last moment, UTC nanoseconds, the warm-up included.
    """

    def __init__(self, algorithm: QCAlgorithm, data: DataFolder) -> None:
        self.algorithm, self.data = algorithm, data
        self.clock: Clock = algorithm._clock
        self.schedule = algorithm.schedule
        self.results: Any = None
        self.on_progress: Callable[[int, float], None] = lambda _utc, _now: None
        self.sessions = algorithm.sessions
        self._sources: dict[int, Source] = {}
        self._benchmark_security: Security | None = None
        self._benchmark_listed = False

    # Before the first moment

    def prepare(self) -> None:
        """After `initialize`: dates, warm-up, benchmark, currencies, subscriptions."""
        algorithm = self.algorithm
        if algorithm.end_date < algorithm.start_date:
            from utils.engine.errors import AlgorithmError

            raise AlgorithmError("Please select an algorithm end date greater than start date.")
        algorithm.post_initialize()
        algorithm._locked = True
        start = local_to_utc(algorithm.start_date, algorithm._zone)
        end = local_to_utc(algorithm.end_date, algorithm._zone)
        begin = self._warm_up_start(start)
        if begin is None:
            algorithm.set_finished_warming_up()
            begin = start
        self.clock.utc_ns = begin
        self.span = (begin, end)
        self._end_of_day = EndOfDay(algorithm, to_datetime(end))
        self.margin_calls = MarginCalls(algorithm, warned=self.overrides("on_margin_call_warning"))
        self.timeline = Timeline(self.clock, begin, end)
        self.universes = UniverseSelection(algorithm, end)
        self.timeline.moments = self.universes.moments
        self.timeline.before_new_columns = self._before_new_columns
        self._add_benchmark()
        algorithm.settle_options()
        self._take_universes()
        self._take_configs()
        seed_conversions(algorithm)
        records = algorithm.transactions.processor.records
        records.on_event = self._on_order_event
        records.on_fill = self._on_fill

    def begin(self) -> None:
        """The last thing before the loop: daily samples are scheduled after the algorithm's own events."""
        algorithm = self.algorithm
        if self.universes.next_due(self.span[0]) > self.span[0]:
            self._list_benchmark()
        algorithm.schedule.on(
            "Daily Sampling",
            algorithm.date_rules.every_day(),
            algorithm.time_rules.midnight,
            self.results.sample_day,
        )
        self._end_of_day.schedule(algorithm.securities.active())
        self.schedule.start(self.span[0], self.span[1], self._at)

    def _at(self, now: int, callback: Callable[[], None]) -> None:
        """Run a scheduled event at its own time."""
        self.clock.utc_ns = now
        callback()

    def _warm_up_start(self, start: int) -> int | None:
        algorithm = self.algorithm
        if algorithm._warmup_span is not None:
            return start - algorithm._warmup_span // timedelta(microseconds=1) * 1000
        bars = algorithm._warmup_bars
        if bars is None:
            return None
        found = [
            algorithm.history_start(config, bars, algorithm.settings.warmup_resolution)
            for config in algorithm.subscription_manager.configs
            if not config.is_internal_feed
        ]
        if found:
            return min(found)
        resolution = algorithm.settings.warmup_resolution or algorithm.universe_settings.resolution
        return start - bars * _SPANS[resolution]

    def overrides(self, name: str) -> bool:
        """Whether the algorithm has a callback of its own."""
        return getattr(type(self.algorithm), name) is not getattr(QCAlgorithm, name)

    # Benchmark

    def _add_benchmark(self) -> None:
        algorithm = self.algorithm
        benchmark = algorithm.benchmark
        if benchmark is None:
            benchmark = as_benchmark(algorithm.brokerage_model.get_benchmark(algorithm.securities))
            algorithm.benchmark = benchmark
        if not isinstance(benchmark, SecurityBenchmark):
            return
        symbol = benchmark.security.symbol
        security = algorithm._service.create(symbol, 1.0, cached=False)
        benchmark.security = self._benchmark_security = security
        config = self._benchmark_config(symbol)
        security.subscriptions.append(config)
        # From the last tradable day on, so that the benchmark never is zero.
        first = algorithm.history_start(config, 1, Resolution.DAILY)
        self._subscribe(config, security, min(first, self.span[0]), self._fill_forward_resolution())

    def _list_benchmark(self) -> None:
        """Let the algorithm's history find the benchmark's subscription; in LEAN after a first selection."""
        if self._benchmark_security is not None and not self._benchmark_listed:
            self._benchmark_listed = True
            self.algorithm.subscription_manager.add(self._benchmark_security.subscriptions[0])

    def _benchmark_config(self, symbol: Symbol) -> SubscriptionDataConfig:
        """Hours of a symbol's data; of custom data the longest bars, if it has no hours."""
        algorithm = self.algorithm
        known = algorithm.subscription_manager.configs_of(symbol)
        if known and known[0].is_custom_data:
            point = known[0].type()
            point.symbol = symbol
            supported = point.supported_resolutions()
            resolution = Resolution.HOUR if Resolution.HOUR in supported else max(supported)
            internal: SubscriptionDataConfig = known[0].copy(
                resolution=resolution, fill_data_forward=False, is_internal_feed=True
            )
            internal.consolidators = ConsolidatorSet()
            return internal
        tick_type = available(symbol.security_type)[0]
        return algorithm.make_config(symbol, Resolution.HOUR, tick_type, fill_forward=False, internal=True)

    def benchmark_price(self) -> Decimal:
        """Value of the benchmark now, in the account's currency."""
        security = self._benchmark_security
        if security is not None:
            return security.exact_price * security.quote_currency.exact_conversion_rate
        return exact(self.algorithm.benchmark.evaluate(self.algorithm.utc_time))

    # Subscriptions

    def has_changes(self) -> bool:
        """Whether securities came or went since the last look."""
        algorithm = self.algorithm
        manager = algorithm.universe_manager
        return bool(
            algorithm.added_configs
            or algorithm.removed_configs
            or algorithm.ahead_changed
            or manager.added
            or manager.removed
        )

    def apply_changes(self) -> bool:
        """Take over what came and went, from the next moment on; whether the time line was laid anew."""
        algorithm = self.algorithm
        algorithm.settle_options()
        if not (self._take_universes() or algorithm.added_configs or algorithm.removed_configs):
            self.load_ahead()
            return False
        # A universe that came selects at once: the present moment comes again, without the data it had.
        again = self.universes.next_due(self.clock.utc_ns) <= self.clock.utc_ns
        self._relay(self.clock.utc_ns - again)
        return True

    def select(self, now: int) -> bool:
        """Let universes select; whether the time line was laid anew, with the moment still to come."""
        self.universes.select(now)
        self._list_benchmark()
        algorithm = self.algorithm
        if not (algorithm.added_configs or algorithm.removed_configs):
            return False
        self._relay(now - 1)
        return True

    def _relay(self, after: int) -> None:
        """Subscribe to what is new, drop what is gone, and make the rest of the stretch anew."""
        algorithm = self.algorithm
        for config in algorithm.removed_configs:
            algorithm.end_subscription(config, read_anew=config in algorithm.added_configs)
            source = self._sources.pop(id(config), None)
            if source is not None:
                self._unsubscribe(source)
        algorithm.removed_configs = []
        added = self._take_configs()
        self.timeline.rebuild(added, after)
        self.load_ahead()

    def _take_universes(self) -> bool:
        """Begin with the universes that were added, end those that were removed; whether there were any."""
        manager = self.algorithm.universe_manager
        found = bool(manager.added or manager.removed)
        for universe in manager.added:
            self.universes.begin(universe, max(self.clock.utc_ns, self.span[0]))
        for universe in manager.removed:
            self.universes.finish(universe, self.clock.utc_ns)
        manager.added, manager.removed = [], []
        return found

    def _take_configs(self) -> list[Source]:
        algorithm, start = self.algorithm, max(self.clock.utc_ns, self.span[0])
        finest = self._fill_forward_resolution()
        added = []
        for config in algorithm.added_configs:
            security = algorithm.securities.known(config.symbol)
            assert security is not None
            added.append(self._subscribe(config, security, start, finest))
        algorithm.added_configs = []
        for config, security in ensure_conversions(algorithm):
            added.append(self._subscribe(config, security, start, self._fill_forward_resolution()))
        return added

    def _subscribe(
        self, config: SubscriptionDataConfig, security: Security, start: int, finest: Resolution
    ) -> Source:
        stream: Stream
        if config.is_custom_data:
            stream = CustomStream(config, security.exchange.hours, start, self.span[1], self.data, finest)
        else:
            stream = SubscriptionStream(config, start, self.span[1], self.data, finest)
        empty = Columns.empty(quotes=config.tick_type == TickType.QUOTE)
        source = self.timeline.add(config, stream, empty)
        self._sources[id(config)] = source
        security.sources.append(source)
        security.cache.attach(security.sources)
        return source

    def _unsubscribe(self, source: Source) -> None:
        self.timeline.remove(source)
        security = self.algorithm.securities.known(source.config.symbol)
        if security is not None and source in security.sources:
            security.sources.remove(source)
            security.cache.attach(security.sources)

    def _fill_forward_resolution(self) -> Resolution:
        configs = self.algorithm.subscription_manager.configs
        own = [config.resolution for config in configs if not config.is_internal_feed]
        return min(own, default=Resolution.MINUTE)

    def _before_new_columns(self) -> None:
        if self.results is not None:
            self.results.before_new_columns()
        for source in self.timeline.sources:
            security = self._security_of(source)
            if security is not None:
                security.cache.before_new_columns()
        if self._benchmark_security is not None:
            self._benchmark_security.cache.before_new_columns()

    def _security_of(self, source: Source) -> Security | None:
        security = self.algorithm.securities.known(source.config.symbol)
        if security is not None and source in security.sources:
            return security
        return self._benchmark_security

    def load_ahead(self) -> None:
        """Let indicators compute the values of the stretch; they reveal them row by row."""
        algorithm = self.algorithm
        algorithm.ahead_changed = False
        for one in list(algorithm.ahead):
            source = self._sources.get(id(one.config))
            if source is not None and not one.load(source, algorithm.stream):
                algorithm.stream(one.indicator)

    # What is done at full moments

    def announce_changes(self) -> None:
        """Tell the algorithm which securities came and went."""
        algorithm = self.algorithm
        if not (algorithm.changes_added or algorithm.changes_removed):
            return
        changes = SecurityChanges(algorithm.changes_added, algorithm.changes_removed)
        algorithm.changes_added, algorithm.changes_removed = [], []
        self._end_of_day.schedule(changes.added_securities)
        self._end_of_day.forget(changes.removed_securities)
        algorithm.on_securities_changed(changes)

    def needs_model_scan(self) -> bool:
        """Whether settlement or interest has anything to do by the hour."""
        book = self.algorithm.portfolio.unsettled_cash_book
        if any(cash.exact_amount for cash in book.values()):
            return True
        return any(_charges_interest(security) for security in self.algorithm.securities.active())

    def scan_models(self) -> None:
        """Settle what is due, charge interest."""
        from utils.engine.models.interest.margin_interest_rate_parameters import MarginInterestRateParameters
        from utils.engine.models.settlement.parameters import ScanSettlementModelParameters

        algorithm, now = self.algorithm, self.clock.utc
        for security in algorithm.securities.active():
            model = security.margin_interest_rate_model
            if model is not None:
                model.apply_margin_interest_rate(MarginInterestRateParameters(security, now))
            terms = ScanSettlementModelParameters(algorithm.portfolio, security, now)
            security.settlement_model.scan(terms)

    def watches_every_step(self) -> bool:
        """Whether the account could be called between two moments, or volatility is measured."""
        measured = volatility.is_measured(self.algorithm.securities.active())
        return measured or self.margin_calls.may_come()

    def update_volatility(self, sources: list[Source]) -> None:
        """Give what came to the securities' volatility models."""
        volatility.update(sources, self._security_of)

    def split(self, split: Any, security: Security) -> None:
        """Split a position, its trades and its orders."""
        algorithm = self.algorithm
        if algorithm.is_warming_up:
            return
        mode = security.data_normalization_mode
        algorithm.trade_builder.catch_up(split.symbol, self.clock.utc)
        algorithm.portfolio.apply_split(split, security, mode)
        algorithm.trade_builder.apply_split(split, False, mode)
        if str(mode) == "Raw":
            tickets = algorithm.transactions.get_open_order_tickets(split.symbol)
            algorithm.brokerage_model.apply_split(list(tickets), split)

    def delist(self, symbol: Any) -> None:
        """Close what is held of a delisted security, cancel its orders."""
        algorithm = self.algorithm
        processor = algorithm.transactions.processor
        if is_option(symbol.security_type):
            processor.notices.option_position_gone(symbol)
        else:
            processor.notices.delisted(symbol)
        security = algorithm.securities.get(symbol)
        if security is None:
            return
        if not algorithm.is_warming_up:
            algorithm.transactions.cancel_open_orders(symbol)
        algorithm.securities.remove(symbol)

    # Order events

    def _on_order_event(self, event: Any) -> None:
        self.clock.interrupted = True
        self.results.on_order_event(event)
        self.algorithm.on_order_event(event)

    def _on_fill(self, event: Any, security: Security) -> None:
        algorithm = self.algorithm
        fee = algorithm.portfolio.cash_book.in_account_currency(event.order_fee.value).exact_amount
        rate = security.quote_currency.exact_conversion_rate
        multiplier = security.symbol_properties.exact_contract_multiplier
        algorithm.trade_builder.process_fill(event, rate, fee, multiplier)


_SPANS = {
    Resolution.SECOND: 1_000_000_000,
    Resolution.MINUTE: 60_000_000_000,
    Resolution.HOUR: 3_600_000_000_000,
    Resolution.DAILY: DAY,
    Resolution.TICK: 0,
}


def _charges_interest(security: Security) -> bool:
    model = security.margin_interest_rate_model
    return model is not None and type(model).__name__ != "NullMarginInterestRateModel"
