"""An algorithm's exception in one line, with the algorithm's own place."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

from utils.engine.errors import NotSupportedByEngine
from utils.engine.imports.refusals import refusal_of


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
