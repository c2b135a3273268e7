"""A checkout of LEAN: its Python algorithms, what they should come to, and its commit."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import json5

from utils.engine.conformance.csharp import FOLDER, CSharpSources
from utils.errors import UserError
from utils.files import read_text

PYTHON_FOLDER = "Algorithm.Python"
LAUNCHER_CONFIG = Path("Launcher") / "config.json"

Expected = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Checkout:
    """A folder with LEAN's sources.

    Raises:
        UserError: the folder has no Python algorithms.
    """

    folder: Path

    def __post_init__(self) -> None:
        if not (self.folder / PYTHON_FOLDER).is_dir():
            raise UserError(
                f"--lean {self.folder}: has no {PYTHON_FOLDER}; give the folder of a LEAN checkout"
            )

    def algorithm(self, name: str) -> Path:
        """The file of an algorithm."""
        return self.folder / PYTHON_FOLDER / f"{name}.py"

    @property
    def commit(self) -> str | None:
        """The commit that is checked out; None when the folder is not a git checkout of its own."""
        if not (self.folder / ".git").exists():
            return None
        command = ["git", "-C", str(self.folder), "rev-parse", "HEAD"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() or None if done.returncode == 0 else None

    def parameters(self) -> dict[str, str]:
        """The parameters that LEAN's launcher gives every algorithm."""
        path = self.folder / LAUNCHER_CONFIG
        if not path.is_file():
            return {}
        try:
            found = json5.loads(read_text(path)).get("parameters", {})
        except (ValueError, AttributeError) as error:
            raise UserError(f"{path}: is not LEAN's configuration: {error}; restore it") from None
        return {str(key): str(value) for key, value in found.items()}

    def expected(self) -> Expected:
        """Statistics from the C# sources, of the algorithms that have a Python file."""
        if not (self.folder / FOLDER).is_dir():
            raise UserError(f"{self.folder}: has no {FOLDER}; give the figures with --expected FILE")
        stated = CSharpSources.read(self.folder).python_statistics()
        return {name: figures for name, figures in stated.items() if self.algorithm(name).is_file()}


def read_expected(path: Path) -> Expected:
    """Statistics by algorithm from a JSON file.

    Raises:
        UserError: the file is not an object of objects of texts.
    """
    try:
        content = json.loads(read_text(path))
    except ValueError as error:
        raise UserError(f"{path}: is not JSON: {error}; restore it") from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: must be an object of algorithms; see docs/backtesting.md")
    for name, figures in content.items():
        if not isinstance(figures, dict) or not all(isinstance(value, str) for value in figures.values()):
            raise UserError(f"{path}: {name}: must be an object of statistics, each a text")
    return content
