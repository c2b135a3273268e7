"""The order in which LEAN calls an algorithm's code: initialize, the functions it was given, events."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from utils.errors import UserError
from utils.nodes.analysis.asked import Asked
from utils.nodes.analysis.interpreter import Interpreter
from utils.nodes.analysis.modules import Module, Modules, runtime_nodes
from utils.nodes.analysis.state import OutOfStepsError
from utils.nodes.analysis.values import Class, Function, Instance, Items, Table, Value
from utils.nodes.requirements import Source

_CHANGING = frozenset(
    {"append", "add", "extend", "update", "insert", "remove", "discard", "pop", "clear", "setdefault",
     "popitem", "appendleft", "popleft"}
)  # fmt: skip
_EVENT = re.compile(r"on_|On[A-Z]|create_universes|CreateUniverses")
_REACH = 3
"""Attributes of attributes of the algorithm that are looked at."""


@dataclass
class Followed:
    """What became of following an algorithm."""

    algorithm: Instance
    cut_short: bool = False
    """Whether it was too much to be followed to its end."""


def follow(modules: Modules, interpreter: Interpreter, asked: Asked) -> Followed:
    """Follow `initialize`, then the functions that LEAN was given, its events and what those refer to.

    Raises:
        UserError: main.py has no algorithm.
    """
    definition = _algorithm(modules.main, interpreter)
    made = interpreter.instantiate(definition, {})
    assert isinstance(made.content, Instance)
    followed = Followed(made.content)
    try:
        for entry in ("__init__", "initialize", "Initialize"):
            method = interpreter.method(made, entry)
            if method is not None:
                interpreter.call(method, [])
        interpreter.later = True
        _doubt_what_changes_later(made.content, interpreter)
        _follow_callbacks(interpreter, asked)
        _follow_rest(definition, made, modules, interpreter, asked)
    except OutOfStepsError:
        followed.cut_short = True
    return followed


def _algorithm(main: Module, interpreter: Interpreter) -> Class:
    """The class of main.py that derives from QCAlgorithm and from which no other derives."""
    try:
        names = interpreter.names_of(main)
    except OutOfStepsError:
        names = main.names
    classes = [value.content for value in names.values() if isinstance(value.content, Class)]
    own = [one for one in classes if one.module is main and interpreter.is_algorithm(Instance(one))]
    bases = [base for one in own for base in interpreter.lineage(one)[1:]]
    definition = next((one for one in own if one not in bases), None)
    if definition is None:
        raise UserError(f"{main.path}: no class derived from QCAlgorithm; LEAN needs one")
    return definition


def _follow_callbacks(interpreter: Interpreter, asked: Asked) -> None:
    for function in asked.callbacks:  # grows as they ask for more
        if id(function.node) not in interpreter.followed:
            interpreter.call(function, [])


def _follow_rest(
    definition: Class, made: Value, modules: Modules, interpreter: Interpreter, asked: Asked
) -> None:
    """LEAN's events, and other methods that are referred to where code is run."""
    methods: dict[str, Function] = {}
    for name in interpreter.method_names(definition):
        method = interpreter.method(made, name)
        if method is not None:
            methods.setdefault(name, method)
    for events in (True, False):
        referred = frozenset() if events else _references(modules, interpreter.dead)
        for name, method in methods.items():
            wanted = _EVENT.match(name) is not None if events else name in referred
            if wanted and id(method.node) not in interpreter.followed:
                interpreter.call(method, [])
                _follow_callbacks(interpreter, asked)


def _references(modules: Modules, dead: frozenset[int]) -> frozenset[str]:
    """Names that live code mentions."""
    found: set[str] = set()
    for module in modules.used(dead):
        for node in runtime_nodes(module.tree, dead):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


def _doubt_what_changes_later(algorithm: Instance, interpreter: Interpreter) -> None:
    """What methods not followed yet assign has not for good the value that `initialize` gave it."""
    for instance in _reachable(algorithm, _REACH):
        assigned, changed = _changes(instance, interpreter)
        for name, value in list(instance.attributes.items()):
            if name in assigned:
                reason = Source(f"{name} is assigned again later")
                instance.attributes[name] = value.doubted(*value.sources[:1] or (reason,))
            if name in assigned | changed and isinstance(value.content, Items | Table):
                value.content.open = True


def _reachable(instance: Instance, depth: int, seen: set[int] | None = None) -> Iterator[Instance]:
    seen = set() if seen is None else seen
    if id(instance) in seen:
        return
    seen.add(id(instance))
    yield instance
    if depth:
        for value in list(instance.attributes.values()):
            if isinstance(value.content, Instance):
                yield from _reachable(value.content, depth - 1, seen)


def _changes(instance: Instance, interpreter: Interpreter) -> tuple[set[str], set[str]]:
    """Attributes that unfollowed methods of an object's class assign, and those whose content they change."""
    assigned: set[str] = set()
    changed: set[str] = set()
    if instance.definition is None:
        return assigned, changed
    for one in interpreter.lineage(instance.definition):
        for method in one.node.body:
            if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if id(method) in interpreter.followed:
                continue
            for node in ast.walk(method):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
                    assigned |= {node.attr} if _is_self(node.value) else set()
                elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
                    changed |= _own_name(node.value)
                elif (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in _CHANGING
                ):
                    changed |= _own_name(node.func.value)
    return assigned, changed


def _own_name(node: ast.expr) -> set[str]:
    return {node.attr} if isinstance(node, ast.Attribute) and _is_self(node.value) else set()


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"
