"""Results of any range of a grid's combinations.

A range is taken apart along the grid's order: line by line (settings of the parameters that move which turns
there are), exit setting by exit setting, with all entry settings of one exit evaluated in one compiled call.
Indicators, turns and outcomes are so computed once and shared, and each row is the same bits whatever range
it is computed in.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array
from trading.indicators import IndicatorSpec, IndicatorTable
from trading.simulation.evaluate import evaluate
from trading.simulation.instrument import Capital, Instrument
from trading.simulation.market import market
from trading.simulation.outcomes import outcomes
from trading.simulation.records import RESULT_DTYPE, Status
from trading.simulation.terms import terms
from trading.strategies.contract import Strategy, Turns
from trading.strategies.errors import ContradictoryParams
from utils.sweep.grid import Grid

LINES_KEPT = 8
"""Lines whose turns are kept: chunks run in order, so a few are in use at a time."""

ENTRIES_AT_ONCE = 512
"""Entry settings evaluated in one call; bounds the memory of their selections."""


class Evaluator:
    """Evaluates combinations of one grid over one data set; safe to use from several threads.

    Args:
        strategy, grid: what is swept.
        bars: all bars; indicators warm up on those before `start`.
        instrument, capital: the terms of trading.
        start: first bar that is traded.
    Raises:
        ValueError: nothing to simulate, or too little leverage for the allocation.
    """

    def __init__(
        self,
        strategy: Strategy[Any],
        grid: Grid,
        bars: Bars,
        instrument: Instrument,
        capital: Capital,
        start: int = 0,
    ) -> None:
        self._strategy = strategy
        self._grid = grid
        self._bars = bars
        self._instrument = instrument
        self._terms = terms(instrument, capital)
        self._market = market(bars, instrument, start)
        self._indicators = IndicatorTable(bars)
        self._turns: OrderedDict[int, Turns] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, start_combo: int, end_combo: int) -> NDArray[np.void]:
        """Results of the combinations [start_combo, end_combo), `RESULT_DTYPE`, in their order."""
        rows = invalid_rows(end_combo - start_combo)
        exits, entries = len(self._grid.exits), len(self._grid.entries)
        for line in range(start_combo // (exits * entries), -(-end_combo // (exits * entries))):
            first = line * exits * entries
            local_start, local_end = max(start_combo - first, 0), min(end_combo - first, exits * entries)
            for exit_range, entry_range in rectangles(local_start, local_end, entries):
                for entry_tile in tiles(entry_range, ENTRIES_AT_ONCE):
                    self._evaluate_rectangle(line, exit_range, entry_tile, rows, first - start_combo)
        return rows

    def _evaluate_rectangle(
        self, line: int, exit_range: range, entry_range: range, rows: NDArray[np.void], origin: int
    ) -> None:
        """Evaluate exit x entry settings of one line into `rows`, where the line begins at `origin`."""
        exit_params, entry_params = self._params(line, exit_range, entry_range)
        valid_entries = [k for k, params in zip(entry_range, entry_params, strict=True) if params is not None]
        if not valid_entries or all(params is None for params in exit_params):
            return
        some_params = next(params for params in exit_params if params is not None)
        turns = self._line_turns(line, some_params)
        seen = _AtTurns(self._bars, self._indicators, turns)
        masks = [
            self._strategy.enters(seen.bars, seen, params, seen.turns).tobytes()
            for params in entry_params
            if params is not None
        ]
        # Filters that do not bind select the same turns: each selection is traded once.
        place_of = {mask: place for place, mask in enumerate(dict.fromkeys(masks))}
        chosen = [np.flatnonzero(np.frombuffer(mask, np.bool_)).astype(np.int32) for mask in place_of]
        offsets = np.cumsum([0, *map(len, chosen)])
        selected = np.concatenate(chosen)
        selection_of = np.array([place_of[mask] for mask in masks])
        for j, params in zip(exit_range, exit_params, strict=True):
            if params is None:
                continue
            brackets = self._strategy.brackets(seen.bars, seen, params, seen.turns)
            table = outcomes(self._market, self._instrument, turns.bar, turns.side, *brackets)
            results = evaluate(self._market, self._terms, turns.bar, table, selected, offsets)
            rows[origin + j * len(self._grid.entries) + np.array(valid_entries)] = results[selection_of]

    def _line_turns(self, line: int, params: Any) -> Turns:
        with self._lock:
            if line in self._turns:
                self._turns.move_to_end(line)
                return self._turns[line]
        found = self._strategy.turns(self._bars, self._indicators, params)
        traded = np.searchsorted(found.bar, self._market.start)
        turns = Turns(found.bar[traded:], found.side[traded:])
        with self._lock:
            self._turns[line] = turns
            while len(self._turns) > LINES_KEPT:
                self._turns.popitem(last=False)
        return turns

    def _params(
        self, line: int, exit_range: range, entry_range: range
    ) -> tuple[Sequence[Any | None], Sequence[Any | None]]:
        """Parameters of each exit setting and of each entry setting, None where contradictory.

        A contradiction may involve line and exit fields, or line and entry fields, but not exit and entry
        fields together (`ContradictoryParams` says so): one setting that agrees with some setting of the
        other kind agrees with every one that does.
        """
        grid = self._grid
        parse = self._strategy.parse

        def of_exit(j: int) -> Any | None:
            return _first_valid(lambda k: parse(grid.values_at(line, j, k)), range(len(grid.entries)))

        def of_entry(k: int) -> Any | None:
            return _first_valid(lambda j: parse(grid.values_at(line, j, k)), range(len(grid.exits)))

        return [of_exit(j) for j in exit_range], [of_entry(k) for k in entry_range]


class _AtTurns(Mapping[IndicatorSpec, Float64Array]):
    """Indicators at the bars of some turns only: one after another in memory instead of far apart.

    Attributes:
        bars: the turns' bars.
        turns: the turns, at the places 0, 1, ... of `bars`.
    """

    def __init__(self, bars: Bars, indicators: IndicatorTable, turns: Turns) -> None:
        self.bars = bars[turns.bar]
        self.turns = Turns(np.arange(len(turns.bar)), turns.side)
        self._indicators = indicators
        self._places = turns.bar
        self._gathered: dict[IndicatorSpec, Float64Array] = {}

    def __getitem__(self, spec: IndicatorSpec) -> Float64Array:
        if spec not in self._gathered:
            self._gathered[spec] = self._indicators[spec][self._places]
        return self._gathered[spec]

    def __iter__(self) -> Iterator[IndicatorSpec]:
        return iter(self._indicators)

    def __len__(self) -> int:
        return len(self._indicators)


def invalid_rows(count: int) -> NDArray[np.void]:
    """Rows of combinations that make no sense: every metric undefined, no trades."""
    rows = np.zeros(count, RESULT_DTYPE)
    rows["status"] = int(Status.INVALID)
    for name in rows.dtype.names or ():
        if rows.dtype[name].kind == "f":
            rows[name] = np.nan
    return rows


def rectangles(start: int, end: int, width: int) -> Iterator[tuple[range, range]]:
    """Cells [start, end) of a table of `width` columns, row by row, as at most three full rectangles."""
    row, column = divmod(start, width)
    if column:
        stop = min(end - row * width, width)
        yield range(row, row + 1), range(column, stop)
        row += 1
    last_row, rest = divmod(end, width)
    if last_row > row:
        yield range(row, last_row), range(width)
    if rest and last_row >= row:
        yield range(last_row, last_row + 1), range(rest)


def tiles(whole: range, size: int) -> Iterator[range]:
    """`whole` cut into ranges of at most `size`."""
    for start in range(whole.start, whole.stop, size):
        yield range(start, min(start + size, whole.stop))


def _first_valid(parse: Callable[[int], Any], candidates: range) -> Any | None:
    for candidate in candidates:
        try:
            return parse(candidate)
        except ContradictoryParams:
            continue
    return None
