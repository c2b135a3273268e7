"""An algorithm's exception in one line, with the algorithm's own place."""

from __future__ import annotations

import re
import traceback
from collections.abc import Sequence
from pathlib import Path

from utils.engine.errors import NotSupportedByEngine
from utils.engine.imports import stubs

_UNDEFINED = re.compile(r"name '(\w+)' is not defined")


def describe(error: BaseException, folders: Sequence[Path]) -> str:
    """`main.py:12 in on_data: ZeroDivisionError: division by zero`.

    Args:
        folders: where the algorithm's own files are; the innermost line of theirs is named.
    """
    error = refusal_of(error) or error
    place = ""
    roots = [str(folder.resolve()) for folder in folders]
    for frame in traceback.extract_tb(error.__traceback__):
        if any(str(Path(frame.filename).resolve()).startswith(root) for root in roots):
            place = f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}: "
    if isinstance(error, SyntaxError) and error.filename:
        place = f"{Path(error.filename).name}:{error.lineno}: "
    if isinstance(error, NotSupportedByEngine):
        return f"{place}{error}"
    text = str(error).strip().splitlines()
    return f"{place}{type(error).__name__}: {text[0] if text else 'no message'}"


def refusal_of(error: BaseException) -> NotSupportedByEngine | None:
    """What an unknown name of LEAN's is: a refusal by name."""
    found = _UNDEFINED.search(str(error)) if isinstance(error, NameError) else None
    if found and stubs.has_class(found.group(1)):
        return NotSupportedByEngine(found.group(1)).with_traceback(error.__traceback__)
    return error if isinstance(error, NotSupportedByEngine) else None
