"""What an emulator is started with."""

from __future__ import annotations

from dataclasses import dataclass, field

from utils.quantconnect.emulator.nodes import MODELS, NodeModel


@dataclass(frozen=True)
class Limits:
    """Quotas of the emulated organization.

    Attributes:
        source_bytes: the largest source file.
        object_bytes, object_count: what the Object Store holds together.
        object_file_bytes: the largest object.
    """

    source_bytes: int = 128 * 1024
    object_bytes: int = 50_000_000
    object_file_bytes: int = 50_000_000
    object_count: int = 1_000


@dataclass(frozen=True)
class EmulatorSettings:
    """The emulated account.

    Attributes:
        latency: seconds that a compilation, each step of a deployment, and the start and end of a backtest
            take beyond their real work.
        timestamp_window: seconds by which a call's timestamp may be off.
    """

    user_id: str = "1"
    api_token: str = field(default="x", repr=False)
    organization_id: str = "e0000000000000000000000000000001"
    models: tuple[NodeModel, ...] = MODELS
    latency: float = 0.0
    limits: Limits = Limits()
    timestamp_window: int = 7_200
