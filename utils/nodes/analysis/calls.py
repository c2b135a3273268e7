"""Names, attributes, and what calling them gives."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from utils.nodes.analysis.assignments import Assignments
from utils.nodes.analysis.builtin_functions import call_builtin, is_builtin
from utils.nodes.analysis.classes import decorated
from utils.nodes.analysis.container_methods import attribute_of_content, call_method
from utils.nodes.analysis.lean import Names
from utils.nodes.analysis.modules import Module
from utils.nodes.analysis.operations import (
    formatted,
)
from utils.nodes.analysis.state import rounds_of
from utils.nodes.analysis.values import (
    NOTHING,
    Class,
    Function,
    Instance,
    Opaque,
    Security,
    Super,
    Table,
    Unknown,
    Value,
    items,
)
from utils.nodes.requirements import Source


class Calls(Assignments):
    """Looks up attributes and applies functions."""

    def _name(self, name: str, module: Module, names: Names) -> Value:
        if name in names:
            return names[name]
        return module.names[name] if name in module.names else Value(Opaque(name))

    def _attribute(self, owner: Value, name: str) -> Value:
        content = owner.content
        if isinstance(content, Instance):
            return self._instance_attribute(owner, content, name)
        if isinstance(content, Super):
            method = self.method(content.instance, name, content.above)
            return self._method_or(method, f"self.{name}")
        if isinstance(content, Class):
            return self._class_attribute(owner, content, name)
        if isinstance(content, Security) and name.lower() == "symbol":
            return owner
        if isinstance(content, Opaque):
            module = self._modules.find(content.path)
            if module is not None and name in self.names_of(module):
                return module.names[name]
            if module is not None or self._modules.is_package(content.path):
                inner = f"{content.path}.{name}"
                if self._modules.find(inner) is not None or self._modules.is_package(inner):
                    return Value(Opaque(inner))
            return Value(Opaque(f"{content.path}.{name}"), owner.sources)
        found = attribute_of_content(owner, name)
        return found if found is not None else Value(Opaque(f".{name}"), owner.sources)

    def _instance_attribute(self, owner: Value, content: Instance, name: str) -> Value:
        if name in content.attributes:
            value = content.attributes[name]
            if content.path is not None:
                self._lean.read(content, name, value)
            return value if owner.sure else value.doubted(*owner.sources[:1])
        method = self.method(owner, name)
        if method is None and content.definition is not None:
            shared = self.attributes_of(content.definition)
            if name in shared:
                return shared[name]
        if method is None and not self.is_algorithm(content):
            of = content.definition.node.name if content.definition else "object"
            return Value(Opaque(f"{of}().{name}"))
        return self._method_or(method, f"self.{name}")

    def _method_or(self, method: Function | None, path: str) -> Value:
        """A method, a property's value, or LEAN's own of that name."""
        if method is None:
            return Value(Opaque(path))
        is_property = decorated(method.node, "property") or decorated(method.node, "cached_property")
        return self.call(method, []) if is_property else Value(method)

    def _class_attribute(self, owner: Value, definition: Class, name: str) -> Value:
        if method := self.method(owner, name):
            return Value(method)
        shared = self.attributes_of(definition)
        return shared[name] if name in shared else Value(Opaque(f"{definition.node.name}.{name}"))

    def _call(self, node: ast.Call, module: Module, names: Names) -> Value:
        if isinstance(node.func, ast.Attribute):
            owner = self.evaluate(node.func.value, module, names)
            if isinstance(owner.content, Instance | Super | Class | Opaque):
                function = self._attribute(owner, node.func.attr)
            else:
                function = Value(Opaque(f".{node.func.attr}"))
        else:
            owner, function = NOTHING, self.evaluate(node.func, module, names)
        args, named, rest = self._arguments(node, module, names)
        if isinstance(function.content, Opaque) and is_builtin(function.content.path):
            owner = NOTHING
        return self._charged(self._apply(function, owner, args, named, rest, module.source(node)))

    def _arguments(
        self, node: ast.Call, module: Module, names: Names
    ) -> tuple[list[Value], Names, Value | None]:
        """Arguments by position and by name, and what is spread into them of unknown content."""
        args: list[Value] = []
        named: Names = {}
        rest: Value | None = None
        for arg in node.args:
            value = self.evaluate(arg, module, names)
            if not isinstance(arg, ast.Starred):
                args.append(value)
            elif (spread := self._items(value)) is not None:
                args += spread
            else:
                rest = value
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, module, names)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value.content, Table) and not value.content.open:
                named |= {
                    key: one.because(value) for key, one in value.content.items() if isinstance(key, str)
                }
            else:
                rest = value
        return args, named, rest

    def _apply(
        self,
        function: Value,
        owner: Value,
        args: Sequence[Value],
        named: Names,
        rest: Value | None,
        place: Source,
    ) -> Value:
        match function.content:
            case Function() as callee:
                return self._called(callee, args, named, rest)
            case Class() as definition:
                return self.construct(definition, args, named, rest)
            case Opaque(path="getattr") if len(args) >= 2 and isinstance(args[1].content, str):
                return self._attribute(args[0], args[1].content)
            case Opaque(path="setattr") if len(args) == 3 and isinstance(args[1].content, str):
                if isinstance(args[0].content, Instance):
                    self.journal.write(args[0].content.attributes, args[1].content, args[2])
                return Value(None)
            case Opaque(path="map") if len(args) == 2 and self._items(args[1]) is None:
                with self._repeated(rounds_of(args[1])):
                    self._apply(args[0], NOTHING, [Value(Unknown())], {}, None, place)
                return NOTHING
            case Opaque(path=path) if is_builtin(path):
                if path != "len":
                    self._charge(*args)

                def apply(of: Value, to: Sequence[Value]) -> Value:
                    return self._apply(of, NOTHING, to, {}, None, place)

                return call_builtin(path, args, named, apply)
            case Opaque(path=path):
                return self._outside(path, owner, args, named, place)
            case _:
                return NOTHING

    def _called(self, callee: Function, args: Sequence[Value], named: Names, rest: Value | None) -> Value:
        """A function's result; with `rest`, those of its parameters that are not given are unknown."""
        if rest is None:
            return self.call(callee, args, named)
        parameters = callee.node.args
        wanted = [*parameters.posonlyargs, *parameters.args]
        given = len(args) + (callee.bound is not None)
        missing = {one.arg: Value(Unknown()) for one in (*wanted[given:], *parameters.kwonlyargs)}
        return self.call(callee, args, missing | named)

    def _outside(self, path: str, owner: Value, args: Sequence[Value], named: Names, place: Source) -> Value:
        """The result of something that is not in the sources."""
        result = self._lean.call(owner, path, args, named, place)
        if result is None and path.startswith("."):
            if path == ".format" and isinstance(owner.content, str):
                result = self._format(owner, args, named)
            else:
                result = call_method(self.journal, owner, path[1:], args)
        if result is not None:
            return result
        return Value(Opaque(f"{path}()"))

    def _format(self, owner: Value, args: Sequence[Value], named: Names) -> Value | None:
        if not named:
            return call_method(self.journal, owner, "format", args)
        return formatted(owner, Value(items())) if not args and not named else NOTHING
