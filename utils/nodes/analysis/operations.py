"""Operators on Values. Anything unknown, or too large to hold, gives an unknown."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from utils.nodes.analysis.values import (
    NOTHING,
    Bounded,
    Chain,
    Class,
    Function,
    Instance,
    Items,
    Opaque,
    Prefix,
    Table,
    Value,
    derived,
    is_open,
    items,
)

LONGEST = 100_000
"""Items of a sequence, or characters of a text, that are held at most."""
LARGEST = 10**18

_BINARY: dict[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
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
_SCALAR = str | int | float | bool | timedelta | datetime | date | None
_WITHOUT_TRUTH = Instance | Class | Function | Chain


def items_of(value: Value) -> list[Value] | None:
    """The items of a known sequence, with the sequence's places; None when their number is not known.

    They are as sure as they are themselves: that there are so many is as sure as the sequence.
    """
    content = value.content
    if is_open(content):
        return None
    if isinstance(content, Items):
        origin = Value(None, value.sources)
        return [item.because(origin) for item in content]
    if isinstance(content, Table):
        origin = Value(None, value.sources)
        return [value_of_key(key).because(origin) for key in content]
    if isinstance(content, str):
        return [Value(letter, value.sources) for letter in content[:LONGEST]]
    if isinstance(content, range):
        return [Value(number, value.sources) for number in islice(content, LONGEST)]
    return None


def key_of(value: Value) -> Hashable | None:
    """What a value is found by in a dictionary; None when that is not known."""
    content = value.content
    if isinstance(content, str | int | float | date | timedelta | range):
        return content
    if isinstance(content, Opaque):
        return content if content.path[:1].isupper() and "(" not in content.path else None
    if isinstance(content, Items) and not is_open(content):
        keys = tuple(key_of(item) for item in content)
        return None if any(key is None for key in keys) else keys
    if content is None:
        return ()
    return None


def value_of_key(key: object) -> Value:
    """The value that `key_of` made a dictionary's key of."""
    if isinstance(key, tuple):
        return Value(items(value_of_key(part) for part in key)) if key else Value(None)
    return Value(key)


def truth(content: object) -> bool:
    """Whether a known content counts as true."""
    return True if isinstance(content, _WITHOUT_TRUTH) else bool(content)


def binary(sign: ast.operator, left: Value, right: Value) -> Value:
    """`left sign right`."""
    a, b = left.content, right.content
    if isinstance(a, str | Prefix) and isinstance(sign, ast.Add) and not isinstance(b, str):
        return derived(Prefix(a.text if isinstance(a, Prefix) else a), left)
    if isinstance(a, str) and isinstance(sign, ast.Mod):
        return formatted(left, right)
    if isinstance(a, Items) or isinstance(b, Items) or isinstance(a, Table):
        return _of_containers(sign, left, right)
    texts = (
        isinstance(a, str) and isinstance(b, str) and isinstance(sign, ast.Add) and len(a) + len(b) < LONGEST
    )
    if not texts and not (isinstance(a, _NUMBER) and isinstance(b, _NUMBER)):
        return NOTHING
    if not right.sure and isinstance(sign, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod):
        return NOTHING  # the larger one of those possible gives the smaller result
    try:
        result = _power(a, b) if isinstance(sign, ast.Pow) else _BINARY[type(sign)](a, b)
    except (ArithmeticError, TypeError, ValueError, KeyError):
        return NOTHING
    if result is None or (isinstance(result, int | float) and not abs(result) <= LARGEST):
        return NOTHING
    return derived(result, left, right)


def _power(a: object, b: object) -> object:
    """`a ** b` for a power that is not long to compute."""
    if not (isinstance(a, int | float) and isinstance(b, int | float)) or not 0 <= b <= 60:
        return None
    if abs(a) > 10**9:
        return None
    result: object = a**b
    return result


