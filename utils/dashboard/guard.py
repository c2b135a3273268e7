"""What every request has to pass before anything looks at it, and what every answer carries.

The Host header must name this server: a page of another name that resolves to this address (DNS rebinding)
is turned away. The Origin header, where there is one, must be this server's own: no other site is served, and
no CORS header is ever sent. A body is refused by its announced length, or while it comes, before it is kept.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 4096
BODY_SECONDS = 10.0

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """An ASGI application around another.

    Args:
        hosts: names, without port, that this server is reached by.
        port: where it listens; port 0: any.
    """

    def __init__(self, application: ASGIApp, hosts: Collection[str], port: int) -> None:
        self._application = application
        self._hosts = {host.lower() for host in hosts}
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or hand it on with its body read."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    *((name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()),
                ]
            await send(message)

        headers = _headers(scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(send_with_headers, *refusal)
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(receive)
        except _TooLongError:
            await _refuse(send_with_headers, 413, f"a body of more than {BODY_LIMIT} bytes")
            return
        except TimeoutError:
            await _refuse(send_with_headers, 408, "the body did not come")
            return
        await self._application(scope, _replay(body, receive), send_with_headers)

    def _refusal(self, scope: Scope, headers: dict[str, list[str]]) -> tuple[int, str] | None:
        hosts, origins = headers.get("host", []), headers.get("origin", [])
        if len(hosts) != 1 or not self._is_own(hosts[0]):
            return 421, "this server has another name; see --allow-host"
        own = {f"http://{hosts[0].lower()}", f"https://{hosts[0].lower()}"}
        if any(origin.lower() not in own for origin in origins):
            return 403, "a request from another site"
        if headers.get("sec-fetch-site") == ["cross-site"] and scope["method"] != "GET":
            return 403, "a request from another site"
        lengths = headers.get("content-length", [])
        if any(not length.isdigit() or int(length) > BODY_LIMIT for length in lengths):
            return 413, f"a body of more than {BODY_LIMIT} bytes"
        return None

    def _is_own(self, host: str) -> bool:
        name, colon, port = host.lower().rpartition(":")
        if not colon or host.endswith("]"):
            name, port = host.lower(), "80"
        return name in self._hosts and (not self._port or port == str(self._port) or name not in _LOCAL)


_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names by which no proxy stands before this server, so that the port is its own."""


class _TooLongError(Exception):
    """The body is longer than was announced or allowed."""


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > BODY_LIMIT:
            raise _TooLongError
        if not message.get("more_body", False):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, then whatever comes: that the client has gone."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


async def _refuse(send: Any, status: int, problem: str) -> None:
    body = json.dumps({"error": problem}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # what is left of a body is not read
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
