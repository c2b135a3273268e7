"""What makes two sweeps, or two searches, the same: digests of all that decides a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np

from trading.bars import Bars
from trading.compiled import source_digest
from trading.strategies.contract import Strategy
from utils.sweep import evaluation

CHANGES_NAMED = 3
"""Fields that a refusal names before it counts the rest."""

Changes = list[str]
"""Fields that are not what they were, each with both values."""


def digest(content: Any) -> str:
    """SHA-256 (hex) of plain content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def bars_digest(bars: Bars) -> str:
    """SHA-256 (hex) of all columns; a symbol's name moves no price."""
    found = hashlib.sha256()
    for column in fields(bars):
        value = getattr(bars, column.name)
        if column.name == "symbol":
            continue
        found.update(column.name.encode())
        found.update(
            np.ascontiguousarray(value).data if isinstance(value, np.ndarray) else repr(value).encode()
        )
    return found.hexdigest()


def code_digest(strategy: Strategy[Any], *more: ModuleType) -> str:
    """Digest of the code and of the compilers that turn bars and parameters into results.

    Args:
        more: modules of ours, beside the kernels and the evaluation, that decide a result.
    """
    modules = (
        type(strategy).__module__,
        "trading.indicators",
        "trading.simulation.evaluate",
        "trading.simulation.market",
        "trading.simulation.outcomes",
    )
    sources = [Path(str(module.__file__)).read_text(encoding="utf-8") for module in (evaluation, *more)]
    return digest([source_digest(*modules), *sources, versions()])


def versions() -> dict[str, str]:
    """Compilers whose change may change the last bit of a result."""
    return {"numba": numba.__version__, "numpy": np.__version__}


def changed_parts(
    before: Mapping[str, Any], now: Mapping[str, Any], fields_of: Mapping[str, Changes]
) -> list[str]:
    """Parts of two specs whose digests differ, each with the fields of the file that say so.

    Args:
        before, now: specs of a stored record and of the one asked for.
        fields_of: changed fields of the parts that are this kind's own.
    """
    old, new = before["config"], now["config"]
    of_part = {
        "data": changes(old["data"], new["data"]),
        "settings": changes(
            {**old["instrument"], **old["capital"], "holdout": old["holdout"]},
            {**new["instrument"], **new["capital"], "holdout": new["holdout"]},
        ),
        "code": changes(before["versions"], now["versions"]),
        **fields_of,
    }
    different = [part for part, value in now["digests"].items() if before["digests"].get(part) != value]
    return [f"{part}{_listed(of_part[part])}" for part in different]


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Changes:
    """Fields of two mappings that differ."""
    names = dict.fromkeys([*before, *now])
    return [
        f"{name}: {_short(before.get(name))} before, {_short(now.get(name))} now"
        for name in names
        if before.get(name) != now.get(name)
    ]


def _listed(found: Changes) -> str:
    more = [f"{len(found) - CHANGES_NAMED} more"] if len(found) > CHANGES_NAMED else []
    return f" ({'; '.join(found[:CHANGES_NAMED] + more)})" if found else ""


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
