"""Files of a project, one at a time. `Projects.update` changes all of them in one call."""

from __future__ import annotations

from collections.abc import Sequence

from utils.quantconnect.errors import RefusedError
from utils.quantconnect.records import CloudFile, parse_all
from utils.quantconnect.transport import Caller, Json


class Files:
    """`files/*`."""

    def __init__(self, transport: Caller) -> None:
        self._transport = transport

    def list(self, project_id: int) -> Sequence[CloudFile]:
        """The project's own files with their content, those of its libraries left out."""
        files = parse_all(CloudFile, self._call("read", {"projectId": project_id}).get("files"), "files/read")
        return [file for file in files if not file.is_library]

    def read(self, project_id: int, name: str) -> CloudFile | None:
        """One file, or None."""
        return next((file for file in self.list(project_id) if file.name == name), None)

    def write(self, project_id: int, name: str, content: str) -> None:
        """Put a file in place, whether or not it was there."""
        exists = self.read(project_id, name) is not None
        payload = {"projectId": project_id, "name": name, "content": content}
        try:
            self._call("update" if exists else "create", payload)
        except RefusedError:
            # A first try whose answer was lost has created it already.
            there = self.read(project_id, name)
            if there is None or there.content != content:
                raise

    def delete(self, project_id: int, name: str) -> None:
        """Delete a file; one that is not there is no error."""
        if self.read(project_id, name) is None:
            return
        try:
            self._call("delete", {"projectId": project_id, "name": name})
        except RefusedError:
            if self.read(project_id, name) is not None:
                raise

    def _call(self, what: str, payload: Json) -> Json:
        return self._transport.call(f"files/{what}", payload, repeatable=True)
