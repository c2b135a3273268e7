"""The data folder whose map files and databases identities are looked up in."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path

from utils.errors import UserError

_folder: ContextVar[Path | None] = ContextVar("data folder", default=None)


def use_data_folder(folder: Path | None) -> None:
    """Make a folder of LEAN-format data the one that is looked into from now on."""
    _folder.set(None if folder is None else Path(folder))


def data_folder() -> Path | None:
    """The folder in use; None before a run."""
    return _folder.get()


def required_data_folder() -> Path:
    """The folder in use.

    Raises:
        UserError: there is none.
    """
    folder = _folder.get()
    if folder is None:
        raise UserError("data folder: none is in use; start a run, or name the folder")
    return folder
