"""Settings of the bot: defaults, overrides, and errors in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from trading.settings import Settings, load_settings, setting_names, settings_schema

CONFIG = Path(__file__).parents[2] / "config" / "settings.json"
SCHEMA = CONFIG.with_name("settings.schema.json")
KEY = "bot/settings.json"


class Store:
    """LEAN's Object Store, as far as it is read."""

    def __init__(self, text: str | None = None) -> None:
        self._objects = {} if text is None else {KEY: text}

    def contains_key(self, path: str, /) -> bool:
        return path in self._objects

    def read(self, path: str, /) -> str:
        return self._objects[path]


def load(values: Any = None, **parameters: str) -> Settings:
    text = None if values is None else values if isinstance(values, str) else json.dumps(values)
    return load_settings(
        Store(text), KEY, {name.replace("__", "."): value for name, value in parameters.items()}
    )


def test_the_shipped_file_holds_the_defaults_all_of_them() -> None:
    shipped = json.loads(CONFIG.read_text())
    assert shipped == Settings().model_dump(mode="json")
    assert load(CONFIG.read_text()) == Settings()


def test_the_schema_beside_it_is_the_model_s_and_the_file_obeys_it() -> None:
    schema = json.loads(SCHEMA.read_text())
    assert schema == settings_schema(), (
        "write it anew: python -m json.tool of trading.settings.settings_schema()"
    )
    validator = Draft202012Validator(schema)
    validator.check_schema(schema)
    assert list(validator.iter_errors(json.loads(CONFIG.read_text()))) == []
    wrong = {"resource_limits": {"max_option_chains": 101}, "two_part_spread": {"second_leg_missed": "pray"}}
    assert len(list(validator.iter_errors(wrong))) == 2


def test_the_documented_defaults() -> None:
    settings = Settings()
    assert settings.quantconnect.monitoring.check_interval_seconds == 30
    limits = settings.resource_limits
    assert (limits.max_option_chains, limits.max_contracts_per_chain) == (5, 100)
    assert (limits.memory_warning_pct, limits.memory_critical_pct) == (80, 90)
    assert (limits.cpu_warning_pct, limits.cpu_critical_pct) == (75, 85)
    assert limits.max_broker_latency_ms == 100
    assert settings.movement_scanner.scan_interval_seconds == 60
    assert settings.options_scanner.max_days_to_expiry == 45
    assert settings.order_execution.cancel_after_seconds == 2.5
    assert settings.technical_indicators.ichimoku.enabled
    assert settings.risk.max_concurrent_positions == 20
    assert settings.llm.enabled
    assert len(settings.universe.equities) == 10
    assert settings.universe.equities[0] == "SPY"
    assert len(settings.universe.option_underlyings) == 5


def test_nothing_stored_means_the_defaults() -> None:
    assert load() == Settings()
    assert load({}) == Settings()


def test_the_store_overrides_what_it_names() -> None:
    settings = load({"resource_limits": {"max_option_chains": 3}})
    assert settings.resource_limits.max_option_chains == 3
    assert settings.resource_limits.max_contracts_per_chain == 100


def test_parameters_override_the_store() -> None:
    stored = {"resource_limits": {"max_option_chains": 3, "max_contracts_per_chain": 50}}
    settings = load(
        stored,
        resource_limits__max_option_chains="2",
        order_execution__cancel_after_seconds="4.5",
        technical_indicators__ichimoku__enabled="False",
        llm__providers='["anthropic"]',
        ema_fast="20",
    )
    assert settings.resource_limits.max_option_chains == 2
    assert settings.resource_limits.max_contracts_per_chain == 50
    assert settings.order_execution.cancel_after_seconds == 4.5
    assert not settings.technical_indicators.ichimoku.enabled
    assert settings.llm.providers == ("anthropic",)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"resource_limit": {}}, ["resource_limit: no such setting", "resource_limits"]),
        ({"resource_limits": {"max_chains": 1}}, ["resource_limits.max_chains", "max_option_chains"]),
        ({"resource_limits": {"max_option_chains": "5"}}, ["resource_limits.max_option_chains: '5'"]),
        ({"resource_limits": {"max_option_chains": True}}, ["max_option_chains: True"]),
        ({"resource_limits": {"max_option_chains": 101}}, ["max_option_chains: 101", "100"]),
        ({"resource_limits": {"memory_warning_pct": 95}}, ["memory_warning_pct = 95", "memory_critical_pct"]),
        ({"resource_limits": {"cpu_warning_pct": 85}}, ["cpu_warning_pct", "less than"]),
        ({"resource_limits": []}, ["resource_limits: []"]),
        ({"movement_scanner": {"min_move_pct": 5}}, ["min_move_pct = 5", "max_move_pct = 4"]),
        ({"options_scanner": {"min_days_to_expiry": 46}}, ["min_days_to_expiry = 46", "45"]),
        ({"order_execution": {"cancel_after_seconds": 0}}, ["order_execution.cancel_after_seconds: 0"]),
        ({"universe": {"equities": []}}, ["universe.equities"]),
        ({"universe": {"equities": ["SPY"] * 2}}, ["SPY twice"]),
        ({"universe": {"option_underlyings": ["IBM"]}}, ["IBM", "not among equities"]),
        ({"universe": {"equities": ["spy"]}}, ["universe.equities.0: 'spy'"]),
        ({"llm": {"providers": ["me"]}}, ["llm.providers.0: 'me'", "openai"]),
        ('{"resource_limits": {"max_broker_latency_ms": NaN}}', ["max_broker_latency_ms: NaN"]),
        ('{"resource_limits": {"max_broker_latency_ms": 1e999}}', ["max_broker_latency_ms: NaN or infinity"]),
        ("{", ["not JSON", "line 1"]),
        ("[]", ["a JSON object is wanted"]),
        ("[" * 100_000, ["nested too deep"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_setting_is_one_line_with_key_and_setting(stored: Any, said: list[str]) -> None:
    with pytest.raises(ValueError, match=f"^{KEY}: ") as caught:
        load(stored)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    for part in said:
        assert part in str(caught.value)


def test_a_misspelt_parameter_of_a_section_is_refused() -> None:
    with pytest.raises(ValueError, match=r"max_option_chain: no such setting; known: .*max_option_chains"):
        load(resource_limits__max_option_chain="3")
    with pytest.raises(ValueError, match=r"project parameters: risk\.max_concurrent_positions: 'many'"):
        load(risk__max_concurrent_positions="many")


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().risk.max_concurrent_positions = 3  # type: ignore[misc]  # what the test is about


def test_every_leaf_can_be_set_by_a_parameter() -> None:
    values = {name: _at(Settings().model_dump(mode="json"), name) for name in setting_names()}
    assert len(values) > 30
    assert load(None, **{name: json.dumps(value) for name, value in values.items()}) == Settings()


def _at(values: dict[str, Any], name: str) -> Any:
    for part in name.split("."):
        values = values[part]
    return values


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
)


@given(st.sampled_from(setting_names()), VALUES)
def test_any_value_is_taken_or_refused_in_one_line(name: str, value: Any) -> None:
    stored: Any = value
    for part in reversed(name.split(".")):
        stored = {part: stored}
    try:
        settings = load(json.dumps(stored))
    except ValueError as error:
        assert "\n" not in str(error)
        assert str(error).startswith(KEY)
    else:
        assert load(settings.model_dump(mode="json")) == settings


@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused_in_one_line(text: str) -> None:
    try:
        load(text)
    except ValueError as error:
        assert len(str(error).splitlines()) == 1
