"""Unified diffs, as `git diff` writes them, applied to files that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from utils.quantconnect.emulator.errors import RefusalError

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? @@")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # only line feeds end a line: a form feed, say, may stand in a source
_NO_LINE_END = "\\"  # begins "\ No newline at end of file"


@dataclass(frozen=True)
class _Hunk:
    """What happens from line `start` of a file, counted from 0: lines with ` `, `-` or `+` before them."""

    start: int
    lines: tuple[str, ...]


def apply_patch(contents: Mapping[str, str], patch: str) -> dict[str, str]:
    """The files that a patch changes, changed.

    Args:
        contents: file name -> text.

    Raises:
        RefusalError: the text is no patch, names an unknown file, or does not fit the file.
    """
    hunks = _hunks_by_file(patch)
    if not any(hunks.values()):
        raise RefusalError("The patch is not a unified diff")
    for name in hunks:
        if name not in contents:
            raise RefusalError(f"File not found: {name[:100]}")
    return {name: _apply(name, contents[name], found) for name, found in hunks.items()}


def _hunks_by_file(patch: str) -> dict[str, list[_Hunk]]:
    found: dict[str, list[_Hunk]] = {}
    name: str | None = None
    lines = iter(_patch_lines(patch))
    for line in lines:
        if line.startswith("+++ "):
            name = line[4:].rstrip("\r\n").split("\t")[0].removeprefix("b/")
            found.setdefault(name, [])
        elif (match := _HUNK.match(line)) and name is not None:
            old, new = int(match[2] or 1), int(match[3] or 1)
            start = int(match[1]) - (old > 0)  # with no old lines, the line named is the one before
            found[name].append(_Hunk(max(start, 0), tuple(_hunk_lines(lines, old, new))))
    return found


def _patch_lines(patch: str) -> list[str]:
    """The patch's lines; those said to have no line feed have none."""
    found: list[str] = []
    for line in _LINE.findall(patch):
        if not line.startswith(_NO_LINE_END):
            found.append(line)
        elif found:
            found[-1] = found[-1].removesuffix("\n")
    return found


def _hunk_lines(lines: Iterator[str], old: int, new: int) -> Iterator[str]:
    """The lines of a hunk that turns `old` lines into `new` ones."""
    while old > 0 or new > 0:
        line = next(lines, None)
        if line is None:
            raise RefusalError("The patch ends early")
        yield " \n" if line == "\n" else line  # an editor took away the space of an empty line
        old -= not line.startswith("+")
        new -= not line.startswith("-")


def _apply(name: str, text: str, hunks: list[_Hunk]) -> str:
    source: list[str] = _LINE.findall(text)
    result: list[str] = []
    position = 0
    for hunk in hunks:
        if hunk.start < position:
            raise RefusalError(f"The patch does not fit {name}: its parts overlap")
        result += source[position : hunk.start]
        position = hunk.start
        for line in hunk.lines:
            if line.startswith("+"):
                result.append(line[1:])
                continue
            if position >= len(source) or source[position].rstrip("\n") != line[1:].rstrip("\n"):
                raise RefusalError(f"The patch does not fit {name} at line {position + 1}")
            if not line.startswith("-"):
                result.append(source[position])
            position += 1
    return "".join(result + source[position:])
