"""Samples, statistics and files of a run."""

from __future__ import annotations

import platform
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.engine.clock import Clock, to_datetime
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.surface import exact_answer
from utils.engine.job import BacktestJob
from utils.engine.positions.position_group_buying_power_model import reserved
from utils.engine.results.backtest_result import AlgorithmConfiguration, BacktestResult, run_state
from utils.engine.results.result_files import write_results
from utils.engine.results.samples import Samples
from utils.engine.results.statistics_service import RunRecord, StatisticsService
from utils.engine.securities.currencies import currency_symbol
from utils.engine.securities.winning import is_win
from utils.engine.statistics.builder import StatisticsResults
from utils.engine.statistics.capacity import CapacityEstimate, CapacityMarket, capacity_bar


class RunResults:
    """Takes samples as the loop goes, and writes what came of it."""

    def __init__(self, algorithm: Any, job: BacktestJob, benchmark: Callable[[], Decimal]) -> None:
        self._algorithm, self._job = algorithm, job
        self._clock: Clock = algorithm._clock
        self._started = datetime.now(UTC).replace(tzinfo=None)
        portfolio = algorithm.portfolio
        sign = currency_symbol(algorithm.account_currency)
        market = CapacityMarket(self._bar, lambda: portfolio.exact_total_portfolio_value, self._leveraged)
        self._capacity = CapacityEstimate(algorithm.start_date, algorithm.end_date, market)
        self.samples = Samples(
            portfolio,
            algorithm.start_date,
            algorithm.end_date,
            algorithm.time_zone,
            currency_symbol=sign,
            benchmark=lambda _time: benchmark(),
            capacity=lambda: self._capacity.capacity,
            margin_used=self._margin_used,
        )
        self.samples.warming_up = algorithm.is_warming_up
        transactions = algorithm.transactions
        record = RunRecord(
            closed_trades=lambda: algorithm.trade_builder.closed_trades,
            transactions=lambda: transactions.exact_transaction_record,
            winning_times=lambda: transactions.winning_transactions,
            losing_times=lambda: transactions.losing_transactions,
            total_orders=lambda: transactions.orders_count,
            risk_free_rate_model=lambda: algorithm.risk_free_interest_rate_model,
            trading_days_per_year=self._trading_days,
        )
        self.service = StatisticsService(self.samples, record, portfolio, self._capacity, sign)
        for name, value in algorithm._custom_statistics.items():
            self.service.set_summary_statistic(name, value)
        algorithm._statistics = self.service
        algorithm.trade_builder.price_path = self._price_path
        algorithm.trade_builder.set_win_rule(
            lambda fill, profit: is_win(fill, algorithm.securities.known(fill.symbol), profit)
        )

    def _trading_days(self) -> int:
        chosen = self._algorithm.settings.trading_days_per_year
        if chosen is not None:
            return int(chosen)
        return trading_days_of(self._algorithm.brokerage_model)

    # Asked while the loop runs

    @property
    def next_due(self) -> int:
        """Earliest end of a step that is to be looked at, UTC nanoseconds."""
        return min(self.samples.next_sample + 1, self._capacity.next_update)

    def end_step(self, now: int) -> None:
        """Look at the end of a step."""
        if now > self.samples.next_sample:
            self._take_plots()
            self.samples.end_step(to_datetime(now))
        if now >= self._capacity.next_update:
            self._capacity.update(to_datetime(now))

    def sample_day(self) -> None:
        """Sample at midnight."""
        self.samples.sample_day(self._clock.utc)

    def finish_warm_up(self) -> None:
        """The start date is reached."""
        self.samples.finish_warm_up()

    def on_order_event(self, event: Any) -> None:
        """Note a fill for the capacity."""
        security = self._algorithm.securities.known(event.symbol)
        if security is not None:
            self._capacity.on_order_event(event, security)

    def _take_plots(self) -> None:
        for message in self.samples.add_plots(self._algorithm.get_chart_updates(clear_chart_data=True)):
            self._algorithm.debug(message)

    def _bar(self, security: Any) -> Any:
        bars: dict[type, Any] = {}
        for source in security.sources:
            if source.has_news:
                bars[source.config.type] = source.bar()
        return capacity_bar(security, bars.get(TradeBar), bars.get(QuoteBar))

    def _leveraged(self, security: Any) -> Decimal:
        used = self._algorithm.portfolio.exact_reserved_buying_power(security)
        leveraged: Decimal = used * exact_answer(security.buying_power_model.get_leverage, security)
        return leveraged

    def _margin_used(self) -> list[tuple[str, Decimal]]:
        """What each group of positions ties up, by the names of what is in it; nothing when a model fails."""
        portfolio = self._algorithm.portfolio
        try:
            return [
                (", ".join(position.symbol.value for position in group), reserved(portfolio, group))
                for group in portfolio.positions.groups
            ]
        except Exception as error:  # noqa: BLE001 - a user's model may do anything; LEAN reports and goes on
            self._algorithm.report_model_error(error)
            return []

    def _price_path(self, symbol: Any, since: int, until: int) -> NDArray[np.float64]:
        """Closes of a security after one moment and up to another, as far as the present stretch has them."""
        security = self._algorithm.securities.known(symbol)
        paths = [
            source.closes(since, until) for source in (security.sources if security else ()) if source.prices
        ]
        return paths[-1] if paths else np.empty(0)

    def before_new_columns(self) -> None:
        """Follow open trades through the stretch that ends."""
        builder = self._algorithm.trade_builder
        for symbol in builder.open_symbols():
            builder.catch_up(symbol, self._clock.utc)

    # The end

    def finish(self) -> None:
        """Take the last samples."""
        now = self._clock.utc
        self._take_plots()
        # LEAN looks twice: after the last moment, and when it closes its log. The second look counts.
        self._capacity.update(now, force=True)
        self._capacity.update(now, force=True)
        self.samples.end_step(now, force=True)
        self.samples.sample_day(now)

    def statistics(self) -> StatisticsResults:
        """LEAN's statistics of the run."""
        return self.service.final_results(self._orders())

    def _orders(self) -> list[Any]:
        orders = self._algorithm.transactions.processor.records.orders
        return [orders[number] for number in sorted(orders)]

    def result(self, statistics: StatisticsResults, status: str, error: str, trace: str) -> BacktestResult:
        """LEAN's result of the run."""
        algorithm, job = self._algorithm, self._job
        runtime = self.service.runtime_statistics(algorithm.runtime_statistics, statistics.summary)
        model = algorithm.brokerage_model
        configuration = AlgorithmConfiguration(
            name=job.name or algorithm.name or job.file_stem,
            start_date=algorithm.start_date,
            end_date=algorithm.end_date,
            account_currency=algorithm.account_currency,
            brokerage=int(algorithm.brokerage_name),
            account_type=int(getattr(model, "account_type", 0)),
            parameters=dict(job.parameters),
            tags=sorted(algorithm.tags),
            trading_days_per_year=self._trading_days(),
        )
        state = run_state(
            started=self._started,
            ended=datetime.now(UTC).replace(tzinfo=None),
            name=configuration.name,
            hostname=platform.node(),
            orders=len(self._orders()),
            logs=len(algorithm.log_lines),
            status=status,
            error=error,
            stack_trace=trace,
        )
        return BacktestResult(
            statistics=statistics,
            runtime_statistics=runtime,
            charts=self.samples.charts,
            orders=self._orders(),
            profit_loss=algorithm.transactions.exact_transaction_record,
            state=state,
            configuration=configuration,
        )

    def write(self, folder: Path, result: BacktestResult) -> dict[str, Path]:
        """Write LEAN's files."""
        events = self._algorithm.transactions.processor.records.events
        return write_results(folder, self._job.file_stem, result, events, self._algorithm.log_lines)

    def equity(self) -> list[tuple[int, Decimal]]:
        """Samples of the equity: Unix seconds and account currency."""
        points = self.samples.points("Strategy Equity", "Equity")
        return [(int((time - datetime(1970, 1, 1)).total_seconds()), value) for time, value in points]


_COIN_BROKERAGES = ("Coinbase", "Binance", "Bitfinex", "Bybit", "FTX", "Kraken")


def trading_days_of(model: Any) -> int:
    """Days of a year on which the markets of a brokerage are open: coins never rest."""
    names = {kind.__name__ for kind in type(model).__mro__}
    return 365 if any(f"{name}BrokerageModel" in names for name in _COIN_BROKERAGES) else 252
