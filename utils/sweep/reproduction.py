"""The command that gives one row again, without the database."""

from __future__ import annotations

import shlex

from utils.sweep.definition import Sweep


def command_for(sweep: Sweep, combo: int, trades_hash: int) -> str:
    """A shell command that simulates combination `combo` again and fails if its trades are not the same."""
    data = sweep.config.data
    words = ["python", "scripts/sweep.py", "show", str(combo), "--config", sweep.source, "--data", data.path]
    if sweep.symbol:
        words += ["--symbol", sweep.symbol]
    if data.start:
        words += ["--from", data.start.isoformat()]
    if data.end:
        words += ["--to", data.end.isoformat()]
    words += ["--holdout", f"{sweep.config.holdout!r}", "--expect", str(trades_hash)]
    return shlex.join(words)
