"""Faults of a file that a user wrote, as one line."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from utils.errors import UserError


def fault(path: Path, error: ValidationError) -> UserError:
    """The first fault of a document: file, field, what is wrong with it."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "the document"
    message = " ".join(first["msg"].removeprefix("Value error, ").split())
    return UserError(f"{path}: {field}: {message}; correct it")
