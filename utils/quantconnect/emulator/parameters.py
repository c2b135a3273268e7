"""A call's parameters, whichever way they were sent: query, JSON, or a form with PHP's arrays."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from utils.quantconnect.emulator.errors import RefusalError

_FORM_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
_DEEPEST = 64
_LARGEST = 2**63 - 1
_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no", ""})


def parse_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Names and values of a form or a query, `a[0][key]=x` nested as PHP nests them.

    >>> parse_pairs([("name", "a"), ("files[0][name]", "main.py"), ("files[0][content]", "")])
    {'name': 'a', 'files': {'0': {'name': 'main.py', 'content': ''}}}
    """
    parsed: dict[str, Any] = {}
    for name, value in pairs:
        match = _FORM_NAME.match(name)
        if match is None:
            parsed[name] = value
            continue
        keys = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])[:_DEEPEST]]
        place = parsed
        for key in keys[:-1]:
            step = key or str(len(place))
            if not isinstance(place.get(step), dict):
                place[step] = {}
            place = place[step]
        place[keys[-1] or str(len(place))] = value
    return parsed


def parse_query(text: str) -> dict[str, Any]:
    """A query string, or a form's body.

    Raises:
        RefusalError: it is not UTF-8.
    """
    try:
        return parse_pairs(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise RefusalError("The request is not UTF-8 text") from None


def parse_json(body: bytes) -> dict[str, Any]:
    """A JSON body; nothing at all counts as an empty object, and so does PHP's empty array.

    Raises:
        RefusalError: it is something else.
    """
    if not body.strip():
        return {}
    try:
        content = json.loads(body, parse_constant=_no_number, parse_float=_finite)
        json.dumps(content, ensure_ascii=False).encode()  # half a surrogate pair could be stored nowhere
    except (ValueError, RecursionError):
        raise RefusalError("The request's body is not JSON") from None
    if content == []:
        return {}
    if not isinstance(content, dict):
        raise RefusalError("The request's body is not a JSON object")
    return content


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _no_number(text: str) -> float:
    """NaN, infinities and what is too large: no answer could repeat them.

    Raises:
        ValueError: always.
    """
    raise ValueError(text)


@dataclass(frozen=True)
class Parameters:
    """Typed access to a call's parameters. Every method refuses a value of the wrong form by its name."""

    values: dict[str, Any] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """A text that must be there, if only empty."""
        value = self.optional_text(name)
        if value is None:
            raise RefusalError(f"{name} is required")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text; numbers are taken as text."""
        return _text(name, self.values.get(name))

    def integer(self, name: str) -> int:
        """A whole number that must be there."""
        value = self.optional_integer(name)
        if value is None:
            raise RefusalError(f"{name} is required")
        return value

    def optional_integer(self, name: str) -> int | None:
        """A whole number, possibly sent as text."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            number = int(value) if isinstance(value, int | str) else None
        except ValueError:
            number = None
        if number is None or isinstance(value, bool) or abs(number) > _LARGEST:
            raise RefusalError(f"{name} is not a whole number")
        return number

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value, possibly sent as text."""
        value = self.values.get(name, default)
        word = str(value).lower()
        if word in _TRUE:
            return True
        if word in _FALSE or value is None:
            return False
        raise RefusalError(f"{name} is not true or false")

    def items(self, name: str) -> list[Any] | None:
        """A list; None when it was left out. A form's empty text is an empty list."""
        value = self.values.get(name)
        if value is None:
            return None
        if value == "":
            return []
        if isinstance(value, dict):
            return list(value.values())
        if not isinstance(value, list):
            raise RefusalError(f"{name} is not a list")
        return value

    def records(self, name: str) -> list[Parameters] | None:
        """A list of structures; None when it was left out."""
        items = self.items(name)
        if items is None:
            return None
        if not all(isinstance(item, dict) for item in items):
            raise RefusalError(f"{name} is not a list of objects")
        return [Parameters(item) for item in items]

    def record(self, name: str) -> Parameters:
        """A structure; empty when it was left out."""
        value = self.values.get(name)
        if value is None or value in ("", []):
            return Parameters()
        if not isinstance(value, dict):
            raise RefusalError(f"{name} is not an object")
        return Parameters(value)


def scalar(name: str, value: object) -> str | int | float:
    """A parameter's value as it came.

    Raises:
        RefusalError: it is no text or number.
    """
    if isinstance(value, str):
        return _encodable(name, value)
    if isinstance(value, int | float):
        return value
    raise RefusalError(f"{name} is not a text or a number")


def _text(name: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise RefusalError(f"{name} is not a text")
    return _encodable(name, value)


def _encodable(name: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RefusalError(f"{name} is not valid Unicode") from None
    return value
