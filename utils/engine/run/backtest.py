"""One backtest from the algorithm's file to its results."""

from __future__ import annotations

import gc
import tempfile
import time as wall_time
import traceback
from datetime import timedelta
from decimal import getcontext, setcontext
from pathlib import Path

from utils.engine.algorithm.environment import Environment, enter
from utils.engine.algorithm.qc_algorithm import QCAlgorithm
from utils.engine.clock import to_datetime
from utils.engine.dotnet.money import use_money_context
from utils.engine.feed.data_folder import DataFolder
from utils.engine.identity.symbol_cache import SymbolCache
from utils.engine.imports.refusals import refusal_of
from utils.engine.job import (
    COMPLETED,
    RUNTIME_ERROR,
    BacktestJob,
    BacktestOutcome,
    LogSink,
    Progress,
    ProgressSink,
)
from utils.engine.run.absent_data import absent_data
from utils.engine.run.algorithm_file import import_paths, load_class
from utils.engine.run.loop import Loop, Stopped
from utils.engine.run.report_error import describe
from utils.engine.run.results import RunResults
from utils.engine.run.run import Run
from utils.engine.run.watchdog import TimeLimitExceeded, Watchdog
from utils.errors import UserError

PROGRESS_PERIOD = 0.2  # seconds of wall time between two reports


def run_backtest(
    job: BacktestJob,
    *,
    progress: ProgressSink | None = None,
    log: LogSink | None = None,
    algorithm_class: type[QCAlgorithm] | None = None,
) -> BacktestOutcome:
    """Run an algorithm over its dates.

    An exception of the algorithm's, a refusal of the engine's and damaged data end the run; the outcome then
    has the error, and the results so far. The job's output folder gets LEAN's result files either way.

    Args:
        progress: told now and then how far the run is.
        log: told each line of the log.
        algorithm_class: run this class; the job's file is its name only.

    Raises:
        UserError: the job itself is wrong: no such file, no such class.
    """
    if not job.data_folder.is_dir():
        raise UserError(
            f"{job.data_folder}: no such data folder; give LEAN-format data, e.g. by scripts/data.py sample"
        )
    started = wall_time.monotonic()
    context = getcontext()
    use_money_context()
    SymbolCache.clear()
    paths = [*job.python_paths, job.algorithm.parent]
    with tempfile.TemporaryDirectory(prefix="object-store-") as store, import_paths(paths):
        environment = Environment(
            data=DataFolder(job.data_folder),
            parameters=dict(job.parameters),
            object_store=job.object_store or Path(store),
            log=log or (lambda _line: None),
            name=job.name,
            algorithm_id=job.file_stem,
        )
        enter(environment)
        session = _Session(job, environment, progress, algorithm_class)
        try:
            return session.outcome(started)
        finally:
            gc.unfreeze()
            setcontext(context)


