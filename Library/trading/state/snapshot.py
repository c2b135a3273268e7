"""Typed objects with a version, and how an older version is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from trading.state.categories import Category
from trading.state.errors import SchemaError
from trading.state.repository import Loaded, Repository

Migration = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the JSON object of one version into that of the next."""


class Snapshot(BaseModel):
    """A frozen model that is kept.

    A subclass names its `kind`, and counts `version` up with every change of its fields, adding to
    `migrations`, by the version it starts from, the step to the next.

    >>> class Levels(Snapshot):
    ...     kind = "levels"
    ...     version = 2
    ...     migrations = {1: lambda old: {"stop": old["stop_price"], "target": None}}
    ...     stop: float
    ...     target: float | None
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    migrations: ClassVar[Mapping[int, Migration]] = {}


S = TypeVar("S", bound=Snapshot)


def restored(model: type[S], kind: str, version: int, values: dict[str, Any], where: str) -> S:
    """A snapshot from the JSON object of a version that may be older.

    Raises:
        SchemaError: another kind, a newer version, a version without a way here, or a field that is wrong.
    """
    if kind != model.kind:
        raise SchemaError(f"{where}: holds {kind!r}, not {model.kind!r}; name the right object")
    if version > model.version:
        raise SchemaError(
            f"{where}: version {version} of {kind} is newer than {model.version}, which this code reads; "
            "update the code"
        )
    for step in range(version, model.version):
        migrate = model.migrations.get(step)
        if migrate is None:
            raise SchemaError(f"{where}: no way from version {step} of {kind} to {step + 1}; add a migration")
        values = migrate(values)
    try:
        return model.model_validate_json(json.dumps(values))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    raise SchemaError(f"{where}: {kind} version {version}: {field}: {problem['msg']}; restore an older copy")


def save_snapshot(repository: Repository, category: Category, name: str, snapshot: Snapshot) -> int:
    """Keep a snapshot; its generation. Raises as `Repository.save` does."""
    body = snapshot.model_dump_json().encode()
    return repository.save(category, name, body, kind=snapshot.kind, version=snapshot.version)


def load_snapshot(
    repository: Repository, category: Category, name: str, model: type[S]
) -> tuple[S, Loaded] | None:
    """A snapshot and how it was found; None when there is none.

    Raises:
        DamagedObjectError: as `Repository.load` does.
        SchemaError: as `restored` does.
    """
    found = repository.load(category, name)
    if found is None:
        return None
    where = f"{category}/{name}"
    envelope = found.envelope
    try:
        values = json.loads(envelope.body)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise SchemaError(f"{where}: holds {envelope.kind!r}, not the JSON object of a {model.kind!r}")
    return restored(model, envelope.kind, envelope.version, values, where), found
