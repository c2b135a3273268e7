"""A LEAN workspace as the LEAN CLI sees it: projects, their libraries, and the files that reach the cloud.

`find_project(Path("algorithms/money_line"))` takes a project's folder, its main.py, or the short form
`algorithms/money_line.py`. What is skipped, and what a project is called, follows the CLI, so that both push
the same bytes under the same name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import json5
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from utils.errors import UserError
from utils.files import read_text, write_atomic

SUFFIXES = frozenset({".py", ".cs", ".ipynb", ".css", ".html"})
# Folders that the CLI neither pushes nor mounts, at any depth.
RESERVED = frozenset({"live", "backtests", "optimizations", "storage", "report", "bin", "obj", "__pycache__"})
LONGEST_NAME = 255
LEAN_CONFIG = "lean.json"
PROJECT_CONFIG = "config.json"


def _as_text(value: object) -> object:
    """A parameter's value as the cloud keeps it: text. Anything but a scalar stays and is refused."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _possible(path: PurePosixPath) -> PurePosixPath:
    """A path that a file can have: the file system would raise at any other."""
    if "\x00" in str(path) or any(len(part.encode(errors="replace")) > LONGEST_NAME for part in path.parts):
        raise ValueError("no file can have this name")
    return path


WorkspacePath = Annotated[PurePosixPath, AfterValidator(_possible)]


class LibraryReference(BaseModel):
    """A library named by a project: `path` is relative to the workspace."""

    model_config = ConfigDict(frozen=True)
    name: str
    path: WorkspacePath


class ProjectConfig(BaseModel):
    """A project's config.json. Keys that are not named here are the CLI's own and stay as they are."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    language: str = Field(default="Python", alias="algorithm-language")
    description: str = ""
    parameters: dict[str, Annotated[str, BeforeValidator(_as_text)]] = Field(default_factory=dict)
    libraries: tuple[LibraryReference, ...] = ()
    cloud_id: int | None = Field(default=None, alias="cloud-id", gt=0)
    organization_id: str | None = Field(default=None, alias="organization-id")
    lean_engine: int = Field(default=-1, alias="lean-engine")
    object_store: dict[str, WorkspacePath] = Field(default_factory=dict, alias="object-store")
    """Object Store key -> file of the workspace that the algorithm reads under that key."""


@dataclass(frozen=True)
class SourceFile:
    """One file of a project: its name inside the project, with slashes, and its text."""

    name: str
    path: Path
    content: str


@dataclass(frozen=True)
class Project:
    """A project or library on disk. Paths are absolute; nothing is written except by `remember_cloud_id`."""

    workspace: Path
    folder: Path

    @property
    def name(self) -> str:
        """Its name in the cloud: the path inside the workspace, such as `Library/trading`."""
        return self.folder.relative_to(self.workspace).as_posix()

    @property
    def main(self) -> Path:
        """The algorithm's file."""
        return self.folder / "main.py"

    @cached_property
    def config(self) -> ProjectConfig:
        """The project's config.json; all defaults when there is none.

        Raises:
            UserError: the file cannot be read, is no JSON object, or has a field of the wrong form.
        """
        path = self.folder / PROJECT_CONFIG
        try:
            return ProjectConfig.model_validate(_json_object(path) if path.exists() else {})
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise UserError(f"{path}: {field}: {first['msg']}; mend it") from None

    @cached_property
    def files(self) -> tuple[SourceFile, ...]:
        """The files that reach the cloud, by name.

        Raises:
            UserError: one of them cannot be read or is not UTF-8 text.
        """
        paths = sorted(_source_paths(self.folder))
        return tuple(
            SourceFile(path.relative_to(self.folder).as_posix(), path, _pushed_text(path)) for path in paths
        )

    @cached_property
    def libraries(self) -> tuple[Project, ...]:
        """The libraries the project needs, each after those it needs itself.

        Raises:
            UserError: a named library is not there, or lies outside the workspace.
        """
        found: dict[Path, Project] = {}
        _collect_libraries(self, found, {self.folder})
        return tuple(found.values())

    def remember_cloud_id(self, cloud_id: int, organization_id: str) -> None:
        """Note in config.json which project of the cloud this is, as the CLI does; other keys stay."""
        path = self.folder / PROJECT_CONFIG
        content = _json_object(path) if path.exists() else {"algorithm-language": "Python", "parameters": {}}
        content |= {"cloud-id": cloud_id, "organization-id": organization_id}
        write_atomic(path, json.dumps(content, indent=4) + "\n")
        self.__dict__.pop("config", None)  # read anew


