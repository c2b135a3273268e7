"""A deployment without consequences: reads go through, writes are written down and answered as if done.

The deployment's own code runs against it, so what it lists is what would be called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from utils.quantconnect.errors import RefusedError
from utils.quantconnect.redaction import MASK, Redaction
from utils.quantconnect.transport import Caller, Json

READS = frozenset(
    {
        "organizations/list",
        "projects/read",
        "projects/nodes/read",
        "files/read",
        "backtests/list",
        "backtests/read",
        "compile/read",
        "live/read",
        "nodes/read",
        "object/properties",
    }
)
COMPILE, BACKTEST, DEPLOYMENT = "<compile id>", "<backtest id>", "<deployment id>"
_BACKTEST_DONE = {
    "backtest": {
        "backtestId": BACKTEST,
        "status": "Completed.",
        "completed": True,
        "statistics": {},
        "runtimeStatistics": {},
        "totalPerformance": {"imagined": True},
    }
}


@dataclass(frozen=True)
class PlannedCall:
    """A call as it would be made; contents of files and credentials are left out of `payload`."""

    endpoint: str
    payload: Json
    changes: bool


@dataclass
class _Imagined:
    """What a project would hold after the writes so far."""

    name: str
    fields: Json = field(default_factory=dict)
    files: dict[str, str] | None = None
    live: bool = False


class Rehearsal:
    """Takes a `Transport`'s place.

    Args:
        real: answers the reads, or None: then the account is as new, with the nodes of `nodes`.
        nodes: an answer to `nodes/read` for that case.
    """

    def __init__(self, real: Caller | None, nodes: Json) -> None:
        self.redaction = real.redaction if real else Redaction()
        self.calls: list[PlannedCall] = []
        self._real = real
        self._nodes = nodes
        self._projects: dict[int, _Imagined] = {}

    def call(
        self,
        endpoint: str,
        payload: Mapping[str, Any] | None = None,
        *,
        repeatable: bool,  # noqa: ARG002 - nothing is lost here
        form: bool = False,
        upload: bytes | None = None,
    ) -> Json:
        """Answer a read, or note a write."""
        content = dict(payload or {})
        changes = endpoint not in READS
        shown = _shown(endpoint, content) | (
            {"objectData": f"{len(upload)} bytes"} if upload is not None else {}
        )
        self.calls.append(PlannedCall(endpoint, shown, changes))
        answer = self._imagined(endpoint, content)
        if answer is not None:
            return {"success": True} | answer
        if self._real is None:
            return {"success": True} | self._as_new(endpoint)
        return self._real.call(endpoint, content, repeatable=True, form=form)

    def download(self, url: str) -> bytes:
        """Never called: a deployment fetches nothing from the Object Store."""
        raise NotImplementedError(url)

    def _imagined(self, endpoint: str, content: Json) -> Json | None:
        """The answer that follows from the writes so far; None when they do not matter to it."""
        answers: dict[str, Callable[[Json], Json | None]] = {
            "projects/create": self._create,
            "projects/update": self._update,
            "projects/read": self._read,
            "files/read": self._files,
            "compile/create": lambda _: {"compileId": COMPILE, "state": "InQueue"},
            "compile/read": lambda _: {"compileId": COMPILE, "state": "BuildSuccess", "logs": []},
            "backtests/create": lambda _: _BACKTEST_DONE,
            "backtests/read": lambda _: _BACKTEST_DONE,
            "live/create": self._go_live,
            "live/read": self._live,
        }
        if endpoint in answers:
            return answers[endpoint](content)
        return {} if endpoint not in READS else self._reads_of_new(endpoint, content)

    def _reads_of_new(self, endpoint: str, content: Json) -> Json | None:
        """Nothing real can be read of a project that does not exist yet."""
        if content.get("projectId", 1) < 0:
            return {"nodes": {}} if endpoint == "projects/nodes/read" else {}
        return None

    def _project(self, content: Json) -> _Imagined:
        return self._projects.setdefault(content["projectId"], _Imagined(str(content["projectId"])))

    def _create(self, content: Json) -> Json:
        number = -1 - len(self._projects)
        self._projects[number] = _Imagined(content["name"], files={})
        return {"projects": [self._described(number)]}

    def _described(self, number: int) -> Json:
        project = self._projects[number]
        return {"projectId": number, "name": project.name} | project.fields

    def _update(self, content: Json) -> Json:
        project = self._project(content)
        if "description" in content:
            project.fields["description"] = content["description"]
        parameters, libraries, files = _parameters_of(content), _libraries_of(content), _files_of(content)
        if parameters or "parameters" in content:
            rows = [{"key": key, "value": value} for key, value in parameters.items()]
            project.fields["parameters"] = rows
        if libraries or "libraries" in content:
            project.fields["libraries"] = [{"projectId": library} for library in libraries]
        if files:
            project.files = files
        return {}

    def _read(self, content: Json) -> Json | None:
        number = content.get("projectId")
        if number is None or number not in self._projects:
            return None
        if number < 0 or self._real is None:
            return {"projects": [self._described(number)]}
        real = self._real.call("projects/read", content, repeatable=True)
        return {"projects": [real["projects"][0] | self._projects[number].fields]}

    def _files(self, content: Json) -> Json | None:
        project = self._projects.get(content["projectId"])
        if project is None or project.files is None:
            return None
        return {"files": [{"name": name, "content": text} for name, text in project.files.items()]}

    def _go_live(self, content: Json) -> Json:
        self._project(content).live = True
        return {"deployId": DEPLOYMENT, "status": "Running"}

    def _live(self, content: Json) -> Json | None:
        project = self._projects.get(content["projectId"])
        if project is not None and project.live:
            return {"deployId": DEPLOYMENT, "status": "Running"}
        if content["projectId"] < 0:
            raise RefusedError("live/read", ("No live deployment found",))
        return None

    def _as_new(self, endpoint: str) -> Json:
        if endpoint in {"object/properties", "live/read"}:
            raise RefusedError(endpoint, ("not found", "No live deployment found"))
        if endpoint == "organizations/list":
            return {"organizations": [{"id": "<organization>", "preferred": True}]}
        return self._nodes if endpoint == "nodes/read" else {}


def _shown(endpoint: str, content: Json) -> Json:
    """The payload as it may be shown: files by number and size, parameters by name, credentials masked."""
    shown: Json = {}
    for key, value in content.items():
        if key.startswith(("files[", "parameters[", "libraries[")):
            continue
        if endpoint == "live/create" and key in {"brokerage", "dataProviders"}:
            shown[key] = _masked(value)
        else:
            shown[key] = value
    files, parameters, libraries = _files_of(content), _parameters_of(content), _libraries_of(content)
    if files:
        shown["files"] = {name: f"{len(text.encode())} bytes" for name, text in files.items()}
    if parameters:
        shown["parameters"] = parameters
    if libraries:
        shown["libraries"] = libraries
    return shown


def _files_of(content: Json) -> dict[str, str]:
    """The files of `projects/update`'s form fields."""
    return _pairs(content, "files", "name", "content")


def _parameters_of(content: Json) -> dict[str, str]:
    return _pairs(content, "parameters", "key", "value")


def _libraries_of(content: Json) -> list[int]:
    return [value for name, value in content.items() if name.startswith("libraries[")]


def _pairs(content: Json, field: str, key: str, value: str) -> dict[str, str]:
    pattern = re.compile(rf"{field}\[(\d+)\]\[{key}\]")
    return {
        content[name]: content[f"{field}[{match[1]}][{value}]"]
        for name in content
        if (match := pattern.fullmatch(name))
    }


def _masked(value: object) -> object:
    if isinstance(value, dict):
        return {key: item if key == "id" else _masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return value if isinstance(value, bool) else MASK
