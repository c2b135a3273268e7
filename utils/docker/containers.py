"""All containers, by id and name."""

from __future__ import annotations

import asyncio
import secrets
import signal
import threading
import time
from collections.abc import AsyncIterator

from utils.docker.container import Container, Status
from utils.docker.create_request import CreateRequest
from utils.docker.errors import DockerError
from utils.docker.images import Images
from utils.docker.launch import plan_run

POLL = 0.02  # seconds between two looks at a container that is waited for


class Containers:
    """Creates, finds and removes containers."""

    def __init__(self, images: Images) -> None:
        self._images = images
        self._containers: dict[str, Container] = {}
        self._lock = threading.Lock()

    def create(self, name: str, request: CreateRequest) -> Container:
        """A new container; nothing runs yet.

        Raises:
            DockerError: not LEAN's image, a mount is missing, or the name is taken.
        """
        self._images.inspect(request.image)
        container = Container(name or f"lean_{secrets.token_hex(6)}", request, plan_run(request))
        with self._lock:
            if any(one.name == container.name for one in self._containers.values()):
                raise DockerError(
                    409, f"The container name {container.name} is in use; remove that container"
                )
            self._containers[container.id] = container
        return container

    def find(self, reference: str) -> Container:
        """By id, the id's beginning, or name.

        Raises:
            DockerError: there is none.
        """
        with self._lock:
            found = list(self._containers.values())
        for container in found:
            if reference.lstrip("/") == container.name or (reference and container.id.startswith(reference)):
                return container
        raise DockerError(404, f"No such container: {reference}")

    def list(self, everything: bool) -> list[Container]:
        """Those that run, or all."""
        with self._lock:
            return [one for one in self._containers.values() if everything or one.status is Status.RUNNING]

    async def wait(self, container: Container, seconds: float | None = None) -> bool:
        """Until it has ended; False when it has not within some seconds."""
        end = None if seconds is None else time.monotonic() + seconds
        while container.status is not Status.EXITED:
            if end is not None and time.monotonic() > end:
                return False
            await asyncio.sleep(POLL)
        if container.request.host_config.auto_remove:
            self._forget(container)
        return True

    async def stop(self, container: Container, seconds: float) -> bool:
        """Send the stop signal, and SIGKILL when it has not ended in time; False when it does not run."""
        if container.status is not Status.RUNNING:
            return False
        container.send(signal_of(container.request.stop_signal))
        if not await self.wait(container, seconds):
            container.send(signal.SIGKILL)
            await self.wait(container)
        return True

    async def remove(self, container: Container, force: bool) -> None:
        """Forget a container.

        Raises:
            DockerError: it runs, and `force` is not given.
        """
        if container.status is Status.RUNNING:
            if not force:
                raise DockerError(409, f"{container.name}: runs; stop it before removing it, or force it")
            container.send(signal.SIGKILL)
            await self.wait(container)
        self._forget(container)

    async def follow(
        self, container: Container, streams: set[int], first: int, on: bool
    ) -> AsyncIterator[bytes]:
        """What it printed, from a line on; with `on`, until it has ended."""
        position = first
        while True:
            ended = container.status is not Status.RUNNING or not on
            lines, position = container.logs.read(position)
            for line in lines:
                if line.stream in streams or container.request.tty:
                    yield line.frame(container.request.tty)
            if ended:
                return
            if not lines:
                await asyncio.sleep(POLL)

    def kill_all(self) -> None:
        """End every process."""
        for container in self.list(everything=False):
            try:
                container.send(signal.SIGKILL)
            except DockerError:
                continue  # it ended by itself

    def _forget(self, container: Container) -> None:
        with self._lock:
            self._containers.pop(container.id, None)


def signal_of(name: str) -> signal.Signals:
    """A signal by name or number.

    Raises:
        DockerError: there is none.
    """
    try:
        if name.isdigit():
            return signal.Signals(int(name))
        return signal.Signals[name if name.startswith("SIG") else f"SIG{name}"]
    except (KeyError, ValueError):
        raise DockerError(400, f"invalid signal: {name}") from None
