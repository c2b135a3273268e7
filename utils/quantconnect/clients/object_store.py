"""The Object Store of an organization."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from urllib.parse import urlsplit

from utils.quantconnect.credentials import is_loopback
from utils.quantconnect.errors import ApiError, RefusedError
from utils.quantconnect.once import Lookout
from utils.quantconnect.records import StoredObject, parse, parse_all
from utils.quantconnect.transport import Caller, Json

DOWNLOAD_LOOKS = 100
_ABSENT = ("not found", "does not exist", "doesn't exist", "no such")


class ObjectStore:
    """`object/*`."""

    def __init__(self, transport: Caller, lookout: Lookout, organization_id: str) -> None:
        self._transport = transport
        self._lookout = lookout
        self._organization_id = organization_id

    def set(self, key: str, data: bytes) -> None:
        """Store bytes under a key, in place of what it held.

        Raises:
            RefusedError: the quota of the organization's tier is used up, or the key is not valid.
        """
        payload = {"organizationId": self._organization_id, "key": key}
        self._transport.call("object/set", payload, repeatable=True, upload=data)

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None."""
        if self.properties(key) is None:
            return None
        return _unzip(self._transport.download(self._download_url(key)), key)

    def list(self, path: str = "") -> Sequence[StoredObject]:
        """What is directly under a folder."""
        return parse_all(StoredObject, self._call("list", {"path": path}).get("objects"), "object/list")

    def properties(self, key: str) -> StoredObject | None:
        """Size, MD5 and times of an object, or None."""
        try:
            answer = self._call("properties", {"key": key})
        except RefusedError as refused:
            if _absent(refused):
                return None
            raise
        return parse(StoredObject, answer.get("metadata"), "object/properties")

    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is no error."""
        try:
            self._call("delete", {"key": key})
        except RefusedError as refused:
            if not _absent(refused):
                raise

    def _download_url(self, key: str) -> str:
        answer = self._call("get", {"keys": [key]})
        for _ in range(DOWNLOAD_LOOKS):
            url = answer.get("url")
            if isinstance(url, str) and url:
                return _trusted(url)
            job = answer.get("jobId")
            if not job:
                raise ApiError("object/get: the answer has neither url nor jobId; the API may have changed")
            self._lookout.sleep(self._lookout.pause)
            answer = {"jobId": job} | self._call("get", {"jobId": job})
        raise ApiError(f"object/get: {key} was not ready for download in time; try again later")

    def _call(self, what: str, payload: Json) -> Json:
        payload = {"organizationId": self._organization_id} | payload
        return self._transport.call(f"object/{what}", payload, repeatable=True)


def _absent(refused: RefusedError) -> bool:
    return any(word in str(refused).lower() for word in _ABSENT)


def _trusted(url: str) -> str:
    try:
        parts = urlsplit(url)
        encrypted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    except ValueError:
        encrypted = False
    if not encrypted:
        raise ApiError("object/get: the download's address is not encrypted; nothing was fetched")
    return url


def _unzip(archive: bytes, key: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            names = [name for name in packed.namelist() if not name.endswith("/")]
            name = key if key in names else (names[0] if len(names) == 1 else None)
            if name is None:
                raise ApiError(f"object/get: the download has no {key}; try again")
            return packed.read(name)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise ApiError(f"object/get: the download of {key} is damaged; try again") from None