def _of_containers(sign: ast.operator, left: Value, right: Value) -> Value:
    a, b = left.content, right.content
    if is_open(a) or is_open(b):
        return NOTHING
    if isinstance(a, Table) and isinstance(b, Table) and isinstance(sign, ast.BitOr):
        return derived(Table(a | b), left, right)
    if isinstance(a, int) or isinstance(b, int):
        content, times = (b, a) if isinstance(a, int) else (a, b)
        if isinstance(sign, ast.Mult) and isinstance(content, Items) and isinstance(times, int):
            fits = len(content) * times <= LONGEST
            return derived(items(list(content) * times), left, right) if fits else NOTHING
    if not (isinstance(a, Items) and isinstance(b, Items)):
        return NOTHING
    if isinstance(sign, ast.Add) and len(a) + len(b) <= LONGEST:
        return derived(items([*a, *b]), left, right)
    if not (a.distinct or b.distinct):
        return NOTHING
    if isinstance(sign, ast.BitOr):
        return derived(items(distinct([*a, *b]), distinct=True), left, right)
    here, there = [key_of(one) for one in a], [key_of(one) for one in b]
    if None in here or None in there:
        return NOTHING
    if isinstance(sign, ast.BitAnd):
        kept = [one for one, key in zip(a, here, strict=True) if key in there]
    elif isinstance(sign, ast.Sub) and not right.sure:
        kept = list(a)
    elif isinstance(sign, ast.Sub):
        kept = [one for one, key in zip(a, here, strict=True) if key not in there]
    else:
        return NOTHING
    return derived(items(kept, distinct=True), left, right)


def formatted(pattern: Value, argument: Value) -> Value:
    """`pattern % argument` for texts and whole numbers."""
    given = argument.content if isinstance(argument.content, Items) else [argument]
    text = pattern.content
    plain = [one.content for one in given if isinstance(one.content, str | int | float)]
    short = isinstance(text, str) and len(text) < 1000 and not any(letter in text for letter in "*.")
    wide = isinstance(text, str) and any(part[:4].isdigit() for part in text.split("%"))
    sure = argument.sure and all(one.sure for one in given)
    if len(plain) < len(given) or not sure or not short or wide or is_open(argument.content):
        return NOTHING
    try:
        result = operator.mod(text, tuple(plain))
    except (TypeError, ValueError, OverflowError):
        return NOTHING
    return (
        derived(result, pattern, argument) if isinstance(result, str) and len(result) < LONGEST else NOTHING
    )


def distinct(values: Sequence[Value]) -> list[Value]:
    """Each value once; those that are not known count as different."""
    seen: dict[object, Value] = {}
    for value in values:
        key = key_of(value)
        seen.setdefault(("unknown", id(value.content)) if key is None else ("key", key), value)
    return list(seen.values())


def unary(sign: ast.unaryop, operand: Value) -> Value:
    """`sign operand`."""
    content = operand.content
    if not operand.told:
        return NOTHING
    if isinstance(sign, ast.Not):
        return derived(not truth(content), operand)
    if isinstance(sign, ast.USub) and isinstance(content, int | float | timedelta):
        return derived(-content, operand)
    return operand if isinstance(sign, ast.UAdd) else NOTHING


def compare(signs: Sequence[ast.cmpop], values: Sequence[Value]) -> Value:
    """A chain of comparisons: false as soon as one is false for sure."""
    results = [_compared(sign, values[index], values[index + 1]) for index, sign in enumerate(signs)]
    if any(result is False for result in results):
        return derived(False, *values) if all(one.sure for one in values) else NOTHING
    if any(result is None for result in results) or not all(one.sure for one in values):
        return NOTHING
    return derived(True, *values)


