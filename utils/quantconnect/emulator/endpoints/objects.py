"""object/*"""

from __future__ import annotations

from utils.quantconnect.emulator import objects
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoints
from utils.quantconnect.emulator.errors import RefusalError

ENDPOINTS = Endpoints()
DOWNLOAD = "object/download"
"""Where a finished download is fetched, followed by its job's id; the id is the permission."""


@ENDPOINTS.at("object/set")
def _set(call: Call) -> Answer:
    data = call.parameters.values.get("objectData")
    if isinstance(data, str):
        data = data.encode()
    if not isinstance(data, bytes):
        raise RefusalError("objectData is required")
    objects.set_object(call.db, call.parameters.text("key"), data, call.settings.limits, call.now)
    return {}


@ENDPOINTS.at("object/get")
def _get(call: Call) -> Answer:
    job = call.parameters.optional_text("jobId")
    if job is None:
        keys = [str(key) for key in call.parameters.items("keys") or []]
        job = objects.request_download(call.db, keys, call.now)
    if not objects.download_ready(call.db, job, call.now, call.settings.latency):
        return {"jobId": job, "url": ""}
    return {"jobId": job, "url": f"{call.base_url}/{DOWNLOAD}/{job}"}


@ENDPOINTS.at("object/list")
def _list(call: Call) -> Answer:
    path = call.parameters.optional_text("path") or "/"
    used = objects.used_bytes(call.db)
    return {
        "path": path,
        "objects": objects.list_objects(call.db, path),
        "page": 1,
        "totalPages": 1,
        "objectStorageUsed": used,
        "objectStorageUsedHuman": f"{used / 1e6:.2f} MB",
    }


@ENDPOINTS.at("object/properties")
def _properties(call: Call) -> Answer:
    row = objects.find_object(call.db, call.parameters.text("key"))
    return {"metadata": objects.describe_object(row)}


@ENDPOINTS.at("object/delete")
def _delete(call: Call) -> Answer:
    objects.delete_object(call.db, call.parameters.text("key"))
    return {}
