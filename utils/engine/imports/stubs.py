"""What LEAN has, told by quantconnect-stubs when they are installed; asked on the way to an error only."""

from __future__ import annotations

import re
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

_HEAD = re.compile(r"^class (\w+)(?:\((.*)\))?:$", re.MULTILINE)
_DOCSTRING = re.compile(r'""".*?"""', re.DOTALL)
_MEMBER = re.compile(r"^    (?:def )?(\w+)\s*[(:=]", re.MULTILINE)
_PARAMETERS = re.compile(r"\[[^\[\]]*\]")


@cache
def _classes() -> dict[str, tuple[str, str]]:
    """Bases and body of each class as text; of several classes of one name the first."""
    classes: dict[str, tuple[str, str]] = {}
    for text in _texts():
        heads = list(_HEAD.finditer(text))
        ends = [following.start() for _, following in pairwise(heads)] + [len(text)]
        for head, end in zip(heads, ends, strict=False):
            classes.setdefault(head[1], (head[2] or "", text[head.end() : end]))
    return classes


def _texts() -> list[str]:
    for entry in sys.path:
        for package in ("QuantConnect-stubs", "QuantConnect"):
            folder = Path(entry or ".") / package
            if (folder / "__init__.pyi").is_file():
                return [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.pyi"))]
    return []


def has_class(name: str) -> bool:
    """Whether LEAN has a class of this name."""
    return name in _classes()


@cache
def members_of(class_name: str) -> frozenset[str]:
    """Public members of LEAN's class, its bases' included; none when there is no such class."""
    bases, body = _classes().get(class_name, ("", ""))
    names = {name for name in _MEMBER.findall(_DOCSTRING.sub("", body)) if not name.startswith("_")}
    return frozenset(names).union(*(members_of(base) for base in _names(bases) if base != class_name))


def _names(bases: str) -> list[str]:
    """`A.B[C, D], E` -> ["B", "E"]."""
    while (plain := _PARAMETERS.sub("", bases)) != bases:
        bases = plain
    return [base.strip().rpartition(".")[2] for base in bases.split(",") if "=" not in base]


def has_member(class_name: str, member: str) -> bool:
    """Whether LEAN's class has a member, of its own or of a base."""
    return member in members_of(class_name)