def _compared(sign: ast.cmpop, left: Value, right: Value) -> bool | None:
    a, b = left.content, right.content
    if isinstance(sign, ast.Is | ast.IsNot | ast.Eq | ast.NotEq) and (
        isinstance(a, Opaque) or isinstance(b, Opaque)
    ):
        same = _same_opaque(a, b)
        return None if same is None else same is isinstance(sign, ast.Is | ast.Eq)
    if not left.told or not right.told:
        return None
    if isinstance(sign, ast.In | ast.NotIn):
        among = _among(left, right)
        return None if among is None else among is isinstance(sign, ast.In)
    if isinstance(sign, ast.Is | ast.IsNot):
        return (a is b) is isinstance(sign, ast.Is)
    if not isinstance(a, _SCALAR) or not isinstance(b, _SCALAR):
        if isinstance(sign, ast.Eq | ast.NotEq) and (a is None or b is None):
            return isinstance(sign, ast.NotEq)
        return None  # items carry places, and objects may define equality
    try:
        return bool(_COMPARE[type(sign)](a, b))
    except TypeError:
        return None


def _among(left: Value, right: Value) -> bool | None:
    if isinstance(left.content, str) and isinstance(right.content, str):
        return left.content in right.content
    wanted = key_of(left)
    if isinstance(right.content, Table):
        return None if wanted is None else wanted in right.content
    contained = items_of(right)
    if contained is None or wanted is None:
        return None
    keys = [key_of(item) for item in contained]
    return True if wanted in keys else None if None in keys else False


def _same_opaque(a: object, b: object) -> bool | None:
    """Two members of LEAN's enumerations are told apart by name; an enumeration's member is not None."""
    members = [one.path for one in (a, b) if isinstance(one, Opaque) and _is_member(one.path)]
    if len(members) == 2:
        return _letters(members[0]) == _letters(members[1])
    if len(members) == 1 and (a is None or b is None):
        return False
    return None


def _is_member(path: str) -> bool:
    head, _, name = path.partition(".")
    return head[:1].isupper() and bool(name) and "(" not in path


def _letters(path: str) -> str:
    return path.lower().replace("_", "")


def subscript(owner: Value, key: Value) -> Value:
    """`owner[key]`; a slice of something unknown is known to have no more than its end says."""
    content, index = owner.content, key.content
    if isinstance(index, slice):
        return _sliced(owner, index)
    if is_open(content):
        found = content.get(key_of(key)) if isinstance(content, Table) else None
        return NOTHING if found is None else found.because(owner, key)
    if not key.sure:
        return NOTHING
    if isinstance(content, Items | str) and isinstance(index, int):
        if not -len(content) <= index < len(content):
            return NOTHING
        item = content[index]
        return derived(item, owner, key) if isinstance(item, str) else item.because(owner, key)
    if isinstance(content, Table):
        wanted = key_of(key)
        return content[wanted].because(owner, key) if wanted is not None and wanted in content else NOTHING
    return NOTHING


def _sliced(owner: Value, index: slice) -> Value:
    ends: list[Value] = [index.start, index.stop, index.step]
    lower, upper, step = ends
    if isinstance(owner.content, Items | str | range) and not is_open(owner.content):
        numbers = [end.content for end in ends if end.content is None or isinstance(end.content, int)]
        if len(numbers) < 3 or step.content == 0:
            return NOTHING
        if not lower.sure and isinstance(lower.content, int) and lower.content > 0:
            numbers[0] = None  # it may begin before
        part = owner.content[numbers[0] : numbers[1] : numbers[2]]
        return derived(items(part) if isinstance(part, list) else part, owner, *ends)
    if step.content not in (None, 1):
        return NOTHING
    limits = [owner.content.most] if isinstance(owner.content, Bounded) else []
    if lower.content in (None, 0) and isinstance(upper.content, int) and upper.content >= 0:
        limits.append(upper)
    elif isinstance(lower.content, int) and lower.content < 0:
        limits.append(unary(ast.USub(), lower))
    elif (
        isinstance(lower.content, int)
        and isinstance(upper.content, int)
        and 0 <= lower.content <= upper.content
    ):
        limits.append(binary(ast.Sub(), upper, lower))
    return Value(Bounded(min(limits, key=number_or_more))) if limits else NOTHING


def number_or_more(value: Value) -> float:
    """The number, infinite where it is not known."""
    return value.content if isinstance(value.content, int | float) else float("inf")
