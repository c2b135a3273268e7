"""A small workspace, and a client of the emulator that does not wait."""

from __future__ import annotations

import json
from pathlib import Path

from utils.quantconnect.client import QuantConnect
from utils.quantconnect.credentials import Credentials
from utils.quantconnect.emulator.server import RunningEmulator
from utils.quantconnect.once import Lookout
from utils.quantconnect.transport import Patience, Transport
from utils.workspace import Project, find_project

TOKEN = "x"
IMPATIENT = Patience(connect=5.0, read=5.0, tries=4, first_wait=0.001, longest_wait=0.002)


def no_wait(_: float) -> None:
    """Instead of sleeping."""


def client_of(emulator: RunningEmulator, organization_id: str = "") -> QuantConnect:
    transport = Transport(emulator.url, Credentials("1", TOKEN), IMPATIENT, sleep=no_wait)
    return QuantConnect(transport, organization_id, Lookout(looks=2, pause=0.0, sleep=no_wait))


def make_workspace(folder: Path) -> Project:
    """A workspace with one library, one project that uses it, and a settings file for the Object Store."""
    (folder / "lean.json").write_text('{"organization-id": ""} // comments are allowed\n')
    library = folder / "Library" / "shared"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text("")
    (library / "levels.py").write_text('"""Levels."""\n\nLEVEL = 1  # ÷\n')
    (library / "config.json").write_text(json.dumps({"algorithm-language": "Python", "parameters": {}}))
    project = folder / "algorithms" / "first"
    project.mkdir(parents=True)
    (project / "main.py").write_text(
        "from AlgorithmImports import *\nfrom shared.levels import LEVEL\n\n\n"
        'class First(QCAlgorithm):\n    def initialize(self) -> None:\n        self.add_equity("SPY")\n'
    )
    (project / "config.json").write_text(
        json.dumps(
            {
                "algorithm-language": "Python",
                "parameters": {"period": "20"},
                "libraries": [{"name": "shared", "path": "Library/shared"}],
                "object-store": {"first/settings.json": "config/settings.json"},
            }
        )
    )
    (folder / "config").mkdir()
    (folder / "config" / "settings.json").write_text('{"limit": 1}\n')
    return find_project(project)
