"""The values that the interpreter computes with."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from utils.nodes.requirements import Source

if TYPE_CHECKING:
    from utils.nodes.analysis.modules import Module

MOST_SOURCES = 8


class _Unknown:
    """A value that the code does not tell."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = _Unknown()


@dataclass(frozen=True)
class Value:
    """A value and the places it comes from. Containers hold Values."""

    content: object
    sources: tuple[Source, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the content is told by the code; of a container, its length at least."""
        return not isinstance(self.content, _Unknown | Opaque | Bounded)

    def because(self, *others: Value) -> Value:
        """The value with the places of others added."""
        merged = dict.fromkeys((*self.sources, *(source for other in others for source in other.sources)))
        return replace(self, sources=tuple(merged)[:MOST_SOURCES])


NOTHING = Value(UNKNOWN)


@dataclass(frozen=True)
class Opaque:
    """Something of LEAN's or another library's, known by its dotted name only."""

    path: str


@dataclass(frozen=True)
class Bounded:
    """A sequence of unknown items that has at most `most` of them."""

    most: Value


@dataclass(eq=False)
class Instance:
    """An object of a class in the sources. `path` is how it was reached from loaded settings, else empty."""

    definition: Class | None
    attributes: dict[str, Value] = field(default_factory=dict)
    path: str | None = None


@dataclass(frozen=True, eq=False)
class Class:
    """A class in the sources."""

    node: ast.ClassDef
    module: Module


@dataclass(frozen=True, eq=False)
class Function:
    """A function in the sources, with the object it is bound to and the names around it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Module
    bound: Value | None = None
    around: dict[str, Value] = field(default_factory=dict)
    owner: Class | None = None
    """The class that a method is written in."""


@dataclass(frozen=True)
class Super:
    """`super()` in a method of `above`: the bases' part of an object."""

    instance: Value
    above: Class


@dataclass(eq=False)
class Chain:
    """The contracts of one option chain, as filters narrow them.

    `strikes` counts steps from the money, `days` days to expiry; both ends included.
    """

    ticker: str
    strikes: tuple[float, float] | None = None
    days: tuple[float, float] | None = None
    weeklys: bool = False
    rights: int = 2
    exactly: int | None = None
    most: Value | None = None
    filtered: bool = False
    sources: list[Source] = field(default_factory=list)


@dataclass(eq=False)
class Security:
    """A subscribed security; options carry their chain."""

    ticker: str
    chain: Chain | None = None
