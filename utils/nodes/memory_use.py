"""From an algorithm's requirements to the counts of the memory model, and back to the limits that fit."""

from __future__ import annotations

from dataclasses import dataclass

from trading.monitoring.memory import MemoryEstimate, MemoryModel
from utils.nodes.requirements import AlgorithmRequirements, Resolution


def estimate_memory(requirements: AlgorithmRequirements, model: MemoryModel) -> MemoryEstimate:
    """What the algorithm needs, in megabytes by terms."""
    needs = requirements
    subscriptions = needs.num_securities + needs.num_contracts
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
            "ml_training": needs.use_ml_training,
            "local_inference": needs.use_local_inference,
        }
    )


@dataclass(frozen=True)
class FittingLimits:
    """Limits under which an algorithm fits into `room_mb`; None when no value above zero does.

    Attributes:
        room_mb: megabytes to fit into.
        max_option_chains: with the contracts per chain as they are.
        max_contracts_per_chain: with the chains as they are.
    """

    room_mb: float
    max_option_chains: int | None
    max_contracts_per_chain: int | None


def fitting_limits(requirements: AlgorithmRequirements, model: MemoryModel, room_mb: float) -> FittingLimits:
    """The largest number of chains, and of contracts per chain, that fit, each alone.

    Both search downwards from what the algorithm has now, since the estimate falls with either.
    """
    return FittingLimits(
        room_mb,
        _largest(requirements, model, room_mb, "num_option_chains"),
        _largest(requirements, model, room_mb, "contracts_per_chain"),
    )


def _largest(
    requirements: AlgorithmRequirements, model: MemoryModel, room_mb: float, field: str
) -> int | None:
    def fits(value: int) -> bool:
        changed = requirements.model_copy(update={field: value})
        return estimate_memory(changed, model).total_mb <= room_mb

    low, high = 0, getattr(requirements, field)
    if high == 0 or not fits(1):
        return None
    low = 1
    while low < high:  # the largest that fits lies in [low, high]
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return int(low)
