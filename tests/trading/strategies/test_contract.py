"""Looking strategies up, reading their parameters, and what is said when they are wrong."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from trading.strategies.errors import ContradictoryParams
from trading.strategies.fields import with_fields
from trading.strategies.registry import get_strategy, strategy_names

CLOSE_ABOVE_3 = {"left": {"field": "close"}, "operator": ">", "right": {"constant": 3}}


def refusal(strategy: str, values: dict[str, Any]) -> ValueError:
    with pytest.raises(ValueError, match=r"^[^\n]*$") as caught:
        get_strategy(strategy).parse(values)
    return caught.value


def test_every_strategy_is_found_by_the_name_it_bears() -> None:
    assert strategy_names() == ("ma_crossover", "money_line", "rules")
    for name in strategy_names():
        assert get_strategy(name).name == name


def test_an_unknown_strategy_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match="unknown strategy 'money_lime'; known: ma_crossover, money_line, rules"
    ):
        get_strategy("money_lime")


@pytest.mark.parametrize("name", strategy_names())
def test_field_classes_name_fields_and_do_not_overlap(name: str) -> None:
    strategy = get_strategy(name)
    assert set(strategy.ENTRY_FIELDS) | set(strategy.EXIT_FIELDS) < set(strategy.params_model.model_fields)
    assert not set(strategy.ENTRY_FIELDS) & set(strategy.EXIT_FIELDS)


@pytest.mark.parametrize(
    ("strategy", "field", "too_low", "too_high", "allowed"),
    [
        ("money_line", "atr_period", 0, 5001, "1 to 5000"),
        ("money_line", "multiplier", 0, 100.5, "above 0 to 100"),
        ("money_line", "ma_fast", 0, 5001, "1 to 5000"),
        ("money_line", "ma_slow", -3, 5001, "1 to 5000"),
        ("money_line", "ma_gap_min", -1.01, 1.01, "-1 to 1"),
        ("money_line", "adx_min", -1, 101, "0 to 100"),
        ("money_line", "volume_min", -0.1, 1001, "0 to 1000"),
        ("money_line", "target_atr", -0.1, 1001, "0 to 1000"),
        ("money_line", "stop_atr", -0.1, 1001, "0 to 1000"),
        ("ma_crossover", "fast", 0, 5001, "1 to 5000"),
        ("ma_crossover", "slow", 0, 5001, "1 to 5000"),
        ("ma_crossover", "ma_gap_min", -1.01, 1.01, "-1 to 1"),
        ("ma_crossover", "adx_min", -1, 101, "0 to 100"),
        ("ma_crossover", "volume_min", -0.1, 1001, "0 to 1000"),
        ("ma_crossover", "atr_period", 0, 5001, "1 to 5000"),
        ("ma_crossover", "target_atr", -0.1, 1001, "0 to 1000"),
        ("ma_crossover", "stop_atr", -0.1, 1001, "0 to 1000"),
        ("ma_crossover", "trail_atr", -0.1, 1001, "0 to 1000"),
        ("rules", "atr_period", 0, 5001, "1 to 5000"),
        ("rules", "target", -0.1, 1001, "0 to 1000"),
        ("rules", "stop", -0.1, 1001, "0 to 1000"),
        ("rules", "trail", -0.1, 1001, "0 to 1000"),
    ],
)
def test_a_value_out_of_range_is_refused_with_its_range(
    strategy: str, field: str, too_low: float, too_high: float, allowed: str
) -> None:
    base: dict[str, Any] = {"rules": [CLOSE_ABOVE_3], "stop": 1.0} if strategy == "rules" else {}
    get_strategy(strategy).parse(base)
    for value in (too_low, too_high):
        error = refusal(strategy, {**base, field: value})
        assert not isinstance(error, ContradictoryParams)
        assert str(error).startswith(f"{strategy}: {field} = {value}: input should be ")
        assert str(error).endswith(f" (allowed: {allowed})")


@pytest.mark.parametrize("name", strategy_names())
def test_every_number_has_a_range(name: str) -> None:
    for field, about in get_strategy(name).params_model.model_json_schema()["properties"].items():
        if about.get("type") in ("integer", "number"):
            assert {"minimum", "exclusiveMinimum"} & set(about), field
            assert {"maximum", "exclusiveMaximum"} & set(about), field
        assert about["description"], field


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"ma_fast": 50, "ma_slow": 50}, "money_line: ma_fast = 50 must be less than ma_slow = 50"),
        ({"ma_slow": 20}, "money_line: ma_fast = 20 must be less than ma_slow = 20"),
    ],
)
def test_contradictory_averages_are_told_apart_from_wrong_values(
    values: dict[str, Any], message: str
) -> None:
    error = refusal("money_line", values)
    assert isinstance(error, ContradictoryParams)
    assert str(error) == message


def test_contradictory_crossover() -> None:
    error = refusal("ma_crossover", {"fast": 60, "slow": 50})
    assert isinstance(error, ContradictoryParams)
    assert str(error) == "ma_crossover: fast = 60 must be less than slow = 50"


def test_a_wrong_value_outweighs_a_contradiction() -> None:
    same = {"left": {"field": "close"}, "operator": ">", "right": {"field": "close"}}
    wrong = {"left": {"field": "close"}, "operator": "=>", "right": {"constant": 1}}
    error = refusal("rules", {"rules": [same, wrong], "stop": 1})
    assert not isinstance(error, ContradictoryParams)
    assert str(error).startswith("rules: rules.1.operator = '=>': input should be '>', '<'")
    assert not isinstance(refusal("money_line", {"ma_slow": 5, "adx_min": -1}), ContradictoryParams)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"adx": 5}, "money_line: unknown parameter adx; known: atr_period, multiplier, ma_fast, ma_slow, "),
        ({"ma_slow": "many"}, "money_line: ma_slow = 'many': input should be a valid integer"),
        ({"ma_slow": 50.5}, "money_line: ma_slow = 50.5: input should be a valid integer"),
        ({"ma_slow": None}, "money_line: ma_slow = None: input should be a valid integer"),
        ({"adx_min": float("nan")}, "money_line: adx_min = nan: input should be "),
        ({"multiplier": float("inf")}, "money_line: multiplier = inf: input should be "),
    ],
)
def test_values_that_are_no_parameters(values: dict[str, Any], message: str) -> None:
    error = refusal("money_line", values)
    assert str(error).startswith(message)
    assert not isinstance(error, ContradictoryParams)


def test_parameters_are_frozen_and_hashable() -> None:
    params = get_strategy("money_line").parse({"ma_slow": 100})
    assert hash(params) == hash(get_strategy("money_line").parse({"ma_slow": 100.0}))
    with pytest.raises(ValueError, match="frozen"):
        params.ma_slow = 5


class TestWithFields:
    BASE: ClassVar[dict[str, Any]] = {"rules": [CLOSE_ABOVE_3], "stop": 1.0}

    def test_replaces_nested_values_and_leaves_the_base_alone(self) -> None:
        changed = with_fields(self.BASE, {"rules.0.right.constant": 7, "target": 2, "rules.0.operator": "<"})
        assert changed == {
            "rules": [{"left": {"field": "close"}, "operator": "<", "right": {"constant": 7}}],
            "stop": 1.0,
            "target": 2,
        }
        assert self.BASE == {"rules": [CLOSE_ABOVE_3], "stop": 1.0}
        assert CLOSE_ABOVE_3["right"] == {"constant": 3}

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            ("rules.1.operator", "parameter rules.1.operator: '1' is no index of a list of 1"),
            ("rules.x", "parameter rules.x: 'x' is no index of a list of 1"),
            ("exits.stop", "parameter exits.stop: there is no 'exits', known: rules, stop"),
            ("stop.0", "parameter stop.0: 1.0 has no part '0'"),
        ],
    )
    def test_a_path_to_nowhere_is_refused(self, path: str, message: str) -> None:
        with pytest.raises(ValueError) as caught:
            with_fields(self.BASE, {path: 1})
        assert str(caught.value) == message
