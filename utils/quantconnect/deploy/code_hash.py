"""The identity of what would run: a project's code, its libraries' code, its parameters and settings."""

from __future__ import annotations

import hashlib
import json

from utils.quantconnect.deploy.stored_settings import stored_contents
from utils.workspace import Project

LENGTH = 16


def code_hash(project: Project) -> str:
    """16 hexadecimal digits that change with any file, library, parameter or stored setting.

    The projects' names and cloud ids do not count: the same code under another name is the same code.
    """
    parts = [
        [
            [[file.name, file.content] for file in one.files],
            sorted(one.config.parameters.items()) if one is project else [],
        ]
        for one in (*project.libraries, project)
    ]
    stored = {key: hashlib.sha256(data).hexdigest() for key, data in stored_contents(project).items()}
    whole = [parts, sorted(stored.items()), project.config.lean_engine]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:LENGTH]


def backtest_name(project: Project) -> str:
    """The name of a deployed backtest. It carries the code's hash, so that the cloud itself remembers it."""
    return f"{project.folder.name} {tag(project)}"


def tag(project: Project) -> str:
    """How the hash stands in a backtest's name."""
    return f"[code {code_hash(project)}]"
