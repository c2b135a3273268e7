"""What assigning to a name, an attribute, an item or several of them changes."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from utils.nodes.analysis.classes import Classes
from utils.nodes.analysis.lean import Names
from utils.nodes.analysis.modules import Module
from utils.nodes.analysis.operations import (
    key_of,
)
from utils.nodes.analysis.values import (
    NOTHING,
    Class,
    Instance,
    Items,
    Opaque,
    Table,
    Unknown,
    Value,
    derived,
    items,
)


class Assignments(Classes):
    """Assigns, so that it can be undone."""

    def _assign(self, target: ast.expr, value: Value, module: Module, names: Names) -> None:
        match target:
            case ast.Name():
                self._set_name(target.id, value, module, names)
            case ast.Attribute():
                owner = self.evaluate(target.value, module, names).content
                if isinstance(owner, Instance):
                    self.journal.write(owner.attributes, target.attr, value)
                elif isinstance(owner, Class):
                    self.attributes_of(owner)
                    assert owner.attributes is not None
                    self.journal.write(owner.attributes, target.attr, value)
                elif isinstance(owner, Opaque):
                    self._lean.assign(f"{owner.path}.{target.attr}", value, module.source(target))
            case ast.Subscript():
                self._assign_item(target, value, module, names)
            case ast.Tuple() | ast.List():
                self._unpack(target.elts, value, module, names)
            case ast.Starred():
                self._assign(target.value, NOTHING, module, names)
            case _:
                pass

    def _set_name(self, name: str, value: Value, module: Module, names: Names) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and names is frame.names:
            if name in frame.globals:
                self.journal.write(module.names, name, value)
            if name in frame.outer:
                self.journal.write(frame.around, name, value)
        self.journal.write(names, name, value)

    def _unpack(self, targets: Sequence[ast.expr], value: Value, module: Module, names: Names) -> None:
        parts = self._items(value)
        starred = next((i for i, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
        if parts is not None and starred is not None and len(parts) >= len(targets) - 1:
            after = len(targets) - 1 - starred
            end = len(parts) - after
            parts = [*parts[:starred], derived(items(parts[starred:end]), value), *parts[end:]]
        exact = parts is not None and len(parts) == len(targets)
        for index, element in enumerate(targets):
            inner = element.value if isinstance(element, ast.Starred) else element
            self._assign(inner, parts[index] if parts and exact else Value(Unknown()), module, names)

    def _assign_item(self, target: ast.Subscript, value: Value, module: Module, names: Names) -> None:
        owner = self.evaluate(target.value, module, names).content
        index = self._slice(target.slice, module, names)
        if isinstance(owner, Table):
            key = key_of(index)
            if key is None:
                owner.open = True
            else:
                self.journal.write(owner, key, value)
        elif isinstance(owner, Items):
            self.journal.touch(owner)
            at = index.content
            if isinstance(at, int) and -len(owner) <= at < len(owner):
                owner[at] = value
            else:
                owner.open = True

    def _slice(self, node: ast.expr, module: Module, names: Names) -> Value:
        if not isinstance(node, ast.Slice):
            return self.evaluate(node, module, names)
        ends = [
            self.evaluate(end, module, names) if end else Value(None)
            for end in (node.lower, node.upper, node.step)
        ]
        return Value(slice(*ends))
