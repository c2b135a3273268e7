"""What the rows of a store stand for: combinations of a grid, or trials of a search."""

from __future__ import annotations

from typing import Any, Protocol

from trading.bars import Bars
from trading.strategies.contract import Strategy
from utils.sweep.config import TradingConfig
from utils.sweep.grid import Values


class Combinations(Protocol):
    """Parameters by number."""

    @property
    def noun(self) -> str:
        """What a row is: "combination" or "trial"."""

    @property
    def key(self) -> str:
        """What its number is called in tables and JSON: "combo" or "trial"."""

    @property
    def strategy(self) -> Strategy[Any]:
        """Whose parameters they are."""

    @property
    def names(self) -> tuple[str, ...]:
        """What varies: fields or dotted paths."""

    def __len__(self) -> int:
        """How many there are, from 0 on."""

    def values(self, index: int) -> Values:
        """Parameters of one, complete. Raises IndexError where there is none."""

    def setting(self, index: int) -> Values:
        """What `names` are at in it."""


class Swept(Protocol):
    """A sweep or a search with its bars: what it takes to simulate one of its rows again."""

    @property
    def id(self) -> str:
        """Key in a store."""

    @property
    def symbol(self) -> str:
        """The one it is of, "" for an unnamed file."""

    @property
    def source(self) -> str:
        """Path of its file."""

    @property
    def config(self) -> TradingConfig:
        """Its file."""

    @property
    def bars(self) -> Bars:
        """All bars, the holdout included."""

    @property
    def swept_bars(self) -> Bars:
        """The bars before the holdout."""

    @property
    def split(self) -> int:
        """First bar of the holdout."""

    @property
    def rows(self) -> Combinations:
        """What its rows stand for."""
