"""Operators and built-in functions on Values. Anything unknown, or too large to hold, gives an unknown."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from utils.nodes.analysis.values import NOTHING, Bounded, Opaque, Security, Value

LONGEST = 100_000
"""Items of a sequence, or characters of a text, that are held at most."""
LARGEST = 10**18


def _power(base: float, exponent: float) -> float | None:
    """A power that is soon computed and a real number; None for others."""
    soon = type(exponent) is int and 0 <= exponent <= 64 and abs(base) <= 1000
    return base**exponent if soon else None


_BINARY: dict[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NUMBER = int | float | timedelta | datetime | date
_BUILTINS = frozenset(
    {
        "len", "range", "list", "tuple", "set", "sorted", "reversed", "enumerate", "zip", "min", "max", "sum",
        "int", "float", "str", "bool", "round", "abs", "dict", "frozenset", "map", "filter", "timedelta",
        "datetime", "date", "datetime.timedelta", "datetime.datetime", "datetime.date",
    }
)  # fmt: skip


def is_builtin(path: str) -> bool:
    """Whether `call_builtin` knows a name."""
    return path in _BUILTINS or path.endswith(".fromisoformat")


def items_of(value: Value) -> list[Value] | None:
    """The items of a known sequence, with the sequence's places; None when they are not known."""
    content = value.content
    if isinstance(content, list):
        return [item.because(value) for item in content]
    if isinstance(content, dict):
        return [Value(key, value.sources) for key in content]
    if isinstance(content, str):
        return [Value(letter, value.sources) for letter in content[:LONGEST]]
    if isinstance(content, range):
        return [Value(number, value.sources) for number in islice(content, LONGEST)]
    return None


def binary(sign: ast.operator, left: Value, right: Value) -> Value:
    """`left sign right`."""
    a, b = left.content, right.content
    if isinstance(a, list) and isinstance(b, list) and isinstance(sign, ast.Add):
        return Value([*a, *b][:LONGEST]).because(left, right)
    texts = (
        isinstance(a, str) and isinstance(b, str) and isinstance(sign, ast.Add) and len(a) + len(b) < LONGEST
    )
    if not texts and not (isinstance(a, _NUMBER) and isinstance(b, _NUMBER)):
        return NOTHING
    function = _BINARY.get(type(sign))
    if function is None:
        return NOTHING
    try:
        result = function(a, b)
    except (ArithmeticError, TypeError, ValueError):
        return NOTHING
    if result is None or (isinstance(result, int | float) and not abs(result) <= LARGEST):
        return NOTHING
    return Value(result).because(left, right)


def unary(sign: ast.unaryop, operand: Value) -> Value:
    """`sign operand`."""
    content = operand.content
    if not operand.known:
        return NOTHING
    if isinstance(sign, ast.Not):
        return Value(not content, operand.sources)
    if isinstance(sign, ast.USub) and isinstance(content, int | float | timedelta):
        return Value(-content, operand.sources)
    return operand if isinstance(sign, ast.UAdd) else NOTHING


def compare(signs: Sequence[ast.cmpop], values: Sequence[Value]) -> Value:
    """A chain of comparisons."""
    for index, sign in enumerate(signs):
        left, right = values[index], values[index + 1]
        if isinstance(sign, ast.Is | ast.IsNot) and left.known and right.known:
            same = left.content is right.content
            outcome: object = same if isinstance(sign, ast.Is) else not same
        elif isinstance(sign, ast.In | ast.NotIn):
            items = items_of(right)
            if items is None or not left.known or not all(item.known for item in items):
                return NOTHING
            among = any(item.content == left.content for item in items)
            outcome = among if isinstance(sign, ast.In) else not among
        else:
            function = _COMPARE.get(type(sign))
            if isinstance(left.content, list | dict) or isinstance(right.content, list | dict):
                return NOTHING  # their items carry places, which do not count
            if function is None or not left.known or not right.known:
                return _same_opaque(sign, left, right)
            try:
                outcome = function(left.content, right.content)
            except TypeError:
                return NOTHING
        if not outcome:
            return Value(False)
    return Value(True)


