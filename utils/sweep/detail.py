"""A closer look at chosen rows: trades, equity, years, dearer trading, and the holdout."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars
from trading.indicators import IndicatorTable
from trading.simulation import ExitReason, Instrument, Simulation, simulate
from trading.strategies.errors import ContradictoryParams
from utils.errors import UserError
from utils.sweep.combinations import Swept
from utils.sweep.selection import METRICS
from utils.sweep.store import STATUS_NAMES

Figures = dict[str, Any]
"""`METRICS` by name, None where undefined, with `status` and `buy_and_hold`."""


@dataclass(frozen=True)
class Year:
    """One calendar year of an equity curve.

    Attributes:
        profit: change of equity, money; `growth`: the same as a fraction of equity at its start.
        max_drawdown: of close equity within the year, positive fraction.
        sharpe: annualized, of the year's daily returns.
        trades: trades closed in it.
    """

    year: int
    profit: float
    growth: float | None
    max_drawdown: float | None
    sharpe: float | None
    trades: int


class Details:
    """Simulates single combinations of a sweep again, in full; indicators are shared between them.

    Args:
        sweep: a sweep or a search, with its bars.

    Example:
        >>> details = Details(sweep)
        >>> details.figures(4711)["pnl"], details.holdout(4711)["pnl"]
    """

    def __init__(self, sweep: Swept) -> None:
        self._sweep = sweep
        self._instrument = sweep.config.instrument

    def simulation(self, combo: int, instrument: Instrument | None = None) -> Simulation:
        """Combination `combo` over the swept bars, on other terms if given.

        Raises:
            UserError: no such combination, or it makes no sense.
        """
        params = self._params(combo)
        bars = self._sweep.swept_bars
        events = self._sweep.rows.strategy.signals(bars, self._swept_indicators, params)
        return simulate(bars, events, instrument or self._instrument, self._sweep.config.capital)

    def figures(self, combo: int, instrument: Instrument | None = None) -> Figures:
        """Metrics over the swept bars."""
        return _figures(self.simulation(combo, instrument).result, self._sweep.swept_bars)

    def holdout(self, combo: int) -> Figures | None:
        """Metrics over the holdout, begun flat, indicators warm from all bars before; None without one."""
        if self._sweep.split == len(self._sweep.bars):
            return None
        result = self.holdout_simulation(combo).result
        return _figures(result, self._sweep.bars[self._sweep.split :])

    def holdout_simulation(self, combo: int) -> Simulation:
        """Combination `combo` over the holdout, begun flat, indicators warm from all bars before.

        Raises:
            UserError: no such combination, or it makes no sense.
        """
        bars = self._sweep.bars
        events = self._sweep.rows.strategy.signals(bars, self._all_indicators, self._params(combo))
        return simulate(bars, events, self._instrument, self._sweep.config.capital, self._sweep.split)

    def sensitivity(self, combo: int) -> dict[str, Figures]:
        """Metrics over the swept bars if fees, slippage, or both were twice as high."""
        fees = self._instrument.fees
        twice = fees.model_copy(update={name: 2 * value for name, value in fees})
        changes: dict[str, dict[str, Any]] = {
            "fees x2": {"fees": twice},
            "slippage x2": {"slippage": 2 * self._instrument.slippage},
            "both x2": {"fees": twice, "slippage": 2 * self._instrument.slippage},
        }
        return {
            name: self.figures(combo, self._instrument.model_copy(update=change))
            for name, change in changes.items()
        }

    def years(self, simulation: Simulation) -> list[Year]:
        """Calendar years of a simulation over the swept bars."""
        bars = self._sweep.swept_bars
        initial = self._sweep.config.capital.initial_equity
        return yearly(bars, simulation, initial, self._instrument.days_per_year)

    @cached_property
    def _swept_indicators(self) -> IndicatorTable:
        return IndicatorTable(self._sweep.swept_bars)

    @cached_property
    def _all_indicators(self) -> IndicatorTable:
        return IndicatorTable(self._sweep.bars)

    def _params(self, combo: int) -> Any:
        rows = self._sweep.rows
        try:
            return rows.strategy.parse(rows.values(combo))
        except IndexError:
            raise UserError(
                f"no {rows.noun} {combo} in {self._sweep.id}; they go from 0 to {len(rows) - 1}"
            ) from None
        except ContradictoryParams as error:
            raise UserError(f"{rows.noun} {combo} was not simulated: {error}; choose another") from None


def yearly(bars: Bars, simulation: Simulation, initial_equity: float, days_per_year: int) -> list[Year]:
    """Calendar years (of trading dates) of a simulation over `bars` from its first bar.

    A year's Sharpe ratio is that of a whole result, taken over the year's days alone.
    """
    year_of_bar = bars.day.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    closed = simulation.trades[simulation.trades["reason"] != ExitReason.OPEN]
    last_of_day = np.append(np.flatnonzero(np.diff(bars.day)), len(bars) - 1)
    years: list[Year] = []
    before = initial_equity
    for year in np.unique(year_of_bar).tolist():
        inside = np.flatnonzero(year_of_bar == year)
        curve = np.concatenate(([before], simulation.equity[inside]))
        daily = np.concatenate(([before], simulation.equity[last_of_day[year_of_bar[last_of_day] == year]]))
        alive = bool(np.all(curve > 0))
        years.append(
            Year(
                year=year,
                profit=float(curve[-1] - before),
                growth=float(curve[-1] / before - 1) if before > 0 else None,
                max_drawdown=_drawdown(curve) if alive else None,
                sharpe=_sharpe(daily, days_per_year) if alive else None,
                trades=int(np.count_nonzero(year_of_bar[closed["exit_bar"]] == year)),
            )
        )
        before = float(curve[-1])
    return years


def _drawdown(curve: NDArray[np.float64]) -> float:
    peak = np.maximum.accumulate(curve)
    return float(np.max((peak - curve) / peak))


def _sharpe(daily_equity: NDArray[np.float64], days_per_year: int) -> float | None:
    returns = daily_equity[1:] / daily_equity[:-1] - 1
    if len(returns) < 2 or np.all(returns == returns[0]):
        return None
    return float(np.mean(returns) / np.std(returns, ddof=1) * math.sqrt(days_per_year))


def _figures(result: np.void, bars: Bars) -> Figures:
    figures: Figures = {"status": STATUS_NAMES[int(result["status"])]}
    for name in METRICS:
        value = result[name].item()
        figures[name] = None if math.isnan(value) else value
    figures["trades_hash"] = int(result["trades_hash"].view(np.int64))
    figures["buy_and_hold"] = float(bars.close[-1] / bars.close[0] - 1)
    return figures
