"""Finds what LEAN's classes have and the engine's have not, and writes `utils.engine.dotnet.refused_members`.

    python -m utils.engine.imports.missing_members

needs quantconnect-stubs. Run it when the engine learns a name of LEAN's, or when the stubs are updated.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from utils.engine.dotnet import refused_members
from utils.engine.dotnet.naming import DotNet, Refused
from utils.engine.imports import stubs
from utils.engine.imports.surface import lean_names, system_names
from utils.engine.run import backtest

_WIDTH = 110
_HEAD = """

from typing import Final

REFUSED_MEMBERS: Final[dict[str, str]] = {
"""


def missing_members() -> dict[str, tuple[str, ...]]:
    """Names to be refused, by class of the engine; a class refuses its bases' too."""
    _import_all()
    missing: dict[type, set[str]] = {}
    for cls in sorted(set(_below(DotNet)), key=lambda cls: (len(cls.__mro__), cls.__name__)):
        names = set(stubs.members_of(cls.__name__))
        for base in cls.__mro__:
            names -= _members(base) | missing.get(base, set())
        missing[cls] = names
    by_name = sorted(missing.items(), key=lambda item: item[0].__name__)
    return {cls.__name__: tuple(sorted(names)) for cls, names in by_name if names}


def _import_all() -> tuple[object, ...]:
    """Import every class that an algorithm meets, those it cannot import by name with `backtest`."""
    return lean_names(), system_names(), backtest


def _below(cls: type) -> Iterator[type]:
    derived: type
    for derived in cls.__subclasses__():
        if derived.__module__.startswith("utils.engine."):
            yield derived
            yield from _below(derived)


def _members(cls: type) -> set[str]:
    own = vars(cls)
    there = {name for name, member in own.items() if not isinstance(member, Refused)}
    return there | {*own.get("__annotations__", {})}


def _table(missing: dict[str, tuple[str, ...]]) -> str:
    return f'"""{refused_members.__doc__}"""{_HEAD}' + "".join(map(_entry, missing.items())) + "}\n"


def _entry(item: tuple[str, tuple[str, ...]]) -> str:
    name, members = item
    text = " ".join(members)
    line = f'    "{name}": "{text}",\n'
    if len(line) <= _WIDTH:
        return line
    room = _WIDTH - 10  # beside the indent and the quotes
    wrapped = [text] if len(text) <= room else textwrap.wrap(text, room - 1)
    *parts, last = (f'        "{part}' for part in wrapped)
    return f'    "{name}": (\n' + "".join(f'{part} "\n' for part in parts) + f'{last}"\n    ),\n'


if __name__ == "__main__":
    Path(refused_members.__file__).write_text(_table(missing_members()), encoding="utf-8")
