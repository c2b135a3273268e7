"""What is known at one point of the code that is followed."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from utils.nodes.analysis.journal import Changes, Journal
from utils.nodes.analysis.lean import Lean, Names
from utils.nodes.analysis.modules import Module, Modules
from utils.nodes.analysis.operations import (
    LONGEST,
    number_or_more,
)
from utils.nodes.analysis.values import (
    Bounded,
    Function,
    Items,
    Table,
    Value,
)
from utils.nodes.requirements import Source

STEPS = 500_000
ITEMS_A_STEP = 2
UNKNOWN_LOOP = 10
"""Rounds assumed of a loop of unknown length, where it subscribes to something."""
MOST_REPEATS = 10_000


class OutOfStepsError(Exception):
    """The code does more than is followed."""


@dataclass
class Frame:
    """One call that is being followed."""

    names: Names
    globals: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    around: Names = field(default_factory=dict)
    returned: list[Value] = field(default_factory=list)
    """What was returned under unknown conditions."""
    left: list[tuple[Changes, Source]] = field(default_factory=list)
    """What was done on the way to that, and why it is not known whether it was."""
    yielded: Items | None = None


class State(ABC):
    """Steps, calls and conditions so far; what the parts of the interpreter ask of each other."""

    def __init__(self, modules: Modules, lean: Lean) -> None:
        self._modules = modules
        self._lean = lean
        self._steps = 0
        self._frames: list[Frame] = []
        self.journal = Journal()
        self.repeats: list[int] = []
        """Rounds assumed of each loop of unknown length around what is followed now."""
        self.conditional = 0
        """How many unknown conditions surround it."""
        self.doubts: dict[Source, None] = {}
        """Where the analysis could not follow."""

    @abstractmethod
    def evaluate(self, node: ast.expr, module: Module, names: Names) -> Value:
        """The value of an expression."""

    @abstractmethod
    def call(self, function: Function, args: Sequence[Value], named: Names | None = None) -> Value:
        """What a function returns."""

    @abstractmethod
    def names_of(self, module: Module) -> Names:
        """What a module's top level defines."""

    @property
    def times(self) -> int:
        """How many times what is followed now is assumed to run."""
        product = 1
        for rounds in self.repeats:
            product = min(product * rounds, MOST_REPEATS)
        return product

    @contextmanager
    def _repeated(self, rounds: int) -> Iterator[None]:
        """Follow once what runs so many times, by assumption."""
        self.repeats.append(rounds)
        try:
            yield
        finally:
            self.repeats.pop()

    def unknown_condition(self, test: ast.expr, module: Module) -> Source:
        """Why a value is not sure."""
        place = module.source(test)
        return Source(f"depends on {place.text}, which is not known", place.file, place.line)

    def _placed(self, value: Value, node: ast.stmt, module: Module) -> Value:
        """The value with the place of its assignment, unless it has one."""
        if value.sources or not isinstance(value.content, str | int | float | Items | Table):
            return value
        return Value(value.content, (module.source(node),), value.sure)

    def _charged(self, value: Value) -> Value:
        if not isinstance(value.content, range):  # made at once, however long
            self._charge(value)
        return value

    def _charge(self, *values: Value) -> None:
        """Count the work on long sequences as steps."""
        for value in values:
            if isinstance(value.content, Items | Table | range | str):
                content = value.content
                long = isinstance(content, range) and abs(content.stop - content.start) > LONGEST
                self._step((LONGEST if long else min(len(content), LONGEST)) // ITEMS_A_STEP)

    def _step(self, count: int = 1) -> None:
        self._steps += count
        if self._steps > STEPS:
            raise OutOfStepsError


def rounds_of(source: Value) -> int:
    """How many rounds are assumed of a loop over something whose length is not known."""
    if isinstance(source.content, Items | Table):
        return min(max(len(source.content), UNKNOWN_LOOP), MOST_REPEATS)
    if isinstance(source.content, Bounded):
        most = number_or_more(source.content.most)
        if 0 <= most <= MOST_REPEATS:
            return int(most)
    return UNKNOWN_LOOP
