"""Running the emulator, in a thread of a test or in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from utils.errors import UserError
from utils.listening import in_a_thread, listening_socket
from utils.quantconnect.emulator import live
from utils.quantconnect.emulator.application import PREFIX, Api, create_application
from utils.quantconnect.emulator.engine import BacktestEngine
from utils.quantconnect.emulator.faults import Faults
from utils.quantconnect.emulator.nodes import organization_nodes
from utils.quantconnect.emulator.request_log import RequestLog
from utils.quantconnect.emulator.runners import BacktestRunner, UnavailableRunner
from utils.quantconnect.emulator.settings import EmulatorSettings
from utils.quantconnect.emulator.store import Store
from utils.quantconnect.emulator.transport import TransportProtocol


@dataclass(frozen=True)
class RunningEmulator:
    """An emulator that answers.

    Attributes:
        url: base of the API, such as `http://127.0.0.1:5612/api/v2`.
        faults: add faults here.
        requests: the calls so far.
        store: its state, to look at.
        clock: the time it goes by.
    """

    url: str
    port: int
    faults: Faults
    requests: RequestLog
    store: Store
    clock: Callable[[], float] = time.time

    def rows(self, query: str, *values: object) -> list[dict[str, object]]:
        """Rows of its database."""
        with self.store.transaction() as db:
            return [dict(row) for row in db.execute(query, values)]

    def end_live(self, project_id: int, ending: str = live.RUNTIME_ERROR, message: str = "") -> None:
        """Let a project's live algorithm end by itself: `RuntimeError`, or `DeployError`.

        Raises:
            RefusalError: the project was never deployed.
        """
        with self.store.transaction() as db:
            live.end(db, project_id, ending, self.clock(), message)

    def files(self, project: str) -> dict[str, str]:
        """A project's files by name; none when there is no such project."""
        query = (
            "SELECT file.name, content FROM file JOIN project ON project.id = project_id "
            "WHERE project.name = ?"
        )
        return {str(row["name"]): str(row["content"]) for row in self.rows(query, project)}


class EmulatorServer:
    """An emulator on a port.

    Args:
        settings: the emulated account.
        path: database file; None keeps everything in memory.
        runner: carries out backtests.
        host, port: where to listen; port 0 takes a free one.
        clock: seconds since the epoch, for tests that do not want to wait.

    Raises:
        UserError: the port is taken, or the file is not usable.
    """

    def __init__(
        self,
        settings: EmulatorSettings | None = None,
        path: Path | None = None,
        runner: BacktestRunner | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        settings = settings or EmulatorSettings()
        self._socket = listening_socket(host, port)
        try:
            self._store = Store(path)
        except UserError:
            self._socket.close()
            raise
        nodes = organization_nodes(settings.models)
        self._engine = BacktestEngine(self._store, nodes, runner or UnavailableRunner(), settings.latency)
        faults, log = Faults(), RequestLog()
        api = Api(self._store, settings, nodes, self._engine, faults, log, clock)
        config = uvicorn.Config(
            create_application(api),
            http=TransportProtocol,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        port = self._socket.getsockname()[1]
        self.running = RunningEmulator(f"http://{host}:{port}{PREFIX}", port, faults, log, self._store, clock)

    def serve(self) -> None:
        """Answer until `stop`, or until the process is interrupted."""
        self._engine.start()
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._engine.stop()
            self._store.close()
            self._socket.close()

    def stop(self) -> None:
        """Let `serve` end."""
        self._server.should_exit = True

    @property
    def started(self) -> bool:
        """Whether it answers."""
        return bool(self._server.started)


@contextmanager
def running_emulator(
    settings: EmulatorSettings | None = None,
    path: Path | None = None,
    runner: BacktestRunner | None = None,
    clock: Callable[[], float] = time.time,
) -> Iterator[RunningEmulator]:
    """An emulator in a thread, on a free port of this machine.

    with running_emulator(runner=SampleRunner()) as emulator:
        requests.post(f"{emulator.url}/projects/read", ...)
    """
    server = EmulatorServer(settings, path, runner, clock=clock)
    with in_a_thread(server, "the emulator"):
        yield server.running
