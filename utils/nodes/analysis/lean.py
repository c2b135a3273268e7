"""What the interpreter asks of whoever knows LEAN's names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from utils.nodes.analysis.values import Function, Instance, Value
from utils.nodes.requirements import Source

Names = dict[str, Value]


class Lean(Protocol):
    """What LEAN's own names mean."""

    def call(
        self, target: Value, path: str, args: Sequence[Value], named: Names, place: Source
    ) -> Value | None:
        """The result of calling something that is not in the sources; None when nothing is known of it."""
        ...

    def construct(self, function: Function, args: Sequence[Value], named: Names) -> Value | None:
        """An object that is read from stored settings by calling `function`; None for any other function."""
        ...

    def assign(self, path: str, value: Value, place: Source) -> None:
        """An attribute of something that is not in the sources was set."""
        ...

    def read(self, instance: Instance, name: str, value: Value) -> None:
        """An attribute of loaded settings was read."""
        ...
