"""How far a sweep's best rows can be believed, in figures and in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trading.simulation import Instrument
from utils.sweep.robustness.cscv import Overfitting, overfitting
from utils.sweep.robustness.deflated_sharpe import (
    daily_sharpe,
    deflated_sharpe,
    expected_maximum_sharpe,
    probabilistic_sharpe,
)
from utils.sweep.robustness.returns import Array, Returns, load_returns
from utils.sweep.robustness.walk_forward import WalkForward, walk_forward
from utils.sweep.store import Store, SweepRecord

LIKELY_OVERFIT = 0.5
"""Probability of backtest overfitting from which the winner does no better than a coin's toss."""

DOUBTFUL = 0.2
CONVINCING = 0.95
"""Deflated Sharpe ratio: the usual 5 % level."""


@dataclass(frozen=True, eq=False)
class Assessment:
    """Overfitting figures of a whole sweep; Sharpe ratios are annualized.

    Attributes:
        rows, distinct: rows that were simulated, and how many different trade lists they are.
        deflated, deflated_distinct: deflated Sharpe ratio by combination, against the best of all rows and of
            all distinct rows; undefined ones are absent.
        lucky_sharpe: Sharpe ratio that the best of `distinct` unskilled rows would show.
        best_sharpe: the highest there is.
        overfitting: CSCV's figures, None where the history is too short.
        anchored, rolling: walk-forward, None where the history is too short.
        annual: factor from daily to annual Sharpe ratios.
        verdict: one plain sentence.
    """

    rows: int
    distinct: int
    deflated: dict[int, float]
    deflated_distinct: dict[int, float]
    lucky_sharpe: float
    best_sharpe: float
    overfitting: Overfitting | None
    anchored: WalkForward | None
    rolling: WalkForward | None
    annual: float
    verdict: str


def assess_store(store: Store, sweep: SweepRecord) -> Assessment:
    """The assessment of a stored sweep."""
    instrument = Instrument.model_validate(sweep.spec["config"]["instrument"])
    return assess(load_returns(store, sweep), instrument.days_per_year)


def assess(returns: Returns, days_per_year: int) -> Assessment:
    """The assessment of all rows of a sweep."""
    annual = math.sqrt(days_per_year)
    distinct = returns.distinct()
    sharpe = daily_sharpe(returns)
    spread = daily_sharpe(distinct)
    lucky = expected_maximum_sharpe(spread, len(distinct))
    best = float(np.nanmax(sharpe)) if np.any(~np.isnan(sharpe)) else math.nan
    found = overfitting(returns)
    deflated = deflated_sharpe(returns, len(returns))
    deflated_distinct = probabilistic_sharpe(returns, lucky)
    convincing = float(np.nanmax(deflated_distinct)) if np.any(~np.isnan(deflated_distinct)) else math.nan
    return Assessment(
        rows=len(returns),
        distinct=len(distinct),
        deflated=_by_combo(returns.combos.tolist(), deflated),
        deflated_distinct=_by_combo(returns.combos.tolist(), deflated_distinct),
        lucky_sharpe=lucky * annual,
        best_sharpe=best * annual,
        overfitting=found,
        anchored=walk_forward(returns),
        rolling=walk_forward(returns, rolling=True),
        annual=annual,
        verdict=_verdict(found, best * annual, lucky * annual, convincing),
    )


def _verdict(found: Overfitting | None, best: float, lucky: float, deflated: float) -> str:
    if found is None or math.isnan(lucky):  # fewer than two rows have a Sharpe ratio
        return "There is too little history, or too few different rows, to tell skill from luck here."
    share = f"{found.probability:.0%}"
    if found.probability < DOUBTFUL:
        share = f"only {share}" if found.probability >= 0.005 else "less than 1%"
    ways = f"Of {len(found.logits):,} ways to split the history, the in-sample winner fell below the median "
    ways += f"out of sample in {share}"
    luck = f"the best Sharpe ratio, {best:.2f}, compares with {lucky:.2f} expected of luck alone"
    if found.probability >= LIKELY_OVERFIT:
        return f"{ways}, and {luck}: treat this list as noise."
    if not deflated >= CONVINCING:
        return f"{ways}, but {luck}: this list is no proof of skill."
    if found.probability >= DOUBTFUL:
        return f"{ways}, though {luck}: promising, but pick from a plateau and trust the holdout first."
    return f"{ways}, and {luck}: the evidence holds up; confirm it on the holdout."


def _by_combo(combos: Sequence[int], values: Array) -> dict[int, float]:
    return {
        combo: value for combo, value in zip(combos, values.tolist(), strict=True) if not math.isnan(value)
    }
