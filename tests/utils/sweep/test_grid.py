"""A grid is a bijection, arranged by the strategy and not by the file."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trading.strategies.registry import get_strategy
from utils.errors import UserError
from utils.sweep.grid import Grid

MONEY_LINE = get_strategy("money_line")
RULES = get_strategy("rules")

CANDIDATES: dict[str, list[Any]] = {
    "atr_period": [5, 7, 10, 14, 21],
    "multiplier": [1.5, 2.0, 2.5, 3.0],
    "ma_fast": [5, 20, 60],
    "ma_slow": [10, 50, 100],
    "ma_gap_min": [-1.0, 0.0, 0.01],
    "adx_min": [0.0, 10.0, 20.0],
    "target_atr": [0.0, 2.0],
    "stop_atr": [0.0, 1.0, 3.0],
}
CANONICAL = [
    "atr_period",
    "multiplier",
    "target_atr",
    "stop_atr",
    "ma_fast",
    "ma_slow",
    "ma_gap_min",
    "adx_min",
]


@st.composite
def axes(draw: st.DrawFn) -> dict[str, list[Any]]:
    fields = draw(st.lists(st.sampled_from(sorted(CANDIDATES)), min_size=1, max_size=5, unique=True))
    return {
        field: draw(st.lists(st.sampled_from(CANDIDATES[field]), min_size=1, unique=True)) for field in fields
    }


@settings(deadline=None)
@given(axes(), st.data())
def test_number_and_values_are_a_bijection(chosen: dict[str, list[Any]], data: st.DataObject) -> None:
    grid = Grid(MONEY_LINE, {}, chosen)
    ordered = [field for field in CANONICAL if field in chosen]
    assert list(grid.names) == ordered
    expected = list(itertools.product(*(chosen[field] for field in ordered)))
    assert len(grid) == len(expected) == len(grid.lines) * len(grid.exits) * len(grid.entries)
    number = data.draw(st.integers(0, len(grid) - 1))
    setting = grid.setting(number)
    assert tuple(setting.values()) == expected[number]
    assert grid.index(setting) == number
    assert {**grid.fixed, **setting} == grid.values(number)
    start = data.draw(st.integers(0, number))
    assert [json.loads(text) for text in grid.params_json(start, number + 1)] == [
        grid.values(k) for k in range(start, number + 1)
    ]


def test_order_of_the_file_does_not_matter() -> None:
    chosen = {"stop_atr": [1, 2], "ma_slow": [50, 100], "atr_period": [7, 14], "multiplier": [2, 3]}
    grids = [Grid(MONEY_LINE, {}, dict(order)) for order in itertools.permutations(chosen.items())]
    assert {grid.names for grid in grids} == {("atr_period", "multiplier", "stop_atr", "ma_slow")}
    assert {json.dumps([grid.values(k) for k in range(16)]) for grid in grids} == {
        json.dumps([grids[0].values(k) for k in range(16)])
    }
    assert grids[0].values_at(line=3, exit_setting=1, entry_setting=0) == grids[0].values(14)


def test_values_are_complete_and_normal() -> None:
    grid = Grid(MONEY_LINE, {"ma_fast": 5}, {"multiplier": [2, "2.5"], "atr_period": [7.0]})
    values = grid.values(0)
    assert list(values) == list(MONEY_LINE.params_model.model_fields)
    assert (values["multiplier"], values["atr_period"], values["ma_fast"], values["ma_slow"]) == (
        2.0,
        7,
        5,
        50,
    )
    assert isinstance(values["multiplier"], float)
    assert isinstance(values["atr_period"], int)
    assert grid.index({"multiplier": 2.5, "atr_period": 7}) == 1


def test_contradictory_combinations_keep_their_number() -> None:
    grid = Grid(MONEY_LINE, {}, {"ma_fast": [10, 100], "ma_slow": [50, 200]})
    assert len(grid) == 4
    assert grid.setting(2) == {"ma_fast": 100, "ma_slow": 50}


def test_parts_of_nested_parameters_vary() -> None:
    rule = {"left": {"field": "close"}, "operator": ">", "right": {"indicator": "sma", "args": [20]}}
    fixed = {"rules": [rule], "stop": 2}
    grid = Grid(
        RULES, fixed, {"rules.0.right.args.0": [10, 50], "rules.0.operator": ["<", ">"], "target": [0, 4]}
    )
    assert grid.names == ("rules.0.operator", "rules.0.right.args.0", "target")
    values = grid.values(5)
    assert values["rules"][0]["operator"] == ">"
    assert values["rules"][0]["right"]["args"] == [10]
    assert values["target"] == 4.0
    assert [json.loads(text) for text in grid.params_json(0, 8)] == [grid.values(k) for k in range(8)]
    assert [grid.index(grid.setting(k)) for k in range(8)] == list(range(8))
    assert fixed["rules"] == [rule]


@pytest.mark.parametrize(
    ("fixed", "varied", "message"),
    [
        ({}, {}, "it is empty"),
        ({}, {"atr_period": []}, "atr_period has no values"),
        ({}, {"atr_periods": [7]}, "unknown parameter atr_periods; known: atr_period"),
        ({"speed": 1}, {"atr_period": [7]}, "unknown parameter speed"),
        ({}, {"atr_period": [7, 7.0]}, "atr_period has the value 7 twice"),
        ({}, {"multiplier": [2, 2.0]}, "multiplier has the value 2.0 twice"),
        ({}, {"atr_period": [7, 0]}, "atr_period = 0"),
        ({}, {"atr_period": [7, "many"]}, "atr_period = 'many'"),
        ({}, {"multiplier": [float("nan")]}, "multiplier = nan"),
        ({"ma_fast": -3}, {"atr_period": [7]}, "ma_fast = -3"),
        ({"atr_period": 7}, {"atr_period": [7, 8]}, "both fixed and varied"),
        ({}, {"multiplier": [1 + k / 1000 for k in range(1000)], "ma_slow": list(range(50, 1050)),
              "ma_fast": list(range(1, 1001))}, "1,000,000,000 combinations"),
    ],
)  # fmt: skip
def test_a_wrong_grid_is_one_line(fixed: dict[str, Any], varied: dict[str, list[Any]], message: str) -> None:
    with pytest.raises(UserError) as caught:
        Grid(MONEY_LINE, fixed, varied)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("fixed", "varied", "message"),
    [
        ({}, {"target": [1, 2]}, "parameter rules is missing"),
        ({}, {"rules.0.operator": [">"]}, "rules"),
        (
            {"rules": [{"left": {"field": "close"}, "operator": ">", "right": {"constant": 1}}], "stop": 1},
            {"rules": [[]], "rules.0.operator": [">"]},
            "both fixed and varied",
        ),
    ],
)
def test_a_wrong_nested_grid_is_one_line(
    fixed: dict[str, Any], varied: dict[str, list[Any]], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        Grid(RULES, fixed, varied)


def test_numbers_and_values_outside() -> None:
    grid = Grid(MONEY_LINE, {}, {"atr_period": [7, 14]})
    for number in (-1, 2):
        with pytest.raises(IndexError):
            grid.values(number)
    with pytest.raises(UserError, match="atr_period = 9 is none of 7, 14"):
        grid.index({"atr_period": 9})
    with pytest.raises(UserError, match="no value for atr_period"):
        grid.index({})
