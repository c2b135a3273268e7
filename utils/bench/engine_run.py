"""One backtest in a process of its own, JSON on stdout.

`python -m utils.bench.engine_run ALGORITHM DATA BEGAN`, where BEGAN is the Unix time at which the process was
asked for.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


def main(algorithm: str, data: str, began: str) -> None:
    """Run, and print CPU seconds with and without reading, peak memory and the time to get started.

    What the start-up takes, until the algorithm's class is there, is told by itself and in no other figure.
    The seconds hold all the rest: `initialize`, the bars, statistics and charts.
    """
    from utils.engine.feed.stream import SubscriptionStream  # noqa: PLC0415 - part of the start-up
    from utils.engine.job import BacktestJob  # noqa: PLC0415
    from utils.engine.run import algorithm_file, backtest  # noqa: PLC0415

    reading = 0.0
    advance, load_class = SubscriptionStream.advance, algorithm_file.load_class

    def timed_advance(self: SubscriptionStream, until_ns: int) -> Any:
        nonlocal reading
        asked = time.process_time()
        columns = advance(self, until_ns)
        reading += time.process_time() - asked
        return columns

    started = began_run = 0.0

    def noted_load(*terms: Any) -> Any:
        nonlocal started, began_run
        found = load_class(*terms)
        started, began_run = time.time() - float(began), time.process_time()
        return found

    SubscriptionStream.advance = timed_advance  # type: ignore[method-assign]  # to time it
    setattr(backtest, "load_class", noted_load)  # noqa: B010 - to time it
    outcome = backtest.run_backtest(BacktestJob(Path(algorithm), Path(data)))
    seconds = time.process_time() - began_run
    if not outcome.completed:
        raise SystemExit(f"{algorithm}: {outcome.error}")
    figures = {
        "bars": outcome.data_points,
        "orders": len(outcome.orders),
        "seconds": seconds - reading,
        "seconds_with_reading": seconds,
        "peak_memory_mb": round(peak_memory()),
        "start_up_s": round(started, 2),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def peak_memory() -> float:
    """Most memory this process had, MB."""
    if STATUS.exists():
        # Linux's `ru_maxrss` counts what the parent had when it started this process.
        found = re.search(r"^VmHWM:\s*(\d+) kB", STATUS.read_text(encoding="ascii"), re.M)
        if found is not None:
            return int(found[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
