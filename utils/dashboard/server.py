"""Serving the dashboard on a port, in a thread of a test or in a process of its own."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from utils.dashboard.access import TOKEN, Access, is_loopback, make_token
from utils.dashboard.alerts import Alerts
from utils.dashboard.application import Dashboard, create_application
from utils.dashboard.cluster import ClusterView
from utils.dashboard.events import Events
from utils.dashboard.guard import Guard
from utils.dashboard.observer import Observer, Snapshot
from utils.dashboard.processes import Processes
from utils.dashboard.settings import Settings
from utils.listening import in_a_thread, listening_socket
from utils.notify.notifier import Notifier
from utils.notify.targets import CONFIG

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class DashboardServer:
    """The dashboard on a port.

    Args:
        settings: what it shows.
        host, port: where to listen; port 0 takes a free one.
        allowed_hosts: names that it may be called by, beside those of loopback.
        token: what changes state; None makes one.
        notifier: hears of sweeps that die or stall.
        notify_config: file of notification targets that started sweeps get.
        views: clusters whose nodes are shown.
    Raises:
        UserError: the port is taken, or the token is too short.
    """

    def __init__(
        self,
        settings: Settings,
        host: str = "127.0.0.1",
        port: int = 0,
        allowed_hosts: Sequence[str] = (),
        token: str | None = None,
        notifier: Notifier | None = None,
        notify_config: Path | None = None,
        views: Sequence[ClusterView] = (),
    ) -> None:
        self.token = make_token(token)
        notifier = notifier or Notifier([], _say)
        alerts = Alerts(notifier)
        environment: dict[str, str | None] = {TOKEN: None}
        if notify_config is not None:
            environment[CONFIG] = str(notify_config.resolve())
        self._events = Events(settings.heartbeat)
        processes = Processes(environment)

        def on_snapshot(snapshot: Snapshot) -> None:
            self._events.publish(snapshot)
            alerts.see(snapshot)

        observer = Observer(settings, processes, on_snapshot, views)
        self._socket = listening_socket(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://localhost:{self.port}/cluster"
        # Both would tell of a stall: the dashboard does, for it also sees a process that hangs as a whole.
        stall_options = ("--stall=0",) if notifier else ()
        dashboard = Dashboard(
            settings, Access(self.token, is_loopback(host)), observer, self._events, processes, stall_options
        )
        application = create_application(dashboard, self.port)
        config = uvicorn.Config(
            Guard(application, (*LOOPBACK_NAMES, *allowed_hosts), self.port),
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config, self._events)

    @property
    def url_with_token(self) -> str:
        """The page's address with the token behind #: a browser keeps that part to itself."""
        return f"{self.url}#token={self.token}"

    def serve(self) -> None:
        """Answer until `stop`, or until the process is interrupted."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Let `serve` end."""
        self._server.should_exit = True

    @property
    def clients(self) -> int:
        """Clients that listen to events."""
        return self._events.clients

    @property
    def started(self) -> bool:
        """Whether it answers."""
        return bool(self._server.started)


class _Server(uvicorn.Server):
    """Ends event streams first: uvicorn waits for answers that are under way."""

    def __init__(self, config: uvicorn.Config, events: Events) -> None:
        super().__init__(config)
        self._events = events

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._events.close()
        await super().shutdown(sockets)


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201


@contextmanager
def running_dashboard(settings: Settings, **options: object) -> Iterator[DashboardServer]:
    """A dashboard in a thread, on a free port of this machine."""
    server = DashboardServer(settings, **options)  # type: ignore[arg-type]
    with in_a_thread(server, "the dashboard"):
        yield server
