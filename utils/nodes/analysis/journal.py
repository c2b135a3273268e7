"""What changed while one of several ways through the code was followed, to be undone and merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from utils.nodes.analysis.values import (
    NOTHING,
    Bounded,
    Chain,
    Choice,
    Class,
    Function,
    Instance,
    Items,
    Opaque,
    Security,
    Span,
    Table,
    Universe,
    Unknown,
    Value,
    derived,
    is_open,
    items,
)
from utils.nodes.requirements import Resolution, Source

_MISSING = object()
_FINEST_FIRST = [one.value for one in Resolution]
Key = tuple[int, object]


@dataclass
class Changes:
    """Entries of tables and contents of lists, as they were or as they became."""

    entries: dict[Key, tuple[dict[Any, Value], Any, object]] = field(default_factory=dict)
    lists: dict[int, tuple[Items, list[Value]]] = field(default_factory=dict)


class Journal:
    """Keeps what `write` and `touch` replace, for as many open branches as there are."""

    def __init__(self) -> None:
        self._before: list[Changes] = []

    def write(self, table: dict[Any, Value], key: object, value: Value) -> None:
        """`table[key] = value`."""
        self._remember(table, key)
        table[key] = value

    def remove(self, table: dict[Any, Value], key: object) -> None:
        """`del table[key]`."""
        if key in table:
            self._remember(table, key)
            del table[key]

    def touch(self, content: Items) -> None:
        """To be called before a list is changed in place."""
        if self._before:
            self._before[-1].lists.setdefault(id(content), (content, list(content)))

    def open(self) -> None:
        """A branch begins."""
        self._before.append(Changes())

    def keep(self) -> None:
        """The branch ends, and what it did stays."""
        before = self._before.pop()
        if self._before:
            outer = self._before[-1]
            outer.entries = before.entries | outer.entries  # the older one counts
            outer.lists = before.lists | outer.lists

    def undo(self) -> Changes:
        """The branch ends, and everything is as before. Returns what it did."""
        before = self._before.pop()
        after = Changes()
        for key, (table, name, old) in before.entries.items():
            after.entries[key] = (table, name, table.get(name, _MISSING))
            if old is _MISSING:
                table.pop(name, None)
            else:
                assert isinstance(old, Value)
                table[name] = old
        for number, (content, old_items) in before.lists.items():
            after.lists[number] = (content, list(content))
            content[:] = old_items
        return after

    def merge(self, branches: Sequence[Changes], reason: Source) -> None:
        """Make true what one of the branches did, without knowing which."""
        keys = dict.fromkeys(key for branch in branches for key in branch.entries)
        for key in keys:
            table, name, _ = next(branch.entries[key] for branch in branches if key in branch.entries)
            before = table.get(name, _MISSING)
            after = [branch.entries[key][2] if key in branch.entries else before for branch in branches]
            values = [value for value in after if isinstance(value, Value)]
            if values:
                self.write(table, name, join(values, reason, always=len(values) == len(after)))
            else:
                self.remove(table, name)
        for number in dict.fromkeys(number for branch in branches for number in branch.lists):
            content = next(branch.lists[number][0] for branch in branches if number in branch.lists)
            now = [
                branch.lists[number][1] if number in branch.lists else list(content) for branch in branches
            ]
            self.touch(content)
            content[:] = _union(now)

    def merge_loop(self, changes: Changes, reason: Source) -> None:
        """Make true what a loop did that ran unknown times, of which `changes` are one round's."""
        for table, name, after in changes.entries.values():
            before = table.get(name, _MISSING)
            if isinstance(table, Table):
                table.open = True
            if not isinstance(after, Value):
                self.remove(table, name)
            elif before is _MISSING:
                self.write(table, name, after.doubted())
            elif isinstance(before, Value):
                counted = _is_number(before) and _is_number(after) and before.content != after.content
                self.write(table, name, NOTHING if counted else join([before, after], reason, always=True))
        for content, after_items in changes.lists.values():
            self.touch(content)
            content[:] = _union([after_items, list(content)])
            content.open = True

    def _remember(self, table: dict[Any, Value], key: object) -> None:
        if self._before:
            entries = self._before[-1].entries
            if (id(table), key) not in entries:
                entries[(id(table), key)] = (table, key, table.get(key, _MISSING))


