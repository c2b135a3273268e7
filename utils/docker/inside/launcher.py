"""Stands for LEAN's launcher: runs the algorithm and prints its log in LEAN's form."""

from __future__ import annotations

import compileall
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from utils.docker.inside.packages import importable, missing
from utils.docker.inside.worlds import Worlds
from utils.docker.run_spec import RunSpec
from utils.engine.imports.finder import install
from utils.engine.imports.surface import lean_names, system_names
from utils.engine.job import BacktestJob, Progress
from utils.engine.run.backtest import run_backtest
from utils.engine.run.loop import Stopped
from utils.errors import UserError

DONE, FAILED = 0, 1


def launch(text: str, engine_paths: Sequence[str], packages: Sequence[str]) -> int:
    """Run what a specification says.

    Args:
        text: the specification as JSON.
        engine_paths: import path of the engine; it is gone once the algorithm runs.
        packages: folders of the installed packages.

    Returns:
        The exit code: 0 when the backtest ran to its end.
    """
    spec = RunSpec.from_json(text)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: stop.set())
    unmet = missing(spec.requirements)
    if unmet:
        _error(f"requirements.txt: {unmet[0]} is not installed here, and nothing is downloaded; use Docker")
        return FAILED
    compiled = [compileall.compile_file(source, quiet=1) for source in spec.sources]  # all are looked at
    if not all(compiled):
        return FAILED
    _trace("the embedded engine runs in place of LEAN's")
    lean_names(), system_names()  # loads what algorithms see while the engine's path is there
    install()
    Worlds(engine_paths, packages, spec.roots, lambda: importable(spec.requirements)).install()
    return _run(spec, stop)


def _run(spec: RunSpec, stop: threading.Event) -> int:
    job = BacktestJob(
        Path(spec.algorithm),
        Path(spec.data_folder),
        parameters=spec.parameters,
        name=spec.name,
        algorithm_id=spec.algorithm_id,
        python_paths=tuple(Path(path) for path in spec.python_paths),
        object_store=None if spec.object_store is None else Path(spec.object_store),
        output=Path(spec.output),
        time_limit=timedelta(minutes=spec.time_limit_minutes),
    )
    try:
        outcome = run_backtest(job, progress=_stopping(stop), log=_trace)
    except UserError as error:
        _error(str(error))
        return FAILED
    for name, value in outcome.statistics.items():
        _write(f"STATISTICS:: {name} {value}")
    if outcome.error is not None:
        _error(f"Runtime Error: {outcome.error}")
    return FAILED if stop.is_set() or not outcome.completed else DONE


def _stopping(stop: threading.Event) -> Callable[[Progress], None]:
    """Ends the run between two steps once the container is to stop: the results so far are written."""

    def look(_progress: Progress) -> None:
        if stop.is_set():
            raise Stopped("the container was stopped; these are the results so far")

    return look


def _trace(text: str) -> None:
    _write(f"TRACE:: {text}")


def _error(text: str) -> None:
    _write(f"ERROR:: {' '.join(text.split())}")


def _write(text: str) -> None:
    time = datetime.now(UTC).strftime("%Y%m%d %H:%M:%S.%f")[:-3]
    sys.stdout.write(f"{time} {text}\n")
    sys.stdout.flush()
