"""What a run computes, and what it may use: workers of each track, memory, connections."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from utils.features.track import Spans
from utils.features.windows import HORIZONS, WINDOWS

Workers = Annotated[int, Field(ge=1, le=256)]


Rows = Annotated[int, Field(ge=4, le=1_000_000)]


class FeaturePlan(BaseModel):
    """Windows and limits of a run.

    Attributes:
        windows: rows that features look back.
        horizons: rows that targets look ahead.
        workers: threads of each track that compute and write.
        memory_mb: what the buffers of all workers may take together.
        connections: to the database, at most so many at a time.
        patience_s: seconds to wait for a database that is away.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    windows: tuple[Rows, ...] = WINDOWS
    horizons: tuple[Annotated[int, Field(ge=1, le=1_000_000)], ...] = HORIZONS
    workers: dict[int, Workers] = {1: 2, 2: 2, 3: 1}
    memory_mb: Annotated[int, Field(ge=16)] = 1024
    connections: Annotated[int, Field(ge=1, le=1000)] = 8
    patience_s: Annotated[float, Field(ge=0, le=86_400)] = 60.0

    def rows_of(self, spans: Spans) -> tuple[int, ...]:
        """The windows or horizons of a kind of track."""
        return {Spans.WINDOWS: self.windows, Spans.HORIZONS: self.horizons, Spans.NONE: (0,)}[spans]
