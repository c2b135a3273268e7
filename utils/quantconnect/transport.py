"""One authenticated call of the API: hashing, time limits, retries, and what a lost answer means.

A call is *repeatable* when sending it twice does no more than sending it once. Such a call is tried again
after any passing fault. Another is tried again only when it surely was not carried out: the connection was
never made, or QuantConnect answered 429. Otherwise `OutcomeUnknownError` leaves it to the caller to look what
happened before any second try.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from utils.quantconnect.credentials import Credentials
from utils.quantconnect.errors import (
    ApiError,
    AuthenticationError,
    OutcomeUnknownError,
    RefusedError,
    UnreachableError,
)
from utils.quantconnect.redaction import Redaction

Json = dict[str, Any]

_AUTHENTICATION_WORDS = ("hash doesn't match", "userid not valid", "invalid timestamp", "unauthorized")


@dataclass(frozen=True)
class Patience:
    """Time limits in seconds, and how often a call is tried."""

    connect: float = 10.0
    read: float = 60.0
    tries: int = 6
    first_wait: float = 0.5
    longest_wait: float = 20.0


class Caller(Protocol):
    """Whatever makes calls: `Transport`, or a rehearsal that makes none."""

    redaction: Redaction

    def call(
        self,
        endpoint: str,
        payload: Mapping[str, Any] | None = None,
        *,
        repeatable: bool,
        form: bool = False,
        upload: bytes | None = None,
    ) -> Json:
        """As `Transport.call`."""
        ...

    def download(self, url: str) -> bytes:
        """As `Transport.download`."""
        ...


class _PassingFaultError(Exception):
    """A fault that a later try may not meet. `maybe_carried_out`: the call may have had its effect."""

    def __init__(self, reason: str, *, maybe_carried_out: bool, wait: float | None = None) -> None:
        super().__init__(reason)
        self.maybe_carried_out = maybe_carried_out
        self.wait = wait


class Transport:
    """Makes calls for one user. Not for use by several threads at once.

    Args:
        address: the API's base URL (`credentials.api_address`).
        credentials: who calls.
        patience: time limits and tries.
        redaction: secrets to keep out of error texts; the token is added.
        sleep: for tests.
    """

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        patience: Patience = Patience(),
        redaction: Redaction | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address = address
        self.redaction = redaction or Redaction()
        self.redaction.add([credentials.token])
        self._credentials = credentials
        self._patience = patience
        self._sleep = sleep
        self._session = requests.Session()
        # Proxies of the environment are for the outside; netrc would replace our own authentication.
        self._session.trust_env = urlsplit(address).scheme == "https"

    def call(
        self,
        endpoint: str,
        payload: Mapping[str, Any] | None = None,
        *,
        repeatable: bool,
        form: bool = False,
        upload: bytes | None = None,
    ) -> Json:
        """POST to an endpoint and return the answer, which said `success`.

        Args:
            endpoint: such as `projects/read`.
            payload: what is asked.
            repeatable: whether sending it twice does no more than sending it once.
            form: send the payload as form fields instead of JSON.
            upload: sent as the file `objectData`, with the payload as form fields.

        Raises:
            RefusedError: QuantConnect said no.
            AuthenticationError: it does not know the user id and token.
            UnreachableError: no usable answer after all tries; a call that is not repeatable had no effect.
            OutcomeUnknownError: not repeatable, and possibly carried out.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(_PassingFaultError),
            stop=stop_after_attempt(self._patience.tries),
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, endpoint, _body(dict(payload or {}), form, upload), repeatable)
        except _PassingFaultError as fault:
            raise UnreachableError(
                f"{endpoint}: {fault} ({self._patience.tries} tries at {self.address}); try again later"
            ) from None

    def download(self, url: str) -> bytes:
        """The bytes at a URL that the API answered (it carries its own authorization).

        Raises:
            UnreachableError: they could not be had after all tries.
        """
        for attempt in range(self._patience.tries):
            try:
                response = requests.get(url, timeout=(self._patience.connect, self._patience.read))
                response.raise_for_status()
            except requests.RequestException as error:
                reason = type(error).__name__  # the text would show the URL, which is a key to the data
                self._sleep(self._backoff(attempt))
            else:
                return response.content
        raise UnreachableError(f"download from the Object Store: {reason}; try again later")

    def _once(self, endpoint: str, body: Json, repeatable: bool) -> Json:
        try:
            return self._send(endpoint, body)
        except _PassingFaultError as fault:
            if repeatable or not fault.maybe_carried_out:
                raise
            raise OutcomeUnknownError(f"{endpoint}: {fault}; it may have been carried out") from None

    def _send(self, endpoint: str, body: Json) -> Json:
        timestamp = str(int(time.time()))
        digest = hashlib.sha256(f"{self._credentials.token}:{timestamp}".encode()).hexdigest()
        try:
            response = self._session.post(
                f"{self.address}/{endpoint}",
                auth=(self._credentials.user_id, digest),
                headers={"Timestamp": timestamp, "User-Agent": "lean-trading-workspace"},
                timeout=(self._patience.connect, self._patience.read),
                allow_redirects=False,  # a redirect must not carry the hash elsewhere
                **body,
            )
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            raise _PassingFaultError(_network_reason(error), maybe_carried_out=_was_sent(error)) from None
        except requests.RequestException as error:
            raise ApiError(f"{endpoint}: {type(error).__name__}; check the API address") from None
        return self._answer(endpoint, response)

    def _answer(self, endpoint: str, response: requests.Response) -> Json:
        status = response.status_code
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            answer = None
        reasons = _reasons(answer, self.redaction)
        if any(word in reason.lower() for reason in reasons for word in _AUTHENTICATION_WORDS):
            raise AuthenticationError(
                f"{endpoint}: {'; '.join(reasons)}: check the user id, the API token and this machine's clock"
            )
        if status in {401, 403}:
            raise AuthenticationError(f"{endpoint}: HTTP {status}: check the user id and the API token")
        if status == 429:
            wait = _retry_after(response.headers.get("Retry-After"))
            raise _PassingFaultError("too many calls (HTTP 429)", maybe_carried_out=False, wait=wait)
        if status >= 500:
            raise _PassingFaultError("; ".join((f"HTTP {status}", *reasons)), maybe_carried_out=True)
        if status >= 300:
            said = "; ".join(reasons) or "check the API address"
            raise ApiError(f"{endpoint}: HTTP {status}: {said}")
        if not isinstance(answer, dict):
            raise _PassingFaultError("the answer is no JSON object", maybe_carried_out=True)
        if answer.get("success") is not True:
            raise RefusedError(endpoint, reasons or ("refused without a reason",))
        return answer

    def _wait(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        asked = fault.wait if isinstance(fault, _PassingFaultError) else None
        backoff = self._backoff(state.attempt_number - 1)
        return backoff if asked is None else min(max(asked, backoff), self._patience.longest_wait)

    def _backoff(self, attempt: int) -> float:
        """Doubling waits with up to half of each left to chance, so that several clients do not keep step."""
        full = min(self._patience.first_wait * 2**attempt, self._patience.longest_wait)
        return float(full * random.uniform(0.5, 1.0))


def _body(payload: Json, form: bool, upload: bytes | None) -> Json:
    """The arguments of `requests.post` that carry a payload."""
    if upload is not None:
        return {"data": payload, "files": {"objectData": upload}}
    return {"data": payload} if form else {"json": payload}


def _was_sent(error: requests.RequestException) -> bool:
    """Whether the request may have reached QuantConnect: not when no connection was made."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ not in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def _network_reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return "the connection was lost" if _was_sent(error) else "no connection"


def _retry_after(header: str | None) -> float | None:
    """Seconds from a Retry-After header, in either of its forms."""
    if not header:
        return None
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(moment.timestamp() - time.time(), 0.0)


def _reasons(answer: object, redaction: Redaction) -> tuple[str, ...]:
    """What an answer says went wrong, wherever QuantConnect puts it."""
    if not isinstance(answer, dict):
        return ()
    for key in ("errors", "messages", "Message", "error"):
        value = answer.get(key)
        texts = value if isinstance(value, list) else [value]
        found = tuple(redaction.clean(text) for text in texts if isinstance(text, str) and text)
        if found:
            return found
    return ()
