"""Floats at the Python surface over decimals inside."""

from __future__ import annotations

from decimal import Decimal
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
