"""What the process that stands for the container is told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class RunSpec:
    """One run of LEAN's launcher. Paths are the host's.

    Attributes:
        algorithm: the algorithm's file.
        sources: Python files that are compiled first; one with a syntax error ends the run.
        requirements: lines of the project's requirements.txt.
        roots: everything mounted: code below is the container's own.
        time_limit_minutes: longest time in one step.
    """

    algorithm: str
    data_folder: str
    output: str
    algorithm_id: str
    name: str = ""
    object_store: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    python_paths: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    time_limit_minutes: float = 20.0

    def to_json(self) -> str:
        """As text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> RunSpec:
        """Read back."""
        fields = json.loads(text)
        for name in ("python_paths", "sources", "requirements", "roots"):
            fields[name] = tuple(fields[name])
        return cls(**fields)
