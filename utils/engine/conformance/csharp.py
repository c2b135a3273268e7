"""The statistics that LEAN's C# regression algorithms expect, read from their sources.

A class that leaves a property out has its base class's, as in C#.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "Algorithm.CSharp"
_CLASS = re.compile(r"\bclass\s+(\w+)(?:<[^>{]*>)?\s*(?::\s*([\w.]+))?[^{;]*\{")
_PAIR = re.compile(r'\{\s*"((?:[^"\\]|\\.)*)"\s*,\s*"((?:[^"\\]|\\.)*)"\s*\}')
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_BRACE = re.compile(r'@"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\]|\\.)\'|[{}]')
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
LONGEST_CHAIN = 20


@dataclass(frozen=True)
class _Class:
    base: str | None
    statistics: dict[str, str] | None
    python: bool | None
    runs_here: bool | None


@dataclass
class CSharpSources:
    """All classes of LEAN's `Algorithm.CSharp`, by name."""

    classes: dict[str, _Class] = field(default_factory=dict)

    @staticmethod
    def read(lean: Path) -> CSharpSources:
        """Read a checkout's C# algorithms."""
        found: dict[str, _Class] = {}
        for path in sorted((lean / FOLDER).rglob("*.cs")):
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            if "class " in text:
                found.update(_classes(text))
        return CSharpSources(found)

    def python_statistics(self) -> dict[str, dict[str, str]]:
        """Expected statistics of every algorithm that LEAN runs in Python too, by name."""
        found = {}
        for name in sorted(self.classes):
            statistics = self._inherited(name, "statistics")
            if statistics and self._inherited(name, "python") and self._inherited(name, "runs_here"):
                found[name] = statistics
        return found

    def _inherited(self, name: str, member: str) -> Any:
        current: str | None = name
        for _ in range(LONGEST_CHAIN):  # a name that is its own base elsewhere must not go round for ever
            found = self.classes.get(current or "")
            if found is None:
                return None
            if (value := getattr(found, member)) is not None:
                return value
            current = found.base
        return None


def _classes(text: str) -> Iterator[tuple[str, _Class]]:
    code = _COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
    spans = [(start, _closing(code, start.end())) for start in _CLASS.finditer(code)]
    for start, end in spans:
        body, position = "", start.end()
        for inner, inner_end in spans:  # a nested class's members are its own
            if position <= inner.start() < end:
                body, position = body + code[position : inner.start()], inner_end
        base = start[2].split(".")[-1] if start[2] else None
        body += code[position:end]
        yield start[1], _Class(base, _statistics(body), _python(body), _runs_here(body))


def _closing(code: str, position: int) -> int:
    """Where the block ends that is open at a position."""
    depth = 1
    for token in _BRACE.finditer(code, position):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.start()
    return len(code)


def _statistics(body: str) -> dict[str, str] | None:
    text = _property(body, "ExpectedStatistics")
    return None if text is None else {_plain(key): _plain(value) for key, value in _PAIR.findall(text)}


def _python(body: str) -> bool | None:
    text = _property(body, "Languages")
    return None if text is None else "Language.Python" in text


def _runs_here(body: str) -> bool | None:
    text = _property(body, "CanRunLocally")
    return None if text is None else "true" in text


def _property(body: str, name: str) -> str | None:
    """What follows a property's name, up to the end of its value."""
    found = re.search(rf"\b{name}\s*(?:=>|\{{\s*get)", body)
    if found is None:
        return None
    end = body.find(";", body.find("=", found.end()) if "get" in found[0] else found.end())
    return body[found.end() : end if end > 0 else len(body)]


def _plain(literal: str) -> str:
    """A C# string literal's text."""
    return _ESCAPE.sub(lambda match: chr(int(match[1][1:], 16)) if len(match[1]) == 5 else match[1], literal)
