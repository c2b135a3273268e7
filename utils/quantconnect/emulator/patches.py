"""Unified diffs, as `git diff` writes them, applied to files that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from utils.quantconnect.emulator.errors import RefusalError

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")


def apply_patch(contents: Mapping[str, str], patch: str) -> dict[str, str]:
    """The files that a patch changes, changed.

    Args:
        contents: file name -> text.

    Raises:
        RefusalError: the text is no patch, names an unknown file, or does not fit the file.
    """
    changed: dict[str, str] = {}
    lines = iter(patch.splitlines())
    name: str | None = None
    hunks: list[tuple[int, list[str]]] = []
    for line in lines:
        if line.startswith("--- "):
            _apply(contents, changed, name, hunks)
            name, hunks = None, []
        elif line.startswith("+++ "):
            name = line[4:].split("\t")[0].removeprefix("b/")
        elif (match := _HUNK.match(line)) and name is not None:
            hunks.append((int(match[1]), list(_hunk_lines(lines, int(match[2] or 1)))))
    _apply(contents, changed, name, hunks)
    if not changed:
        raise RefusalError("The patch is not a unified diff")
    return changed


def _hunk_lines(lines: Iterator[str], old: int) -> Iterator[str]:
    """The lines of a hunk that covers `old` lines; added lines after the last of them belong to it too."""
    for line in lines:
        yield line or " "
        old -= not line.startswith(("+", "\\"))
        if old <= 0:
            return


def _apply(
    contents: Mapping[str, str], changed: dict[str, str], name: str | None, hunks: list[tuple[int, list[str]]]
) -> None:
    if name is None:
        return
    if name not in contents:
        raise RefusalError(f"File not found: {name}")
    source = contents[name].splitlines(keepends=True)
    result: list[str] = []
    position = 0
    for start, lines in hunks:
        result += source[position : max(start - 1, 0)]
        position = max(start - 1, 0)
        for line in lines:
            if line.startswith("+"):
                result.append(line[1:] + "\n")
                continue
            if position >= len(source) or source[position].rstrip("\r\n") != line[1:]:
                raise RefusalError(f"The patch does not fit {name} at line {position + 1}")
            if line.startswith(" "):
                result.append(source[position])
            position += 1
    changed[name] = "".join(result + source[position:])
