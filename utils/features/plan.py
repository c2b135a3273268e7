"""What a run may use: workers of each track, memory, connections."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Workers = Annotated[int, Field(ge=1, le=256)]


class FeaturePlan(BaseModel):
    """Limits of a run.

    Attributes:
        workers: threads of each track that compute and write.
        memory_mb: what the buffers of all workers may take together.
        connections: to the database, at most so many at a time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    workers: dict[int, Workers] = {1: 2, 2: 2, 3: 1}
    memory_mb: Annotated[int, Field(ge=16)] = 1024
    connections: Annotated[int, Field(ge=1, le=1000)] = 8
