"""A project of the workspace as a backtest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from utils.engine.job import BacktestJob
from utils.workspace import Project


def project_job(
    project: Project,
    data_folder: Path,
    parameters: Mapping[str, str] | None = None,
    output: Path | None = None,
    object_store: Path | None = None,
) -> BacktestJob:
    """A backtest of a project.

    Args:
        parameters: over those of the project's config.json.

    Raises:
        UserError: the project's config.json is wrong.
    """
    return BacktestJob(
        project.main,
        data_folder,
        parameters={**project.config.parameters, **(parameters or {})},
        name=project.name,
        algorithm_id=project.folder.name,
        python_paths=library_paths(project),
        object_store=object_store,
        output=output,
    )


def library_paths(project: Project) -> tuple[Path, ...]:
    """What LEAN puts on the Python path for a project's libraries: each one's folder, and their parent."""
    folders: dict[Path, None] = {}
    for library in project.libraries:
        folders |= {library.folder: None, library.folder.parent: None}
    return tuple(folders)
