"""A socket that a server of this workspace listens on."""

from __future__ import annotations

import socket

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