def _same_opaque(sign: ast.cmpop, left: Value, right: Value) -> Value:
    """Two members of LEAN's enumerations are told apart by name."""
    if isinstance(left.content, Opaque) and isinstance(right.content, Opaque):
        both = (left.content.path, right.content.path)
        if all(path.split(".")[0][:1].isupper() and "(" not in path for path in both):
            same = both[0].lower() == both[1].lower()
            if isinstance(sign, ast.Eq | ast.NotEq):
                return Value(same is isinstance(sign, ast.Eq))
    return NOTHING


def subscript(owner: Value, key: Value) -> Value:
    """`owner[key]`; a slice of something unknown is known to have no more than its end says."""
    content, index = owner.content, key.content
    if isinstance(index, tuple):
        return _sliced(owner, index)
    if isinstance(content, list) and isinstance(index, int):
        return content[index].because(owner) if -len(content) <= index < len(content) else NOTHING
    if isinstance(content, dict) and isinstance(index, str | int | float):
        return content[index].because(owner) if index in content else NOTHING
    return NOTHING


def _sliced(owner: Value, index: tuple[Value, ...]) -> Value:
    lower, upper, step = index
    whole = lower.content in (None, 0) and step.content in (None, 1)
    if isinstance(owner.content, list):
        ends = [end.content for end in index if end.content is None or isinstance(end.content, int)]
        if len(ends) == 3 and step.content != 0:
            return Value(owner.content[ends[0] : ends[1] : ends[2]]).because(owner, *index)
        return NOTHING
    if whole and isinstance(upper.content, int) and upper.content >= 0:
        limits = [upper] + ([owner.content.most] if isinstance(owner.content, Bounded) else [])
        return Value(Bounded(min(limits, key=_number)))
    return NOTHING


def _number(value: Value) -> float:
    return value.content if isinstance(value.content, int | float) else float("inf")


def attribute_of_constant(owner: Value, name: str) -> Value:
    """A method, by name, to be called; a security stands for its symbol too."""
    if isinstance(owner.content, Security) and name.lower() == "symbol":
        return owner
    return Value(Opaque(f".{name}"), owner.sources)


def call_method(owner: Value, name: str, args: Sequence[Value]) -> Value | None:
    """A method of a known text, list or dictionary; None when it has no such one here."""
    content = owner.content
    if isinstance(content, dict):
        if name == "items":
            return Value([Value([Value(key), value]) for key, value in content.items()]).because(owner)
        if name == "keys":
            return Value([Value(key) for key in content]).because(owner)
        if name == "values":
            return Value(list(content.values())).because(owner)
        if name == "get" and args and isinstance(args[0].content, str | int | float):
            fallback = args[1] if len(args) > 1 else Value(None)
            found: Value = content.get(args[0].content, fallback)
            return found.because(owner)
    if isinstance(content, str):
        separators = [arg.content for arg in args if isinstance(arg.content, str) and arg.content]
        if name == "split" and len(args) == len(separators) <= 1:
            parts = content.split(separators[0] if separators else None)[:LONGEST]
            return Value([Value(part) for part in parts]).because(owner)
        if name in {"upper", "lower", "strip"} and not args:
            return Value(getattr(content, name)(), owner.sources)
    if isinstance(content, list):
        if name == "append" and args and len(content) < LONGEST:
            content.append(args[0])
            return Value(None)
        if name == "extend" and args and (more := items_of(args[0])) is not None and len(content) < LONGEST:
            content.extend(more)
            return Value(None)
        if name == "copy":
            return Value(list(content), owner.sources)
    return None


