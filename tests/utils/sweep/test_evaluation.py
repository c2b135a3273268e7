"""A range of combinations gives, to the bit, what each of them gives alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trading.indicators import IndicatorTable
from trading.simulation import Capital, Instrument, SecurityType, Status, simulate
from trading.simulation.records import RESULT_DTYPE
from trading.strategies.errors import ContradictoryParams
from trading.strategies.registry import get_strategy
from utils.data.synthetic import reference_bars
from utils.sweep.evaluation import Evaluator, rectangles, tiles
from utils.sweep.grid import Grid

BARS = reference_bars(6_000)
START = 1_500
INSTRUMENT = Instrument(security_type=SecurityType.CRYPTO, lot_size=1e-5, slippage=0.0001)
CAPITAL = Capital()

RULE = {
    "left": {"indicator": "rsi", "args": [14]},
    "operator": "crosses_below",
    "right": {"constant": 30},
}
GRIDS: dict[str, tuple[dict[str, Any], dict[str, list[Any]]]] = {
    "money_line": (
        {"volume_min": 0},
        {
            "multiplier": [1.0, 2.0],
            "target_atr": [0, 3],
            "stop_atr": [0, 2],
            "ma_slow": [10, 60],  # 10 contradicts ma_fast = 20
            "ma_gap_min": [-1, 0.0, 0.001],  # -1 never binds
            "adx_min": [0, 20],
        },
    ),
    "ma_crossover": (
        {"stop_atr": 3},
        {"fast": [10, 30], "slow": [20, 50], "trail_atr": [0, 2], "ma_gap_min": [0, 0.002]},
    ),
    "rules": ({"rules": [RULE], "stop": 2}, {"rules.0.right.constant": [25, 35], "target": [0, 4]}),
}


def grid_of(name: str) -> Grid:
    return Grid(get_strategy(name), *GRIDS[name])


EVALUATORS = {
    name: Evaluator(get_strategy(name), grid_of(name), BARS, INSTRUMENT, CAPITAL, START) for name in GRIDS
}


def alone(name: str, combo: int, indicators: IndicatorTable) -> np.void | None:
    """The result of one combination, None where it makes no sense."""
    strategy = get_strategy(name)
    try:
        params = strategy.parse(grid_of(name).values(combo))
    except ContradictoryParams:
        return None
    events = strategy.signals(BARS, indicators, params)
    return simulate(BARS, events, INSTRUMENT, CAPITAL, START).result


@pytest.mark.parametrize("name", GRIDS)
def test_every_row_is_the_one_that_its_combination_gives_alone(name: str) -> None:
    count = len(grid_of(name))
    rows = EVALUATORS[name].rows(0, count)
    indicators = IndicatorTable(BARS)
    invalid = 0
    for combo in range(count):
        expected = alone(name, combo, indicators)
        if expected is None:
            assert rows[combo]["status"] == Status.INVALID
            assert np.isnan(rows[combo]["pnl"])
            invalid += 1
        else:
            assert rows[combo].tobytes() == expected.tobytes()
    assert rows["total_trades"].sum() > 100
    assert (invalid > 0) == (name != "rules")


@pytest.mark.parametrize("name", GRIDS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_cut_of_a_range_does_not_matter(name: str, data: st.DataObject) -> None:
    count = len(grid_of(name))
    start = data.draw(st.integers(0, count - 1))
    end = data.draw(st.integers(start + 1, count))
    whole = EVALUATORS[name].rows(0, count)
    assert EVALUATORS[name].rows(start, end).tobytes() == whole[start:end].tobytes()
    assert whole.dtype == RESULT_DTYPE


@given(st.integers(1, 12), st.integers(0, 60), st.integers(0, 60))
def test_rectangles_cover_each_cell_once_in_order(width: int, start: int, length: int) -> None:
    cells = [
        row * width + column
        for rows, columns in rectangles(start, start + length, width)
        for row in rows
        for column in columns
    ]
    assert sorted(cells) == list(range(start, start + length))
    assert len(list(rectangles(start, start + length, width))) <= 3


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 20))
def test_tiles_cover_a_range(start: int, length: int, size: int) -> None:
    cut = list(tiles(range(start, start + length), size))
    assert [cell for tile in cut for cell in tile] == list(range(start, start + length))
    assert all(0 < len(tile) <= size for tile in cut)
