"""What a backtest is asked for and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utils.engine.algorithm.qc_algorithm import QCAlgorithm
    from utils.engine.orders.order import Order
    from utils.engine.orders.order_event import OrderEvent
    from utils.engine.results.backtest_result import BacktestResult
    from utils.engine.statistics.trade import Trade

COMPLETED = "Completed"
RUNTIME_ERROR = "Runtime Error"


@dataclass(frozen=True)
class BacktestJob:
    """One backtest.

    Attributes:
        algorithm: the algorithm's Python file.
        data_folder: LEAN-format data.
        parameters: what `get_parameter` and `Parameter` see.
        class_name: the algorithm's class; None: the one the file defines.
        name: shown in the results.
        algorithm_id: stem of the result files; empty: the name of the algorithm's folder or file.
        python_paths: in front of the import path, as LEAN's `python-additional-paths`.
        object_store: folder of the Object Store; None: one that is gone after the run.
        output: folder for the result files; None: nothing is written.
        time_limit: longest time in one step, `initialize` among them (LEAN's time-loop maximum).
    """

    algorithm: Path
    data_folder: Path
    parameters: Mapping[str, str] = field(default_factory=dict)
    class_name: str | None = None
    name: str = ""
    algorithm_id: str = ""
    python_paths: tuple[Path, ...] = ()
    object_store: Path | None = None
    output: Path | None = None
    time_limit: timedelta = timedelta(minutes=20)

    @property
    def file_stem(self) -> str:
        """Stem of the result files."""
        if self.algorithm_id:
            return self.algorithm_id
        return self.algorithm.parent.name if self.algorithm.name == "main.py" else self.algorithm.stem


@dataclass(frozen=True)
class Progress:
    """How far a backtest is: simulated UTC time, fraction of the span, equity in the account's currency."""

    time: datetime
    fraction: float
    equity: float


@dataclass(frozen=True)
class BacktestOutcome:
    """What a backtest came to.

    Attributes:
        status: `Completed` or `Runtime Error`.
        error: one line with the algorithm's own file and line, or what was refused.
        error_type: class name of the exception, e.g. `NotSupportedByEngine`.
        statistics: LEAN's summary, every key, in its order.
        runtime_statistics: the banner's figures.
        orders, order_events, trades: in the order they came to be.
        equity: samples of the strategy's equity, Unix seconds and account currency.
        result: LEAN's result, None when the run did not get through `initialize`.
        files: what was written, by kind (`result`, `summary`, `order-events`, `log`).
        data_points: bars, ticks and events the algorithm's subscriptions gave.
        seconds: time the run took.
        log: lines the algorithm logged, with their time.
        absent_data: what the algorithm asked for and the data folder has nothing of, each with a file that
            should have been there.
        algorithm: the instance, for tests to look at.
    """

    status: str
    error: str | None
    error_type: str | None
    statistics: dict[str, str]
    runtime_statistics: dict[str, str]
    orders: tuple[Order, ...]
    order_events: tuple[OrderEvent, ...]
    trades: tuple[Trade, ...]
    equity: list[tuple[int, Decimal]]
    result: BacktestResult | None
    files: dict[str, Path]
    data_points: int
    seconds: float
    log: tuple[str, ...]
    absent_data: tuple[str, ...]
    algorithm: QCAlgorithm | None

    @property
    def completed(self) -> bool:
        """Whether the run went through to its end."""
        return self.status == COMPLETED


ProgressSink = Callable[[Progress], None]
LogSink = Callable[[str], None]
