"""Built-in functions, and those of datetime, math and itertools, on Values."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from utils.nodes.analysis.container_methods import all_true, ordered, spread
from utils.nodes.analysis.operations import LARGEST, distinct, items_of, key_of, truth
from utils.nodes.analysis.values import (
    NOTHING,
    Bounded,
    Items,
    Table,
    Value,
    derived,
    is_open,
    items,
)
from utils.nodes.requirements import Source

Apply = Callable[[Value, Sequence[Value]], Value]

_NAMES = frozenset(
    {
        "len", "range", "list", "tuple", "set", "sorted", "reversed", "enumerate", "zip", "min", "max", "sum",
        "int", "float", "str", "bool", "round", "abs", "dict", "frozenset", "map", "filter", "any", "all",
        "iter", "next", "timedelta", "datetime", "date", "datetime.timedelta", "datetime.datetime",
        "datetime.date", "datetime.fromisoformat", "datetime.datetime.fromisoformat", "date.fromisoformat",
        "datetime.date.fromisoformat", "datetime.strptime", "datetime.datetime.strptime",
        "datetime.combine", "math.ceil", "math.floor", "ceil", "floor", "itertools.chain",
        "itertools.chain.from_iterable", "chain", "chain.from_iterable", "itertools.product", "product",
        "itertools.islice", "islice", "itertools.combinations", "combinations", "copy.copy", "copy.deepcopy",
        "heapq.nsmallest", "heapq.nlargest", "nsmallest", "nlargest", "random.sample", "defaultdict",
        "collections.defaultdict", "OrderedDict", "collections.OrderedDict", "deque", "collections.deque",
    }
)  # fmt: skip
_COPIES = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "deque", "copy"})
_MOST_PRODUCTS = 5000


def is_builtin(path: str) -> bool:
    """Whether `call_builtin` knows a name."""
    return path in _NAMES


def call_builtin(path: str, args: Sequence[Value], named: Mapping[str, Value], apply: Apply) -> Value:
    """The result of a function of these; `apply` calls a function given to it."""
    name = path.rsplit(".", 1)[-1]
    if path.endswith("chain.from_iterable"):
        return _chained(items_of(args[0]) if args else None)
    match name:
        case "timedelta" | "datetime" | "date":
            return _moment(name, args, named)
        case "fromisoformat" | "strptime":
            return _parsed_moment(name, args)
        case "dict" | "OrderedDict":
            return _dict(args, named)
        case "defaultdict":
            return Value(Table())
        case "range":
            return _range(args)
        case "zip":
            return _zip(args)
        case "chain":
            return _chained(args)
        case "product" | "combinations":
            return _products(name, args, named)
        case "min" | "max" | "sum":
            return _reduced(name, args, named)
        case "int" | "float" | "str" | "bool" | "round" | "abs" | "ceil" | "floor":
            return _converted(name, args)
        case "islice" | "nsmallest" | "nlargest" | "sample":
            return _first(name, args)
    if not args:
        return Value(items(distinct=name in {"set", "frozenset"}))
    if name in _COPIES and isinstance(args[0].content, Bounded):
        return args[0]
    return _of_sequence(name, args, named, apply)


def _of_sequence(name: str, args: Sequence[Value], named: Mapping[str, Value], apply: Apply) -> Value:
    value = args[-1] if name in {"map", "filter"} else args[0]
    if name in {"copy", "deepcopy"} and not isinstance(value.content, Items | Table):
        return value
    if isinstance(value.content, Table) and name in {"copy", "deepcopy"}:
        copied = Table(value.content)
        copied.open = value.content.open
        return derived(copied, value)
    if name == "len" and isinstance(value.content, Items | Table | str | range):
        return NOTHING if is_open(value.content) else derived(_length(value), value)
    found, unsure = spread(value)
    if unsure and not found:
        return NOTHING
    match name:
        case "any" | "all":
            return NOTHING if unsure or not value.sure else all_true(found, any_=name == "any")
        case "next":
            return found[0].because(value) if found and not unsure else NOTHING
        case "list" | "tuple" | "iter" | "deque" | "copy" | "deepcopy":
            made = items(found)
        case "set" | "frozenset":
            made = items(distinct(found), distinct=True)
        case "reversed":
            made = items(found[::-1])
        case "sorted":
            by = named.get("key")
            key = (lambda one: apply(by, [one])) if by is not None and by.content is not None else None
            backwards = named.get("reverse", Value(False))
            made = items(ordered(found, key, backwards=backwards.known and truth(backwards.content)))
        case "enumerate":
            start = (args[1] if len(args) > 1 else named.get("start", Value(0))).content
            first = start if isinstance(start, int) else 0
            made = items(Value(items([Value(first + index), one])) for index, one in enumerate(found))
        case "map" if len(args) == 2:
            made = items(apply(args[0], [one]) for one in found)
        case "filter" if len(args) == 2:
            tests = [apply(args[0], [one]) if args[0].content is not None else one for one in found]
            made = items(
                one if test.known else one.doubted()
                for one, test in zip(found, tests, strict=True)
                if not test.known or truth(test.content)
            )
        case _:
            return NOTHING
    made.open = unsure
    return derived(made, value)


def _length(value: Value) -> int:
    content = value.content
    if isinstance(content, range):
        return max(0, -(-(content.stop - content.start) // content.step))  # len() fails beyond 2**63
    assert isinstance(content, Items | Table | str)
    return len(content)


def _range(args: Sequence[Value]) -> Value:
    numbers = [arg.content for arg in args]
    if not 1 <= len(numbers) <= 3 or not all(isinstance(number, int) for number in numbers):
        return NOTHING
    if len(args) > 1 and not args[0].sure:
        return NOTHING
    whole = [int(number) for number in numbers if isinstance(number, int)]
    if any(abs(number) > LARGEST for number in whole) or (len(whole) == 3 and whole[2] == 0):
        return NOTHING
    return derived(range(*whole), *args)


def _zip(args: Sequence[Value]) -> Value:
    columns = [items_of(arg) for arg in args]
    if any(column is None for column in columns):
        return NOTHING
    rows = zip(*(column or [] for column in columns), strict=False)
    return derived(items(Value(items(row)) for row in rows), *args)


def _chained(args: Sequence[Value] | None) -> Value:
    if args is None:
        return NOTHING
    columns = [items_of(arg) for arg in args]
    if any(column is None for column in columns):
        return NOTHING
    return derived(items(one for column in columns for one in column or []), *args)


def _products(name: str, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    if name == "combinations":
        size = args[1].content if len(args) == 2 else None
        column = items_of(args[0]) if args else None
        if column is None or not isinstance(size, int) or size < 0 or len(column) > 1000:
            return NOTHING
        if math.comb(len(column), size) > _MOST_PRODUCTS:
            return NOTHING
        return Value(items(Value(items(row)) for row in itertools.combinations(column, size)))
    columns = [items_of(arg) for arg in args]
    if named or any(column is None for column in columns):
        return NOTHING
    if math.prod(len(column or []) for column in columns) > _MOST_PRODUCTS:
        return NOTHING
    rows = itertools.product(*(column or [] for column in columns))
    return Value(items(Value(items(row)) for row in rows))


def _first(name: str, args: Sequence[Value]) -> Value:
    """At most so many of a sequence."""
    if len(args) < 2:
        return NOTHING
    number, sequence = (args[1], args[0]) if name in {"islice", "sample"} else (args[0], args[1])
    if len(args) > 2 and name == "islice":
        return NOTHING
    if not isinstance(number.content, int) or number.content < 0:
        return NOTHING
    found = items_of(sequence)
    if found is not None and name == "islice":
        return derived(items(found[: number.content]), sequence, number)
    if found is not None and len(found) < number.content:
        return Value(Bounded(derived(len(found), sequence)))
    return Value(Bounded(number))


def _dict(args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    table = Table()
    if args:
        content = args[0].content
        if isinstance(content, Table):
            table = Table(content)
            table.open = content.open
        elif isinstance(content, Items) and not is_open(content):
            for pair in content:
                parts = items_of(pair) or []
                key = key_of(parts[0]) if len(parts) == 2 else None
                if key is None:
                    return NOTHING
                table[key] = parts[1]
        else:
            return NOTHING
    table.update(named)
    return derived(table, *args)


def _reduced(name: str, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    values = items_of(args[0]) if len(args) == 1 else list(args)
    if values is None or "key" in named:
        return NOTHING
    if not values:
        return named.get("default", Value(0) if name == "sum" else NOTHING)
    contents = [one.content for one in values]
    numbers = [one for one in contents if isinstance(one, int | float)]
    if len(numbers) == len(contents):
        reductions: dict[str, Callable[[list[int | float]], int | float]] = {
            "min": min,
            "max": max,
            "sum": sum,
        }
        result = reductions[name](numbers)
        return derived(result, *args, *values[:4]) if abs(result) <= LARGEST else NOTHING
    if name == "min" and numbers:
        known = [one for one in values if isinstance(one.content, int | float)]
        return derived(min(numbers), *known).doubted(Source("the smaller of this and something unknown"))
    return NOTHING


def _converted(name: str, args: Sequence[Value]) -> Value:
    if not 1 <= len(args) <= 2 or not args[0].told:
        return NOTHING
    content = args[0].content
    if name == "bool":
        return derived(truth(content), args[0])
    digits = args[1].content if len(args) == 2 else None
    try:
        if name == "str" and not args[0].sure:
            return NOTHING  # another number is another text
        if name == "str" and isinstance(content, str | int | float):
            return derived(str(content), args[0])
        if name == "round" and isinstance(content, int | float) and isinstance(digits, int | None):
            return derived(round(content, digits) if digits is not None else round(content), *args)
        if len(args) == 2:
            return NOTHING
        if isinstance(content, str) and name in {"int", "float"} and len(content) < 30:
            number = int(content) if name == "int" else float(content)
            return derived(number, args[0]) if abs(number) <= LARGEST else NOTHING
        if isinstance(content, int | float):
            functions: dict[str, Callable[[int | float], object]] = {
                "int": int, "float": float, "abs": abs, "ceil": math.ceil, "floor": math.floor
            }  # fmt: skip
            return derived(functions[name](content), args[0]) if name in functions else NOTHING
    except (ValueError, OverflowError):
        pass
    return NOTHING


def _parsed_moment(name: str, args: Sequence[Value]) -> Value:
    texts = [arg.content for arg in args]
    if not args or not all(isinstance(text, str) and len(text) < 100 for text in texts):
        return NOTHING
    try:
        if name == "strptime" and len(texts) == 2:
            return derived(datetime.strptime(str(texts[0]), str(texts[1])), *args)
        return derived(datetime.fromisoformat(str(texts[0])), args[0])
    except (ValueError, re.error):
        return NOTHING


def _moment(name: str, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    kinds: dict[str, Callable[..., object]] = {"timedelta": timedelta, "datetime": datetime, "date": date}
    numbers = [arg.content for arg in args]
    keywords = {key: value.content for key, value in named.items() if key != "tzinfo"}
    if not all(isinstance(value, int | float) for value in (*numbers, *keywords.values())):
        return NOTHING
    try:
        return derived(kinds[name](*numbers, **keywords), *args, *named.values())
    except (TypeError, ValueError, OverflowError):
        return NOTHING


def format_number(value: Value, specification: str) -> Value:
    """A value in an f-string, with the format that follows its colon."""
    content = value.content
    if not value.sure and not isinstance(content, str):
        return NOTHING  # another number is another text
    if not isinstance(content, str | int | float | date) or any(
        int(width) > 100 for width in re.findall(r"\d+", specification)
    ):
        return NOTHING
    try:
        return derived(format(content, specification), value)
    except (ValueError, TypeError):
        return NOTHING
