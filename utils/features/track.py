"""A track: columns of figures of one series of rates over one window."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum

from trading.bars import Bars, Float64Array


class Spans(StrEnum):
    """What a track is computed over."""

    WINDOWS = "windows"
    """Each of the plan's windows: the rows up to one."""
    HORIZONS = "horizons"
    """Each of the plan's horizons: the rows after one."""
    NONE = "none"
    """The series as it is; 0 stands for the window."""


class Track(ABC):
    """Computes figures of one series over one window into memory that is used again and again.

    Safe to use from several threads; each brings its own `out`.

    Attributes:
        number: 1, 2 or 3.
        name: of its table.
        columns: names of its features, the same for every window.
        kernels: rolling kernels that a row and window costs, for figures of speed.
        spans: what it is computed over.
    """

    number: int
    name: str
    columns: tuple[str, ...]
    kernels: int
    spans: Spans = Spans.WINDOWS

    @abstractmethod
    def compute(self, bars: Bars, window: int, out: Float64Array) -> None:
        """Write the figures of every row, NaN where there are none.

        A feature of a row depends on no later row, a target on no earlier one.

        Args:
            bars: rates; the close of a bar is known when it ends.
            out: shape (columns, rows).

        Raises:
            ValueError: a window that a feature cannot be computed over.
        """