class _Session:
    """A run with everything it may fail at."""

    def __init__(
        self,
        job: BacktestJob,
        environment: Environment,
        progress: ProgressSink | None,
        algorithm_class: type[QCAlgorithm] | None,
    ) -> None:
        self._class = algorithm_class
        self._job, self._environment, self._progress = job, environment, progress
        self._algorithm: QCAlgorithm | None = None
        self._run: Run | None = None
        self._results: RunResults | None = None
        self._reported = 0.0

    def outcome(self, started: float) -> BacktestOutcome:
        """Run, and say what it came to."""
        error: BaseException | None = None
        try:
            with Watchdog(self._job.time_limit) as watchdog:
                self._run_through(watchdog)
        except Stopped as reason:
            if self._algorithm is not None:
                self._algorithm.debug(str(reason))
            error = self._end()
        except TimeLimitExceeded as problem:
            error = problem
        except Exception as problem:  # noqa: BLE001 - whatever the algorithm raised is its result
            error = problem
        return self._report(error, started)

    def _run_through(self, watchdog: Watchdog) -> None:
        kind = self._class or load_class(self._job.algorithm, self._job.class_name)
        algorithm = self._algorithm = kind()
        watchdog.beat()
        algorithm.initialize()
        watchdog.beat()
        gc.freeze()  # modules are no garbage: the collector need not go through them again and again
        self._run = Run(algorithm, self._environment.data)
        self._run.prepare()
        self._results = RunResults(algorithm, self._job, self._run.benchmark_price)
        self._run.results = self._results
        self._run.on_progress = lambda utc, now: self._on_progress(watchdog, utc, now)
        self._run.begin()
        Loop(self._run).run()
        error = self._end()
        if error is not None:
            raise error

    def _end(self) -> BaseException | None:
        """Last callback and last samples; what they raise."""
        assert self._algorithm is not None
        problem: BaseException | None = None
        try:
            self._algorithm.on_end_of_algorithm()
        except Exception as raised:  # noqa: BLE001 - the algorithm's own
            problem = raised
        return problem

    def _on_progress(self, watchdog: Watchdog, utc: int, now: float) -> None:
        watchdog.beat()
        if self._progress is None or now - self._reported < PROGRESS_PERIOD:
            return
        self._reported = now
        assert self._run is not None and self._algorithm is not None
        begin, end = self._run.span
        fraction = min(1.0, max(0.0, (utc - begin) / max(1, end - begin)))
        equity = float(self._algorithm.portfolio.exact_total_portfolio_value)
        self._progress(Progress(to_datetime(utc), fraction, equity))

    def _report(self, error: BaseException | None, started: float) -> BacktestOutcome:
        job, algorithm = self._job, self._algorithm
        text, kind, trace = None, None, ""
        if error is not None:
            known = refusal_of(error) or error
            kind = type(known).__name__
            text = describe(error, [job.algorithm.parent, *job.python_paths])
            if isinstance(error, TimeLimitExceeded):
                limit = int(job.time_limit / timedelta(seconds=1))
                place = text.removesuffix("TimeLimitExceeded: no message")
                text = f"{place}took longer than {limit} s in one step"
            trace = "".join(traceback.format_exception(error))
            if isinstance(known, UserError):
                trace = ""
            if algorithm is not None:
                algorithm.error(f"Runtime Error: {text}")
        absent = () if self._results is None or self._run is None else absent_data(self._run)
        if algorithm is not None and absent:
            algorithm.debug(f"Warning: no data was found of {'; '.join(absent)}")
        status = COMPLETED if error is None else RUNTIME_ERROR
        results = self._results
        if results is None:
            return self._empty(status, text, kind, started)
        results.finish()
        statistics = results.statistics()
        result = results.result(statistics, status.replace(" ", ""), text or "", trace)
        files = {} if job.output is None else results.write(job.output, result)
        assert algorithm is not None and self._run is not None
        records = algorithm.transactions.processor.records
        return BacktestOutcome(
            status=status,
            error=text,
            error_type=kind,
            statistics=dict(statistics.summary),
            runtime_statistics=dict(result.runtime_statistics),
            orders=tuple(records.orders[number] for number in sorted(records.orders)),
            order_events=tuple(records.events),
            trades=tuple(algorithm.trade_builder.closed_trades),
            equity=results.equity(),
            result=result,
            files=files,
            data_points=self._run.timeline.data_points,
            seconds=wall_time.monotonic() - started,
            log=tuple(algorithm.log_lines),
            absent_data=absent,
            algorithm=algorithm,
        )

    def _empty(self, status: str, text: str | None, kind: str | None, started: float) -> BacktestOutcome:
        """The outcome of a run that did not get through its initialization."""
        algorithm = self._algorithm
        return BacktestOutcome(
            status=status,
            error=text,
            error_type=kind,
            statistics={},
            runtime_statistics={},
            orders=(),
            order_events=(),
            trades=(),
            equity=[],
            result=None,
            files={},
            data_points=0,
            seconds=wall_time.monotonic() - started,
            log=tuple(algorithm.log_lines) if algorithm else (),
            absent_data=(),
            algorithm=algorithm,
        )
