"""A track: columns of features of one series of rates over one window."""

from __future__ import annotations

from abc import ABC, abstractmethod

from trading.bars import Bars, Float64Array


class Track(ABC):
    """Computes features of one series over one window into memory that is used again and again.

    Safe to use from several threads; each brings its own `out`.

    Attributes:
        number: 1, 2 or 3.
        name: of its table.
        columns: names of its features, the same for every window.
        kernels: rolling kernels that a row and window costs, for figures of speed.
        windowed: whether there are features of each window, or one set for the series (window 0).
    """

    number: int
    name: str
    columns: tuple[str, ...]
    kernels: int
    windowed: bool = True

    @abstractmethod
    def compute(self, bars: Bars, window: int, out: Float64Array) -> None:
        """Write the features of every row, NaN until a window is full.

        No feature of a row depends on a later row.

        Args:
            bars: rates; the close of a bar is known when it ends.
            out: shape (columns, rows).

        Raises:
            ValueError: a window that a feature cannot be computed over.
        """
