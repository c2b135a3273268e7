"""Who may do what: the token that changes need, and the cookie that lets a browser read.

On loopback anybody on this machine may read; elsewhere reading needs the token too. What changes state always
needs the token in an `Authorization` header. A browser never adds that by itself, so no other site can make
it do anything; and a cookie, which browsers send to every port of a host, never holds the token.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
from pathlib import Path

from utils.errors import UserError

TOKEN = "SWEEP_DASHBOARD_TOKEN"
"""Variable of the environment with the token; without it one is made at each start."""

SHORTEST = 16


class Access:
    """Checks tokens and cookies in constant time.

    Args:
        token: what changes state.
        open_reading: whether anybody may read.
    """

    def __init__(self, token: str, open_reading: bool) -> None:
        self._token = token
        self._open_reading = open_reading
        self.cookie = hmac.new(token.encode(), b"reads the dashboard", hashlib.sha256).hexdigest()

    def may_change(self, authorization: str | None) -> bool:
        """Whether an `Authorization` header bears the token."""
        kind, _, token = (authorization or "").partition(" ")
        right = hmac.compare_digest(token.strip().encode(), self._token.encode())
        return right and kind.lower() == "bearer"

    def may_read(self, authorization: str | None, cookie: str | None) -> bool:
        """Whether a request may see what the stores say."""
        if self._open_reading or self.may_change(authorization):
            return True
        return hmac.compare_digest((cookie or "").encode(), self.cookie.encode())


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def make_token(given: str | None) -> str:
    """The token of the environment, or a new one.

    Raises:
        UserError: the given one is too short to be a secret.
    """
    if given is None:
        return secrets.token_urlsafe(32)
    if len(given) < SHORTEST or not given.isascii() or not given.isprintable() or " " in given:
        raise UserError(f"{TOKEN}: give {SHORTEST} printable characters or more, no spaces")
    return given


def keep_token(path: Path, token: str) -> None:
    """Write the token where only this user reads it, for programs of this machine.

    Raises:
        UserError: the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{token}\n")
        temporary.replace(path)
    except OSError as error:
        raise UserError(
            f"{path}: cannot be written: {error.strerror or error}; choose another --folder"
        ) from None
