"""Rules: edges, NaN, crossings, exits, messages and files."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.series import bars as bars_of_ticks
from tests.trading.strategies.agreement import assert_fields_keep_to_their_class, assert_forms_agree
from tests.trading.strategies.samples import random_walk
from trading.bars import Bars, always_open_bars
from trading.indicators import IndicatorTable
from trading.indicators.spec import IndicatorSpec
from trading.strategies.errors import ContradictoryParams
from trading.strategies.fields import with_fields
from trading.strategies.mining import random_rules
from trading.strategies.rules import Rules, RulesParams

STRATEGY = Rules()
NAN = float("nan")
PERCENT = {"unit": "percent", "stop": 1.0}

walks = st.builds(random_walk, st.integers(0, 2**32), st.integers(1, 400))
genomes = st.integers(0, 2**32).map(lambda seed: random_rules(np.random.default_rng(seed)))


def close_bars(*close: float) -> Bars:
    """Bars that move only at their closes."""
    column = np.array(close, np.float64)
    time = np.arange(len(close)) * 60_000_000_000
    return always_open_bars(time, column, column, column, column, np.ones(len(close)), 60_000_000_000)


def compare(operator: str, right: Any, left: Any = None) -> dict[str, Any]:
    return {"left": left or {"field": "close"}, "operator": operator, "right": right}


def constant(value: float) -> dict[str, float]:
    return {"constant": value}


def indicator(kind: str, *args: float, **more: str) -> dict[str, Any]:
    """A rule about an indicator."""
    return compare(">", constant(1), {"indicator": kind, "args": list(args), **more})


def turn_bars(bars: Bars, *rules: dict[str, Any]) -> list[int]:
    params = STRATEGY.parse({"rules": rules, **PERCENT})
    return [int(bar) for bar in assert_forms_agree(STRATEGY, params, bars)["bar"]]


class TestEdges:
    PRICES = (1.0, 3.0, 4.0, 2.0, 3.0, 2.0, 2.0)

    @pytest.mark.parametrize(
        ("operator", "expected"),
        [
            (">", [1, 4]),
            (">=", [1]),
            ("<", [0]),
            ("<=", [0, 3, 5]),
            ("crosses_above", [1, 4]),
            ("crosses_below", []),
        ],
    )
    def test_an_event_comes_when_the_comparison_becomes_true(
        self, operator: str, expected: list[int]
    ) -> None:
        assert turn_bars(close_bars(*self.PRICES), compare(operator, constant(2))) == expected

    def test_crossing_from_equality_counts_and_reaching_it_does_not(self) -> None:
        prices = (2.0, 3.0, 2.0, 1.0, 2.0, 1.0)
        assert turn_bars(close_bars(*prices), compare("crosses_above", constant(2))) == [1]
        assert turn_bars(close_bars(*prices), compare("crosses_below", constant(2))) == [3, 5]

    def test_a_crossing_needs_a_bar_before(self) -> None:
        assert turn_bars(close_bars(3.0, 3.0), compare("crosses_above", constant(2))) == []
        assert turn_bars(close_bars(3.0, 3.0), compare(">", constant(2))) == [0]

    def test_all_rules_must_hold_together(self) -> None:
        band = compare(">", constant(2)), compare("<", constant(4))
        assert turn_bars(close_bars(1, 5, 3, 3, 5, 3, 1), *band) == [2, 5]

    def test_what_goes_on_holding_is_one_event(self) -> None:
        assert turn_bars(close_bars(1, 3, 3, 3, 3), compare(">", constant(2))) == [1]


@pytest.mark.parametrize("operator", [">", "<", ">=", "<=", "crosses_above", "crosses_below"])
def test_nothing_holds_beside_nan(operator: str) -> None:
    ready_at_2 = np.array([NAN, NAN, 5.0, 1.0, 5.0, 1.0])
    bars = close_bars(3, 3, 3, 3, 3, 3)
    sma = {"indicator": "sma", "args": [3]}
    params = STRATEGY.parse({"rules": [compare(operator, constant(3), sma)], **PERCENT})
    turns = STRATEGY.turns(bars, {IndicatorSpec("sma", (3,)): ready_at_2}, params)
    above = operator in (">", ">=", "crosses_above")
    expected = [2, 4] if above else [3, 5]
    assert turns.bar.tolist() == (expected[1:] if operator == "crosses_above" else expected)


@given(walks | bars_of_ticks(), genomes)
@settings(max_examples=150, deadline=None)
def test_both_forms_agree(bars: Bars, params: RulesParams) -> None:
    assert_forms_agree(STRATEGY, params, bars)


@given(walks, genomes, genomes)
@settings(max_examples=60, deadline=None)
def test_exit_fields_move_exits_only(bars: Bars, base: RulesParams, other: RulesParams) -> None:
    changed = base.model_copy(update={name: getattr(other, name) for name in STRATEGY.EXIT_FIELDS})
    assert_fields_keep_to_their_class(STRATEGY, bars, IndicatorTable(bars), base, changed)


class TestExits:
    def test_in_percent_of_the_close(self) -> None:
        values = {
            "rules": [compare(">", constant(2))],
            "unit": "percent",
            "stop": 2,
            "target": 5,
            "trail": 1.5,
        }
        bars = close_bars(1, 200)
        for side, sign in (("long", 1), ("short", -1)):
            event = assert_forms_agree(STRATEGY, STRATEGY.parse({**values, "side": side}), bars)[0]
            assert event["side"] == sign
            assert event["enter"]
            assert event["stop"] == 200 - sign * 4
            assert event["target"] == 200 + sign * 10
            assert event["trail"] == 3

    def test_in_atr(self) -> None:
        bars = random_walk(8, 200)
        atr = IndicatorTable(bars)[IndicatorSpec("atr", (30,))]
        params = STRATEGY.parse(
            {
                "rules": [compare("crosses_above", constant(float(np.median(bars.close))))],
                "atr_period": 30,
                "stop": 2,
                "target": 3,
                "trail": 4,
            }
        )
        events = assert_forms_agree(STRATEGY, params, bars)
        assert len(events) > 3
        ready = events["bar"] >= 29
        np.testing.assert_array_equal(events["enter"], ready)
        unit = np.where(ready, atr[events["bar"]], 0.0)
        close = bars.close[events["bar"]]
        np.testing.assert_allclose(events["stop"], np.where(ready, close - 2 * unit, 0))
        np.testing.assert_allclose(events["target"], np.where(ready, close + 3 * unit, 0))
        np.testing.assert_allclose(events["trail"], 4 * unit)

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({}, "rules: one of target, stop and trail must be above 0, or no position ever closes"),
            (
                {"unit": "percent", "stop": 100},
                "rules: stop = 100.0 percent below the close is no price",
            ),
            (
                {"unit": "percent", "side": "short", "target": 120},
                "rules: target = 120.0 percent below the close is no price",
            ),
        ],
    )
    def test_exits_that_cannot_be_are_contradictory(self, values: dict[str, Any], message: str) -> None:
        with pytest.raises(ContradictoryParams) as caught:
            STRATEGY.parse({"rules": [compare(">", constant(2))], **values})
        assert str(caught.value) == message

    def test_a_far_target_of_a_long_in_percent_is_fine(self) -> None:
        STRATEGY.parse({"rules": [compare(">", constant(2))], "unit": "percent", "target": 120})


RSI = {"indicator": "rsi", "args": [14]}


class TestMessages:
    @pytest.mark.parametrize(
        ("rule", "message"),
        [
            (
                compare("above", constant(2)),
                "rules: rules.0.operator = 'above': input should be '>', '<', '>=', '<=', 'crosses_above' or",
            ),
            (
                compare(">", {"price": "close"}),
                "rules: rules.0.right = {'price': 'close'}: an operand is one of {indicator, args},",
            ),
            (
                compare(">", {"field": "vwap"}),
                "rules: rules.0.right.field = 'vwap': input should be 'open', 'high', 'low', 'close' or",
            ),
            (
                compare(">", {"constant": "two"}),
                "rules: rules.0.right.constant = 'two': input should be a valid",
            ),
            (
                compare(">", {"constant": NAN}),
                "rules: rules.0.right.constant = nan: input should be a finite",
            ),
            (compare(">", {"constant": 2, "args": [3]}), "rules: unknown parameter rules.0.right.args"),
            ({"left": RSI, "operator": ">"}, "rules: parameter rules.0.right is missing"),
            (indicator("rsj", 14), "unknown indicator 'rsj'; known: adx, atr, bollinger, "),
            (indicator("rsi"), "rsi: takes 1 setting (period), not 0"),
            (indicator("rsi", 14, 2), "rsi: takes 1 setting (period), not 2"),
            (indicator("rsi", 0), "rsi: period must be a whole number from 1 to 100000, not 0"),
            (indicator("rsi", 14.5), "rsi: period must be a whole number from 1 to 100000, not 14.5"),
            (
                indicator("macd", 12, 26, 9, output="lines"),
                "macd: unknown output 'lines'; known: line",
            ),
            (indicator("ema", 9, source="vwap"), "'vwap': input should be 'open', 'high', 'low', 'close' or"),
        ],
    )
    def test_a_broken_rule_is_named_with_its_path(self, rule: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=r"^[^\n]*$") as caught:
            STRATEGY.parse({"rules": [rule], "stop": 1})
        assert str(caught.value).startswith("rules: ")
        assert message in str(caught.value)
        assert "rules.0" in str(caught.value)
        assert not isinstance(caught.value, ContradictoryParams)

    def test_none_and_four_rules_are_refused(self) -> None:
        with pytest.raises(ValueError, match=r"^rules: rules = \[\]: tuple should have at least 1 item"):
            STRATEGY.parse({"rules": [], "stop": 1})
        with pytest.raises(ValueError, match=r"tuple should have at most 3 items"):
            STRATEGY.parse({"rules": [compare(">", constant(2))] * 4, "stop": 1})

    @pytest.mark.parametrize(
        ("rule", "message"),
        [
            (compare(">", {"field": "close"}), "rules: rules.0: left and right are the same"),
            (compare(">", constant(2), constant(1)), "rules: rules.0: left and right are both constants"),
            (
                indicator("macd", 26, 12, 9),
                "rules: rules.0.left: macd: fast must be less than slow, not 26 and 12",
            ),
        ],
    )
    def test_a_rule_that_makes_no_sense_is_contradictory(self, rule: dict[str, Any], message: str) -> None:
        with pytest.raises(ContradictoryParams) as caught:
            STRATEGY.parse({"rules": [rule], "stop": 1})
        assert str(caught.value) == message


@given(genomes)
def test_a_genome_survives_files(params: RulesParams) -> None:
    assert RulesParams.model_validate_json(params.model_dump_json()) == params
    assert STRATEGY.parse(json.loads(params.model_dump_json())) == params
    assert STRATEGY.parse(yaml.safe_load(yaml.safe_dump(params.model_dump(mode="json")))) == params


def test_a_grid_addresses_parts_of_a_rule() -> None:
    base = {"rules": [compare("crosses_above", constant(30), RSI)], "stop": 1}
    params = STRATEGY.parse(
        with_fields(base, {"rules.0.left.args.0": 21, "rules.0.right.constant": 25, "stop": 2})
    )
    assert params == STRATEGY.parse(
        {
            "rules": [compare("crosses_above", constant(25), {"indicator": "rsi", "args": [21]})],
            "stop": 2,
        }
    )
