"""Parameters in other forms: one value inside nested ones, by its path; one as LEAN's text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


def with_fields(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of plain nested `values` with the values at dotted paths replaced.

    Args:
        values: parameters as a file gives them: mappings, lists and plain values; left as they are.
        changes: path -> value; a path's parts are keys, and indices of lists from 0. The last key may be
            new: whether the parameter exists is for `Strategy.parse` to say.
    Raises:
        ValueError: a path leads through something that is not there.

    Example:
        >>> base = {"rules": [{"left": {"field": "close"}, "right": {"constant": 1.0}}]}
        >>> with_fields(base, {"rules.0.right.constant": 2.0, "stop": 3})
        {'rules': [{'left': {'field': 'close'}, 'right': {'constant': 2.0}}], 'stop': 3}
    """
    result: Any = dict(values)
    for path, value in changes.items():
        result = _replaced(result, path.split("."), value, path)
    return dict(result)


def from_text(value: str) -> Any:
    """A parameter that LEAN passes as text: nested ones, which begin with a bracket, are JSON.

    Raises:
        ValueError: it begins with a bracket and is no JSON.
    """
    return json.loads(value) if value[:1] in ("[", "{") else value


def to_text(value: Any) -> str:
    """A plain parameter as LEAN passes it; `from_text` and the params model give it back."""
    return value if isinstance(value, str) else json.dumps(value)


def _replaced(node: Any, parts: list[str], value: Any, path: str) -> Any:
    if not parts:
        return value
    key, rest = parts[0], parts[1:]
    if isinstance(node, Mapping):
        if key not in node and rest:
            raise ValueError(f"parameter {path}: there is no {key!r}, known: {', '.join(map(str, node))}")
        return {**node, key: _replaced(node.get(key), rest, value, path)}
    if isinstance(node, Sequence) and not isinstance(node, str):
        if not key.isdecimal() or int(key) >= len(node):
            raise ValueError(f"parameter {path}: {key!r} is no index of a list of {len(node)}")
        index = int(key)
        return [*node[:index], _replaced(node[index], rest, value, path), *node[index + 1 :]]
    raise ValueError(f"parameter {path}: {node!r} has no part {key!r}")
