"""From an algorithm's requirements to the counts of the memory model, and back to the limits that fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trading.monitoring.memory import MemoryEstimate, MemoryModel
from utils.nodes.catalog import NodeKind
from utils.nodes.requirements import AlgorithmRequirements, Resolution

DAYS_A_YEAR = 365.25
UNBOUNDED = 1_000_000
"""No search for a limit goes further: as good as none."""


def estimate_memory(
    requirements: AlgorithmRequirements, model: MemoryModel, kind: NodeKind = NodeKind.BACKTESTING
) -> MemoryEstimate:
    """What the algorithm needs on a node of a kind, in megabytes by terms; live has no backtest's results."""
    needs = requirements
    subscriptions = needs.num_securities + needs.num_contracts
    years = 0.0 if kind is NodeKind.LIVE_TRADING else needs.backtest_days / DAYS_A_YEAR
    return model.estimate(
        {
            "base": 1,
            "securities": needs.num_securities,
            "option_contracts": needs.num_contracts,
            "greeks": needs.has("use_greeks"),
            "scanners": needs.has("use_scanners"),
            "risk_management": needs.has("use_risk_management"),
            "two_part_spreads": needs.has("use_two_part_spreads"),
            "llm_calls": needs.use_llm_analysis,
            "tick_subscriptions": subscriptions if needs.resolution is Resolution.TICK else 0,
            "second_subscriptions": subscriptions if needs.resolution is Resolution.SECOND else 0,
            "warm_up_million_bars": needs.warm_up_bars * needs.num_securities / 1e6,
            "backtest_extra_years": max(0.0, years - 1),
            "ml_training": needs.use_ml_training,
            "local_inference": needs.use_local_inference,
        }
    )


@dataclass(frozen=True)
class FittingLimits:
    """Limits under which an algorithm fits into `room_mb`, each alone, the other figures as they are.

    None where no value from 1 up fits, where any does, or where the figure is no matter (contracts without
    a chain).

    Attributes:
        room_mb: megabytes to fit into.
        max_option_chains: with the contracts per chain as they are.
        max_contracts_per_chain: with the chains as they are.
        max_securities: with the chains and contracts as they are.
    """

    room_mb: float
    max_option_chains: int | None
    max_contracts_per_chain: int | None
    max_securities: int | None


def fitting_limits(
    requirements: AlgorithmRequirements,
    model: MemoryModel,
    room_mb: float,
    kind: NodeKind = NodeKind.BACKTESTING,
) -> FittingLimits:
    """The largest number of chains, of contracts per chain and of securities that fit, each alone."""

    def largest(field: str) -> int | None:
        def fits(value: int) -> bool:
            changed = requirements.model_copy(update={field: value})
            return estimate_memory(changed, model, kind).total_mb <= room_mb

        return _largest(fits)

    chains, contracts = requirements.num_option_chains, requirements.contracts_per_chain
    return FittingLimits(
        room_mb,
        max_option_chains=largest("num_option_chains") if chains and contracts else None,
        max_contracts_per_chain=largest("contracts_per_chain") if chains and contracts else None,
        max_securities=largest("num_securities") if requirements.num_securities else None,
    )


def _largest(fits: Callable[[int], bool]) -> int | None:
    """The largest value from 1 to UNBOUNDED that fits, where fitting ends once as values grow."""
    if not fits(1):
        return None
    low, high = 1, 2
    while high < UNBOUNDED and fits(high):
        low, high = high, high * 2
    high = min(high, UNBOUNDED + 1)
    while high - low > 1:  # low fits, high does not
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low if low < UNBOUNDED else None
