"""What is in the Object Store, known from its keys alone, and what must go to make room."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from trading.state.categories import BUDGETS, MAX_BYTES, MAX_FILES, Category
from trading.state.errors import BudgetError
from trading.state.object_key import ObjectKey
from trading.state.object_store import ObjectStore


class Inventory:
    """The objects under one root, and the number of all others.

    Sizes of objects outside the root are unknown: LEAN tells them by reading only. It counts them itself, and
    refuses a save.
    """

    def __init__(self, store: ObjectStore, root: str) -> None:
        self._max_bytes = min(MAX_BYTES, int(getattr(store, "max_size", 0)) or MAX_BYTES)
        self._max_files = min(MAX_FILES, int(getattr(store, "max_files", 0)) or MAX_FILES)
        self._objects: dict[Category, dict[str, list[ObjectKey]]] = {category: {} for category in Category}
        self._used = dict.fromkeys(Category, (0, 0))
        self._foreign = 0
        for path in store.keys:
            key = ObjectKey.parse(path, root)
            if key is None:
                self._foreign += 1
            else:
                self.add(key)

    def objects(self, category: Category) -> Iterator[tuple[str, Sequence[ObjectKey]]]:
        """Names of a category with their generations, the oldest first."""
        yield from self._objects[category].items()

    def generations(self, category: Category, name: str) -> Sequence[ObjectKey]:
        """Generations of an object, the oldest first."""
        return self._objects[category].get(name, ())

    def next_generation(self, category: Category, name: str) -> int:
        """One more than the newest."""
        generations = self.generations(category, name)
        return generations[-1].generation + 1 if generations else 1

    def usage(self, category: Category) -> tuple[int, int]:
        """Files and bytes of a category."""
        return self._used[category]

    def add(self, key: ObjectKey) -> None:
        """Count an object that is there, or about to be."""
        generations = self._objects[key.category].setdefault(key.name, [])
        generations.append(key)
        generations.sort(key=lambda other: other.generation)
        files, size = self._used[key.category]
        self._used[key.category] = (files + 1, size + key.size)

    def remove(self, key: ObjectKey) -> None:
        """Count an object no more."""
        generations = self._objects[key.category][key.name]
        generations.remove(key)
        if not generations:
            del self._objects[key.category][key.name]
        files, size = self._used[key.category]
        self._used[key.category] = (files - 1, size - key.size)

    def expired(self, now: datetime) -> Iterator[ObjectKey]:
        """Objects whose time is over, in the order in which they may be dropped.

        Once the newest generation has expired the object has, and older generations go first: a crash on the
        way must not bring one of them back.
        """
        for category in Category:
            for generations in self._objects[category].values():
                if generations[-1].expired(now):
                    yield from generations
                else:
                    yield from (key for key in generations if key.expired(now))

    def room_for(self, key: ObjectKey, now: datetime) -> list[ObjectKey]:
        """What has to go before `key` fits its category and the store: expired objects, then the oldest.

        Raises:
            BudgetError: it does not fit, whatever goes that may go.
        """
        budget = BUDGETS[key.category]
        files, size = self._used[key.category]
        own = (files + 1 - budget.max_files, size + key.size - budget.max_bytes)
        victims = self._chosen([key.category], own, now)
        if victims is None:
            raise BudgetError(
                f"{key.category}/{key.name}: {key.size} bytes do not fit; the category holds {files} of "
                f"{budget.max_files} files and {size} of {budget.max_bytes} bytes: delete objects of it"
            )
        files, size = (sum(figures) for figures in zip(*self._used.values(), strict=True))
        total = (
            files + self._foreign - len(victims) + 1 - self._max_files,
            size - sum(victim.size for victim in victims) + key.size - self._max_bytes,
        )
        more = self._chosen(tuple(Category), total, now, set(victims))
        if more is None:
            raise BudgetError(
                f"{key.category}/{key.name}: {key.size} bytes do not fit; the Object Store holds "
                f"{files + self._foreign} of {self._max_files} files and {size} of {self._max_bytes} bytes: "
                "delete objects"
            )
        return victims + more

    def _chosen(
        self,
        categories: Collection[Category],
        excess: tuple[int, int],
        now: datetime,
        gone: Collection[ObjectKey] = (),
    ) -> list[ObjectKey] | None:
        """Objects of `categories` that free `excess` (files, bytes); None when not so much may go."""
        files, size = excess
        chosen: list[ObjectKey] = []
        for key in self._droppable(categories, now) if files > 0 or size > 0 else ():
            if key in gone:
                continue
            chosen.append(key)
            files -= 1
            size -= key.size
            if files <= 0 and size <= 0:
                return chosen
        return chosen if files <= 0 and size <= 0 else None

    def _droppable(self, categories: Collection[Category], now: datetime) -> list[ObjectKey]:
        """What may go, in order: expired objects, then by the time of the newest generation."""
        expired = [key for key in self.expired(now) if key.category in categories]
        known = set(expired)
        objects = sorted(
            (
                generations
                for category in categories
                if BUDGETS[category].evictable
                for generations in self._objects[category].values()
            ),
            key=lambda generations: (generations[-1].saved, generations[-1].name),
        )
        return expired + [key for generations in objects for key in generations if key not in known]
