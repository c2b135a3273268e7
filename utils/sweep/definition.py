"""One grid over one symbol's bars on given terms: what a sweep is, and what makes two the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from trading.bars import Bars
from trading.simulation.market import block_days
from utils.errors import UserError
from utils.sweep.config import SweepConfig, TradingConfig
from utils.sweep.grid import Grid
from utils.sweep.identity import Changes, bars_digest, changed_parts, changes, code_digest, digest, versions
from utils.sweep.market_data import read_bars
from utils.sweep.store import SweepRecord

C = TypeVar("C", bound=TradingConfig)

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
    def rows(self) -> Grid:
        """What its rows in a store stand for."""
        return self.grid

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
            identity=digest(digests),
            spec={
                "config": self.config.model_dump(mode="json"),
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
            combos=len(self.grid),
            chunk_size=self.config.chunk_size,
            buy_and_hold=float(bars.close[-1] / bars.close[0] - 1.0),
        )

    def _digests(self) -> dict[str, str]:
        """Digests of all that decides a result; the part that differs is what a refused resume names."""
        grid = self.grid
        return {
            "data": bars_digest(self.bars),
            "grid": digest(
                [self.config.strategy, grid.fixed, [[axis.field, axis.values] for axis in grid.axes]]
            ),
            "settings": digest(
                [
                    self.config.instrument.model_dump(mode="json"),
                    self.config.capital.model_dump(mode="json"),
                    self.split,
                ]
            ),
            "code": code_digest(grid.strategy),
        }


def define(config: SweepConfig, symbol: str, source: str = "") -> Sweep:
    """The sweep of `config` over one of its symbols ("" for an unnamed file), its bars read.

    Raises:
        UserError: the bars cannot be read, or are too few.
    """
    config, bars = of_symbol(config, symbol)
    return Sweep(config, symbol, bars, holdout_start(bars, config), source)


def of_symbol(config: C, symbol: str) -> tuple[C, Bars]:
    """A file as if it named that symbol alone ("" for an unnamed file), and its bars."""
    bars = read_bars(config.data, config.instrument.security_type, symbol)
    data = config.data.model_copy(update={"symbols": (symbol,) if symbol else ()})
    return config.model_copy(update={"data": data}), bars


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
    config = moved(SweepConfig.model_validate(record.spec["config"]), data_path)
    sweep = define(config, record.symbol, record.spec["source"])
    refuse_changes(record, differences(record, sweep.record()))
    return sweep


def moved(config: C, data_path: str | None) -> C:
    """A file whose bars are elsewhere now, if a path is given."""
    if data_path is None:
        return config
    return config.model_copy(update={"data": config.data.model_copy(update={"path": data_path})})


def refuse_changes(record: SweepRecord, different: list[str]) -> None:
    """Raise UserError if anything that decides a stored row is not what it was."""
    if different:
        raise UserError(
            f"{record.id}: {', '.join(different)} changed since it was swept; "
            "bring back what it was to look into its rows, or sweep again into another --db"
        )


def differences(stored: SweepRecord, asked: SweepRecord) -> list[str]:
    """What decides results and is not the same, each with the fields of the sweep file that say so."""
    before, now = stored.spec["config"], asked.spec["config"]
    fields_of: dict[str, Changes] = {
        "grid": changes(
            {"strategy": before["strategy"], **before["fixed"], **before["grid"]},
            {"strategy": now["strategy"], **now["fixed"], **now["grid"]},
        ),
    }
    return changed_parts(stored.spec, asked.spec, fields_of)


def holdout_start(bars: Bars, config: TradingConfig) -> int:
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
