"""The real LEAN CLI accepts this workspace: its lean.json, and a project that uses Library/trading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.lean_cli import LeanCli, copy_projects, empty_workspace, install_lean_cli

READ_CONFIG = """
import json
from pathlib import Path
from lean.container import container
project = Path("algorithms/probe/main.py").resolve()
config = container.lean_config_manager.get_complete_lean_config("backtesting", project, None)
library = container.library_manager.is_lean_library(Path("Library/trading").resolve())
print(json.dumps([config, library]))
"""


@pytest.fixture(scope="module")
def lean_cli(tmp_path_factory: pytest.TempPathFactory) -> LeanCli:
    return install_lean_cli(tmp_path_factory.mktemp("cli"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the workspace with one project that names the library."""
    copy_projects(empty_workspace(tmp_path), "Library/trading")
    project = tmp_path / "algorithms" / "probe"
    project.mkdir(parents=True)
    (project / "main.py").write_text("from AlgorithmImports import *\n")
    libraries = [{"name": "trading", "path": "Library/trading"}]
    (project / "config.json").write_text(json.dumps({"algorithm-language": "Python", "libraries": libraries}))
    return tmp_path


def test_the_cli_completes_a_backtest_configuration(lean_cli: LeanCli, workspace: Path) -> None:
    printed = lean_cli.python(workspace, READ_CONFIG)
    config, is_library = json.loads(printed.splitlines()[-1])
    assert is_library
    assert config["python-additional-paths"] == ["/Library/trading", "/Library"]
    assert config["algorithm-location"] == "/LeanCLI/main.py"
    backtesting = config["environments"][config["environment"]]
    handlers = ("setup", "result", "data-feed", "real-time", "transaction")
    assert all(backtesting[f"{name}-handler"].startswith("QuantConnect.Lean.Engine.") for name in handlers)


def test_the_cli_lists_no_complaint_about_the_workspace(lean_cli: LeanCli, workspace: Path) -> None:
    assert "default-language" in lean_cli.run(workspace, "config", "list")
