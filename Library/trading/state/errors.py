"""What can go wrong with what is kept."""

from __future__ import annotations


class StorageError(RuntimeError):
    """An object could not be saved; what was there before still is."""


class BudgetError(StorageError):
    """An object does not fit its category's budget, and nothing there may be dropped for it."""


class DamagedObjectError(ValueError):
    """An object's bytes are not those that were saved."""


class SchemaError(ValueError):
    """An object is whole, but not of the kind, version or form that the code reads."""
