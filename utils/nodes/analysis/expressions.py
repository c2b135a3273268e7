"""What expressions of the sources are worth, without running them."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from utils.nodes.analysis.lean import Lean, Names
from utils.nodes.analysis.modules import Module, Modules
from utils.nodes.analysis.operations import (
    LARGEST,
    LONGEST,
    attribute_of_constant,
    binary,
    call_builtin,
    compare,
    is_builtin,
    items_of,
    subscript,
    unary,
)
from utils.nodes.analysis.values import (
    NOTHING,
    UNKNOWN,
    Bounded,
    Chain,
    Class,
    Function,
    Instance,
    Opaque,
    Super,
    Value,
)

STEPS = 200_000
ITEMS_A_STEP = 5


class OutOfStepsError(Exception):
    """The code does more than is followed."""


class Expressions(ABC):
    """Evaluates expressions; what runs statements comes with the interpreter."""

    def __init__(self, modules: Modules, lean: Lean) -> None:
        self._modules = modules
        self._lean = lean
        self._steps = 0

    @abstractmethod
    def names_of(self, module: Module) -> Names:
        """What a module's top level defines."""

    @abstractmethod
    def call(self, function: Function, args: Sequence[Value], named: Names | None = None) -> Value:
        """What a function returns."""

    @abstractmethod
    def instantiate(self, definition: Class, named: Names) -> Value:
        """An object of a class: fields with their defaults, `named` in their place."""

    @abstractmethod
    def construct(self, definition: Class, args: Sequence[Value], named: Names) -> Value:
        """What calling a class makes."""

    @abstractmethod
    def method(self, instance: Value, name: str, above: Class | None = None) -> Function | None:
        """A method of an object's class, bound to it; with `above`, of that class's bases."""

    def evaluate(self, node: ast.expr, module: Module, names: Names) -> Value:
        """The value of an expression."""
        self._step()
        match node:
            case ast.Constant():
                return _constant(node.value)
            case ast.Name():
                return self._name(node.id, module, names)
            case ast.Attribute():
                return self._attribute(self.evaluate(node.value, module, names), node.attr)
            case ast.Call():
                if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
                    return _super(names)
                return self._call(node, module, names)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._sequence(node, module, names)
            case ast.Dict():
                return self._dict(node, module, names)
            case ast.BinOp():
                left, right = (self.evaluate(side, module, names) for side in (node.left, node.right))
                return self._charged(binary(node.op, left, right))
            case ast.UnaryOp():
                return unary(node.op, self.evaluate(node.operand, module, names))
            case ast.BoolOp():
                return self._bool(node, module, names)
            case ast.Compare():
                values = [self.evaluate(side, module, names) for side in (node.left, *node.comparators)]
                self._charge(*values[1:])
                return compare(node.ops, values)
            case ast.IfExp():
                test = self.evaluate(node.test, module, names)
                if not test.known:
                    return NOTHING
                return self.evaluate(node.body if truth(test.content) else node.orelse, module, names)
            case ast.Subscript():
                owner = self.evaluate(node.value, module, names)
                return self._charged(subscript(owner, self._slice(node.slice, module, names)))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._comprehension(node.elt, node.generators, module, names)
            case ast.DictComp():
                pair = ast.Tuple([node.key, node.value], ast.Load())
                return _dict_of(self._comprehension(pair, node.generators, module, names))
            case ast.Lambda():
                return Value(Function(node, module, None, dict(names)))
            case ast.JoinedStr():
                return self._text(node, module, names)
            case ast.NamedExpr():
                value = self.evaluate(node.value, module, names)
                self._assign(node.target, value, module, names)
                return value
            case ast.Starred() | ast.Await():
                return self.evaluate(node.value, module, names)
            case _:
                return NOTHING

    def _name(self, name: str, module: Module, names: Names) -> Value:
        if name in names:
            return names[name]
        return module.names[name] if name in module.names else Value(Opaque(name))

    def _attribute(self, owner: Value, name: str) -> Value:
        content = owner.content
        if isinstance(content, Instance):
            if name in content.attributes:
                value = content.attributes[name]
                if content.path is not None:
                    self._lean.read(f"{content.path}.{name}".lstrip("."), value)
                return value
            return self._method_or(self.method(owner, name), f"self.{name}")
        if isinstance(content, Super):
            method = self.method(content.instance, name, content.above)
            return self._method_or(method, f"self.{name}")
        if isinstance(content, Class):
            return self._class_attribute(owner, content, name)
        if isinstance(content, Opaque):
            module = self._modules.find(content.path)
            if module is not None and name in self.names_of(module):
                return module.names[name]
            return Value(Opaque(f"{content.path}.{name}"), owner.sources)
        return attribute_of_constant(owner, name)

    def _method_or(self, method: Function | None, path: str) -> Value:
        """A method, a property's value, or LEAN's own of that name."""
        if method is None:
            return Value(Opaque(path))
        is_property = decorated(method.node, "property") or decorated(method.node, "cached_property")
        return self.call(method, []) if is_property else Value(method)

    def _class_attribute(self, owner: Value, definition: Class, name: str) -> Value:
        if method := self.method(owner, name):
            return Value(method)
        made = self.instantiate(definition, {}).content
        assert isinstance(made, Instance)
        return made.attributes.get(name, Value(Opaque(f"{definition.node.name}.{name}")))

    def _call(self, node: ast.Call, module: Module, names: Names) -> Value:
        if isinstance(node.func, ast.Attribute):
            owner = self.evaluate(node.func.value, module, names)
            function = self._attribute(owner, node.func.attr)
        else:
            owner, function = NOTHING, self.evaluate(node.func, module, names)
        args: list[Value] = []
        for arg in node.args:
            value = self.evaluate(arg, module, names)
            spread = self._items(value) if isinstance(arg, ast.Starred) else None
            args += spread if spread is not None else [value]
        named = {one.arg: self.evaluate(one.value, module, names) for one in node.keywords if one.arg}
        if isinstance(node.func, ast.Attribute) and not isinstance(function.content, Function | Class):
            self._charge(owner, *args)
            result = self._lean.call(owner, _path(function, node.func.attr), args, named, module.source(node))
            if result is not None:
                return self._charged(result)
        return self._apply(function, args, named, node, module)

    def _apply(
        self, function: Value, args: Sequence[Value], named: Names, node: ast.Call, module: Module
    ) -> Value:
        match function.content:
            case Function() as callee:
                return self.call(callee, args, named)
            case Class() as definition:
                return self.construct(definition, args, named)
            case Opaque(path=path) if is_builtin(path):
                if path != "len":
                    self._charge(*args)
                return call_builtin(path, args, named, lambda of, to: self._apply(of, to, {}, node, module))
            case Opaque(path=path):
                result = self._lean.call(NOTHING, path, args, named, module.source(node))
                return result if result is not None else Value(Opaque(f"{path}()"))
            case _:
                return NOTHING

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, module: Module, names: Names) -> Value:
        content: list[Value] = []
        for element in node.elts:
            value = self.evaluate(element, module, names)
            if not isinstance(element, ast.Starred):
                content.append(value)
            elif (spread := self._items(value)) is not None:
                content += spread
            else:
                return NOTHING
        return Value(content)

    def _dict(self, node: ast.Dict, module: Module, names: Names) -> Value:
        content: dict[object, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            evaluated = self.evaluate(value, module, names)
            if key is None and isinstance(evaluated.content, dict):
                content |= evaluated.content
                continue
            name = self.evaluate(key, module, names).content if key else UNKNOWN
            if not isinstance(name, str | int | float):
                return NOTHING
            content[name] = evaluated
        return Value(content)

    def _bool(self, node: ast.BoolOp, module: Module, names: Names) -> Value:
        ends_with = isinstance(node.op, ast.Or)
        value, unknown = NOTHING, False
        for side in node.values:
            value = self.evaluate(side, module, names)
            if not value.known:
                unknown = True
            elif truth(value.content) is ends_with:
                return value if not unknown or ends_with is False else NOTHING
        return NOTHING if unknown else value

    def _slice(self, node: ast.expr, module: Module, names: Names) -> Value:
        if not isinstance(node, ast.Slice):
            return self.evaluate(node, module, names)
        ends = [self.evaluate(end, module, names) if end else Value(None) for end in (node.lower, node.upper)]
        step = self.evaluate(node.step, module, names) if node.step else Value(None)
        return Value((*ends, step)).because(*ends)

    def _comprehension(
        self, element: ast.expr, generators: list[ast.comprehension], module: Module, names: Names
    ) -> Value:
        inner = dict(names)
        found: list[Value] = []
        known = True

        def run(depth: int) -> Iterator[None]:
            nonlocal known
            if depth == len(generators):
                found.append(self.evaluate(element, module, inner))
                yield
                return
            source = self.evaluate(generators[depth].iter, module, inner)
            items = self._items(source)
            if items is None:
                known = False
                items = [NOTHING]
            for item in items:
                self._step()
                self._assign(generators[depth].target, item, module, inner)
                tests = [self.evaluate(test, module, inner) for test in generators[depth].ifs]
                known = known and all(test.known for test in tests)
                if all(not test.known or truth(test.content) for test in tests):
                    yield from run(depth + 1)

        outer = self.evaluate(generators[0].iter, module, names)
        for _ in run(0):
            pass
        if known:
            return Value(found).because(outer)
        return outer if isinstance(outer.content, Bounded) else NOTHING

    def _text(self, node: ast.JoinedStr, module: Module, names: Names) -> Value:
        parts = []
        for part in node.values:
            value = self.evaluate(part.value if isinstance(part, ast.FormattedValue) else part, module, names)
            if not isinstance(value.content, str | int | float):
                return NOTHING
            parts.append(str(value.content))
        return Value("".join(parts))

    def _placed(self, value: Value, node: ast.stmt, module: Module) -> Value:
        """The value with the place of its assignment, unless it has one."""
        if value.sources or not isinstance(value.content, str | int | float | list | dict):
            return value
        return Value(value.content, (module.source(node),))

    def _items(self, value: Value) -> list[Value] | None:
        self._charge(value)
        return items_of(value)

    def _charged(self, value: Value) -> Value:
        self._charge(value)
        return value

    def _charge(self, *values: Value) -> None:
        """Count the work on long sequences as steps."""
        for value in values:
            if isinstance(value.content, list | dict | range | str):
                size = len(value.content) if not isinstance(value.content, range) else LONGEST
                self._step(min(size, LONGEST) // ITEMS_A_STEP)

    def _step(self, count: int = 1) -> None:
        self._steps += count
        if self._steps > STEPS:
            raise OutOfStepsError

    def _assign(self, target: ast.expr, value: Value, module: Module, names: Names) -> None:
        match target:
            case ast.Name():
                names[target.id] = value
            case ast.Attribute():
                owner = self.evaluate(target.value, module, names).content
                if isinstance(owner, Instance):
                    owner.attributes[target.attr] = value
                elif isinstance(owner, Opaque):
                    place = module.source(target)
                    self._lean.call(value, f"{owner.path}.{target.attr}=", [value], {}, place)
            case ast.Subscript():
                self._assign_item(target, value, module, names)
            case ast.Tuple() | ast.List():
                parts = self._items(value)
                exact = parts is not None and len(parts) == len(target.elts)
                for index, element in enumerate(target.elts):
                    self._assign(element, parts[index] if parts and exact else NOTHING, module, names)
            case ast.Starred():
                self._assign(target.value, NOTHING, module, names)
            case _:
                pass

    def _assign_item(self, target: ast.Subscript, value: Value, module: Module, names: Names) -> None:
        owner = self.evaluate(target.value, module, names).content
        key = self.evaluate(target.slice, module, names).content
        if isinstance(owner, dict) and isinstance(key, str | int | float):
            owner[key] = value


def decorated(node: ast.AST, name: str) -> bool:
    """Whether a function has a decorator of this name."""
    marks = getattr(node, "decorator_list", [])
    return any(getattr(mark, "id", getattr(mark, "attr", "")) == name for mark in marks)


def _constant(content: object) -> Value:
    too_large = isinstance(content, int) and abs(content) > LARGEST
    return NOTHING if too_large else Value(content)


def _super(names: Names) -> Value:
    above = names.get("__class__", NOTHING).content
    instance = names.get("__self__", NOTHING)
    if isinstance(above, Class) and instance.known:
        return Value(Super(instance, above))
    return Value(Opaque("super()"))


def _dict_of(pairs: Value) -> Value:
    """A dictionary of a list of pairs; unknown where a key is."""
    if not isinstance(pairs.content, list):
        return NOTHING
    found: dict[object, Value] = {}
    for pair in pairs.content:
        key, value = pair.content
        if not isinstance(key.content, str | int | float):
            return NOTHING
        found[key.content] = value
    return Value(found, pairs.sources)


def _path(function: Value, name: str) -> str:
    return function.content.path if isinstance(function.content, Opaque) else f".{name}"


def truth(content: object) -> bool:
    """Whether a known content counts as true."""
    return True if isinstance(content, Instance | Class | Function | Chain) else bool(content)
