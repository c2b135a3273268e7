"""Settings that an algorithm reads from the Object Store: the workspace's file, over the model's defaults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from utils.errors import UserError
from utils.files import read_text
from utils.nodes.analysis.values import NOTHING, Instance, StoredText, Table, Value, items
from utils.nodes.requirements import Source
from utils.workspace import PROJECT_CONFIG, Project

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(frozen=True)
class StoredFile:
    """A JSON file of the workspace, and the line of each of its keys by dotted path."""

    path: Path
    content: Mapping[str, object]
    lines: Mapping[str, int]


def read_stored(project: Project, key: str) -> StoredFile | None:
    """The file that config.json puts under an Object Store key, or None.

    Raises:
        UserError: it cannot be read, or is no JSON object.
    """
    name = project.config.object_store.get(key)
    if name is None:
        return None
    path = project.workspace / name
    text = read_text(path)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: line {error.lineno}: {error.msg}; mend it") from None
    except RecursionError:
        raise UserError(f"{path}: nested too deep; mend it") from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: not a JSON object; write it as config/settings.json is")
    return StoredFile(path.relative_to(project.workspace), content, dict(_key_lines(text)))


def stored_table(text: Value, project: Project) -> Value:
    """The JSON object that a text of the Object Store holds, each value with its place; unknown for others.

    Raises:
        UserError: as `read_stored`.
    """
    if isinstance(text.content, Table):
        return text
    stored = read_stored(project, text.content.key) if isinstance(text.content, StoredText) else None
    return _placed(stored.content, stored, "") if stored is not None else NOTHING


def label(instance: Instance, project: Project, prefix: str = "") -> None:
    """Note how each part of loaded settings is reached, and put project parameters in their place."""
    instance.path = prefix
    for name, value in list(instance.attributes.items()):
        path = f"{prefix}.{name}".lstrip(".")
        if isinstance(value.content, Instance):
            label(value.content, project, path)
        elif parameter := project_parameter(project, path):
            text, place = parameter
            instance.attributes[name] = _plain(_parsed(text), place)


def leaves(instance: Instance) -> Iterator[tuple[str, Value]]:
    """All leaves with their dotted paths."""
    for name, value in instance.attributes.items():
        if isinstance(value.content, Instance):
            yield from leaves(value.content)
        else:
            yield f"{instance.path or ''}.{name}".lstrip("."), value


def _placed(content: object, stored: StoredFile, path: str) -> Value:
    """A JSON value with the line of its key."""
    place = Source(path or str(stored.path), stored.path, stored.lines.get(path))
    if not isinstance(content, Mapping):
        return _plain(content, place)
    table = Table()
    for key, value in content.items():
        table[key] = _placed(value, stored, f"{path}.{key}".lstrip("."))
    return Value(table, (place,) if path else ())


def _plain(content: object, place: Source) -> Value:
    if isinstance(content, list):
        return Value(items(_plain(item, place) for item in content), (place,))
    if isinstance(content, Mapping):
        return Value(Table({key: _plain(item, place) for key, item in content.items()}), (place,))
    return Value(content, (place,))


def _parsed(text: str) -> object:
    try:
        return json.loads(text) if text not in {"True", "False"} else text == "True"
    except (ValueError, RecursionError):
        return text


def _key_lines(text: str) -> Iterator[tuple[str, int]]:
    """Dotted path and line of each key of nested objects; what is inside lists has no path."""
    keys: list[str | None] = []
    last, line, position = "", 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", position, token.start())
        position = token.start()
        word = token.group()
        if word in "{[":
            keys.append(None)
        elif word in "}]":
            keys = keys[:-1]
            if keys:
                keys[-1] = None
        elif word == ":" and keys:
            keys[-1] = json.loads(last)
            if all(keys):
                yield ".".join(str(key) for key in keys), line
        elif word == "," and keys:
            keys[-1] = None
        last = word


def project_parameter(project: Project, name: str) -> tuple[str, Source] | None:
    """A parameter of config.json with its place, or None."""
    if name not in project.config.parameters:
        return None
    path = project.folder / PROJECT_CONFIG
    line = dict(_key_lines(read_text(path))).get(f"parameters.{name}")
    return project.config.parameters[name], Source(
        f'parameter "{name}"', path.relative_to(project.workspace), line
    )
