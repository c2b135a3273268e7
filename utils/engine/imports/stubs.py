"""What LEAN has, told by quantconnect-stubs when they are installed; asked on the way to an error only."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path


@cache
def _texts() -> tuple[str, ...]:
    for entry in sys.path:
        for package in ("QuantConnect-stubs", "QuantConnect"):
            folder = Path(entry or ".") / package
            if (folder / "__init__.pyi").is_file():
                return tuple(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.pyi")))
    return ()


@cache
def has_class(name: str) -> bool:
    """Whether LEAN has a class of this name."""
    head = re.compile(rf"^class {re.escape(name)}\b", re.MULTILINE)
    return any(head.search(text) for text in _texts())


@cache
def _class_source(name: str) -> tuple[str, tuple[str, ...]]:
    """Body of a class and the names of its bases."""
    head = re.compile(rf"^class {re.escape(name)}\b(?:\((.*?)\))?:", re.MULTILINE)
    for text in _texts():
        found = head.search(text)
        if found:
            following = re.search(r"^class ", text[found.end() :], re.MULTILINE)
            body = text[found.end() : found.end() + following.start()] if following else text[found.end() :]
            bases = re.findall(r"([A-Za-z_]+)(?:\[[^\]]*\])?(?:,|$)", found.group(1) or "")
            return body, tuple(bases)
    return "", ()


@cache
def has_member(class_name: str, member: str, depth: int = 4) -> bool:
    """Whether LEAN's class has a member, of its own or of a base."""
    body, bases = _class_source(class_name)
    if re.search(rf"^    (?:def {re.escape(member)}\(|{re.escape(member)}\s*[:=])", body, re.MULTILINE):
        return True
    return depth > 0 and any(has_member(base, member, depth - 1) for base in bases)
