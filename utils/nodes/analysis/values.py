"""The values that the interpreter computes with."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from utils.nodes.requirements import Source

if TYPE_CHECKING:
    from utils.nodes.analysis.modules import Module

MOST_SOURCES = 8


class Unknown:
    """A value that the code does not tell. It has an identity: an unknown ticker used twice is one."""

    def __repr__(self) -> str:
        return "unknown"


@dataclass(frozen=True, eq=False)
class Value:
    """A value, the places it comes from, and whether it is sure to be this one.

    A value that depends on an unknown condition is not sure: its content is the larger one of those possible,
    to be counted with, but it decides nothing.
    """

    content: object
    sources: tuple[Source, ...] = ()
    sure: bool = True

    @property
    def told(self) -> bool:
        """Whether the content is told by the code; of a container, all its items' number."""
        content = self.content
        return not (isinstance(content, Unknown | Opaque | Bounded | Prefix) or is_open(content))

    @property
    def known(self) -> bool:
        """Whether the content is told, and sure."""
        return self.sure and self.told

    def because(self, *others: Value) -> Value:
        """The value with the places of others added; no surer than any of them."""
        if not others or all(not one.sources and one.sure for one in others):
            return self
        return Value(self.content, places(self, *others), self.sure and all(one.sure for one in others))

    def doubted(self, *reasons: Source) -> Value:
        """The value, not sure."""
        merged = tuple(dict.fromkeys((*reasons, *self.sources)))[:MOST_SOURCES]
        return Value(self.content, merged, sure=False)


def places(*values: Value) -> tuple[Source, ...]:
    """Where values come from, each place once."""
    merged = dict.fromkeys(source for value in values for source in value.sources)
    return tuple(merged)[:MOST_SOURCES]


def derived(content: object, *origins: Value) -> Value:
    """What was computed from `origins`."""
    return Value(content, places(*origins), all(one.sure for one in origins))


UNKNOWN = Unknown()
NOTHING = Value(UNKNOWN)


class Items(list[Value]):
    """A list, tuple or set. When it is open, there may be other items than these."""

    open = False
    distinct = False


class Table(dict[Hashable, Value]):
    """A dictionary by the contents of its keys. When it is open, there may be others than these."""

    open = False


def is_open(content: object) -> bool:
    """Whether content is a container whose number of items is not known."""
    return isinstance(content, Items | Table) and content.open


def items(values: Iterable[Value] = (), *, distinct: bool = False) -> Items:
    """A new list; a set when `distinct`."""
    made = Items(values)
    made.distinct = distinct
    return made


@dataclass(frozen=True)
class Opaque:
    """Something of LEAN's or another library's, known by its dotted name only."""

    path: str


@dataclass(frozen=True)
class Bounded:
    """A sequence of unknown items that has at most `most` of them."""

    most: Value


@dataclass(frozen=True)
class Prefix:
    """A text of which only the beginning is known."""

    text: str


@dataclass(eq=False)
class Instance:
    """An object of a class in the sources. `path` is how it was reached from loaded settings, else None."""

    definition: Class | None
    attributes: dict[str, Value] = field(default_factory=dict)
    path: str | None = None


@dataclass(eq=False)
class Class:
    """A class in the sources. `attributes` are its own, once they were evaluated."""

    node: ast.ClassDef
    module: Module
    around: dict[str, Value] = field(default_factory=dict)
    attributes: dict[str, Value] | None = None

    @cached_property
    def methods(self) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
        """Its own methods by name; of several of one name the last."""
        return {
            node.name: node
            for node in self.node.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }


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


@dataclass(frozen=True)
class Span:
    """A range of numbers, both ends included."""

    low: float
    high: float


@dataclass(eq=False)
class Selection:
    """The contracts that a chain's filter lets through: see `chains` for the attributes."""

    attributes: dict[str, Value] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """The filters that may be in force; None is LEAN's own."""

    options: tuple[Selection | None, ...] = (None,)


@dataclass(eq=False)
class Chain:
    """A subscribed option chain, or `times` alike. Its one attribute, `filter`, is a `Choice`."""

    ticker: str
    times: int
    place: Source
    attributes: dict[str, Value] = field(default_factory=lambda: {"filter": Value(Choice())})

    @property
    def options(self) -> tuple[Selection | None, ...]:
        """The filters that may be in force; None is LEAN's own."""
        content = self.attributes["filter"].content
        return content.options if isinstance(content, Choice) else (None,)


@dataclass(eq=False)
class Security:
    """A security or its symbol; options and futures carry their chain, single contracts their underlying."""

    ticker: str | None
    kind: str
    chain: Chain | None = None
    underlying: Value | None = None


@dataclass(eq=False)
class Universe:
    """A universe of securities: its size, where known, and in words what it is."""

    size: Value
    text: str = "a universe"


@dataclass(frozen=True)
class StoredText:
    """The text of an object in LEAN's Object Store."""

    key: str
