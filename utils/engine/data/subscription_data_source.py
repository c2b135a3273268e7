"""Where custom data comes from."""

# ruff: noqa: A002 - the names and arguments are LEAN's

from __future__ import annotations

from collections.abc import Iterable, Mapping

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.key_value_pair import KeyValuePair
from utils.engine.dotnet.naming import DotNet


class SubscriptionTransportMedium(LeanEnum):
    """How a source is reached."""

    LOCAL_FILE = 0
    REMOTE_FILE = 1
    REST = 2
    STREAMING = 3
    OBJECT_STORE = 4


class FileFormat(LeanEnum):
    """How a source is laid out."""

    CSV = 0
    BINARY = 1
    ZIP_ENTRY_NAME = 2
    UNFOLDING_COLLECTION = 3
    INDEX = 4
    FOLDING_COLLECTION = 5


class SubscriptionDataSource(DotNet):
    """A file or address, how it is reached and read.

    Attributes:
        source: path, URL, or key of the Object Store.
        sort: whether the data must be sorted by time first.
        headers: of the request for a remote file.
    """

    source: str
    transport_medium: SubscriptionTransportMedium
    format: FileFormat
    headers: list[KeyValuePair[str, str]]
    sort: bool

    def __init__(
        self,
        source: str,
        transport_medium: SubscriptionTransportMedium | None = None,
        format: FileFormat = FileFormat.CSV,
        headers: Mapping[str, str] | Iterable[KeyValuePair[str, str]] | None = None,
    ) -> None:
        """Without `transport_medium` an http address is remote and anything else a local file."""
        if transport_medium is None:
            remote = source.lower().startswith(("http://", "https://"))
            transport_medium = (
                SubscriptionTransportMedium.REMOTE_FILE if remote else SubscriptionTransportMedium.LOCAL_FILE
            )
        self.source = source
        self.transport_medium = transport_medium
        self.format = format
        if isinstance(headers, Mapping):
            self.headers = [KeyValuePair(name, value) for name, value in headers.items()]
        else:
            self.headers = list(headers or ())
        self.sort = False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SubscriptionDataSource):
            return NotImplemented
        return (self.source, self.transport_medium, self.headers) == (
            other.source,
            other.transport_medium,
            other.headers,
        )

    def __hash__(self) -> int:
        return hash((self.source, self.transport_medium))

    def to_string(self) -> str:
        """The text."""
        return str(self)

    def __str__(self) -> str:
        return f"{self.transport_medium}: {self.format} {self.source}"
