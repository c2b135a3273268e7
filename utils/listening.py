"""How a server of this workspace listens, and how one runs in a thread."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from utils.errors import UserError


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that takes connections at once; port 0 takes a free one.

    Raises:
        UserError: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, since asyncio turns off the delay of small packets only where it sees the protocol.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # from here on callers wait instead of being turned away
    except OSError as error:
        listening.close()
        raise UserError(f"{host}:{port}: {error.strerror or error}; name another --port, or 0") from None
    return listening


START_TIMEOUT: Final = 20.0
STOP_TIMEOUT: Final = 10.0


class Server(Protocol):
    """What can be run in a thread."""

    @property
    def started(self) -> bool:
        """Whether it answers."""

    def serve(self) -> None:
        """Answer until `stop`."""

    def stop(self) -> None:
        """Let `serve` end."""


@contextmanager
def in_a_thread(server: Server, name: str) -> Iterator[None]:
    """Have a server answer meanwhile.

    Raises:
        UserError: it did not start.
    """
    thread = threading.Thread(target=server.serve, name=name, daemon=True)
    thread.start()
    waited = 0.0
    while not server.started and thread.is_alive() and waited < START_TIMEOUT:
        time.sleep(0.01)
        waited += 0.01
    if not server.started:
        raise UserError(f"{name} did not start")
    try:
        yield
    finally:
        server.stop()
        thread.join(STOP_TIMEOUT)
