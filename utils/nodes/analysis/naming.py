"""Names and arguments of LEAN's API, in both of its styles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from utils.nodes.analysis.values import NOTHING, Opaque, Value
from utils.nodes.requirements import Resolution


def snake(name: str) -> str:
    """LEAN's PascalCase in the style of its Python API: `AddEquity` is `add_equity`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def in_order(args: Sequence[Value], named: Mapping[str, Value], order: Sequence[str]) -> list[Value]:
    """The arguments by position, then those by name in the parameters' order, whichever style names them."""
    by_name = {snake(name): value for name, value in named.items()}
    return [*args, *(by_name[name] for name in order if name in by_name)]


def argument(args: Sequence[Value], named: Mapping[str, Value], position: int, names: Sequence[str]) -> Value:
    """One argument, by position or by any of its names."""
    if len(args) > position:
        return args[position]
    by_name = {snake(name): value for name, value in named.items()}
    return next((by_name[name] for name in names if name in by_name), NOTHING)


def resolution_of(value: Value) -> Resolution | None:
    """The resolution that a member of `Resolution` names."""
    content = value.content
    if isinstance(content, Opaque) and content.path.lower().startswith("resolution."):
        name = content.path.rsplit(".", 1)[-1].lower()
        return Resolution(name) if name in {one.value for one in Resolution} else None
    return None
