"""System.Math."""

from __future__ import annotations

import builtins
import math
from typing import Any

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.money import exact, round_half_even, round_half_up
from utils.engine.dotnet.naming import pascal_case


class MidpointRounding(LeanEnum):
    """Where halves go."""

    TO_EVEN = 0
    AWAY_FROM_ZERO = 1
    TO_ZERO = 2
    TO_NEGATIVE_INFINITY = 3
    TO_POSITIVE_INFINITY = 4


def _round(
    value: float, digits: int | MidpointRounding = 0, mode: MidpointRounding = MidpointRounding.TO_EVEN
) -> float:
    """Round a number as a decimal: halves to even, or away from zero."""
    if isinstance(digits, MidpointRounding):
        return _round(value, 0, digits)
    if mode == MidpointRounding.TO_EVEN:
        return float(round_half_even(exact(value), digits))
    if mode == MidpointRounding.AWAY_FROM_ZERO:
        return float(round_half_up(exact(value), digits))
    step = 10.0**digits
    if mode == MidpointRounding.TO_ZERO:
        return math.trunc(value * step) / step
    toward = math.floor if mode == MidpointRounding.TO_NEGATIVE_INFINITY else math.ceil
    return toward(value * step) / step


def _log(value: float, base: float = math.e) -> float:
    return math.log(value) if base == math.e else math.log(value, base)


class Math:
    """.NET's functions of numbers, in both naming styles."""

    PI = math.pi
    E = math.e


_FUNCTIONS: dict[str, Any] = {
    "abs": builtins.abs,
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "atan2": math.atan2,
    "ceiling": lambda value: float(math.ceil(value)),
    "cos": math.cos,
    "exp": math.exp,
    "floor": lambda value: float(math.floor(value)),
    "log": _log,
    "log10": math.log10,
    "max": builtins.max,
    "min": builtins.min,
    "pow": lambda base, exponent: float(base) ** float(exponent),
    "round": _round,
    "sign": lambda value: (value > 0) - (value < 0),
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
    "truncate": lambda value: float(math.trunc(value)),
}

for _name, _function in _FUNCTIONS.items():
    setattr(Math, _name, staticmethod(_function))
    setattr(Math, pascal_case(_name), staticmethod(_function))
