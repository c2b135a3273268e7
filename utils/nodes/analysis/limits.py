"""Limits that an algorithm sets itself: settings, attributes, parameters and constants by their names."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from utils.nodes.analysis.asked import Asked
from utils.nodes.analysis.figures import Findings
from utils.nodes.analysis.modules import Module, runtime_nodes
from utils.nodes.analysis.stored import leaves
from utils.nodes.analysis.values import Instance, Value
from utils.nodes.requirements import Source

POSITION_LIMITS = ("max_concurrent_positions", "max_positions", "max_open_positions")
LATENCY_LIMITS = ("max_broker_latency_ms", "max_latency_ms")
_REACH = 3


def limits(
    asked: Asked,
    algorithm: Instance,
    modules: Iterable[Module],
    dead: Collection[int],
    findings: Findings,
) -> None:
    """Positions open at once, and the latency that trading bears."""
    known: dict[str, Value] = dict(_constants(modules, dead))
    for settings in asked.settings:
        known |= {path.rsplit(".", 1)[-1]: value for path, value in leaves(settings)}
    known |= {name.lower(): value for name, value in asked.parameters.items()}
    known |= dict(_attributes(algorithm, _REACH, set()))
    for name, names, default in (
        ("max_concurrent_positions", POSITION_LIMITS, 0),
        ("max_latency_ms", LATENCY_LIMITS, None),
    ):
        named = [known[one] for one in names if one in known]
        found = [(value, number) for value in named if (number := _number(value)) is not None]
        if found:
            value, limit = found[0]
            whole = int(limit) if default == 0 else limit
            findings.note(name, whole, *(value.sources or (Source("the code"),)))
        elif named:
            findings.note(name, default, Source("its limit is not known before it runs"), *named[0].sources)
        else:
            findings.note(name, default, Source("no limit was found"))


def _attributes(instance: Instance, depth: int, seen: set[int]) -> Iterator[tuple[str, Value]]:
    """Attributes of an object and of those it holds, its own last."""
    if id(instance) in seen:
        return
    seen.add(id(instance))
    for value in instance.attributes.values():
        if depth and isinstance(value.content, Instance):
            yield from _attributes(value.content, depth - 1, seen)
    for name, value in instance.attributes.items():
        yield name.lstrip("_").lower(), value


def _constants(modules: Iterable[Module], dead: Collection[int]) -> Iterator[tuple[str, Value]]:
    """Constants of the modules under the names of limits, where code reads them."""
    wanted = (*POSITION_LIMITS, *LATENCY_LIMITS)
    listed = list(modules)
    read = {
        getattr(node, "id", getattr(node, "attr", ""))
        for module in listed
        for node in runtime_nodes(module.tree, dead)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    for module in reversed(listed):
        for name, value in module.names.items():
            if name.lower() in wanted and name in read:
                yield name.lower(), value


def _number(value: Value) -> float | None:
    """A limit; None when it is none. Texts are parameters' values."""
    content = value.content
    if isinstance(content, str):
        try:
            content = float(content)
        except ValueError:
            return None
    if isinstance(content, bool) or not isinstance(content, int | float):
        return None
    return content if 0 <= content < 1e9 else None
