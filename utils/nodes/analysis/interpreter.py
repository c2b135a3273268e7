"""Follows the statements of an algorithm without running it.

Both branches of an unknown condition are followed; a loop over something unknown is followed once. Whatever
goes beyond `DEPTH` calls is unknown; `STEPS` end it all.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from utils.nodes.analysis.expressions import Expressions, decorated, truth
from utils.nodes.analysis.lean import Lean, Names
from utils.nodes.analysis.modules import Module, Modules, imported_from
from utils.nodes.analysis.operations import binary
from utils.nodes.analysis.values import NOTHING, Class, Function, Instance, Opaque, Value

DEPTH = 40


class _Returned(Exception):  # noqa: N818 - control flow
    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class _Raised(_Returned):
    pass


class _LoopLeft(Exception):  # noqa: N818 - control flow
    pass


class Interpreter(Expressions):
    """Runs functions of the sources on Values."""

    def __init__(self, modules: Modules, lean: Lean) -> None:
        super().__init__(modules, lean)
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
        if function.owner is not None:
            # As Python's own cell, for super().
            names["__class__"] = Value(function.owner)
            names["__self__"] = function.bound or NOTHING
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

    def construct(self, definition: Class, args: Sequence[Value], named: Names) -> Value:
        """What calling a class makes: by its `__init__`, or by its fields in their order."""
        if (start := self.method(Value(Instance(definition)), "__init__")) is None:
            fields = [
                node.target.id
                for one in reversed(self.lineage(definition))
                for node in one.node.body
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
            ]
            return self.instantiate(definition, dict(zip(dict.fromkeys(fields), args, strict=False)) | named)
        made = self.instantiate(definition, {})
        self.call(replace(start, bound=made), args, named)
        return made

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

    def method(self, instance: Value, name: str, above: Class | None = None) -> Function | None:
        """A method of an object's class, or of a class, bound to it; with `above`, of that class's bases."""
        content = instance.content
        definition = content.definition if isinstance(content, Instance) else content
        if not isinstance(definition, Class):
            return None
        lineage = self.lineage(definition)
        if above in lineage:
            lineage = lineage[lineage.index(above) + 1 :]
        for one in lineage:
            for node in one.node.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                    free = decorated(node, "staticmethod") or (
                        isinstance(content, Class) and not decorated(node, "classmethod")
                    )
                    bound = None if free else instance
                    return Function(node, one.module, bound, self.names_of(one.module), one)
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
                self._import(node, module, names)
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
                raise _Raised(NOTHING)
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
        elif truth(test.content):
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
        items = self._items(self.evaluate(node.iter, module, names))
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
            while unknown or truth(test.content):
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
        left: _Returned | _LoopLeft | None = None
        try:
            self._block(node.body, module, names)
            self._block(node.orelse, module, names)
        except _Raised:
            pass  # to one of the handlers
        except (_Returned, _LoopLeft) as end:
            left = end
        self._branches([handler.body for handler in node.handlers], module, names)
        self._block(node.finalbody, module, names)
        if left is not None:
            raise left

    def _import(self, node: ast.Import | ast.ImportFrom, importer: Module, names: Names) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                path = alias.name if alias.asname else alias.name.split(".")[0]
                names[alias.asname or path] = Value(Opaque(path))
                continue
            origin = imported_from(node, importer)
            module = self._modules.find(origin)
            if alias.name == "*":
                if module is not None:
                    names |= {k: v for k, v in self.names_of(module).items() if not k.startswith("_")}
                continue
            known = self.names_of(module).get(alias.name) if module is not None else None
            names[alias.asname or alias.name] = known or Value(Opaque(f"{origin}.{alias.name}".lstrip(".")))

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
