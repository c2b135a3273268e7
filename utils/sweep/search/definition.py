"""One search over one symbol's bars: what it is, and what makes two the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from trading.bars import Bars
from trading.simulation.market import block_days
from trading.strategies import mining as genomes
from utils.errors import UserError
from utils.sweep.config import read_config
from utils.sweep.definition import holdout_start, of_symbol
from utils.sweep.identity import Changes, bars_digest, changed_parts, changes, code_digest, digest, versions
from utils.sweep.search import evaluation, folds, mining, space
from utils.sweep.search.config import SearchConfig
from utils.sweep.search.space import Space, space_of
from utils.sweep.store import SweepRecord

_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, eq=False)
class Search:
    """One search over one symbol.

    Attributes:
        config: the search file, overrides applied.
        symbol: the one that it is of, "" for an unnamed file.
        bars: all bars of the date range, the holdout included.
        split: first bar of the holdout, len(bars) when there is none.
        source: the search file's path, "" when unknown.
    """

    config: SearchConfig
    symbol: str
    bars: Bars
    split: int
    source: str = ""

    @cached_property
    def space(self) -> Space:
        """The parameters that it moves."""
        return space_of(self.config)

    @property
    def id(self) -> str:
        """Key in a store."""
        return f"{self.config.name}:{self.symbol}" if self.symbol else self.config.name

    @property
    def swept_bars(self) -> Bars:
        """The bars before the holdout: all that the search sees."""
        return self.bars[: self.split]

    def record(self) -> SweepRecord:
        """The row of `sweeps` that stands for it: its trials are the combinations, its batches the chunks."""
        bars = self.swept_bars
        digests = self._digests()
        days = len(np.unique(bars.day))
        return SweepRecord(
            id=self.id,
            name=self.config.name,
            strategy=self.config.strategy,
            symbol=self.symbol,
            identity=digest(digests),
            spec={
                "config": self.config.model_dump(mode="json", by_alias=True, exclude_none=True),
                "source": self.source,
                "digests": digests,
                "split": self.split,
                "all_bars": len(self.bars),
                "versions": versions(),
            },
            bars=len(bars),
            first_time=int(bars.time[0] // _NANOSECONDS),
            last_time=int(bars.time[-1] // _NANOSECONDS),
            days=days,
            block_days=tuple(block_days(days).tolist()),
            combos=self.config.search.trials,
            chunk_size=self.config.search.batch,
            buy_and_hold=float(bars.close[-1] / bars.close[0] - 1.0),
        )

    def _digests(self) -> dict[str, str]:
        config = self.config
        parts = config.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {
            "data": bars_digest(self.bars),
            "space": digest([config.strategy, config.fixed, parts["space"], parts.get("mining")]),
            "settings": digest([parts["instrument"], parts["capital"], self.split]),
            "search": digest([_plan(parts), _optuna_versions()]),
            "code": code_digest(config.registered(), evaluation, folds, mining, space, genomes),
        }


def load_search(path: Path, overrides: Mapping[str, Any] | None = None) -> SearchConfig:
    """Read and check a search file; arguments as `utils.sweep.config.load_config`.

    Raises:
        UserError: one line with the file, the field (or line) and the remedy.
    """
    from utils.sweep.search.sampling import check_options  # noqa: PLC0415 - a look at a stored search needs no Optuna

    config = read_config(path, overrides or {}, SearchConfig)
    try:
        space_of(config)
        check_options(config.search)
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    return config


def define_search(config: SearchConfig, symbol: str, source: str = "") -> Search:
    """The search of `config` over one of its symbols ("" for an unnamed file), its bars read.

    Raises:
        UserError: the bars cannot be read, or are too few.
    """
    config, bars = of_symbol(config, symbol)
    return Search(config, symbol, bars, holdout_start(bars, config), source)


def search_differences(stored: SweepRecord, asked: SweepRecord) -> list[str]:
    """What decides trials and is not the same, each with the fields of the search file that say so."""
    before, now = stored.spec["config"], asked.spec["config"]
    fields_of: dict[str, Changes] = {
        "space": changes(
            {
                "strategy": before["strategy"],
                **before["fixed"],
                **before["space"],
                "mining": before.get("mining"),
            },
            {"strategy": now["strategy"], **now["fixed"], **now["space"], "mining": now.get("mining")},
        ),
        "search": changes(_plan(before), _plan(now)),
    }
    return changed_parts(stored.spec, asked.spec, fields_of)


def _plan(config: Mapping[str, Any]) -> dict[str, Any]:
    """How it is searched; how many trials are wanted decides none of them."""
    return {name: value for name, value in config["search"].items() if name != "trials"}


def _optuna_versions() -> dict[str, str]:
    """Packages whose change may propose other trials."""
    found = {"scipy": scipy.__version__}
    for package in ("optuna", "cmaes"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    return found
