"""Floats at the Python surface over decimals inside."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from utils.engine.dotnet.money import exact


def float_of(name: str) -> Any:
    """A property that shows the decimal attribute `name` as float and sets it through `exact`."""

    def read(self: object) -> float:
        return float(getattr(self, name))

    def write(self: object, value: float | Decimal) -> None:
        setattr(self, name, exact(value))

    return property(read, write)


def optional_float_of(name: str) -> Any:
    """As `float_of`, of an attribute that may be None."""

    def read(self: object) -> float | None:
        value = getattr(self, name)
        return None if value is None else float(value)

    def write(self: object, value: float | Decimal | None) -> None:
        setattr(self, name, None if value is None else exact(value))

    return property(read, write)


def read_only_float_of(name: str) -> Any:
    """A property that shows the decimal attribute `name` as float."""

    def read(self: object) -> float:
        return float(getattr(self, name))

    return property(read)


def exact_answer(method: Callable[..., Any], *terms: Any) -> Decimal:
    """A number that a model answers: all its digits when the model is the engine's, a user's as a float."""
    answer = method(*terms)
    return exact(answer if _is_engines(getattr(method, "__func__", method)) else float(answer))


def engines_own(model: Any, name: str) -> Callable[..., Any]:
    """A model's method as the engine's class has it, though a user's subclass may override it.

    LEAN's classes do not see what a Python subclass overrides when they call their own methods; the rest of
    LEAN does. What a model calls of itself therefore goes through here.
    """
    kind: Any = type(model)
    found: Callable[..., Any] = _engines_own(kind, name).__get__(model)
    return found


@cache
def _engines_own(kind: type, name: str) -> Any:
    methods = (vars(base)[name] for base in kind.__mro__ if name in vars(base))
    return next((method for method in methods if _is_engines(method)), getattr(kind, name))


def _is_engines(method: Any) -> bool:
    return str(getattr(method, "__module__", "")).startswith("utils.engine")
