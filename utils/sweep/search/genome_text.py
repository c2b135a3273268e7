"""Mined rules as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from utils.sweep.grid import Values


def genome_text(values: Values) -> str:
    """Parameters of the strategy `rules` in one line.

    Example:
        >>> genome_text({"side": "long", "unit": "percent", "stop": 2.0, "rules": [
        ...     {"left": {"field": "close"}, "operator": ">", "right": {"indicator": "ema", "args": [50]}}]})
        'long when close > ema(50); stop 2 percent'
    """
    rules = " and ".join(
        f"{_operand(rule['left'])} {rule['operator']} {_operand(rule['right'])}" for rule in values["rules"]
    )
    exits = ", ".join(f"{name} {values[name]:g}" for name in ("stop", "target", "trail") if values.get(name))
    unit = values.get("unit", "atr")
    measured = f"atr({values.get('atr_period', 14)})" if unit == "atr" else unit
    return f"{values.get('side', 'long')} when {rules}; {exits or 'no exit'} {measured}"


def _operand(operand: Mapping[str, Any]) -> str:
    if "constant" in operand:
        return f"{operand['constant']:g}"
    if "field" in operand:
        return str(operand["field"])
    settings = ", ".join(f"{value:g}" for value in operand.get("args", ()))
    output = f".{operand['output']}" if operand.get("output") else ""
    return f"{operand['indicator']}({settings}){output}"
