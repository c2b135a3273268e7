"""files/* and compile/*"""

from __future__ import annotations

from utils.quantconnect.emulator import compilations, files
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoints
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.patches import apply_patch
from utils.quantconnect.emulator.projects import find_project

ENDPOINTS = Endpoints()


def _project_id(call: Call) -> int:
    return int(find_project(call.db, call.parameters.integer("projectId"))["id"])


def _filled(content: str) -> str:
    """Contents sent for one file must not be empty; only a new file without any content may be."""
    if not content:
        raise RefusalError("content is empty")
    return content


@ENDPOINTS.at("files/create")
def _create(call: Call) -> Answer:
    project_id, name = _project_id(call), call.parameters.text("name")
    content = call.parameters.optional_text("content")
    text = "" if content is None else _filled(content)
    limit = call.settings.limits.source_bytes
    row = files.create_file(call.db, project_id, name, text, limit, call.now)
    return {"files": [files.describe_file(row)]}


@ENDPOINTS.at("files/read")
def _read(call: Call) -> Answer:
    project_id = _project_id(call)
    name = call.parameters.optional_text("name")
    if name is not None:
        return {"files": [files.describe_file(files.find_file(call.db, project_id, name))]}
    rows = call.db.execute("SELECT * FROM file WHERE project_id = ? ORDER BY name", (project_id,))
    return {"files": [files.describe_file(row) for row in rows]}


@ENDPOINTS.at("files/update")
def _update(call: Call) -> Answer:
    db, project_id, name = call.db, _project_id(call), call.parameters.text("name")
    new_name = call.parameters.optional_text("newName")
    content = call.parameters.optional_text("content")
    if new_name is None and content is None:
        raise RefusalError("content or newName is required")
    row = files.find_file(db, project_id, name)
    if content is not None:
        limit = call.settings.limits.source_bytes
        row = files.update_file(db, project_id, name, _filled(content), limit, call.now)
    if new_name is not None:
        row = files.rename_file(db, project_id, name, new_name, call.now)
    return {"files": [files.describe_file(row)]}


@ENDPOINTS.at("files/patch")
def _patch(call: Call) -> Answer:
    db, project_id = call.db, _project_id(call)
    changed = apply_patch(files.contents(db, project_id), call.parameters.text("patch"))
    limit = call.settings.limits.source_bytes
    rows = [
        files.update_file(db, project_id, name, content, limit, call.now) for name, content in changed.items()
    ]
    return {"files": [files.describe_file(row) for row in rows]}


@ENDPOINTS.at("files/delete")
def _delete(call: Call) -> Answer:
    files.delete_file(call.db, _project_id(call), call.parameters.text("name"), call.now)
    return {}


@ENDPOINTS.at("compile/create")
def _compile(call: Call) -> Answer:
    project_id = _project_id(call)
    compile_id, snapshot = compilations.compile_project(call.db, project_id, call.now)
    return {
        "compileId": compile_id,
        "projectId": project_id,
        "state": compilations.QUEUED,
        "parameters": [],
        "signature": snapshot.signature,
        "signatureOrder": sorted(snapshot.files),
    }


@ENDPOINTS.at("compile/read")
def _read_compilation(call: Call) -> Answer:
    project_id, compile_id = call.parameters.integer("projectId"), call.parameters.text("compileId")
    row = compilations.find_compilation(call.db, project_id, compile_id)
    return compilations.describe_compilation(row, call.now, call.settings.latency)