def call_builtin(
    path: str,
    args: Sequence[Value],
    named: dict[str, Value],
    apply: Callable[[Value, Sequence[Value]], Value],
) -> Value:
    """A built-in function, or the constructors of `datetime`."""
    name = path.rsplit(".", 1)[-1]
    if name in {"timedelta", "datetime", "date"}:
        return _moment(name, args, named)
    if name == "fromisoformat":
        return _from_iso(args)
    if (
        args
        and isinstance(args[0].content, Bounded)
        and name in {"list", "tuple", "sorted", "set", "reversed"}
    ):
        return args[0]
    items = items_of(args[0]) if args else None
    match name:
        case "dict":
            return Value(dict(named)) if not args else args[0]
        case "list" | "tuple" if not args:
            return Value([])
        case "set" | "frozenset" if not args:
            return Value([])
        case "len" if args:
            return _length(args[0])
        case "range":
            return _range(args)
        case "list" | "tuple" if items is not None:
            return Value(items, args[0].sources)
        case "set" | "frozenset" if items is not None:
            return Value(_distinct(items), args[0].sources)
        case "reversed" if items is not None:
            return Value(items[::-1], args[0].sources)
        case "sorted" if items is not None:
            return _sorted(items, args[0], named)
        case "enumerate" if items is not None:
            return Value([Value([Value(index), item]) for index, item in enumerate(items)])
        case "zip":
            columns = [items_of(arg) for arg in args]
            if any(column is None for column in columns):
                return NOTHING
            return Value([Value(list(row)) for row in zip(*(one or [] for one in columns), strict=False)])
        case "map" if len(args) == 2 and (mapped := items_of(args[1])) is not None:
            return Value([apply(args[0], [item]) for item in mapped])
        case "min" | "max" | "sum":
            return _reduced(name, items if items is not None and len(args) == 1 else list(args))
        case _:
            return _converted(name, args)


def _length(value: Value) -> Value:
    if isinstance(value.content, list | dict | str | range):
        return Value(len(value.content), value.sources)
    return NOTHING


def _range(args: Sequence[Value]) -> Value:
    numbers = [arg.content for arg in args]
    if not 1 <= len(numbers) <= 3 or not all(type(number) is int for number in numbers):
        return NOTHING
    if len(numbers) == 3 and numbers[2] == 0:
        return NOTHING
    return Value(range(*(int(str(number)) for number in numbers))).because(*args)


def _distinct(items: list[Value]) -> list[Value]:
    seen: dict[object, Value] = {}
    for item in items:
        key = item.content if isinstance(item.content, str | int | float) else id(item)
        seen.setdefault(key, item)
    return list(seen.values())


def _sorted(items: list[Value], origin: Value, named: dict[str, Value]) -> Value:
    contents = [item.content for item in items]
    same = all(isinstance(one, str) for one in contents) or all(
        isinstance(one, int | float) for one in contents
    )
    if not same or "key" in named:
        return Value(items, origin.sources)  # in some order: only their number and set matter here
    backwards = bool(named.get("reverse", Value(False)).content)
    return Value(sorted(items, key=lambda item: item.content, reverse=backwards), origin.sources)  # type: ignore[arg-type, return-value]  # all of one kind, as checked above


def _reduced(name: str, items: list[Value]) -> Value:
    numbers = [item.content for item in items if isinstance(item.content, int | float)]
    if not numbers or len(numbers) < len(items):
        return NOTHING
    functions: dict[str, Callable[[list[int | float]], int | float]] = {"min": min, "max": max, "sum": sum}
    return Value(functions[name](numbers)).because(*items[:4])


def _converted(name: str, args: Sequence[Value]) -> Value:
    if len(args) != 1 or not isinstance(args[0].content, str | int | float):
        return NOTHING
    content = args[0].content
    kinds: dict[str, Callable[[str | int | float], object]] = {
        "int": lambda one: int(one) if not isinstance(one, str) or len(one) < 20 else None,
        "float": float,
        "str": str,
        "bool": bool,
        "round": lambda one: round(one) if not isinstance(one, str) else None,
        "abs": lambda one: abs(one) if not isinstance(one, str) else None,
    }
    try:
        result = kinds[name](content) if name in kinds else None
    except (ValueError, OverflowError):
        return NOTHING
    return NOTHING if result is None else Value(result, args[0].sources)


def _from_iso(args: Sequence[Value]) -> Value:
    try:
        return Value(datetime.fromisoformat(str(args[0].content)), args[0].sources) if args else NOTHING
    except ValueError:
        return NOTHING


def _moment(name: str, args: Sequence[Value], named: dict[str, Value]) -> Value:
    kinds: dict[str, Callable[..., object]] = {"timedelta": timedelta, "datetime": datetime, "date": date}
    values = [arg.content for arg in args]
    keywords = {key: value.content for key, value in named.items()}
    if not all(isinstance(value, int | float) for value in (*values, *keywords.values())):
        return NOTHING
    try:
        return Value(kinds[name](*values, **keywords)).because(*args, *named.values())
    except (TypeError, ValueError, OverflowError):
        return NOTHING
