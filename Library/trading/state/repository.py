"""Objects by category and name, kept in LEAN's Object Store within budgets.

A save never touches what is there: it writes a new generation under a key of its own, reads it back, has it
written to disk, and only then drops generations that are too old. There is no pointer that could be wrong:
the newest generation that is whole is the object. So a crash at any point, and a file cut short by one, leave
the state before the save or the one after it.

One writer a root: give a live algorithm, its backtests and research roots of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trading.state.categories import BUDGETS, MAX_FILE_BYTES, Budget, Category
from trading.state.envelope import Envelope, seal, unseal
from trading.state.errors import DamagedObjectError, StorageError
from trading.state.inventory import Inventory
from trading.state.object_key import ObjectKey, checked_name
from trading.state.object_store import ObjectStore, flush, read_object


@dataclass(frozen=True)
class Loaded:
    """An object as it was found.

    Attributes:
        generation: counts up from 1 with each save of the name.
        damaged: newer generations that were not whole; not empty means the object is an older one than was
            saved last.
    """

    envelope: Envelope
    generation: int
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Usage:
    """What a category holds."""

    files: int
    bytes: int
    budget: Budget


@dataclass(frozen=True)
class Cleaning:
    """What a cleaning dropped."""

    files: int
    bytes: int


class Repository:
    """Saves, loads and drops objects under `root`.

    >>> repository = Repository(algorithm.object_store, "bot/live", lambda: algorithm.utc_time, algorithm.log)
    >>> repository.save(Category.ML_MODELS, "movement", pickled)
    >>> repository.load(Category.ML_MODELS, "movement").envelope.body
    """

    def __init__(
        self, store: ObjectStore, root: str, now: Callable[[], datetime], log: Callable[[str], None]
    ) -> None:
        """Take stock of what is there.

        Args:
            store: LEAN's.
            root: begins all keys; one writer each.
            now: the time, UTC; a naive one is taken for UTC, as LEAN's is.
            log: takes one line for each thing that a person should know.
        """
        self._store = store
        self._root = checked_name(root, "root")
        self._clock = now
        self._log = log
        self._inventory: Inventory | None = Inventory(store, self._root)

    def refresh(self) -> None:
        """Take stock anew, after another process has written or dropped objects."""
        self._inventory = None

    def names(self, category: Category) -> tuple[str, ...]:
        """Names with an object that has not expired, in order."""
        now = self._now()
        return tuple(
            sorted(
                name
                for name, generations in self._stock.objects(category)
                if not generations[-1].expired(now)
            )
        )

    def usage(self, category: Category) -> Usage:
        """How much a category holds."""
        files, size = self._stock.usage(category)
        return Usage(files, size, BUDGETS[category])

    def save(
        self,
        category: Category,
        name: str,
        body: bytes,
        *,
        kind: str = "bytes",
        version: int = 1,
        lifetime: timedelta | None = None,
    ) -> int:
        """Keep an object in place of the one of that name.

        Args:
            category: sets budget, lifetime and number of generations.
            name: letters, digits, ``_`` and ``-``, with ``/`` between parts.
            body: any bytes; they are compressed.
            kind: what they are; `version`: the version of their schema.
            lifetime: gone so long after now; None: as the category says.

        Returns:
            The generation.

        Raises:
            BudgetError: it does not fit.
            StorageError: the store would not keep it.
        """
        checked_name(name, "name")
        now = self._now()
        blob = seal(Envelope(kind, version, now, body))
        if len(blob) > MAX_FILE_BYTES:
            raise StorageError(
                f"{category}/{name}: {len(blob)} bytes, more than the {MAX_FILE_BYTES} allowed; split it"
            )
        budget = BUDGETS[category]
        lifetime = budget.lifetime if lifetime is None else lifetime
        expires = 0 if lifetime is None else int((now + lifetime).timestamp())
        first = self._stock.next_generation(category, name)
        # What cannot be done without is saved twice the first time: a lone generation that is cut short then
        # is a first save that a crash interrupted, and not the loss of something.
        copies = 2 if first == 1 and not budget.evictable else 1
        with self._stock_taken_anew_on_failure():
            for generation in range(first, first + copies):
                self._keep(
                    ObjectKey(category, name, generation, int(now.timestamp()), expires, len(blob)), blob, now
                )
        return first + copies - 1

    def load(self, category: Category, name: str) -> Loaded | None:
        """The newest generation that is whole; None when there is none, or it has expired.

        Raises:
            DamagedObjectError: there are generations, none is whole, and the category cannot do without.
        """
        damaged: list[str] = []
        now = self._now()
        for key in reversed(self._stock.generations(category, name)):
            if key.expired(now):
                return None
            path = key.under(self._root)
            blob = read_object(self._store, path)
            if blob is None:
                continue
            try:
                envelope = unseal(blob)
            except DamagedObjectError as error:
                self._log(f"{path}: {error}; falling back to the generation before it")
                damaged.append(path)
                continue
            return Loaded(envelope, key.generation, tuple(damaged))
        if len(damaged) > 1 and not BUDGETS[category].evictable:
            raise DamagedObjectError(
                f"{category}/{name}: none of {len(damaged)} generations is whole; "
                "restore one of their files from a copy, or delete them to begin anew"
            )
        return None

    def delete(self, category: Category, name: str) -> bool:
        """Drop all generations of an object; whether there was one."""
        generations = tuple(self._stock.generations(category, name))
        with self._stock_taken_anew_on_failure():
            # The oldest first: a crash on the way leaves the newest, never an older one in its place.
            for key in generations:
                self._drop(key)
        return bool(generations)

    def clean(self) -> Cleaning:
        """Drop what has expired."""
        expired = tuple(self._stock.expired(self._now()))
        with self._stock_taken_anew_on_failure():
            for key in expired:
                self._drop(key)
        return Cleaning(len(expired), sum(key.size for key in expired))

    def _keep(self, key: ObjectKey, blob: bytes, now: datetime) -> None:
        for victim in self._stock.room_for(key, now):
            if not victim.expired(now):
                self._log(f"{victim.category}/{victim.name}: dropped, there is no room left")
            self._drop(victim)
        self._write(key, blob, now)
        self._settle(key, BUDGETS[key.category])

    def _write(self, key: ObjectKey, blob: bytes, now: datetime) -> None:
        path = key.under(self._root)
        self._stock.add(key)
        if not self._store.save_bytes(path, blob):
            for expired in tuple(self._stock.expired(now)):
                self._drop(expired)
            if not self._store.save_bytes(path, blob):
                self._drop(key)
                raise StorageError(
                    f"{path}: the Object Store refused {len(blob)} bytes; its limits on files or bytes are "
                    "reached: delete objects of other projects or take a larger tier"
                )
        if read_object(self._store, path) != blob:
            self._drop(key)
            raise StorageError(
                f"{path}: the Object Store answers with other bytes than were saved; look at it"
            )

    def _settle(self, key: ObjectKey, budget: Budget) -> None:
        """Have a new generation on disk before older ones are dropped there."""
        older = self._stock.generations(key.category, key.name)[: -budget.generations]
        if older or not budget.evictable:
            flush(self._store, key.under(self._root))
        for superseded in tuple(older):
            self._drop(superseded)

    def _drop(self, key: ObjectKey) -> None:
        self._store.delete(key.under(self._root))
        self._stock.remove(key)

    @property
    def _stock(self) -> Inventory:
        if self._inventory is None:
            self._inventory = Inventory(self._store, self._root)
        return self._inventory

    @contextmanager
    def _stock_taken_anew_on_failure(self) -> Iterator[None]:
        """What a store that failed half-way holds is known to the store only."""
        try:
            yield
        except BaseException:
            self._inventory = None
            raise

    def _now(self) -> datetime:
        from_clock = self._clock()
        return from_clock if from_clock.tzinfo else from_clock.replace(tzinfo=UTC)
