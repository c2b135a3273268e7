"""Whether the nodes of a Ray cluster reach each other's ports: one side listens, the other connects."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from typing import Any

TIMEOUT_S = 4.0
LISTEN_S = 60.0


def listen(address: str, ports: list[int]) -> None:
    """Accept connections on those of `ports` that are free, until standard input ends or for a minute."""
    for port in ports:
        (family, kind, _, _, name), *_ = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(name)
            listener.listen(16)
        except OSError:
            listener.close()  # what is there already answers in its place
            continue
        threading.Thread(target=_accept, args=(listener,), daemon=True).start()
    print("ready", flush=True)  # noqa: T201 - the other side waits for it
    forgotten = threading.Timer(LISTEN_S, os._exit, (1,))
    forgotten.daemon = True
    forgotten.start()
    sys.stdin.read()


def connect(targets: list[tuple[str, int]]) -> list[str | None]:
    """Why each address was not reached; None where it was."""
    return [_tried(host, port) for host, port in targets]


def _accept(listener: socket.socket) -> None:
    while True:
        listener.accept()[0].close()


def _tried(host: str, port: int) -> str | None:
    try:
        socket.create_connection((host, port), timeout=TIMEOUT_S).close()
    except OSError as error:
        return error.strerror or str(error) or "no answer"
    return None


def main(request: dict[str, Any]) -> None:
    """`listen` or `connect`, whichever is asked."""
    if "targets" in request:
        print(json.dumps(connect(request["targets"])))  # noqa: T201 - the answer
    else:
        listen(request["address"], request["ports"])


if __name__ == "__main__":
    main(json.loads(sys.stdin.readline()))
