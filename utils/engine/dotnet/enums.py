"""Enumerations as LEAN's: both spellings of a member, numbers that compare, .NET's text."""

from __future__ import annotations

from enum import EnumMeta, IntEnum
from typing import Any

from utils.engine.dotnet.naming import pascal_case, snake_case

# Members whose .NET spelling is not the plain PascalCase of ours, by enumeration and member.
_SPELLINGS: dict[tuple[str, str], str] = {}


class _BothSpellings(EnumMeta):
    def __getattr__(cls, name: str) -> Any:
        if not name.startswith("_"):
            member: Any = cls.__members__.get(snake_case(name).upper())
            if member is None:
                wanted = name.replace("_", "").lower()
                names: list[str] = [n for n in cls.__members__ if n.replace("_", "").lower() == wanted]
                member = cls.__members__[names[0]] if names else None
            if member is not None:
                return member
        raise AttributeError(f"{cls.__name__} has no member {name!r}")


class LeanEnum(IntEnum, metaclass=_BothSpellings):
    """An enumeration of LEAN: members in UPPER_SNAKE with LEAN's numbers; `str()` is .NET's name."""

    _text: str  # .NET's name, once it was asked for

    def __str__(self) -> str:
        text = self.__dict__.get("_text")
        if text is None:
            text = _SPELLINGS.get((type(self).__name__, self.name)) or pascal_case(self.name.lower())
            self._text = text
        return text

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def to_string(self) -> str:
        """.NET's name of the member."""
        return str(self)

    ToString = to_string


def spell(enumeration: type[LeanEnum], **spellings: str) -> None:
    """Set .NET's spelling of members whose name does not follow from ours: `spell(Market, USA="USA")`."""
    for member, text in spellings.items():
        _SPELLINGS[enumeration.__name__, member] = text
