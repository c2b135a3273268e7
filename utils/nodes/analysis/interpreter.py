"""Follows the statements of an algorithm without running it.

Of an unknown condition both branches are followed, each from the same state, and what they did is merged; a
loop of unknown length is followed once. Whatever goes beyond `DEPTH` calls is unknown; `STEPS` end it all.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from utils.nodes.analysis.branches import LeftError, LoopLeftError, RaisedError, ReturnedError
from utils.nodes.analysis.journal import Changes, Journal, join
from utils.nodes.analysis.lean import Lean, Names
from utils.nodes.analysis.loops import Loops
from utils.nodes.analysis.modules import Module, Modules, imported_from
from utils.nodes.analysis.operations import (
    binary,
)
from utils.nodes.analysis.state import Frame
from utils.nodes.analysis.values import (
    NOTHING,
    Class,
    Function,
    Instance,
    Items,
    Opaque,
    Table,
    Unknown,
    Value,
    items,
)
from utils.nodes.requirements import Source

DEPTH = 40
RECURSIONS = 1000
"""Times that a function is followed within itself."""


class Interpreter(Loops):
    """Runs functions of the sources on Values."""

    def __init__(self, modules: Modules, lean: Lean) -> None:
        super().__init__(modules, lean)
        self._running: dict[int, tuple[int, int]] = {}
        self._recursions: dict[int, int] = {}
        self.followed: set[int] = set()
        """Identities of the functions' nodes that were followed."""

    def names_of(self, module: Module) -> Names:
        """What a module's top level defines."""
        if not module.started:
            module.started = True
            # What it defines stays, whatever happens to the branch that imports it.
            frames, self._frames = self._frames, []
            journal, self.journal = self.journal, Journal()
            try:
                self._block(module.tree.body, module, module.names)
            except LeftError:
                pass
            finally:
                self._frames, self.journal = frames, journal
        return module.names

    def call(self, function: Function, args: Sequence[Value], named: Names | None = None) -> Value:
        """What a function returns; unknown when it goes too deep."""
        made = self._lean.construct(function, args, named or {})
        if made is not None:
            return made
        key = id(function.node)
        before = self._running.get(key)
        if not self._may_enter(key, before):
            place = function.module.source(function.node)
            text = (
                f"{getattr(function.node, 'name', 'a lambda')} calls itself, and is not followed to the end"
            )
            self.doubts[Source(text, place.file, place.line)] = None
            return NOTHING
        frame = self._frame(function)
        self._bind(function, args, named or {}, frame.names)
        self._running[key] = (self.conditional, len(self.repeats))
        self.followed.add(key)
        self._frames.append(frame)
        try:
            return self._run(function, frame)
        except RecursionError:
            place = function.module.source(function.node)
            self.doubts[Source("nested too deep to be followed", place.file, place.line)] = None
            return NOTHING
        finally:
            self._frames.pop()
            if before is None:
                del self._running[key]
            else:
                self._running[key] = before

    def _may_enter(self, key: int, before: tuple[int, int] | None) -> bool:
        if len(self._frames) >= DEPTH:
            return False
        if before is None:
            return True
        self._recursions[key] = self._recursions.get(key, 0) + 1
        # What is entered again under a condition that is not known would be entered without end.
        return before == (self.conditional, len(self.repeats)) and self._recursions[key] <= RECURSIONS

    def _frame(self, function: Function) -> Frame:
        names: Names = {}
        if function.around is not function.module.names:
            names.update(function.around)
        if function.owner is not None:
            # As Python's own cell, for super().
            names["__class__"] = Value(function.owner)
            names["__self__"] = function.bound or NOTHING
        frame = Frame(names, around=function.around)
        if not isinstance(function.node, ast.Lambda):
            for node in _own_nodes(function.node):
                if isinstance(node, ast.Global):
                    frame.globals.update(node.names)
                elif isinstance(node, ast.Nonlocal):
                    frame.outer.update(node.names)
                elif isinstance(node, ast.Yield | ast.YieldFrom):
                    frame.yielded = items()
        return frame

    def _run(self, function: Function, frame: Frame) -> Value:
        node = function.node
        if isinstance(node, ast.Lambda):
            return self.evaluate(node.body, function.module, frame.names)
        result = Value(None)
        conditional, rounds = self.conditional, len(self.repeats)
        try:
            self._block(node.body, function.module, frame.names)
        except ReturnedError as returned:
            result = returned.value
        except RaisedError:
            result = NOTHING
        except LoopLeftError:
            pass
        finally:
            self.conditional = conditional
            del self.repeats[rounds:]
        for changes, reason in frame.left:
            self.journal.merge([changes, Changes()], reason)
        if frame.yielded is not None:
            return Value(frame.yielded)
        if frame.returned:
            reason = Source(
                f"what {node.name} returns is not known for sure", function.module.path, node.lineno
            )
            return join([*frame.returned, result], reason, always=True)
        return result

    def _bind(self, function: Function, args: Sequence[Value], named: Names, names: Names) -> None:
        parameters = function.node.args
        positional = [*parameters.posonlyargs, *parameters.args]
        given = [function.bound, *args] if function.bound is not None else list(args)
        for index, parameter in enumerate(positional):
            default = index - (len(positional) - len(parameters.defaults))
            if index < len(given):
                names[parameter.arg] = given[index]
            elif parameter.arg in named:
                names[parameter.arg] = named[parameter.arg]
            elif default >= 0:
                expression = parameters.defaults[default]
                names[parameter.arg] = self.evaluate(expression, function.module, function.around)
            else:
                names[parameter.arg] = Value(Unknown())
        for parameter, value in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
            if parameter.arg in named:
                names[parameter.arg] = named[parameter.arg]
            else:
                fallback = self.evaluate(value, function.module, function.around) if value else None
                names[parameter.arg] = fallback or Value(Unknown())
        if parameters.vararg:
            names[parameters.vararg.arg] = Value(items(given[len(positional) :]))
        if parameters.kwarg:
            taken = {one.arg for one in (*positional, *parameters.kwonlyargs)}
            rest = {name: value for name, value in named.items() if name not in taken}
            names[parameters.kwarg.arg] = Value(Table(rest))

    def _block(self, body: Sequence[ast.stmt], module: Module, names: Names) -> int:
        """Follow statements. Returns whether some of them may have been left before their end."""
        left = 0
        try:
            for statement in body:
                flags = self._statement(statement, module, names)
                if flags and not left:
                    self.conditional += 1  # what follows may not be reached
                left |= flags
        finally:
            self.conditional -= bool(left)
        return left

    def _statement(self, node: ast.stmt, module: Module, names: Names) -> int:
        self._step()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._set_name(node.name, Value(Function(node, module, None, names)), module, names)
            case ast.ClassDef():
                self._set_name(node.name, Value(Class(node, module, names)), module, names)
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
                self._augment(node, module, names)
            case ast.Expr():
                self.evaluate(node.value, module, names)
            case ast.Return():
                raise ReturnedError(self.evaluate(node.value, module, names) if node.value else Value(None))
            case ast.If():
                return self._if(node, module, names)
            case ast.For() | ast.AsyncFor():
                return self._for(node, module, names)
            case ast.While():
                return self._while(node, module, names)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    value = self.evaluate(item.context_expr, module, names)
                    if item.optional_vars:
                        self._assign(item.optional_vars, value, module, names)
                return self._block(node.body, module, names)
            case ast.Try() | ast.TryStar():
                return self._try(node, module, names)
            case ast.Break() | ast.Continue():
                raise LoopLeftError(for_good=isinstance(node, ast.Break))
            case ast.Raise():
                raise RaisedError
            case ast.Match():
                return self._match(node, module, names)
            case ast.Delete():
                for target in node.targets:
                    self._delete(target, module, names)
            case _:
                pass
        return 0

    def _augment(self, node: ast.AugAssign, module: Module, names: Names) -> None:
        before = self.evaluate(_as_load(node.target), module, names)
        value = self.evaluate(node.value, module, names)
        if isinstance(before.content, Items) and isinstance(node.op, ast.Add | ast.BitOr):
            self._outside(".extend", before, [value], {}, module.source(node))  # in place
            self._assign(node.target, before.because(value), module, names)
        else:
            self._assign(node.target, self._charged(binary(node.op, before, value)), module, names)

    def _import(self, node: ast.Import | ast.ImportFrom, importer: Module, names: Names) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                path = alias.name if alias.asname else alias.name.split(".")[0]
                self._set_name(alias.asname or path, Value(Opaque(path)), importer, names)
                continue
            origin = imported_from(node, importer)
            module = self._modules.find(origin)
            if alias.name == "*":
                for name, value in (self.names_of(module) if module is not None else {}).items():
                    if not name.startswith("_"):
                        self._set_name(name, value, importer, names)
                continue
            known = self.names_of(module).get(alias.name) if module is not None else None
            path = f"{origin}.{alias.name}".lstrip(".")
            self._set_name(alias.asname or alias.name, known or Value(Opaque(path)), importer, names)

    def _delete(self, target: ast.expr, module: Module, names: Names) -> None:
        match target:
            case ast.Name():
                self.journal.remove(names, target.id)
            case ast.Attribute():
                owner = self.evaluate(target.value, module, names).content
                if isinstance(owner, Instance):
                    self.journal.remove(owner.attributes, target.attr)
            case ast.Subscript():
                owner = self.evaluate(target.value, module, names)
                index = self._slice(target.slice, module, names)
                self._outside(".pop", owner, [index], {}, module.source(target))
            case _:
                pass


def _own_nodes(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
    """The nodes of a function's body, without those of functions and classes in it."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return found


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
