"""projects/*"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from utils.quantconnect.emulator import files, nodes, projects
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoints
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.parameters import Parameters, scalar

ENDPOINTS = Endpoints()


def _describe(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    settings = call.settings
    return projects.describe_project(call.db, row, settings.user_id, settings.organization_id)


@ENDPOINTS.at("projects/create")
def _create(call: Call) -> Answer:
    name, language = call.parameters.text("name"), call.parameters.text("language")
    return {"projects": [_describe(call, projects.create_project(call.db, name, language, call.now))]}


@ENDPOINTS.at("projects/read")
def _read(call: Call) -> Answer:
    project_id = call.parameters.optional_integer("projectId")
    if project_id is not None:
        return {"projects": [_describe(call, projects.find_project(call.db, project_id))]}
    start = call.parameters.optional_integer("start") or 0
    end = call.parameters.optional_integer("end")
    if start < 0 or (end is not None and end <= start):
        raise RefusalError("start must be before end")
    rows = call.db.execute("SELECT * FROM project ORDER BY id").fetchall()
    return {"projects": [_describe(call, row) for row in rows[start:end]]}


@ENDPOINTS.at("projects/update")
def _update(call: Call) -> Answer:
    db, given = call.db, call.parameters
    project_id = projects.find_project(db, given.integer("projectId"))["id"]
    if (name := given.optional_text("name")) is not None:
        projects.rename_project(db, project_id, name)
    if (description := given.optional_text("description")) is not None:
        db.execute("UPDATE project SET description = ? WHERE id = ?", (description, project_id))
    if "parameters" in given:
        projects.set_parameters(db, project_id, _project_parameters(given))
    if (version := given.optional_integer("versionId")) is not None:
        pinned = version if version > 0 else None
        db.execute("UPDATE project SET lean_version = ? WHERE id = ?", (pinned, project_id))
    if (environment := given.optional_integer("leanEnvironment")) is not None:
        db.execute("UPDATE project SET lean_environment = ? WHERE id = ?", (environment, project_id))
    if given.optional_text("encryptionKey"):
        raise RefusalError("Encrypted projects are not supported by the emulator")
    if (sources := given.records("files")) is not None:
        contents = {source.text("name"): source.text("content") for source in sources}
        files.replace_files(db, project_id, contents, call.settings.limits.source_bytes, call.now)
    if (library_ids := given.items("libraries")) is not None:
        wanted = [Parameters({"libraries": item}).integer("libraries") for item in library_ids]
        projects.set_libraries(db, project_id, wanted)
    files.touch(db, project_id, call.now)
    return {}


def _project_parameters(given: Parameters) -> dict[str, str]:
    """From `[{"key", "value"}]`, as forms have it, or from one object."""
    value = given.values["parameters"]
    if isinstance(value, dict) and not all(isinstance(item, dict) for item in value.values()):
        return {key: str(scalar(f"parameters[{key}]", item)) for key, item in value.items()}
    return {entry.text("key"): entry.text("value") for entry in given.records("parameters") or []}


@ENDPOINTS.at("projects/delete")
def _delete(call: Call) -> Answer:
    projects.delete_project(call.db, call.parameters.integer("projectId"))
    return {}


@ENDPOINTS.at("projects/library/create")
def _add_library(call: Call) -> Answer:
    project_id = projects.find_project(call.db, call.parameters.integer("projectId"))["id"]
    projects.add_library(call.db, project_id, call.parameters.integer("libraryId"))
    return {"libraries": projects.describe_libraries(call.db, project_id, _owner(call))}


@ENDPOINTS.at("projects/library/delete")
def _remove_library(call: Call) -> Answer:
    project_id = projects.find_project(call.db, call.parameters.integer("projectId"))["id"]
    library_id = call.parameters.integer("libraryId")
    cursor = call.db.execute(
        "DELETE FROM library WHERE project_id = ? AND library_id = ?", (project_id, library_id)
    )
    if cursor.rowcount == 0:
        raise RefusalError(f"The project has no such library: {library_id}")
    return {"libraries": projects.describe_libraries(call.db, project_id, _owner(call))}


@ENDPOINTS.at("projects/library/read", "projects/library/list")
def _read_libraries(call: Call) -> Answer:
    project_id = projects.find_project(call.db, call.parameters.integer("projectId"))["id"]
    return {"libraries": projects.describe_libraries(call.db, project_id, _owner(call))}


@ENDPOINTS.at("projects/nodes/read")
def _read_nodes(call: Call) -> Answer:
    project = projects.find_project(call.db, call.parameters.integer("projectId"))
    return _nodes(call, json.loads(project["nodes"]))


@ENDPOINTS.at("projects/nodes/update")
def _update_nodes(call: Call) -> Answer:
    project = projects.find_project(call.db, call.parameters.integer("projectId"))
    chosen = [str(node) for node in call.parameters.items("nodes") or []]
    nodes.select_nodes(call.db, call.nodes, project["id"], chosen)
    return _nodes(call, chosen)


def _nodes(call: Call, chosen: list[str]) -> Answer:
    listing = nodes.describe_nodes(call.db, call.nodes, _owner(call), chosen)
    return {"nodes": listing, "autoSelectNode": not chosen}


@ENDPOINTS.at("projects/collaboration/read")
def _read_collaborators(call: Call) -> Answer:
    projects.find_project(call.db, call.parameters.integer("projectId"))
    owner = projects.describe_owner(call.settings.user_id)
    return {"collaborators": [owner], "userLiveControl": True, "userPermissions": "write"}


@ENDPOINTS.at("projects/collaboration/lock/acquire")
def _lock(call: Call) -> Answer:
    projects.find_project(call.db, call.parameters.integer("projectId"))
    return {}


def _owner(call: Call) -> str:
    return f"User {call.settings.user_id}"
