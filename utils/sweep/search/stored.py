"""A search out of its store: its trials as rows to look at, and its bars read again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from trading.strategies.contract import Strategy
from utils.sweep.definition import holdout_start, moved, of_symbol, refuse_changes
from utils.sweep.grid import Values, value_at
from utils.sweep.search.config import SearchConfig
from utils.sweep.search.definition import Search, search_differences
from utils.sweep.search.genome_text import genome_text
from utils.sweep.store import Store, SweepRecord

GENOME = "genome"
"""Name of the one thing that varies among mined rules."""


class StoredTrials:
    """The trials that a store holds of a search, by number."""

    noun = key = "trial"

    def __init__(self, config: SearchConfig, params: list[Values]) -> None:
        """`params` are the strategy's parameters of the trials 0, 1, ..."""
        self.strategy: Strategy[Any] = config.registered()
        self.names: tuple[str, ...] = (GENOME,) if config.mining is not None else tuple(config.space)
        self._mined = config.mining is not None
        self._params = params

    def __len__(self) -> int:
        return len(self._params)

    def values(self, index: int) -> Values:
        """Parameters of trial `index`, complete. Raises IndexError where there is none."""
        if not 0 <= index < len(self._params):
            raise IndexError(f"trial {index} is not in 0..{len(self._params) - 1}")
        return self._params[index]

    def setting(self, index: int) -> Values:
        """What the searched parameters are at; the whole of mined rules, as text."""
        values = self.values(index)
        if self._mined:
            return {GENOME: genome_text(values)}
        return {name: value_at(values, name) for name in self.names}


@dataclass(frozen=True, eq=False)
class StoredSearch(Search):
    """A search with its trials so far.

    Attributes:
        rows: the trials.
    """

    rows: StoredTrials = field(kw_only=True)

    @classmethod
    def of(cls, search: Search, rows: StoredTrials) -> StoredSearch:
        """A search with these trials."""
        return cls(search.config, search.symbol, search.bars, search.split, search.source, rows=rows)


def stored_trials_of(store: Store, record: SweepRecord) -> StoredTrials:
    """The trials of a stored search; its bars are not needed."""
    rows = store.query("SELECT params FROM strategies WHERE sweep = ? ORDER BY trial", (record.id,))
    return StoredTrials(_config(record), [json.loads(params) for (params,) in rows])


def reopen_search(store: Store, record: SweepRecord, data_path: str | None = None) -> StoredSearch:
    """The stored search, its bars read again.

    Args:
        data_path: where the bars are now, if they moved.
    Raises:
        UserError: the bars cannot be read, or bars or code are not what they were.
    """
    config, bars = of_symbol(moved(_config(record), data_path), record.symbol)
    split = holdout_start(bars, config)
    search = Search(config, record.symbol, bars, split, record.spec["source"])
    refuse_changes(record, search_differences(record, search.record()))
    return StoredSearch.of(search, stored_trials_of(store, record))


def _config(record: SweepRecord) -> SearchConfig:
    return SearchConfig.model_validate(record.spec["config"])
