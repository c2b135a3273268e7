"""Objects that nobody keeps: they may be used again, which takes half the time of making new ones."""

from __future__ import annotations

from sys import getrefcount
from typing import Final


class _Kept:
    """Keeps something in an attribute."""

    __slots__ = ("_kept",)

    def references(self) -> int:
        """References to an object that is in one attribute and in one variable."""
        self._kept = object()
        shown = self._kept
        return getrefcount(shown)


# What `getrefcount(variable)` says of an object that is in one attribute too, and that nobody else has.
UNSHARED: Final = _Kept().references()
