"""Who calls: the user's id and a hash of the token and the time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.settings import EmulatorSettings

LONGEST_STAMP = 20


def authenticate(headers: Mapping[str, str], settings: EmulatorSettings, now: float) -> None:
    """Check the Authorization and Timestamp headers of a call.

    Raises:
        RefusalError: they are not this account's, or the timestamp is too old or too far ahead.
    """
    user, given = _credentials(headers.get("authorization", ""))
    stamp = headers.get("timestamp", "")
    if user != settings.user_id:
        raise RefusalError(f"UserID not valid: {user[:40] or 'none given'}")
    expected = hashlib.sha256(f"{settings.api_token}:{stamp}".encode()).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise RefusalError(f"Hash doesn't match. UID: {settings.user_id} Timestamp: '{stamp[:40]}'")
    plain = stamp.isascii() and stamp.isdigit() and len(stamp) <= LONGEST_STAMP
    if not plain or abs(int(stamp) - now) > settings.timestamp_window:
        raise RefusalError(
            f"Hash doesn't match. Timestamp '{stamp[:40]}' is more than {settings.timestamp_window} seconds "
            "from the server's clock"
        )


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
