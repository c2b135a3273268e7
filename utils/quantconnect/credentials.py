"""Who calls QuantConnect: from the environment, or from the credentials that `lean login` stored."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from utils.errors import UserError
from utils.files import read_text

CLOUD = "https://www.quantconnect.com/api/v2"
BETA = "https://beta.quantconnect.com/api/v2"
LOCAL = "http://127.0.0.1:5612/api/v2"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Credentials:
    """A QuantConnect user's id and API token. The token is in no `repr`."""

    user_id: str
    token: str = field(repr=False)


def find_credentials() -> Credentials:
    """From QUANTCONNECT_USER_ID and QUANTCONNECT_API_TOKEN, else from LEAN's ~/.lean/credentials.

    Raises:
        UserError: there are none, or the file is broken.
    """
    user_id, token = os.environ.get("QUANTCONNECT_USER_ID"), os.environ.get("QUANTCONNECT_API_TOKEN")
    if user_id and token:
        return Credentials(user_id, token)
    if user_id or token:
        missing = "QUANTCONNECT_API_TOKEN" if user_id else "QUANTCONNECT_USER_ID"
        raise UserError(
            f"{missing} is not set, its counterpart is; set both, or neither and use `lean login`"
        )
    path = Path.home() / ".lean" / "credentials"
    if not path.is_file():
        raise UserError(
            "no QuantConnect credentials: run `lean login`, or set QUANTCONNECT_USER_ID and "
            "QUANTCONNECT_API_TOKEN"
        )
    return _from_file(path)


def _from_file(path: Path) -> Credentials:
    text = read_text(path)
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        # The parser's message may quote the text, which is secret.
        raise UserError(f"{path}: not JSON; run `lean login` anew") from None
    values = [content.get(key) if isinstance(content, dict) else None for key in ("user-id", "api-token")]
    if not all(isinstance(value, str | int) and str(value) for value in values):
        raise UserError(f"{path}: has no user-id and api-token; run `lean login`")
    return Credentials(str(values[0]), str(values[1]))


def api_address(given: str | None = None) -> str:
    """The API's base URL, without a slash at the end.

    Args:
        given: a URL, `local` for the emulator's usual place, `beta`, or None for the variable QC_API (whose
            words mean the same to the LEAN CLI), else QuantConnect itself.

    Raises:
        UserError: it is no http(s) URL, or would send credentials unencrypted to another machine.
    """
    text = given or os.environ.get("QC_API") or CLOUD
    if text in {"local", "beta"}:
        return LOCAL if text == "local" else BETA
    try:
        url = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError:
        host, url = None, urlsplit("")
    if url.scheme not in {"http", "https"} or not host:
        raise UserError(f"API address {text!r} is no http(s) URL; name one such as {CLOUD}, or `local`")
    if url.username or url.password:
        raise UserError("the API address must not carry credentials; they come from the environment")
    if url.scheme == "http" and not is_loopback(host):
        raise UserError(f"API address {text!r} is not encrypted; use https for other machines than this one")
    return text.rstrip("/")


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine."""
    return host in _LOOPBACK
