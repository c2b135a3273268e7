"""A backtest in a process of its own: runs a job that a file describes and leaves what came of it in another.

An algorithm may print, exit or take the interpreter down: the files are the only channel.

    python -m utils.engine.process JOB.json ANSWER.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from utils.engine.job import BacktestJob
from utils.engine.run.backtest import run_backtest
from utils.errors import UserError
from utils.files import write_atomic


def main() -> None:
    """Run the job of the first argument's file, answer into that of the second."""
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    write_atomic(Path(sys.argv[2]), json.dumps(_answer(_job(asked))))


def _job(asked: dict[str, Any]) -> BacktestJob:
    output = asked.get("output")
    return BacktestJob(
        Path(asked["algorithm"]),
        Path(asked["data"]),
        asked["parameters"],
        name=asked.get("name", ""),
        algorithm_id=asked.get("algorithm_id", ""),
        python_paths=tuple(Path(path) for path in asked["python_paths"]),
        output=Path(output) if output else None,
    )


def _answer(job: BacktestJob) -> dict[str, Any]:
    try:
        outcome = run_backtest(job)
    except UserError as error:
        return {
            "statistics": {},
            "error": str(error),
            "error_type": "UserError",
            "log": [],
            "absent_data": [],
            "files": {},
        }
    return {
        "statistics": outcome.statistics,
        "error": outcome.error,
        "error_type": outcome.error_type,
        "log": list(outcome.log),
        "absent_data": list(outcome.absent_data),
        "files": {kind: str(path) for kind, path in outcome.files.items()},
    }


if __name__ == "__main__":
    main()
