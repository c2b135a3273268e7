"""One grid over one symbol's bars on given terms: what a sweep is, and what makes two the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numba
import numpy as np

from trading.bars import Bars
from trading.compiled import source_digest
from trading.simulation.market import block_days
from utils.errors import UserError
from utils.sweep import evaluation
from utils.sweep.config import SweepConfig
from utils.sweep.grid import Grid
from utils.sweep.market_data import read_bars
from utils.sweep.store import SweepRecord

CHANGES_NAMED = 3
"""Fields that a refusal names before it counts the rest."""

_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, eq=False)
class Sweep:
    """One grid over one symbol.

    Attributes:
        config: the sweep file, overrides applied.
        symbol: the one that this sweep is of, "" for an unnamed file.
        bars: all bars of the date range, the holdout included.
        split: first bar of the holdout, len(bars) when there is none. It is the first bar of a day.
        source: the sweep file's path, "" when unknown.
    """

    config: SweepConfig
    symbol: str
    bars: Bars
    split: int
    source: str = ""

    @cached_property
    def grid(self) -> Grid:
        """Its combinations."""
        return self.config.combinations()

    @property
    def id(self) -> str:
        """Key in a store."""
        return f"{self.config.name}:{self.symbol}" if self.symbol else self.config.name

    @property
    def swept_bars(self) -> Bars:
        """The bars before the holdout: all that the sweep sees."""
        return self.bars[: self.split]

    def record(self) -> SweepRecord:
        """The row of `sweeps` that stands for it."""
        bars = self.swept_bars
        digests = self._digests()
        days = len(np.unique(bars.day))
        return SweepRecord(
            id=self.id,
            name=self.config.name,
            strategy=self.config.strategy,
            symbol=self.symbol,
            identity=_digest(digests),
            spec={
                "config": self.config.model_dump(mode="json"),
                "source": self.source,
                "digests": digests,
                "split": self.split,
                "all_bars": len(self.bars),
                "versions": _versions(),
            },
            bars=len(bars),
            first_time=int(bars.time[0] // _NANOSECONDS),
            last_time=int(bars.time[-1] // _NANOSECONDS),
            days=days,
            block_days=tuple(block_days(days).tolist()),
            combos=len(self.grid),
            chunk_size=self.config.chunk_size,
            buy_and_hold=float(bars.close[-1] / bars.close[0] - 1.0),
        )

    def _digests(self) -> dict[str, str]:
        """Digests of all that decides a result; the part that differs is what a refused resume names."""
        grid = self.grid
        return {
            "data": _bars_digest(self.bars),
            "grid": _digest(
                [self.config.strategy, grid.fixed, [[axis.field, axis.values] for axis in grid.axes]]
            ),
            "settings": _digest(
                [
                    self.config.instrument.model_dump(mode="json"),
                    self.config.capital.model_dump(mode="json"),
                    self.split,
                ]
            ),
            "code": code_digest(grid),
        }


def define(config: SweepConfig, symbol: str, source: str = "") -> Sweep:
    """The sweep of `config` over one of its symbols ("" for an unnamed file), its bars read.

    Raises:
        UserError: the bars cannot be read, or are too few.
    """
    bars = read_bars(config.data, config.instrument.security_type, symbol)
    config = config.model_copy(
        update={"data": config.data.model_copy(update={"symbols": (symbol,) if symbol else ()})}
    )
    return Sweep(config, symbol, bars, _split(bars, config), source)


def stored_grid(record: SweepRecord) -> Grid:
    """The combinations of a stored sweep; its bars are not needed."""
    return SweepConfig.model_validate(record.spec["config"]).combinations()


def redefine(record: SweepRecord, data_path: str | None = None) -> Sweep:
    """The stored sweep, its bars read again.

    Args:
        data_path: where the bars are now, if they moved.
    Raises:
        UserError: the bars cannot be read, or bars or code are not what they were.
    """
    config = SweepConfig.model_validate(record.spec["config"])
    if data_path is not None:
        config = config.model_copy(update={"data": config.data.model_copy(update={"path": data_path})})
    sweep = define(config, record.symbol, record.spec["source"])
    different = differences(record, sweep.record())
    if different:
        raise UserError(
            f"{record.id}: {', '.join(different)} changed since it was swept; "
            "bring back what it was to look into its rows, or sweep again into another --db"
        )
    return sweep


def differences(stored: SweepRecord, asked: SweepRecord) -> list[str]:
    """What decides results and is not the same, each with the fields of the sweep file that say so."""
    different = [
        part for part, digest in asked.spec["digests"].items() if stored.spec["digests"].get(part) != digest
    ]
    before, now = stored.spec["config"], asked.spec["config"]
    fields_of = {
        "data": _changes(before["data"], now["data"]),
        "grid": _changes(
            {"strategy": before["strategy"], **before["fixed"], **before["grid"]},
            {"strategy": now["strategy"], **now["fixed"], **now["grid"]},
        ),
        "settings": _changes(
            {**before["instrument"], **before["capital"], "holdout": before["holdout"]},
            {**now["instrument"], **now["capital"], "holdout": now["holdout"]},
        ),
        "code": _changes(stored.spec["versions"], asked.spec["versions"]),
    }
    return [f"{part}{_listed(fields_of[part])}" for part in different]


def code_digest(grid: Grid) -> str:
    """Digest of the code and of the compilers that turn bars and parameters into results."""
    modules = (
        type(grid.strategy).__module__,
        "trading.indicators",
        "trading.simulation.evaluate",
        "trading.simulation.market",
        "trading.simulation.outcomes",
    )
    evaluator = Path(evaluation.__file__).read_text(encoding="utf-8")
    return _digest([source_digest(*modules), evaluator, _versions()])


def _versions() -> dict[str, str]:
    """Compilers whose change may change the last bit of a result."""
    return {"numba": numba.__version__, "numpy": np.__version__}


def _split(bars: Bars, config: SweepConfig) -> int:
    """First bar of the holdout: the start of the day that holds the bar at its share, if there is one."""
    count = len(bars)
    if count < 2:
        raise UserError(f"{config.data.path}: {count} bars are too few to sweep; widen the dates")
    if config.holdout == 0:
        return count
    wanted = count - round(count * config.holdout)
    if wanted >= count:
        return count
    start_of_day = int(np.searchsorted(bars.day, bars.day[wanted]))
    return start_of_day or max(wanted, 1)


def _bars_digest(bars: Bars) -> str:
    digest = hashlib.sha256()
    for column in fields(bars):
        value = getattr(bars, column.name)
        if column.name == "symbol":
            continue  # a name moves no price
        digest.update(column.name.encode())
        digest.update(
            np.ascontiguousarray(value).data if isinstance(value, np.ndarray) else repr(value).encode()
        )
    return digest.hexdigest()


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys([*before, *now])
    return [
        f"{name}: {_short(before.get(name))} before, {_short(now.get(name))} now"
        for name in names
        if before.get(name) != now.get(name)
    ]


def _listed(changes: list[str]) -> str:
    more = [f"{len(changes) - CHANGES_NAMED} more"] if len(changes) > CHANGES_NAMED else []
    return f" ({'; '.join(changes[:CHANGES_NAMED] + more)})" if changes else ""


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