def find_project(algorithm: Path) -> Project:
    """The project that `algorithm` means: its folder, its main.py, or `algorithms/NAME.py`.

    Raises:
        UserError: there is no such project, or it lies outside a LEAN workspace.
    """
    try:
        folder = _project_folder(algorithm)
    except (OSError, ValueError):
        shown = str(algorithm)
        named = shown if len(shown) <= 60 else f"{shown[:60]}..."
        raise UserError(f"{named}: no file can have this name; name a project's folder") from None
    if not (folder / "main.py").is_file():
        raise UserError(f"{folder}: has no main.py; name a project's folder, such as algorithms/money_line")
    return Project(find_workspace(folder), folder.resolve())


def _project_folder(algorithm: Path) -> Path:
    path = Path(algorithm).absolute()
    if path.is_dir():
        return path
    if path.is_file() and path.name == "main.py":
        return path.parent
    short = path.with_suffix("")
    if path.suffix == ".py" and short.is_dir():
        return short
    if path.is_file():
        raise UserError(
            f"{algorithm}: not a project; LEAN wants a folder with main.py: move it to {short.name}/main.py"
        )
    raise UserError(f"{algorithm}: no such project; name its folder, such as algorithms/money_line")


def find_workspace(start: Path) -> Path:
    """The nearest folder at or above `start` that has a lean.json.

    Raises:
        UserError: there is none.
    """
    resolved = start.resolve()
    for folder in (resolved, *resolved.parents):
        if (folder / LEAN_CONFIG).is_file():
            return folder
    raise UserError(f"{start}: not inside a LEAN workspace; make {LEAN_CONFIG} with `lean init`")


def _collect_libraries(project: Project, found: dict[Path, Project], seen: set[Path]) -> None:
    for reference in project.config.libraries:
        folder = (project.workspace / reference.path).resolve()
        if folder in seen:
            continue
        seen.add(folder)
        where = f"{project.folder / PROJECT_CONFIG}: libraries: {reference.path}"
        if not folder.is_relative_to(project.workspace):
            raise UserError(f"{where} is outside the workspace; move it to Library/{reference.name}")
        if not (folder / PROJECT_CONFIG).is_file():
            raise UserError(f"{where} has no {PROJECT_CONFIG}; a library is a project of its own")
        library = Project(project.workspace, folder)
        _collect_libraries(library, found, seen)
        found[folder] = library


def _source_paths(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            environment = (path / "pyvenv.cfg").is_file() or (path / "conda-meta").is_dir()
            if path.name not in RESERVED and not path.name.startswith(".") and not environment:
                yield from _source_paths(path)
        elif path.suffix in SUFFIXES:
            yield path


def _pushed_text(path: Path) -> str:
    """The file's text as the CLI pushes it: a byte order mark stays, line ends become line feeds."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start + 1} is not UTF-8 text; restore the file") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}; allow it") from error


def _json_object(path: Path) -> dict[str, Any]:
    text = read_text(path)
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        detail = (
            f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else "too deep"
        )
        raise UserError(f"{path}: not JSON: {detail}; mend it") from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: not a JSON object; LEAN's CLI makes one with `lean project-create`")
    return content


def organization_id(workspace: Path) -> str:
    """The organization that lean.json names, or an empty text.

    Raises:
        UserError: lean.json cannot be read.
    """
    return _lean_setting(workspace, "organization-id")


def data_folder(workspace: Path) -> Path:
    """The data folder that lean.json names, `data` when it names none.

    Raises:
        UserError: lean.json cannot be read.
    """
    return workspace / (_lean_setting(workspace, "data-folder") or "data")


def _lean_setting(workspace: Path, key: str) -> str:
    """A text of lean.json, empty when it is not there. Comments in the file are allowed, as in LEAN."""
    path = workspace / LEAN_CONFIG
    try:
        content = json5.loads(read_text(path))
    except (ValueError, RecursionError):
        raise UserError(f"{path}: not JSON; mend it, or make it anew with `lean init`") from None
    found = content.get(key) if isinstance(content, dict) else None
    return found if isinstance(found, str) else ""
