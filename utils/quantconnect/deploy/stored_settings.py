"""Files that an algorithm reads from the Object Store: those config.json names under "object-store"."""

from __future__ import annotations

import hashlib

from utils.errors import UserError
from utils.quantconnect.client import QuantConnect
from utils.workspace import PROJECT_CONFIG, Project


def store_files(api: QuantConnect, project: Project) -> tuple[str, ...]:
    """Put each named file under its key, unless it is there already.

    Returns:
        The keys that changed.

    Raises:
        UserError: a named file cannot be read, or the store is full.
    """
    changed = []
    for key, data in stored_contents(project).items():
        there = api.object_store.properties(key)
        if there is None or there.md5 != hashlib.md5(data, usedforsecurity=False).hexdigest():
            api.object_store.set(key, data)
            changed.append(key)
    return tuple(changed)


def stored_contents(project: Project) -> dict[str, bytes]:
    """The bytes that belong under each key.

    Raises:
        UserError: a named file is not there, or lies outside the workspace.
    """
    contents = {}
    for key, name in project.config.object_store.items():
        path = (project.workspace / name).resolve()
        where = f'{project.folder / PROJECT_CONFIG}: "object-store": {key}'
        if not path.is_relative_to(project.workspace):
            raise UserError(f"{where}: {name} is outside the workspace; move it inside")
        try:
            contents[key] = path.read_bytes()
        except OSError as error:
            raise UserError(f"{where}: {name}: {error.strerror or error}; restore it") from None
    return contents