def join(values: Sequence[Value], reason: Source, *, always: bool) -> Value:
    """One value for several that are possible: the larger one, not sure, where there is a larger one.

    Args:
        values: the possible values, at least one.
        reason: why it is not known which.
        always: whether one of these it is; else it may be none at all.
    """
    first = values[0]
    if all(_same(first, other) for other in values[1:]):
        merged = first.because(*values[1:])
        return merged if always else merged.doubted()
    something = [
        value for value in values if value.content is not None and not _unchanged_universe(value.content)
    ]
    if len(something) < len(values):
        joined = join(something, reason, always=always) if something else first
        return joined.doubted(reason)
    contents = [value.content for value in values]
    if any(isinstance(content, Unknown) or is_open(content) for content in contents):
        return NOTHING
    if all(_is_number(value) for value in values):
        return _larger(values, lambda value: value.content, reason)
    if all(isinstance(content, Items) for content in contents):
        lists = [list(content) for content in contents if isinstance(content, Items)]
        made = items(_union(lists), distinct=all(getattr(content, "distinct", False) for content in contents))
        return derived(made, *values).doubted(reason)
    if all(isinstance(content, Table) for content in contents):
        return derived(_all_entries(contents, reason), *values).doubted(reason)
    if all(isinstance(content, Bounded) for content in contents):
        return _larger(values, lambda value: _most(value.content), reason)
    if all(isinstance(content, Choice) for content in contents):
        options = [one for content in contents if isinstance(content, Choice) for one in content.options]
        return derived(Choice(tuple(dict.fromkeys(options))), *values)
    if all(isinstance(content, Span) for content in contents):
        spans = [content for content in contents if isinstance(content, Span)]
        hull = Span(min(one.low for one in spans), max(one.high for one in spans))
        return derived(hull, *values).doubted(reason)
    resolutions = [_resolution(content) for content in contents]
    if all(one is not None for one in resolutions):
        return values[resolutions.index(min(one for one in resolutions if one is not None))].doubted(reason)
    kinds = (Security, Chain, Instance, Function, Class, Universe)
    if all(isinstance(content, kinds) and type(content) is type(contents[0]) for content in contents):
        return values[-1].doubted(reason)
    return NOTHING


def _union(lists: Sequence[list[Value]]) -> list[Value]:
    """The longest list, and what only the others have."""
    found = list(sorted(lists, key=len)[-1])
    keys = {_identity(one) for one in found}
    for value in (one for values in lists for one in values):
        if _identity(value) not in keys:
            keys.add(_identity(value))
            found.append(value)
    return found


def _identity(value: Value) -> object:
    content = value.content
    return (type(content), content) if isinstance(content, str | int | float) else id(content)


def _all_entries(tables: Sequence[object], reason: Source) -> Table:
    found = Table()
    for table in tables:
        for key, value in table.items() if isinstance(table, Table) else ():
            found[key] = join([found[key], value], reason, always=True) if key in found else value
    return found


def _larger(values: Sequence[Value], size: Any, reason: Source) -> Value:
    return max(values, key=size).because(*values).doubted(reason)


def _same(one: Value, other: Value) -> bool:
    a, b = one.content, other.content
    if a is b:
        return True
    scalar = str | int | float | None | Opaque | Span
    return isinstance(a, scalar) and type(a) is type(b) and a == b


def _is_number(value: Value) -> bool:
    return isinstance(value.content, int | float) and not isinstance(value.content, bool)


def _most(content: object) -> float:
    if isinstance(content, Bounded) and isinstance(content.most.content, int | float):
        return content.most.content
    return float("inf")


def _resolution(content: object) -> int | None:
    if isinstance(content, Opaque) and content.path.lower().startswith("resolution."):
        name = content.path.rsplit(".", 1)[-1].lower()
        return _FINEST_FIRST.index(name) if name in _FINEST_FIRST else None
    return None


def _unchanged_universe(content: object) -> bool:
    """A universe's selector gives this where it selects nothing anew."""
    return isinstance(content, Opaque) and content.path.lower().endswith("universe.unchanged")
