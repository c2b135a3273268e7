"""Projects and libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from utils.quantconnect.errors import ApiError
from utils.quantconnect.once import Lookout, create_once
from utils.quantconnect.records import CloudProject, parse_all
from utils.quantconnect.transport import Caller, Json


class Projects:
    """`projects/*`. A library is a project whose name begins with `Library/`."""

    def __init__(self, transport: Caller, lookout: Lookout) -> None:
        self._transport = transport
        self._lookout = lookout

    def read(self, project_id: int) -> CloudProject:
        """One project."""
        return _first(self._call("read", {"projectId": project_id}), "projects/read")

    def list(self) -> Sequence[CloudProject]:
        """All projects that the user sees."""
        return parse_all(CloudProject, self._call("read", {}).get("projects"), "projects/read")

    def find(self, name: str, organization_id: str | None = None) -> CloudProject | None:
        """The project of that name, or None."""
        for project in self.list():
            if project.name == name and organization_id in {None, "", project.organization_id}:
                return project
        return None

    def create(self, name: str, organization_id: str | None = None, language: str = "Py") -> CloudProject:
        """Make a project. One of that name is not made twice when the answer is lost."""
        before = {project.project_id for project in self.list()}
        payload = {"name": name, "language": language}
        if organization_id:
            payload["organizationId"] = organization_id

        def attempt() -> CloudProject:
            answer = self._transport.call("projects/create", payload, repeatable=False)
            return _first(answer, "projects/create")

        def find() -> CloudProject | None:
            made = (project for project in self.list() if project.project_id not in before)
            return next((project for project in made if project.name == name), None)

        return create_once(attempt, find, self._lookout)

    def update(
        self,
        project_id: int,
        *,
        description: str | None = None,
        parameters: Mapping[str, str] | None = None,
        libraries: Sequence[int] | None = None,
        files: Mapping[str, str] | None = None,
    ) -> None:
        """Change a project; what is None stays. Everything given changes in one call, or nothing.

        Args:
            project_id: which project.
            description: its description.
            parameters: all its parameters.
            libraries: ids of all the libraries it refers to.
            files: all its files: name -> text. Others that it has are deleted.
        """
        payload: dict[str, Any] = {"projectId": project_id}
        if description is not None:
            payload["description"] = description
        if parameters is not None:
            rows = [{"key": key, "value": value} for key, value in parameters.items()]
            payload |= _rows("parameters", rows) or {"parameters": ""}
        if libraries is not None:
            numbered: dict[str, Any] = {
                f"libraries[{index}]": library for index, library in enumerate(libraries)
            }
            payload |= numbered or {"libraries": ""}
        if files is not None:
            rows = [{"name": name, "content": content} for name, content in files.items()]
            payload |= _rows("files", rows) or {"files": ""}
        self._transport.call("projects/update", payload, repeatable=True, form=True)

    def delete(self, project_id: int) -> None:
        """Delete a project with all that is in it."""
        self._transport.call("projects/delete", {"projectId": project_id}, repeatable=True)

    def _call(self, what: str, payload: Json) -> Json:
        return self._transport.call(f"projects/{what}", payload, repeatable=True)


def _rows(name: str, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Form fields of a list of objects, as PHP reads them: `name[0][key]`."""
    return {f"{name}[{index}][{key}]": row[key] for index, row in enumerate(rows) for key in row}


def _first(answer: Json, endpoint: str) -> CloudProject:
    projects = parse_all(CloudProject, answer.get("projects"), endpoint)
    if not projects:
        raise ApiError(f"{endpoint}: the answer has no project; check the project's id and your access to it")
    return projects[0]
