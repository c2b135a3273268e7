"""Small LEAN workspaces, to be analysed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

from utils.nodes.analysis.analyze import analyze
from utils.nodes.requirements import AlgorithmRequirements, Analysis
from utils.workspace import find_project

HEAD = "from AlgorithmImports import *\n\n\nclass Algorithm(QCAlgorithm):\n    def initialize(self):\n"
FIRST_LINE = HEAD.count("\n") + 1
"""The line of main.py where the statements of `initialize` begin."""


@dataclass(frozen=True)
class Read:
    """An analysis with short access to its parts."""

    analysis: Analysis

    @property
    def requirements(self) -> AlgorithmRequirements:
        return self.analysis.requirements

    def sources(self, field: str) -> list[str]:
        """The reasons of a figure, as the user sees them."""
        return [str(source) for one in self.analysis.evidence if one.field == field for source in one.sources]

    def places(self, field: str) -> set[str]:
        """FILE:LINE of a figure's reasons; the file without its folders."""
        return {
            f"{source.file.name}:{source.line}"
            for one in self.analysis.evidence
            if one.field == field
            for source in one.sources
            if source.file is not None
        }


class Workspace:
    """A workspace with one project, algorithms/x."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("lean.json", "{}")

    def write(self, path: str, text: str) -> None:
        """Write a file of the workspace."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8", newline="")

    def config(self, content: Mapping[str, object]) -> None:
        """Write the project's config.json, a key a line."""
        self.write("algorithms/x/config.json", json.dumps(content, indent=1))

    def library(self, name: str, files: Mapping[str, str]) -> dict[str, str]:
        """Write a library, and return the reference to it for the project's config.json."""
        self.write(f"Library/{name}/config.json", "{}")
        for file, text in files.items():
            self.write(f"Library/{name}/{file}", text)
        return {"name": name, "path": f"Library/{name}"}

    def main(self, text: str, overrides: Mapping[str, str] | None = None) -> Read:
        """Analyse a project with this main.py."""
        self.write("algorithms/x/main.py", text)
        return self.read(overrides)

    def read(self, overrides: Mapping[str, str] | None = None) -> Read:
        """Analyse the project as it lies there."""
        return Read(analyze(find_project(self.root / "algorithms/x"), overrides))

    def initialize(self, body: str, rest: str = "") -> Read:
        """Analyse an algorithm whose `initialize` has this body, from `FIRST_LINE` on; `rest` are methods."""
        text = HEAD + indent(dedent(body).strip("\n"), " " * 8) + "\n\n"
        return self.main(text + indent(dedent(rest), " " * 4))
