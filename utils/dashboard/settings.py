"""What a dashboard shows and how often it looks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """A dashboard's settings.

    Attributes:
        folder: where databases of sweeps lie; new ones go there.
        databases: further ones, shown even while they do not exist.
        configs: folder of the sweep files that can be started.
        metric, min_trades, top: how the best rows are ranked, and how many are shown.
        interval: seconds between two looks into the stores, at least.
        heartbeat: seconds of silence after which a client hears that the connection lives.
        stall_minutes: minutes without a completed chunk after which a running sweep counts as stalled.
    """

    folder: Path = Path("build")
    databases: tuple[Path, ...] = ()
    configs: Path = Path("config/sweeps")
    metric: str = "sharpe"
    min_trades: int = 10
    top: int = 10
    interval: float = 1.0
    heartbeat: float = 15.0
    stall_minutes: float = 10.0
