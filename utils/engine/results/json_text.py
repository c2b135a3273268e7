"""JSON text as LEAN writes it, character for character.

LEAN serializes with Newtonsoft.Json: whole decimals and floats get ".0", times are ISO 8601 in UTC with no
trailing zeros in the fraction, enumerations are numbers, non-ASCII characters stay as they are. Hashes of
orders depend on each of these.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from utils.engine.dotnet.money import text

_SPECIAL = re.compile(r'["\\\x00-\x1f\x85\u2028\u2029]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def json_text(value: object) -> str:
    """The JSON of `value` on one line.

    Args:
        value: None, bool, int (or enumeration), float, Decimal, str, naive UTC datetime, timedelta, or
            mappings and iterables of these. A mapping's keys are written as they are.

    Raises:
        TypeError: a value of another type.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(int(value))
        case Decimal():
            return with_fraction(text(value if value else abs(value)))  # a decimal has no "-0"
        case float():
            return float_text(value)
        case str():
            return quoted(value)
        case datetime():
            return f'"{time_text(value)}"'
        case timedelta():
            return f'"{duration_text(value)}"'
        case Mapping():
            return (
                "{" + ",".join(f"{quoted(str(key))}:{json_text(item)}" for key, item in value.items()) + "}"
            )
        case Iterable():
            return "[" + ",".join(map(json_text, value)) + "]"
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")


@dataclass(frozen=True)
class OnOneLine:
    """A value that stays on one line in an indented text."""

    value: object


def indented_json(value: object, indent: str = "") -> str:
    """The JSON of `value` over lines, two spaces a level.

    Raises:
        TypeError: a value `json_text` does not take.
    """
    inner = indent + "  "
    if isinstance(value, OnOneLine):
        return json_text(value.value)
    if isinstance(value, Mapping) and value:
        items = (f"{inner}{quoted(str(key))}: {indented_json(item, inner)}" for key, item in value.items())
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, (list, tuple)) and value:
        return "[\n" + ",\n".join(inner + indented_json(item, inner) for item in value) + f"\n{indent}]"
    return json_text(value)


def with_fraction(number: str) -> str:
    """A number's text with ".0" when it has no fraction."""
    return number if "." in number else number + ".0"


def float_text(value: float) -> str:
    """.NET's shortest text of a float that reads back as the same float."""
    if not math.isfinite(value):
        return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'
    digits = repr(value)
    if "e" not in digits and abs(value) < 1e15:
        return digits
    exact = Decimal(digits).normalize()
    mantissa, _, exponent = f"{exact:E}".partition("E")
    power = int(exponent)
    return f"{mantissa.removesuffix('.0')}E{'+' if power > 0 else '-'}{abs(power):02d}"


def time_text(time: datetime) -> str:
    """A naive UTC time: 2013-10-07T13:31:00Z; a fraction only where there is one."""
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    fraction = f".{time.microsecond:06d}".rstrip("0") if time.microsecond else ""
    return f"{seconds}{fraction}Z"


def duration_text(span: timedelta) -> str:
    """.NET's constant format of a span: [-][d.]hh:mm:ss[.fffffff]."""
    microseconds = abs(span) // timedelta(microseconds=1)
    seconds, microseconds = divmod(microseconds, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    sign = "-" if span < timedelta(0) else ""
    whole = f"{days}." if days else ""
    return sign + whole + clock + (f".{microseconds:06d}0" if microseconds else "")


def quoted(value: str) -> str:
    """A string literal."""
    return f'"{_SPECIAL.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _SHORT.get(character) or f"\\u{ord(character):04x}"
