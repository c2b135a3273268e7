"""Keys of objects: all that housekeeping needs to know stands in the key, so that nothing is read for it.

    <root>/<category>/<name>=<generation>-<saved>-<expires>-<bytes>

`saved` and `expires` are seconds since 1970 (UTC), `expires` 0 for never. A name has no folder of its own:
LEAN lists all folders at every save, and never removes an empty one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from trading.state.categories import Category

_NAME = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*", re.ASCII)
_TAIL = re.compile(r"(\d{10,})-(\d+)-(\d+)-(\d+)", re.ASCII)
_LONGEST_NAME = 200
_CATEGORIES = frozenset(str(category) for category in Category)


def checked_name(name: str, what: str) -> str:
    """`name`, which may be part of a key.

    Raises:
        ValueError: it may not.
    """
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise ValueError(
            f"{what}: {name[:60]!r} cannot be part of a key; use up to {_LONGEST_NAME} letters, digits, "
            "'_' and '-', with '/' between parts"
        )
    return name


@dataclass(frozen=True)
class ObjectKey:
    """The key of one generation of one object."""

    category: Category
    name: str
    generation: int
    saved: int
    expires: int
    size: int

    def under(self, root: str) -> str:
        """As the Object Store has it."""
        tail = f"{self.generation:010d}-{self.saved}-{self.expires}-{self.size}"
        return f"{root}/{self.category}/{self.name}={tail}"

    def expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return 0 < self.expires <= now.timestamp()

    @classmethod
    def parse(cls, key: str, root: str) -> Self | None:
        """The parts of a key under `root`; None when it is not one of these."""
        if not key.startswith(f"{root}/"):
            return None
        category, _, rest = key[len(root) + 1 :].partition("/")
        name, _, tail = rest.rpartition("=")
        numbers = _TAIL.fullmatch(tail)
        if category not in _CATEGORIES or numbers is None or not _NAME.fullmatch(name):
            return None
        generation, saved, expires, size = (int(number) for number in numbers.groups())
        return cls(Category(category), name, generation, saved, expires, size)
