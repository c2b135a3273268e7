"""Where features are kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array


class Unit(NamedTuple):
    """What is written at once: one series over one window in one table."""

    table: str
    series: str
    window: int


class FeatureStore(ABC):
    """A database of features.

    Safe to use from several threads. `replace` is atomic: after a crash at any moment a unit is there as a
    whole, with its mark, or as it was before.
    """

    @abstractmethod
    def prepare(self) -> None:
        """Make the tables, or bring them up to date.

        Raises:
            UserError: no access, or tables of a later version.
        """

    @abstractmethod
    def digests(self) -> dict[Unit, str]:
        """The units that are done, with the digest of what they were made of."""

    @property
    def remark(self) -> str | None:
        """What a user should know of how the database was, in one line; None when there is nothing."""
        return None

    def replace(self, unit: Unit, digest: str, time_ns: NDArray[np.int64], columns: Float64Array) -> None:
        """Write a unit's rows in place of those there were, and mark it done.

        Args:
            digest: of everything that the rows follow from.
            time_ns: UTC nanoseconds of each row, increasing.
            columns: shape (columns, rows), in the order of the table's; NaN is stored as NULL.

        Raises:
            UserError: the database refused, was full, or could not be reached again in time.
            ValueError: times that do not increase.
        """
        if bool((np.diff(time_ns) <= 0).any()):
            raise ValueError(f"{unit.table} of {unit.series}: times of a unit increase from row to row")
        self._replace(unit, digest, time_ns, columns)

    @abstractmethod
    def _replace(self, unit: Unit, digest: str, time_ns: NDArray[np.int64], columns: Float64Array) -> None:
        """`replace`, in one transaction, alone with the unit among all clients of the database."""

    @abstractmethod
    def rows(self, unit: Unit) -> tuple[NDArray[np.int64], Float64Array]:
        """A unit's rows in order of time, as `replace` took them."""

    @abstractmethod
    def close(self) -> None:
        """Give connections back."""
