"""The bytes of an object: a line that says what it is, and the compressed body.

    TS1 <sha256 of all that follows> {"kind": …, "version": …, "saved": …, "size": …}\n
    <zlib>

Any change of any byte, and any cut, is noticed.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from trading.state.errors import DamagedObjectError

_MAGIC: Final = b"TS1 "
_DIGEST_END: Final = len(_MAGIC) + 64
MAX_BODY_BYTES: Final = 1 << 30
"""Of a body once unpacked; more than that is a mistake, or somebody's trap."""


@dataclass(frozen=True)
class Envelope:
    """A body, and what it is.

    Attributes:
        kind: what the body is, such as ``trading_state``.
        version: version of the body's schema.
        saved: when it was sealed, UTC.
    """

    kind: str
    version: int
    saved: datetime
    body: bytes


def seal(envelope: Envelope) -> bytes:
    """As bytes to be stored."""
    header = {
        "kind": envelope.kind,
        "version": envelope.version,
        "saved": envelope.saved.astimezone(UTC).isoformat(),
        "size": len(envelope.body),
    }
    rest = b" " + json.dumps(header).encode() + b"\n" + zlib.compress(envelope.body, 6)
    return _MAGIC + hashlib.sha256(rest).hexdigest().encode() + rest


def unseal(blob: bytes) -> Envelope:
    """What `seal` was given.

    Raises:
        DamagedObjectError: these are not its bytes.
    """
    digest, rest = blob[len(_MAGIC) : _DIGEST_END], blob[_DIGEST_END:]
    if not blob.startswith(_MAGIC):
        raise DamagedObjectError("no object of this repository")
    if hashlib.sha256(rest).hexdigest().encode() != digest:
        raise DamagedObjectError(f"cut short or changed ({len(blob)} bytes)")
    line, _, packed = rest.partition(b"\n")
    header: dict[str, Any] = json.loads(line)
    if header["size"] > MAX_BODY_BYTES:
        raise DamagedObjectError(f"unpacks to {header['size']} bytes, more than {MAX_BODY_BYTES}")
    body = zlib.decompressobj().decompress(packed, header["size"] + 1)
    if len(body) != header["size"]:
        raise DamagedObjectError(f"unpacks to {len(body)} bytes, not {header['size']}")
    return Envelope(header["kind"], header["version"], datetime.fromisoformat(header["saved"]), body)
