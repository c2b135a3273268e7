"""Brings a project and its libraries to the cloud: those that differ, each in one call, and looks afterwards.

One call replaces all files of a project, so there is never a half pushed one to run.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from utils.quantconnect.client import QuantConnect
from utils.quantconnect.errors import ApiError, RefusedError
from utils.quantconnect.records import CloudProject
from utils.workspace import Project


class Change(StrEnum):
    """What a push did to a project."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Pushed:
    """One project in the cloud after a push, and the names of the files that changed."""

    project: Project
    cloud: CloudProject
    change: Change
    files: tuple[str, ...] = ()


class CloudOnlyFilesError(ApiError):
    """The cloud has files that are not here, and pushing would delete them."""


def push(
    api: QuantConnect,
    project: Project,
    *,
    project_id: int | None = None,
    overwrite: bool = False,
    remember: bool = True,
) -> tuple[Pushed, ...]:
    """Push the project's libraries, then the project, whatever differs from the cloud.

    Args:
        api: the account.
        project: what to push.
        project_id: the cloud project to push to; by default the one noted in config.json, else the one of
            the same name, else a new one.
        overwrite: delete files of the cloud that are not here.
        remember: note the cloud's ids in each config.json.

    Returns:
        The libraries in the order pushed, and the project last.

    Raises:
        CloudOnlyFilesError: the cloud has files that are not here, and `overwrite` is not set.
        ApiError: the cloud does not hold what was pushed, or could not be reached.
    """
    found = {
        one.folder: find_cloud_project(api, one, project_id if one is project else None)
        for one in _all(project)
    }
    if not overwrite:
        for one, cloud in ((one, found[one.folder]) for one in _all(project)):
            _refuse_to_delete(api, one, cloud)
    done: dict[str, Pushed] = {}
    for one in _all(project):
        library_ids = [done[library.name].cloud.project_id for library in _direct_libraries(one)]
        done[one.name] = _push_one(api, one, found[one.folder], library_ids)
        if remember:
            _remember(api, one, done[one.name].cloud)
    return tuple(done.values())


def _all(project: Project) -> tuple[Project, ...]:
    return (*project.libraries, project)


def _direct_libraries(project: Project) -> list[Project]:
    named = {(project.workspace / reference.path).resolve() for reference in project.config.libraries}
    return [library for library in project.libraries if library.folder in named]


def find_cloud_project(api: QuantConnect, project: Project, project_id: int | None) -> CloudProject | None:
    """The cloud project that a push would go to, or None when it would make one.

    Raises:
        ApiError: the id that was given, or noted in config.json, is not known.
    """
    known = project_id or project.config.cloud_id
    if known is None:
        return api.projects.find(project.name, api.organization_id)
    try:
        return api.projects.read(known)
    except RefusedError as error:
        where = "--project-id" if project_id else f'{project.folder / "config.json"}: "cloud-id"'
        raise ApiError(f"{where} {known}: {error}; correct or remove it") from None


def _refuse_to_delete(api: QuantConnect, project: Project, cloud: CloudProject | None) -> None:
    if cloud is None or cloud.untouched:  # of an earlier push that got no further, perhaps
        return
    here = {file.name for file in project.files}
    only_there = sorted(file.name for file in api.files.list(cloud.project_id) if file.name not in here)
    if only_there:
        raise CloudOnlyFilesError(
            f"{cloud.name} in the cloud has {', '.join(only_there)}, not in {project.folder}: fetch with "
            "`lean cloud pull`, or delete there with --overwrite"
        )


def _push_one(
    api: QuantConnect, project: Project, cloud: CloudProject | None, library_ids: list[int]
) -> Pushed:
    created = cloud is None
    if cloud is None:
        cloud = api.projects.create(project.name, api.organization_id)
    files = _differing_files(api, project, cloud)
    stale = _differing_fields(project, cloud, library_ids)
    if not files and not stale:
        return Pushed(project, cloud, Change.CREATED if created else Change.UNCHANGED)
    api.projects.update(
        cloud.project_id,
        description=project.config.description if "description" in stale else None,
        parameters=project.config.parameters if "parameters" in stale else None,
        libraries=library_ids if "libraries" in stale else None,
        files={file.name: file.content for file in project.files} if files else None,
    )
    _verify(api, project, cloud.project_id, library_ids)
    return Pushed(project, cloud, Change.CREATED if created else Change.UPDATED, tuple(files or stale))


def _remember(api: QuantConnect, project: Project, cloud: CloudProject) -> None:
    organization = cloud.organization_id or api.organization_id
    if (project.config.cloud_id, project.config.organization_id) != (cloud.project_id, organization):
        project.remember_cloud_id(cloud.project_id, organization)


def _differing_files(api: QuantConnect, project: Project, cloud: CloudProject) -> list[str]:
    here = {file.name: file.content for file in project.files}
    there = {file.name: file.content for file in api.files.list(cloud.project_id)}
    return sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))


def _differing_fields(project: Project, cloud: CloudProject, library_ids: list[int]) -> list[str]:
    linked = {link.project_id for link in cloud.libraries}
    differs = {
        "description": project.config.description != cloud.description,
        "parameters": project.config.parameters != cloud.parameter_values,
        "libraries": set(library_ids) != linked,
    }
    return [name for name, different in differs.items() if different]


def _verify(api: QuantConnect, project: Project, project_id: int, library_ids: list[int]) -> None:
    """Whether the cloud now holds what is here; money will be traded on it."""
    wrong = _differing_files(api, project, cloud := api.projects.read(project_id))
    wrong += _differing_fields(project, cloud, library_ids)
    if wrong:
        raise ApiError(
            f"{project.name}: the cloud does not hold what was pushed ({', '.join(wrong)}): push once more; "
            "somebody else may be editing it"
        )
