"""What is kept in the Object Store, and how much of it.

The budgets add up to less than the 5 GB tier with its 50,000 files, and to fewer than the 10,000 files that
LEAN allows on one's own machine: the same bot runs in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

MB: Final = 1_000_000

MAX_BYTES: Final = 5_000 * MB
"""Of all objects together."""

MAX_FILES: Final = 50_000
"""Of all objects together."""

MAX_FILE_BYTES: Final = 45 * MB
"""Of one object, as stored."""


FOREVER: Final = timedelta(days=36_500)
"""A lifetime for objects that outlive their category's."""


class Category(StrEnum):
    """Kinds of objects; the value stands in their keys."""

    TRADING_STATE = "trading-state"
    GREEKS_HISTORY = "greeks-history"
    LLM_CACHE = "llm-cache"
    BACKTEST_RESULTS = "backtest-results"
    ML_MODELS = "ml-models"
    RESOURCE_METRICS = "resource-metrics"


@dataclass(frozen=True)
class Budget:
    """How much of a category is kept.

    Attributes:
        max_bytes: of all its objects, as stored (compressed), older generations included.
        max_files: of all its objects.
        lifetime: an object is gone so long after it was saved; None: never.
        generations: how many generations of one name are kept; more than one allows falling back.
        evictable: whether the oldest objects make room for new ones. If not, saving into a full category
            fails, and a name none of whose generations is whole is an error, not an absence.
    """

    max_bytes: int
    max_files: int
    lifetime: timedelta | None
    generations: int
    evictable: bool


BUDGETS: Final[Mapping[Category, Budget]] = MappingProxyType(
    {
        Category.TRADING_STATE: Budget(100 * MB, 500, None, generations=3, evictable=False),
        Category.GREEKS_HISTORY: Budget(
            2_000 * MB, 2_500, timedelta(days=180), generations=1, evictable=True
        ),
        Category.LLM_CACHE: Budget(300 * MB, 3_000, timedelta(days=30), generations=1, evictable=True),
        Category.BACKTEST_RESULTS: Budget(
            1_000 * MB, 1_500, timedelta(days=365), generations=1, evictable=True
        ),
        Category.ML_MODELS: Budget(1_000 * MB, 500, None, generations=3, evictable=False),
        Category.RESOURCE_METRICS: Budget(250 * MB, 1_500, timedelta(days=30), generations=1, evictable=True),
    }
)
