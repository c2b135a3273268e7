"""What an algorithm asks of the machine it runs on, and where each figure comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt


class Resolution(StrEnum):
    """LEAN's resolutions, the finest first."""

    TICK = "tick"
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAILY = "daily"


class AlgorithmRequirements(BaseModel):
    """What an algorithm holds in memory and does, as far as it decides which node it needs.

    >>> AlgorithmRequirements(num_securities=10, num_option_chains=5, contracts_per_chain=100).num_contracts
    500

    The four features below that default to None are what an options strategy has: they count as on when
    there is an option chain, as off otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    num_securities: NonNegativeInt = Field(
        0, description="Subscribed securities that are no option contracts."
    )
    num_option_chains: NonNegativeInt = Field(0, description="Underlyings whose option chain is subscribed.")
    contracts_per_chain: NonNegativeInt = Field(0, description="Contracts a chain's filter lets through.")
    max_concurrent_positions: NonNegativeInt = Field(
        0, description="Positions open at once; 0 when not limited."
    )
    resolution: Resolution = Field(Resolution.MINUTE, description="The finest resolution subscribed.")
    backtest_days: NonNegativeInt = Field(
        0, description="Calendar days from start to end date; 0 when unknown."
    )
    warm_up_bars: NonNegativeInt = Field(0, description="Bars of warm-up, of the resolution it runs at.")
    scheduled_events: NonNegativeInt = Field(0, description="Scheduled events that the algorithm sets up.")
    max_latency_ms: NonNegativeFloat | None = Field(
        None, description="Latency to the broker that trading bears."
    )
    use_llm_analysis: bool = Field(False, description="Asks language models over their providers' APIs.")
    use_ml_training: bool = Field(False, description="Trains models on the node itself.")
    use_local_inference: bool = Field(False, description="Runs neural networks on the node itself.")
    use_greeks: bool | None = Field(None, description="Evaluates Greeks of the chain's contracts.")
    use_scanners: bool | None = Field(None, description="Scans chains for contracts.")
    use_risk_management: bool | None = Field(None, description="Circuit breaker and limits.")
    use_two_part_spreads: bool | None = Field(None, description="Legs into spreads in two parts.")

    @property
    def num_contracts(self) -> int:
        """Option contracts held at once."""
        return self.num_option_chains * self.contracts_per_chain

    def has(self, feature: str) -> bool:
        """Whether a feature (a field named `use_...`) counts as on."""
        value = getattr(self, feature)
        return bool(self.num_option_chains) if value is None else bool(value)


@dataclass(frozen=True)
class Source:
    """One reason for a figure: a place in a file, or, without one, an assumption."""

    text: str
    file: Path | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.file is None:
            return f"assumed: {self.text}"
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.text}"


@dataclass(frozen=True)
class Evidence:
    """Where one figure of the requirements comes from."""

    field: str
    value: object
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Analysis:
    """An algorithm's requirements with the evidence of every field."""

    requirements: AlgorithmRequirements
    evidence: tuple[Evidence, ...]
