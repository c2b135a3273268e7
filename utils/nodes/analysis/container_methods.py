"""Methods of texts, lists, sets and dictionaries. One not known here may change anything in its owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from utils.nodes.analysis.journal import Journal
from utils.nodes.analysis.operations import LONGEST, distinct, items_of, key_of, truth, value_of_key
from utils.nodes.analysis.values import (
    NOTHING,
    Bounded,
    Items,
    StoredText,
    Table,
    Value,
    derived,
    items,
)
from utils.nodes.requirements import Source

UNKNOWN_ORDER = Source("the order of these is not known")

_HARMLESS = frozenset({"index", "count", "isdisjoint", "issubset", "issuperset"})
_PLAIN_TEXT = frozenset(
    {"upper", "lower", "strip", "lstrip", "rstrip", "title", "capitalize", "replace", "removeprefix",
     "removesuffix", "startswith", "endswith", "isdigit", "isalpha", "isupper", "islower", "swapcase"}
)  # fmt: skip


def call_method(journal: Journal, owner: Value, name: str, args: Sequence[Value]) -> Value | None:
    """The result of a method of a known container or text; None when the owner is neither."""
    content = owner.content
    if isinstance(content, StoredText):
        return owner  # strip, removeprefix, ...: still that text
    if isinstance(content, str):
        return _of_text(owner, content, name, args)
    if isinstance(content, Table):
        return _of_table(journal, owner, content, name, args)
    if isinstance(content, Items):
        return _of_items(journal, owner, content, name, args)
    if isinstance(content, Bounded):
        return owner if name in {"copy", "to_list", "tolist"} else NOTHING
    if isinstance(content, date | timedelta):
        return _of_moment(owner, name)
    return None


def spread(value: Value) -> tuple[list[Value], bool]:
    """The items of a value, and whether there may be others."""
    content = value.content
    if isinstance(content, Items):
        return list(content), content.open
    if isinstance(content, Table):
        return [value_of_key(key) for key in content], content.open
    found = items_of(value)
    return found or [], found is None


def _of_text(owner: Value, content: str, name: str, args: Sequence[Value]) -> Value:
    plain = [arg.content for arg in args]
    if name == "format":
        return _format(owner, content, args)
    if name == "join" and args:
        parts = items_of(args[0])
        texts = [part.content for part in parts or [] if isinstance(part.content, str)]
        if parts is None or len(texts) < len(parts) or sum(map(len, texts)) > LONGEST:
            return NOTHING
        return derived(content.join(texts), owner, *args, *parts[:4])
    if not all(isinstance(one, str | int) for one in plain):
        return NOTHING
    try:
        if name in {"split", "rsplit", "splitlines"}:
            found = getattr(content, name)(*plain)
            return derived(items(derived(part, owner) for part in found[:LONGEST]), owner, *args)
        if name in _PLAIN_TEXT and len(content) * max([1, *(len(str(one)) for one in plain)]) < LONGEST:
            return derived(getattr(content, name)(*plain), owner, *args)
    except (TypeError, ValueError):
        pass
    return NOTHING


def _format(owner: Value, content: str, args: Sequence[Value]) -> Value:
    plain = [arg.content for arg in args]
    simple = content.replace("{}", "").count("{") == content.replace("{}", "").count("}") == 0
    sure = all(one.sure or isinstance(one.content, str) for one in args)
    if not simple or not sure or not all(isinstance(one, str | int | float) for one in plain):
        return NOTHING
    try:
        return derived(content.format(*plain), owner, *args)
    except (IndexError, ValueError):
        return NOTHING


def _of_table(journal: Journal, owner: Value, content: Table, name: str, args: Sequence[Value]) -> Value:
    key = key_of(args[0]) if args else None
    match name:
        case "items" | "keys" | "values" if content.open:
            return NOTHING
        case "items":
            pairs = (Value(items([value_of_key(one), value])) for one, value in content.items())
            return derived(items(pairs), owner)
        case "keys":
            return derived(items(value_of_key(one) for one in content), owner)
        case "values":
            return derived(items(content.values()), owner)
        case "copy":
            made = Table(content)
            made.open = content.open
            return derived(made, owner)
        case "get" | "pop" | "setdefault" if args:
            fallback = args[1] if len(args) > 1 else Value(None)
            if key is None or (content.open and key not in content):
                found = NOTHING
            else:
                found = content.get(key, fallback)
            if name == "pop" and key is not None:
                journal.remove(content, key)
            elif name == "setdefault" and key is not None and key not in content:
                journal.write(content, key, fallback)
            content.open |= name == "setdefault" and key is None
            return found.because(owner)
        case "update":
            for arg in args:
                more = arg.content
                if isinstance(more, Table):
                    for one, value in more.items():
                        journal.write(content, one, value)
                content.open |= not isinstance(more, Table) or more.open
            return Value(None)
        case "clear":
            for one in list(content):
                journal.remove(content, one)
            return Value(None)
    content.open = True
    return NOTHING


def _of_items(journal: Journal, owner: Value, content: Items, name: str, args: Sequence[Value]) -> Value:
    if name in _HARMLESS:
        return NOTHING
    if name in {"copy", "union", "intersection", "difference"} and not args:
        made = items(content, distinct=content.distinct)
        made.open = content.open
        return derived(made, owner)
    if name == "union":
        more, unsure = _all_items(args)
        made = items(distinct([*content, *more]), distinct=True)
        made.open = content.open or unsure
        return derived(made, owner, *args)
    journal.touch(content)
    match name:
        case "append" | "add" if args and len(content) < LONGEST:
            content.append(args[0])
        case "insert" if len(args) == 2 and len(content) < LONGEST:
            at = args[0].content
            content.insert(at if isinstance(at, int) else len(content), args[1])
        case "extend" | "update" if args and len(content) < LONGEST:
            more, unsure = _all_items(args)
            content.extend(more[:LONGEST])
            content.open |= unsure
        case "remove" | "discard" if args:
            wanted, keys = key_of(args[0]), [key_of(item) for item in content]
            if wanted is not None and wanted in keys:
                del content[keys.index(wanted)]
        case "pop":
            at = args[0].content if args else -1
            if isinstance(at, int) and -len(content) <= at < len(content) and not content.open:
                return content.pop(at).because(owner)
            return NOTHING
        case "clear":
            content.clear()
        case "reverse":
            content.reverse()
        case "sort":
            content[:] = ordered(content, None, backwards=False)
        case _:
            content.open = True
            return NOTHING
    if content.distinct:
        content[:] = distinct(content)
    return Value(None)


def _all_items(args: Sequence[Value]) -> tuple[list[Value], bool]:
    found: list[Value] = []
    unsure = False
    for arg in args:
        more, open_ = spread(arg)
        found += more
        unsure |= open_
    return found, unsure


def ordered(values: Sequence[Value], key: Callable[[Value], Value] | None, *, backwards: bool) -> list[Value]:
    """The values sorted; in the order given, and not sure, where their order is not known."""
    keys = [(key(value) if key else value).content for value in values]
    texts = all(isinstance(one, str) for one in keys)
    if not texts and not all(isinstance(one, int | float) for one in keys):
        return [value.doubted(UNKNOWN_ORDER) for value in values]
    order = sorted(range(len(values)), key=lambda index: keys[index], reverse=backwards)  # type: ignore[arg-type, return-value]  # all of one kind, as checked above
    return [values[index] for index in order]


def _of_moment(owner: Value, name: str) -> Value:
    content = owner.content
    if isinstance(content, datetime) and name == "date":
        return derived(content.date(), owner)
    if isinstance(content, timedelta) and name == "total_seconds":
        return derived(content.total_seconds(), owner)
    if isinstance(content, date) and name in {"weekday", "isoweekday", "isoformat"}:
        return derived(getattr(content, name)(), owner)
    return NOTHING


def attribute_of_content(owner: Value, name: str) -> Value | None:
    """An attribute of a date or time span; None when it has none of that name that is known here."""
    content = owner.content
    if isinstance(content, date) and name in {"year", "month", "day"}:
        return derived(getattr(content, name), owner)
    if isinstance(content, timedelta) and name in {"days", "seconds"}:
        return derived(getattr(content, name), owner)
    return None


def all_true(values: Sequence[Value], *, any_: bool) -> Value:
    """`all(values)`, or `any(values)`: known as soon as one value decides."""
    known = [truth(value.content) if value.known else None for value in values]
    if any_ in known:
        return Value(any_)
    return NOTHING if None in known else Value(not any_)
