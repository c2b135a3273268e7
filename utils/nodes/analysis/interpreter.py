"""Follows the statements of an algorithm without running it.

Both branches of an unknown condition are followed; a loop over something unknown is followed once. Whatever
goes beyond `STEPS` or `DEPTH` is left out and said so (`stopped`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Protocol

from utils.nodes.analysis.modules import Module, Modules
from utils.nodes.analysis.operations import (
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
    Value,
)
from utils.nodes.requirements import Source

STEPS = 200_000
DEPTH = 40

Names = dict[str, Value]


class OutOfStepsError(Exception):
    """The code does more than the interpreter follows."""


class _Returned(Exception):  # noqa: N818 - control flow
    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class _LoopLeft(Exception):  # noqa: N818 - control flow
    pass


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

    def read(self, path: str, value: Value) -> None:
        """A leaf of the settings was read."""
        ...


class Interpreter:
    """Runs functions of the sources on Values."""

    def __init__(self, modules: Modules, lean: Lean) -> None:
        self._modules = modules
        self._lean = lean
        self._steps = 0
        self._depth = 0
        self._running: set[int] = set()
        self.uncertain = 0
        """How many unknown loops surround what is followed now."""
        self.conditional = 0
        """How many unknown conditions do."""
        self.followed: set[int] = set()
        """Identities of the functions' nodes that were followed."""

    def names_of(self, module: Module) -> Names:
        """What a module's top level defines."""
        if not module.started:
            module.started = True
            self._block(module.tree.body, module, module.names)
        return module.names

    def call(self, function: Function, args: Sequence[Value], named: Names | None = None) -> Value:
        """What a function returns; unknown when it calls itself or goes too deep."""
        made = self._lean.construct(function, args, named or {})
        if made is not None:
            return made
        key = id(function.node)
        if key in self._running or self._depth >= DEPTH:
            return NOTHING
        names = dict(function.around)
        self._bind(function, args, named or {}, names)
        self._running.add(key)
        self.followed.add(key)
        self._depth += 1
        try:
            if isinstance(function.node, ast.Lambda):
                return self.evaluate(function.node.body, function.module, names)
            self._block(function.node.body, function.module, names)
        except _Returned as returned:
            return returned.value
        finally:
            self._running.discard(key)
            self._depth -= 1
        return Value(None)

    def instantiate(self, definition: Class, named: Names) -> Value:
        """An object of a class: fields with their defaults, `named` in their place."""
        instance = Instance(definition, {})
        for base in reversed(self.lineage(definition)):
            self.class_attributes(base, instance)
        instance.attributes |= named
        return Value(instance)

    def class_attributes(self, definition: Class, instance: Instance) -> None:
        """Give an object what its class's body assigns."""
        for statement in definition.node.body:
            self._field(statement, definition, instance)

    def method_names(self, definition: Class) -> list[str]:
        """Names of all methods of a class and its bases."""
        return [
            node.name
            for one in self.lineage(definition)
            for node in one.node.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]

    def lineage(self, definition: Class) -> list[Class]:
        """The class and its bases in the sources, nearest first."""
        found = [definition]
        for base in definition.node.bases:
            value = self.evaluate(base, definition.module, self.names_of(definition.module))
            if isinstance(value.content, Class) and value.content not in found and len(found) < DEPTH:
                found += [one for one in self.lineage(value.content) if one not in found]
        return found

    def method(self, instance: Value, name: str) -> Function | None:
        """A method of an object's class, bound to it."""
        content = instance.content
        if not isinstance(content, Instance) or content.definition is None:
            return None
        for one in self.lineage(content.definition):
            for node in one.node.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                    static = any(
                        isinstance(mark, ast.Name) and mark.id == "staticmethod"
                        for mark in node.decorator_list
                    )
                    return Function(node, one.module, None if static else instance, self.names_of(one.module))
        return None

    # -- statements

    def _block(self, body: Sequence[ast.stmt], module: Module, names: Names) -> None:
        for statement in body:
            self._statement(statement, module, names)

    def _statement(self, node: ast.stmt, module: Module, names: Names) -> None:
        self._step()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names[node.name] = Value(Function(node, module, None, names))
            case ast.ClassDef():
                names[node.name] = Value(Class(node, module))
            case ast.Import() | ast.ImportFrom():
                self._import(node, names)
            case ast.Assign():
                value = self._placed(self.evaluate(node.value, module, names), node, module)
                for target in node.targets:
                    self._assign(target, value, module, names)
            case ast.AnnAssign(value=ast.expr() as expression):
                value = self._placed(self.evaluate(expression, module, names), node, module)
                self._assign(node.target, value, module, names)
            case ast.AugAssign():
                before = self.evaluate(_as_load(node.target), module, names)
                value = binary(node.op, before, self.evaluate(node.value, module, names))
                self._assign(node.target, value, module, names)
            case ast.Expr():
                self.evaluate(node.value, module, names)
            case ast.Return():
                raise _Returned(self.evaluate(node.value, module, names) if node.value else Value(None))
            case ast.If():
                self._if(node, module, names)
            case ast.For() | ast.AsyncFor():
                self._for(node, module, names)
            case ast.While():
                self._while(node, module, names)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    value = self.evaluate(item.context_expr, module, names)
                    if item.optional_vars:
                        self._assign(item.optional_vars, value, module, names)
                self._block(node.body, module, names)
            case ast.Try() | ast.TryStar():
                self._try(node, module, names)
            case ast.Break() | ast.Continue():
                raise _LoopLeft("break" if isinstance(node, ast.Break) else "continue")
            case ast.Raise():
                raise _Returned(NOTHING)
            case ast.Match():
                self.evaluate(node.subject, module, names)
                self._branches([case.body for case in node.cases], module, names)
            case _:
                pass

    def _if(self, node: ast.If, module: Module, names: Names) -> None:
        test = self.evaluate(node.test, module, names)
        if not test.known:
            self.conditional += 1
            try:
                self._branches([node.body, node.orelse], module, names)
            finally:
                self.conditional -= 1
        elif _truth(test.content):
            self._block(node.body, module, names)
        else:
            self._block(node.orelse, module, names)

    def _branches(self, bodies: Sequence[Sequence[ast.stmt]], module: Module, names: Names) -> None:
        """All of them, as it is not known which; leaving one early does not end the others."""
        for body in bodies:
            try:
                self._block(body, module, names)
            except (_Returned, _LoopLeft):
                continue

    def _for(self, node: ast.For | ast.AsyncFor, module: Module, names: Names) -> None:
        items = items_of(self.evaluate(node.iter, module, names))
        unknown = items is None
        self.uncertain += unknown
        try:
            for item in [NOTHING] if items is None else items:
                self._step()
                self._assign(node.target, item, module, names)
                try:
                    self._block(node.body, module, names)
                except _LoopLeft as left:
                    if left.args == ("break",):
                        break
            self._block(node.orelse, module, names)
        finally:
            self.uncertain -= unknown

    def _while(self, node: ast.While, module: Module, names: Names) -> None:
        test = self.evaluate(node.test, module, names)
        unknown = not test.known
        self.uncertain += unknown
        try:
            while unknown or _truth(test.content):
                self._step()
                try:
                    self._block(node.body, module, names)
                except _LoopLeft as left:
                    if left.args == ("break",):
                        break
                if unknown:
                    break
                test = self.evaluate(node.test, module, names)
                unknown = False
                if not test.known:
                    break
        finally:
            self.uncertain -= unknown

    def _try(self, node: ast.Try | ast.TryStar, module: Module, names: Names) -> None:
        self._branches([node.body, *(handler.body for handler in node.handlers)], module, names)
        self._block(node.orelse, module, names)
        self._block(node.finalbody, module, names)

    def _import(self, node: ast.Import | ast.ImportFrom, names: Names) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                path = alias.name if alias.asname else alias.name.split(".")[0]
                names[alias.asname or path] = Value(Opaque(path))
                continue
            origin = node.module or ""
            module = self._modules.find(origin)
            if alias.name == "*":
                if module is not None:
                    names |= {k: v for k, v in self.names_of(module).items() if not k.startswith("_")}
                continue
            known = self.names_of(module).get(alias.name) if module is not None else None
            names[alias.asname or alias.name] = known or Value(Opaque(f"{origin}.{alias.name}"))

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
                parts = items_of(value)
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

    def _bind(self, function: Function, args: Sequence[Value], named: Names, names: Names) -> None:
        parameters = function.node.args
        wanted = [*parameters.posonlyargs, *parameters.args]
        given = [function.bound, *args] if function.bound is not None else list(args)
        for index, parameter in enumerate(wanted):
            default = index - (len(wanted) - len(parameters.defaults))
            if index < len(given):
                names[parameter.arg] = given[index]
            elif parameter.arg in named:
                names[parameter.arg] = named[parameter.arg]
            elif default >= 0:
                names[parameter.arg] = self.evaluate(parameters.defaults[default], function.module, names)
            else:
                names[parameter.arg] = NOTHING
        for parameter, expression in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
            fallback = self.evaluate(expression, function.module, names) if expression else NOTHING
            names[parameter.arg] = named.get(parameter.arg, fallback)
        if parameters.vararg:
            names[parameters.vararg.arg] = Value(list(given[len(wanted) :]))
        if parameters.kwarg:
            names[parameters.kwarg.arg] = NOTHING

    def _field(self, statement: ast.stmt, base: Class, instance: Instance) -> None:
        """A default of a dataclass's or pydantic model's field, or a class attribute."""
        names = self.names_of(base.module)
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                content = self._field_default(value, base, names)
                instance.attributes[name] = self._placed(content, statement, base.module)
            case ast.Assign(targets=[ast.Name(id=name)]):
                content = self.evaluate(statement.value, base.module, names)
                instance.attributes[name] = self._placed(content, statement, base.module)
            case _:
                pass

    def _field_default(self, value: ast.expr, base: Class, names: Names) -> Value:
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id in {"Field", "field"}
        ):
            for keyword in value.keywords:
                if keyword.arg == "default":
                    return self.evaluate(keyword.value, base.module, names)
                if keyword.arg == "default_factory":
                    made = self.evaluate(keyword.value, base.module, names)
                    return self._apply(made, [], {}, value, base.module)
            return self.evaluate(value.args[0], base.module, names) if value.args else NOTHING
        return self.evaluate(value, base.module, names)

    # -- expressions

    def evaluate(self, node: ast.expr, module: Module, names: Names) -> Value:
        """The value of an expression."""
        self._step()
        match node:
            case ast.Constant():
                return Value(node.value)
            case ast.Name():
                return self._name(node.id, module, names)
            case ast.Attribute():
                return self._attribute(self.evaluate(node.value, module, names), node.attr)
            case ast.Call():
                return self._call(node, module, names)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._sequence(node, module, names)
            case ast.Dict():
                return self._dict(node, module, names)
            case ast.BinOp():
                left, right = (self.evaluate(side, module, names) for side in (node.left, node.right))
                return binary(node.op, left, right)
            case ast.UnaryOp():
                return unary(node.op, self.evaluate(node.operand, module, names))
            case ast.BoolOp():
                return self._bool(node, module, names)
            case ast.Compare():
                values = [self.evaluate(side, module, names) for side in (node.left, *node.comparators)]
                return compare(node.ops, values)
            case ast.IfExp():
                test = self.evaluate(node.test, module, names)
                if not test.known:
                    return NOTHING
                return self.evaluate(node.body if _truth(test.content) else node.orelse, module, names)
            case ast.Subscript():
                owner = self.evaluate(node.value, module, names)
                return subscript(owner, self._slice(node.slice, module, names))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._comprehension(node.elt, node.generators, module, names)
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
            method = self.method(owner, name)
            return Value(method) if method else Value(Opaque(f"self.{name}"))
        if isinstance(content, Opaque):
            module = self._modules.find(content.path)
            if module is not None and name in self.names_of(module):
                return module.names[name]
            return Value(Opaque(f"{content.path}.{name}"), owner.sources)
        return attribute_of_constant(owner, name)

    def _call(self, node: ast.Call, module: Module, names: Names) -> Value:
        if isinstance(node.func, ast.Attribute):
            owner = self.evaluate(node.func.value, module, names)
            function = self._attribute(owner, node.func.attr)
        else:
            owner, function = NOTHING, self.evaluate(node.func, module, names)
        args: list[Value] = []
        for arg in node.args:
            value = self.evaluate(arg, module, names)
            spread = items_of(value) if isinstance(arg, ast.Starred) else None
            args += spread if spread is not None else [value]
        named = {one.arg: self.evaluate(one.value, module, names) for one in node.keywords if one.arg}
        if isinstance(node.func, ast.Attribute) and not isinstance(function.content, Function | Class):
            result = self._lean.call(owner, _path(function, node.func.attr), args, named, module.source(node))
            if result is not None:
                return result
        return self._apply(function, args, named, node, module)

    def _apply(
        self, function: Value, args: Sequence[Value], named: Names, node: ast.Call, module: Module
    ) -> Value:
        match function.content:
            case Function() as callee:
                return self.call(callee, args, named)
            case Class() as definition:
                return self.instantiate(definition, named)
            case Opaque(path=path) if is_builtin(path):
                return call_builtin(path, args, named, self._applied)
            case Opaque(path=path):
                result = self._lean.call(NOTHING, path, args, named, module.source(node))
                return result if result is not None else Value(Opaque(f"{path}()"))
            case _:
                return NOTHING

    def _applied(self, function: Value, args: Sequence[Value]) -> Value:
        return self.call(function.content, args) if isinstance(function.content, Function) else NOTHING

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, module: Module, names: Names) -> Value:
        content: list[Value] = []
        for element in node.elts:
            value = self.evaluate(element, module, names)
            if not isinstance(element, ast.Starred):
                content.append(value)
            elif (spread := items_of(value)) is not None:
                content += spread
            else:
                return NOTHING
        return Value(content)

    def _dict(self, node: ast.Dict, module: Module, names: Names) -> Value:
        content: dict[object, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            evaluated = self.evaluate(value, module, names)
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
            elif _truth(value.content) is ends_with:
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
            items = items_of(source)
            if items is None:
                known = False
                items = [NOTHING]
            for item in items:
                self._step()
                self._assign(generators[depth].target, item, module, inner)
                tests = [self.evaluate(test, module, inner) for test in generators[depth].ifs]
                known = known and all(test.known for test in tests)
                if all(not test.known or _truth(test.content) for test in tests):
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

    def _step(self) -> None:
        self._steps += 1
        if self._steps > STEPS:
            raise OutOfStepsError


def _path(function: Value, name: str) -> str:
    return function.content.path if isinstance(function.content, Opaque) else f".{name}"


def _truth(content: object) -> bool:
    return True if isinstance(content, Instance | Class | Function | Chain) else bool(content)


def _as_load(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name():
            return ast.Name(target.id, ast.Load())
        case ast.Attribute():
            return ast.Attribute(target.value, target.attr, ast.Load())
        case ast.Subscript():
            return ast.Subscript(target.value, target.slice, ast.Load())
        case _:
            return target
