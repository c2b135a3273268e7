"""What a backtest came to, wherever it ran."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

COMPLETED = "Completed"
RUNTIME_ERROR = "Runtime Error"


@dataclass(frozen=True)
class Answer:
    """A backtest's result.

    Attributes:
        engine: `embedded`, `docker` or `cloud`.
        status: `Completed` or `Runtime Error`.
        error: one line, with the algorithm's own file and line where the engine knows it.
        statistics, runtime_statistics: as LEAN writes them.
        files: what was written, by kind (`result`, `summary`, `order-events`, `log`, `report`).
        seconds: wall time.
        data_points: bars, ticks and events that were read; None where the engine does not say.
        url: page of a backtest in the cloud.
    """

    engine: str
    status: str
    error: str | None = None
    statistics: dict[str, str] = field(default_factory=dict)
    runtime_statistics: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    seconds: float = 0.0
    data_points: int | None = None
    url: str | None = None

    @property
    def completed(self) -> bool:
        """Whether the run went through to its end."""
        return self.status == COMPLETED

    def data(self) -> dict[str, object]:
        """The same for programs."""
        found: dict[str, object] = {
            "engine": self.engine,
            "status": self.status,
            "error": self.error,
            "statistics": self.statistics,
            "runtime_statistics": self.runtime_statistics,
            "files": {kind: str(path) for kind, path in self.files.items()},
            "seconds": round(self.seconds, 3),
            "data_points": self.data_points,
        }
        return found | ({"url": self.url} if self.url else {})
