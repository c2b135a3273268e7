"""docs/strategy-reference.md tells the truth: its tables, its examples and its new strategy."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from trading.strategies.fields import with_fields
from trading.strategies.registry import get_strategy, strategy_names

PAGE = (Path(__file__).parents[3] / "docs" / "strategy-reference.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\S.*?)\n(.*?)(?=^## |\Z)", PAGE, flags=re.DOTALL | re.MULTILINE))


def blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", SECTIONS[section], flags=re.DOTALL)


def documented(section: str) -> dict[str, list[str]]:
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", SECTIONS[section], flags=re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}


@pytest.mark.parametrize("name", strategy_names())
def test_tables_are_those_of_the_models(name: str) -> None:
    strategy = get_strategy(name)
    schema = strategy.params_model.model_json_schema()["properties"]
    table = documented(name)
    assert list(table) == list(schema)
    for field, (default, allowed, moves, meaning) in table.items():
        about = schema[field]
        assert default == str(about.get("default", "")), field
        assert allowed == described_range(about), field
        expected = {
            **dict.fromkeys(strategy.ENTRY_FIELDS, "enter"),
            **dict.fromkeys(strategy.EXIT_FIELDS, "exits"),
        }
        assert moves == expected.get(field, "events"), field
        assert meaning.startswith(about["description"].replace(" x (fast - slow)", " × (fast − slow)")), field


def described_range(about: dict[str, Any]) -> str:
    if "enum" in about:
        return ", ".join(about["enum"])
    if about["type"] == "array":
        return f"{about['minItems']} to {about['maxItems']} rules"
    low = f"above {about['exclusiveMinimum']:g}" if "exclusiveMinimum" in about else f"{about['minimum']:g}"
    return f"{low} to {about['maximum']:g}"


@pytest.mark.parametrize("name", strategy_names())
def test_examples_are_valid(name: str) -> None:
    example = yaml.safe_load(blocks(name, "yaml")[0])
    assert example["strategy"] == name
    get_strategy(name).parse(example["params"])


def test_the_grid_of_rules_addresses_its_example() -> None:
    example, grid = (yaml.safe_load(block) for block in blocks("rules", "yaml"))
    for end in (0, -1):
        changes = {path: values[end] for path, values in grid["grid"].items()}
        params = get_strategy("rules").parse(with_fields(example["params"], changes))
        assert params.stop == changes["stop"]
        assert params.rules[0].left.args == (changes["rules.0.left.args.0"],)


def test_the_new_strategy_works(tmp_path: Path) -> None:
    module = tmp_path / "price_cross.py"  # kernels are compiled from files
    module.write_text("\n".join(blocks("Writing a strategy", "python")))
    runpy.run_path(str(module))
