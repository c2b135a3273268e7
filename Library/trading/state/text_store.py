"""A category of a repository as a store of texts, for records that ask for no more."""

from __future__ import annotations

from trading.state.categories import Category
from trading.state.errors import DamagedObjectError
from trading.state.repository import Repository


class TextStore:
    """Reads and saves texts by name. A saved text is on disk, whole, when `save` returns."""

    def __init__(self, repository: Repository, category: Category) -> None:
        self._repository = repository
        self._category = category

    def contains_key(self, name: str, /) -> bool:
        """Whether there is a text of that name."""
        return self._repository.load(self._category, name) is not None

    def read(self, name: str, /) -> str:
        """The text saved last.

        Raises:
            KeyError: there is none.
            DamagedObjectError: what was saved last is not whole, though an older text may be.
        """
        loaded = self._repository.load(self._category, name)
        if loaded is None:
            raise KeyError(name)
        if loaded.damaged:
            raise DamagedObjectError(f"{self._category}/{name}: {'; '.join(loaded.damaged)}")
        return loaded.envelope.body.decode()

    def save(self, name: str, text: str, /) -> bool:
        """Keep a text in place of the one of that name; always True.

        Raises:
            StorageError: the store would not keep it.
        """
        self._repository.save(self._category, name, text.encode(), kind="text")
        return True
