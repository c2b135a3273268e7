"""What the coordinator and a feeder say to each other, over the feeder's standard input and output.

A message is a frame: `MAGIC`, length of the header (4 bytes, big-endian), length of the payload (8 bytes),
a JSON object, raw bytes. No pickles: a frame cannot run anything.

From the coordinator:

| kind | fields | payload |
|---|---|---|
| `sweep` | a sweep or a search: `version`, and those of `definition.packed` | the bars' columns |
| `lease` | those of `pool.Lease`, its id as `lease` | |
| `limit` | `lease`; `seconds` after which it counts as hung, known better by now | |
| `alive` | | |
| `goodbye` | | |

From the feeder:

| kind | fields | payload |
|---|---|---|
| `alive` | `ray`: cluster answers; `workers`: ready to evaluate | |
| `refused` | `reason`; `final`: trying again is of no use | |
| `started` | `lease`, `worker` | |
| `result` | `lease`, `worker`, `seconds` | rows, `RESULT_DTYPE` |
| `failed` | `lease`, `worker`, `node`, `reason` | |
| `lost` | `lease`, `reason`: its node has gone, which is no fault of what it was at | |

Something goes both ways every `ALIVE_SECONDS`, if only `alive`; a side that hears nothing for
`SILENT_SECONDS` takes the other for dead. The feeder then ends itself, as it does at the end of its input;
the coordinator starts another one and leases again what that one had. A lease's second result is ignored: it
has the same bits as the first.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

VERSION: Final = 2

MAGIC: Final = b"SWP1"

ALIVE_SECONDS: Final = 5.0

SILENT_SECONDS: Final = 30.0

MAX_HEADER: Final = 1 << 24
MAX_PAYLOAD: Final = 1 << 36

_PREFIX: Final = struct.Struct("!4sIQ")

PIECE: Final = 1 << 18
"""Bytes read or written at once: a sign of life for whoever watches a long transfer."""


class ProtocolError(Exception):
    """The other side does not speak this protocol."""


@dataclass(frozen=True)
class Frame:
    """One message.

    Attributes:
        kind: what it says.
        fields: of the tables above.
        payload: raw bytes, or anything with the buffer protocol.
    """

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    payload: Any = b""


class Source(Protocol):
    """An unbuffered stream of bytes."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Read at least one byte into `buffer`; 0 at the end."""


class Sink(Protocol):
    """An unbuffered stream of bytes."""

    def write(self, data: memoryview, /) -> int | None:
        """Write some of `data`; how much."""


def write_frame(sink: Sink, frame: Frame, on_piece: Any = None) -> None:
    """Write a message; `on_piece()` is called after every piece."""
    header = json.dumps({"kind": frame.kind, **frame.fields}).encode()
    payload = memoryview(frame.payload).cast("B")
    _write(sink, memoryview(_PREFIX.pack(MAGIC, len(header), len(payload)) + header), on_piece)
    _write(sink, payload, on_piece)


def read_frame(source: Source, on_piece: Any = None) -> Frame | None:
    """The next message, None at the end of the stream; `on_piece()` is called after every piece.

    Raises:
        ProtocolError: what comes is no frame, or ends within one.
    """
    prefix = _read(source, _PREFIX.size, on_piece, may_end=True)
    if prefix is None:
        return None
    magic, header_length, payload_length = _PREFIX.unpack(prefix)
    if magic != MAGIC or header_length > MAX_HEADER or payload_length > MAX_PAYLOAD:
        raise ProtocolError(f"no frame but {bytes(prefix)!r}")
    header = _read(source, header_length, on_piece)
    payload = _read(source, payload_length, on_piece)
    try:
        fields = json.loads(bytes(header or b""))
        kind = fields.pop("kind")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError(f"a header that is none: {bytes(header or b'')[:80]!r}") from None
    return Frame(kind, fields, payload)


def _write(sink: Sink, data: memoryview, on_piece: Any) -> None:
    while data:
        data = data[sink.write(data[:PIECE]) or 0 :]
        if on_piece:
            on_piece()


def _read(source: Source, length: int, on_piece: Any, may_end: bool = False) -> bytearray | None:
    content = bytearray(length)
    view = memoryview(content)
    done = 0
    while done < length:
        count = source.readinto(view[done : done + PIECE])
        if not count:
            if may_end and not done:
                return None
            raise ProtocolError("the stream ended within a frame")
        done += count
        if on_piece:
            on_piece()
    return content
