"""Chosen rows, as they are stored, as they are simulated again, and as an engine trades them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from trading.simulation import Simulation
from trading.strategies.fields import to_text
from utils.engine.parity import ParityCase, Trade, different_fields, trades_of_simulation
from utils.sweep.combinations import Swept
from utils.sweep.confirm.engines import EngineTrades
from utils.sweep.confirm.lean_data import LeanData
from utils.sweep.detail import Details
from utils.sweep.grid import Values
from utils.sweep.selection import METRICS, Row
from utils.workspace import Project


@dataclass(frozen=True)
class Difference:
    """A trade that is not the same, or that one side does not have.

    Attributes:
        number: from 1 on, in order of entry.
        fields: in which they differ, () where one is missing.
    """

    number: int
    fields: tuple[str, ...]
    simulation: Trade | None
    engine: Trade | None


@dataclass(frozen=True)
class Confirmation:
    """One row.

    Attributes:
        number: combination or trial.
        stored: columns of the store that are not what the simulation gives now, with both values.
        simulated, engine: closed trades of each.
        differences: none when all trades agree.
    """

    number: int
    params: Values
    stored: dict[str, tuple[Any, Any]]
    simulated: int
    engine: int
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether the row is as it was stored and every trade is the same."""
        return not self.stored and not self.differences


class Confirmer:
    """Confirms rows of one sweep or search.

    Args:
        swept: with its bars.
        data: its swept bars as an engine sees them.
        project: the LEAN algorithm that trades strategies.
        trades_of: the engine.
    """

    def __init__(self, swept: Swept, data: LeanData, project: Project, trades_of: EngineTrades) -> None:
        self._swept = swept
        self._data = data
        self._project = project
        self._trades_of = trades_of
        self._details = Details(swept)

    def confirm(self, row: Row) -> Confirmation:
        """Simulate a row again, trade it in the engine, and compare.

        Raises:
            UserError: its parameters make no sense, or the algorithm does not finish.
        """
        simulation = self._details.simulation(row.combo)
        simulated = trades_of_simulation(simulation, self._swept.swept_bars, self._data.hours)
        params = self._swept.rows.values(row.combo)
        traded = self._trades_of(self._case(params))
        return Confirmation(
            row.combo,
            params,
            _changed(row, params, simulation),
            len(simulated),
            len(traded),
            tuple(compared(simulated, traded)),
        )

    def _case(self, params: Values) -> ParityCase:
        config, data = self._swept.config, self._data
        fees = {f"fee_{name}": to_text(value) for name, value in config.instrument.fees}
        stated = {name: to_text(value) for name, value in params.items()}
        return ParityCase(
            self._project,
            data.folder,
            data.series,
            config.instrument,
            config.capital,
            data.start,
            data.end,
            {**stated, **fees, "strategy": config.strategy, "warm_up_bars": "0"},
        )


def compared(simulated: Sequence[Trade], traded: Sequence[Trade]) -> list[Difference]:
    """Trades that are not the same, in order."""
    differences = []
    for number, (one, other) in enumerate(zip_longest(simulated, traded), 1):
        fields = () if one is None or other is None else tuple(different_fields(one, other))
        if fields or one is None or other is None:
            differences.append(Difference(number, fields, one, other))
    return differences


def _changed(row: Row, params: Values, simulation: Simulation) -> dict[str, tuple[Any, Any]]:
    """What the store has of a row that the same parameters do not give."""
    result = simulation.result
    now: Mapping[str, Any] = {
        "params": params,
        "trades_hash": int(result["trades_hash"].view("int64")),
        **{name: result[name].item() for name in METRICS},
    }
    before: Mapping[str, Any] = {"params": row.params, "trades_hash": row.trades_hash, **row.metrics}
    return {
        name: (before[name], value)
        for name, value in now.items()
        if before[name] != value and not (before[name] is None and value != value)  # noqa: PLR0124 - NaN is NULL
    }
