"""A finished search in figures: how much was evaluated, how fast, and the best that came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from utils.sweep.search.best import front
from utils.sweep.search.config import Plan
from utils.sweep.search.definition import Search
from utils.sweep.search.told import COMPLETE, INFEASIBLE, PRUNED, Told
from utils.sweep.selection import stored_row
from utils.sweep.store import Store, SweepRecord


@dataclass(frozen=True)
class Effort:
    """What a run took.

    Attributes:
        evaluations: trials that this run evaluated; an earlier run's are not among them.
        seconds: wall time; cpu_seconds: of all its threads and workers.
        cores: threads, or workers.
    """

    evaluations: int
    seconds: float
    cpu_seconds: float
    cores: int


def summary(
    store: Store, record: SweepRecord, search: Search, trials: Sequence[Told], effort: Effort
) -> dict[str, Any]:
    """The search as one document.

    Returns:
        `dataset`, `total_candles` (bars that every full evaluation covers), `study_evaluations` (trials
        wanted), `parallelization` (threads, or workers); `total_evaluations`, `successful`, `failed` (of all
        runs; one that fails ends the run, so none is stored), `complete`, `pruned`, `infeasible`; of this run
        `evaluations`, `time_seconds`, `throughput_per_minute`, `average_seconds_per_evaluation`, `cpu_hours`;
        and `best_strategy`: `sharpe_ratio`, `win_rate`, `max_drawdown`, `total_trades`, `profit_factor`, its
        `trial`, `objectives` and `params`, None where no trial is complete; and `front`: the trials that no
        other one beats.
    """
    states = Counter(trial.state for trial in trials)
    per_minute = effort.evaluations / effort.seconds * 60 if effort.seconds > 0 else None
    config = search.config
    return {
        "search": record.id,
        "dataset": f"{search.symbol or config.data.path}, {_length(search.swept_bars.period)} candles",
        "total_candles": len(search.swept_bars),
        "study_evaluations": record.combos,
        "parallelization": effort.cores,
        "total_evaluations": len(trials),
        "successful": len(trials),
        "failed": 0,
        "complete": states[COMPLETE],
        "pruned": states[PRUNED],
        "infeasible": states[INFEASIBLE],
        "evaluations": effort.evaluations,
        "time_seconds": round(effort.seconds, 3),
        "throughput_per_minute": per_minute and round(per_minute, 1),
        "average_seconds_per_evaluation": (
            round(effort.seconds / effort.evaluations, 4) if effort.evaluations else None
        ),
        "cpu_hours": round(effort.cpu_seconds / 3600, 6),
        "best_strategy": _best(store, record, config.search, trials),
        "front": [
            {
                "trial": trial.number,
                "objectives": dict(zip(config.search.objectives, trial.objectives or (), strict=True)),
            }
            for trial in front(trials, config.search)
        ],
    }


def _best(store: Store, record: SweepRecord, plan: Plan, trials: Sequence[Told]) -> dict[str, Any] | None:
    best = front(trials, plan)
    if not best:
        return None
    trial = best[0]
    row = stored_row(store, record.id, trial.number)
    assert trial.objectives is not None
    return {
        "trial": trial.number,
        "objectives": dict(zip(plan.objectives, trial.objectives, strict=True)),
        "sharpe_ratio": row.metrics["sharpe"],
        "win_rate": row.metrics["win_rate"],
        "max_drawdown": row.metrics["max_drawdown"],
        "total_trades": row.metrics["total_trades"],
        "profit_factor": row.metrics["profit_factor"],
        "params": row.params,
    }


def _length(nanoseconds: int) -> str:
    minutes = nanoseconds // 60_000_000_000
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes % size == 0:
            return f"{minutes // size}-{unit}"
    return f"{minutes}-minute"
