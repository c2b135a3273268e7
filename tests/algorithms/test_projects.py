"""What holds for every LEAN project of the workspace."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import pytest

from trading.settings import setting_names
from trading.strategies.registry import get_strategy
from utils.workspace import find_project

ROOT = Path(__file__).parents[2]
PROJECTS = sorted(path.parent for path in (ROOT / "algorithms").glob("*/main.py"))
ALLOWED = {"AlgorithmImports", "trading"} | set(sys.stdlib_module_names)


def imported_roots(source: Path) -> set[str]:
    roots: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            roots.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            roots.add((node.module or "").split(".")[0])
    return roots


def test_the_projects() -> None:
    assert [project.name for project in PROJECTS] == ["money_line", "options_trading_bot"]


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: path.name)
def test_a_project_imports_lean_trading_and_the_standard_library_alone(folder: Path) -> None:
    for source in folder.rglob("*.py"):
        own = {path.stem for path in folder.glob("*.py")}
        assert imported_roots(source) <= ALLOWED | own
        assert source.stat().st_size < 32_000


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: path.name)
def test_a_project_names_library_and_stored_files_that_are_there(folder: Path) -> None:
    project = find_project(folder)
    assert [library.name for library in project.libraries] == ["Library/trading"]
    assert project.config.language == "Python"
    assert project.config.description
    assert "main.py" in [source.name for source in project.files]
    for path in project.config.object_store.values():
        assert (ROOT / path).is_file()


def test_the_money_line_parameters_are_all_of_the_strategy_s_and_those_that_main_reads() -> None:
    folder = ROOT / "algorithms" / "money_line"
    parameters = json.loads((folder / "config.json").read_text())["parameters"]
    strategy = get_strategy("money_line")
    own = {name: value for name, value in parameters.items() if name in strategy.params_model.model_fields}
    assert set(own) == set(strategy.params_model.model_fields)
    strategy.parse(own)
    strings = {
        node.value
        for node in ast.walk(ast.parse((folder / "main.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(parameters) - set(own) <= strings


def test_the_options_bot_s_parameters_are_settings() -> None:
    config = json.loads((ROOT / "algorithms" / "options_trading_bot" / "config.json").read_text())
    assert set(config["parameters"]) <= set(setting_names())
