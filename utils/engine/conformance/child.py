"""The process of one algorithm: runs a job and leaves what came of it in a file.

An algorithm may print, exit or take the interpreter down: the file is the only channel.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from utils.engine.job import BacktestJob
from utils.engine.run.backtest import run_backtest
from utils.errors import UserError
from utils.files import write_atomic


def main() -> None:
    """Run the job that the file of the first argument describes, and answer into that of the second."""
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    file = Path(asked["algorithm"])
    job = BacktestJob(file, Path(asked["data"]), asked["parameters"], python_paths=(file.parent,))
    try:
        outcome = run_backtest(job)
    except UserError as error:
        answer: dict[str, object] = {"statistics": {}, "error": str(error), "error_type": "UserError"}
    else:
        answer = {
            "statistics": outcome.statistics,
            "error": outcome.error,
            "error_type": outcome.error_type,
        }
    write_atomic(Path(sys.argv[2]), json.dumps(answer))


if __name__ == "__main__":
    main()
