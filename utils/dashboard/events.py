"""Server-sent events: each snapshot once, as its difference from the one before, to every client.

A client begins with the whole state and goes on with differences. One that was away names the last event it
has (Last-Event-ID) and gets what it missed, or the whole state if that is too long ago.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from utils.dashboard.merge_patch import merge_patch
from utils.dashboard.observer import Snapshot, empty

KEPT = 120
"""Events kept for clients that come back."""

WAITING = 64
"""Events that wait for one slow client; then it gets the whole state instead."""

CLIENTS = 256
"""Clients at a time."""


class TooManyClientsError(Exception):
    """There are `CLIENTS` already."""


class Events:
    """What clients are told. Lives on the server's event loop; `publish` may be called from any thread.

    Args:
        heartbeat: seconds of silence after which a client gets a comment.
    """

    def __init__(self, heartbeat: float) -> None:
        self._heartbeat = heartbeat
        self._run = secrets.token_hex(4)  # numbers of an earlier server mean nothing here
        self._number = 0
        self._published = self._state = empty()
        self._text = _json(self._state)
        self._kept: deque[tuple[int, bytes]] = deque(maxlen=KEPT)
        self._clients: set[asyncio.Queue[bytes | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def open(self) -> None:
        """Take the running loop as the one that clients are on."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Let every client go."""
        self._closed = True
        for client in self._clients:
            _offer(client, None)

    @property
    def state(self) -> Snapshot:
        """The latest snapshot."""
        return self._state

    @property
    def text(self) -> bytes:
        """The latest snapshot as JSON."""
        return self._text

    @property
    def clients(self) -> int:
        """How many listen."""
        return len(self._clients)

    def publish(self, snapshot: Snapshot) -> None:
        """Tell a new snapshot, unless it is like the latest. Called by one thread, the observer's.

        The difference is found here, off the loop; the loop alone changes what clients see.
        """
        patch = merge_patch(self._published, snapshot)
        if not patch or self._loop is None or self._loop.is_closed():
            return
        self._published = snapshot
        self._loop.call_soon_threadsafe(self._spread, snapshot, _json(snapshot), _json(patch))

    async def stream(self, last_event_id: str | None) -> AsyncIterator[bytes]:
        """Events of one client, from the one after `last_event_id` on.

        Raises:
            TooManyClientsError: before the first event.
        """
        client: asyncio.Queue[bytes | None] = asyncio.Queue(WAITING)
        self._clients.add(client)
        try:
            for event in self._missed(last_event_id):
                yield event
            while not self._closed:
                if client.full():  # too slow: forget what waits
                    while not client.empty():
                        client.get_nowait()
                    yield self._whole()
                try:
                    async with asyncio.timeout(self._heartbeat):
                        waiting = await client.get()
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if waiting is None:
                    return
                yield waiting
        finally:
            self._clients.discard(client)

    def check_room(self) -> None:
        """Refuse one client too many."""
        if len(self._clients) >= CLIENTS:
            raise TooManyClientsError

    def _spread(self, snapshot: Snapshot, text: bytes, patch: bytes) -> None:
        self._state, self._text = snapshot, text
        self._number += 1
        event = self._event("change", patch)
        self._kept.append((self._number, event))
        for client in self._clients:
            _offer(client, event)

    def _missed(self, last_event_id: str | None) -> list[bytes]:
        run, _, number = (last_event_id or "").partition("-")
        if run != self._run or not number.isascii() or not number.isdigit():
            return [self._whole()]
        seen = int(number)
        if not self._number - len(self._kept) <= seen <= self._number:
            return [self._whole()]
        return [event for place, event in self._kept if place > seen]

    def _whole(self) -> bytes:
        return self._event("state", self._text)

    def _event(self, kind: str, data: bytes) -> bytes:
        return b"id: %s-%d\nevent: %s\ndata: %s\n\n" % (
            self._run.encode(), self._number, kind.encode(), data,
        )  # fmt: skip


def _offer(client: asyncio.Queue[bytes | None], event: bytes | None) -> None:
    if not client.full():
        client.put_nowait(event)


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
