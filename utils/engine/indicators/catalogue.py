"""All names of LEAN's namespace `QuantConnect.Indicators` that the engine has."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.naming import DotNet
from utils.engine.indicators import (
    bands,
    bar_oscillators,
    base,
    breadth,
    changes,
    composite,
    cycles,
    data_point,
    extensions,
    extremes,
    functional,
    kinds,
    moving_averages,
    oscillators,
    patterns,
    python_indicator,
    ranges,
    regression,
    risk,
    rolling_window,
    several_symbols,
    stochastics,
    sums,
    trends,
    value_studies,
    volumes,
)

_MODULES: Final[tuple[ModuleType, ...]] = (
    bands,
    bar_oscillators,
    base,
    breadth,
    changes,
    composite,
    cycles,
    data_point,
    extensions,
    extremes,
    functional,
    kinds,
    moving_averages,
    oscillators,
    patterns,
    python_indicator,
    ranges,
    regression,
    risk,
    rolling_window,
    several_symbols,
    stochastics,
    sums,
    trends,
    value_studies,
    volumes,
)

# Ours only.
_PRIVATE: Final = {"Output"}


def _names() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in _MODULES:
        for name, member in vars(module).items():
            public = isinstance(member, type) and issubclass(member, (DotNet, LeanEnum))
            if public and member.__module__ == module.__name__ and not name.startswith("_"):
                found[name] = member
    return {name: member for name, member in found.items() if name not in _PRIVATE}


INDICATOR_NAMES: Final[dict[str, Any]] = _names()
"""Classes and enumerations by LEAN's name."""
