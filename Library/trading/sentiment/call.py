"""One HTTP call to a provider, bounded in time and size, that cannot give its key away."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr
from requests.auth import AuthBase

MAX_ANSWER_BYTES: Final = 16_384
_KEY = re.compile(r"[\x21-\x7e]{8,512}")
_RETRIED: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class CallError(Exception):
    """A call without an answer. The reason is in our own words: no key, address or text of a server in it.

    Attributes:
        retry: whether it may go better the next time.
        billed: whether the provider may charge for it.
        retry_after: seconds that the provider asks to wait.
    """

    def __init__(self, reason: str, *, retry: bool, billed: bool, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry = retry
        self.billed = billed
        self.retry_after = retry_after


class ApiKey(AuthBase):
    """A key as a header of a request. It shows in no text, and stops `requests` from looking for another.

    Raises:
        ValueError: it is no key; what it is is not said.
    """

    def __init__(self, secret: str, header: str, prefix: str = "") -> None:
        if not _KEY.fullmatch(secret):
            raise ValueError(
                "an API key must be 8 to 512 printable ASCII characters without spaces; set it anew"
            )
        self._secret = SecretStr(secret)
        self._header = header
        self._prefix = prefix

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header, where `requests` asks for it."""
        request.headers[self._header] = self._prefix + self._secret.get_secret_value()
        return request

    def __repr__(self) -> str:
        return f"ApiKey({self._header}: **********)"


def checked_endpoint(url: str) -> str:
    """An address that a key may be sent to: https, or this machine.

    Raises:
        ValueError: another.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise ValueError(f"endpoint: {parts.scheme}://{parts.hostname} would show the API key; use https")


def post(
    session: requests.Session,
    url: str,
    key: ApiKey,
    headers: Mapping[str, str],
    body: Mapping[str, Any],
    deadline: float,
) -> bytes:
    """The body of a 200 answer.

    Args:
        deadline: of `time.monotonic`. A server that falls silent may hold the call for as long again as was
            left of it, which is why calls are made on a thread of their own.

    Raises:
        CallError: there is none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise CallError("no time left", retry=False, billed=False)
    try:
        with session.post(
            url,
            json=body,
            auth=key,
            headers={"Accept-Encoding": "identity", **headers},
            timeout=left,
            allow_redirects=False,
            stream=True,
        ) as answer:
            _check_status(answer)
            return _read(answer, deadline)
    except requests.Timeout:
        raise CallError("timeout", retry=False, billed=True) from None
    except requests.ConnectionError:
        # `from None`: messages of `requests` may show addresses and headers.
        raise CallError("no connection", retry=True, billed=True) from None
    except requests.RequestException as error:
        raise CallError(f"the answer broke off ({type(error).__name__})", retry=True, billed=True) from None


def _check_status(answer: requests.Response) -> None:
    status = answer.status_code
    if status == 200:
        return
    if 300 <= status < 400:
        raise CallError(f"HTTP {status}: a redirection, not followed", retry=False, billed=False)
    after = answer.headers.get("Retry-After", "")
    wait = float(after) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", after) else 0.0
    raise CallError(f"HTTP {status}", retry=status in _RETRIED, billed=False, retry_after=wait)


def _read(answer: requests.Response, deadline: float) -> bytes:
    contents = bytearray()
    announced = answer.headers.get("Content-Length", "0")
    if not announced.isdecimal() or int(announced[:20]) > MAX_ANSWER_BYTES:
        raise _too_long()
    # A byte at a time: a larger piece is waited for until it is complete, however slowly it drips.
    for piece in answer.iter_content(1):
        contents += piece
        if len(contents) > MAX_ANSWER_BYTES:
            raise _too_long()
        if time.monotonic() > deadline:
            raise CallError("timeout", retry=False, billed=True)
    return bytes(contents)


def _too_long() -> CallError:
    return CallError(f"an answer of more than {MAX_ANSWER_BYTES} bytes", retry=False, billed=True)
