"""Serving Docker's API on a port, in a thread of a test or in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from utils.docker.containers import Containers
from utils.docker.images import Images
from utils.docker.service import create_application
from utils.listening import in_a_thread, listening_socket


class DockerServer:
    """Docker's API on a port. Whoever may connect may run Python code as this user: keep it on loopback.

    Args:
        host, port: where to listen; port 0 takes a free one.

    Raises:
        UserError: the port is taken.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = listening_socket(host, port)
        images = Images()
        self.containers = Containers(images)
        config = uvicorn.Config(
            create_application(images, self.containers),
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"tcp://{shown}:{self._socket.getsockname()[1]}"

    def serve(self) -> None:
        """Answer until `stop`, or until the process is interrupted; containers end with it."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self.containers.kill_all()
            self._socket.close()

    def stop(self) -> None:
        """Let `serve` end."""
        self._server.should_exit = True

    @property
    def started(self) -> bool:
        """Whether it answers."""
        return bool(self._server.started)


@contextmanager
def running_docker() -> Iterator[DockerServer]:
    """Docker's API in a thread, on a free port of this machine."""
    server = DockerServer()
    with in_a_thread(server, "Docker's API"):
        yield server
