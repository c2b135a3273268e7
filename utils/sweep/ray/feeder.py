"""Feeds one Ray cluster with the leases of a coordinator that is at its standard input and output.

python -m utils.sweep.ray.feeder --address auto     # the cluster of this machine
python -m utils.sweep.ray.feeder --cpus 2           # one of its own, which ends with it

`protocol` says what is said. It keeps nothing: whenever it ends, however it ends, the coordinator starts
another one.
"""

from __future__ import annotations

import io
import os
import queue
import select
import socket
import sys
import threading
import time
from typing import Any

import click
import ray

from utils.sweep.ray import protocol
from utils.sweep.ray.definition import unpacked_columns
from utils.sweep.ray.pool import Lease, Pool, Ready, Returned, reason_of
from utils.sweep.ray.protocol import Frame, read_frame, write_frame
from utils.sweep.ray.worker import Worker

CONNECT_SECONDS = 10.0
"""How long the head of a cluster may take to accept a connection."""

LOOK_SECONDS = 1.0
"""How often leases are compared with the clock."""

END_SECONDS = 15.0
"""How long an orderly end may take."""

NO_START_SECONDS = 60.0
"""A cluster on which no worker could be started for so long is of no use."""


@click.command()
@click.option("--address", help="Of a Ray cluster that runs; auto: the one of this machine.")
@click.option("--cpus", type=click.IntRange(1), help="Of a cluster of its own.")
def main(address: str | None, cpus: int | None) -> None:
    """Serve the coordinator at the standard streams."""
    feed(address, cpus)


def feed(address: str | None, cpus: int | None, worker: type[Worker] = Worker) -> None:
    """Serve the coordinator at the standard streams, with workers of a class."""
    sink = io.FileIO(os.dup(1), "wb")
    os.dup2(2, 1)  # nobody else's print may get between the frames
    feeder = Feeder(io.FileIO(0, "rb", closefd=False), sink)
    try:
        feeder.serve(address, cpus, worker)
    except BrokenPipeError:
        pass  # the coordinator has gone
    finally:
        _end_within(END_SECONDS)
        ray.shutdown()


class _Ended:
    """There is no coordinator any more, or it wants no more."""


class Feeder:
    """One conversation; the calling thread is the only one that talks to Ray and writes to `sink`."""

    def __init__(self, source: io.FileIO, sink: io.FileIO) -> None:
        self._source = source
        self._sink = sink
        self._events: queue.SimpleQueue[Frame | Ready | Returned | _Ended] = queue.SimpleQueue()
        self._told = 0.0

    def serve(self, address: str | None, cpus: int | None, worker: type[Worker]) -> None:
        """Do what the coordinator says until it has gone."""
        threading.Thread(target=self._listen, daemon=True).start()
        self._tell("alive", {"workers": 0})
        sweep = self._events.get()
        if not isinstance(sweep, Frame):
            return
        if sweep.kind != "sweep" or sweep.fields.get("version") != protocol.VERSION:
            self._tell("refused", {"reason": _other_version(sweep), "final": True})
            return
        try:
            _connect(address, cpus)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from the cluster is told
            where = "a Ray cluster of its own" if address is None else f"the Ray cluster at {address}"
            self._tell("refused", {"reason": f"{where} is not there: {reason_of(error)}", "final": False})
            return
        pool = Pool(sweep.fields, unpacked_columns(sweep), self._events.put, self._tell, worker)
        del sweep  # its bars are in Ray's shared memory now
        self._feed(pool)

    def _feed(self, pool: Pool) -> None:
        looked = resized = 0.0
        broken_since: float | None = None
        while True:
            now = time.monotonic()
            if now - resized >= protocol.ALIVE_SECONDS:
                pool.resize()
                resized = now
            if now - looked >= LOOK_SECONDS:
                pool.end_hung()
                looked = now
            if now - self._told >= protocol.ALIVE_SECONDS:
                self._tell("alive", {"workers": pool.workers})
            if not pool.problem or pool.workers:
                broken_since = None
            elif broken_since is None:
                broken_since = now
            elif now - broken_since > NO_START_SECONDS or "UserError" in pool.problem:
                self._tell("refused", {"reason": pool.problem, "final": "UserError" in pool.problem})
                return
            try:
                event = self._events.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue
            workers = pool.workers
            match event:
                case Ready():
                    pool.ready(event)
                case Returned():
                    pool.returned(event)
                case Frame("lease", fields):
                    pool.submit(_lease(fields))
                case Frame("limit", fields):
                    pool.limit(fields["lease"], fields["seconds"])
                case Frame("goodbye") | _Ended():
                    return
            if pool.workers != workers:
                self._tell("alive", {"workers": pool.workers})

    def _tell(self, kind: str, fields: dict[str, Any], payload: Any = b"") -> None:
        if kind == "alive":
            self._told = time.monotonic()
        write_frame(self._sink, Frame(kind, fields, payload))

    def _listen(self) -> None:
        """Put every frame into the queue; see to it that this process ends with the coordinator."""
        try:
            while select.select([self._source], [], [], protocol.SILENT_SECONDS)[0]:
                frame = read_frame(self._source)
                if frame is None:
                    break
                if frame.kind != "alive":
                    self._events.put(frame)
        except (OSError, protocol.ProtocolError) as error:
            sys.stderr.write(f"{error}\n")
        self._events.put(_Ended())
        time.sleep(END_SECONDS)
        os._exit(1)  # Ray did not let go of the main thread


def _connect(address: str | None, cpus: int | None) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address is not None:
        if ":" in address:  # Ray would end this process after a while, and say why in its own way
            host, _, port = address.rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
        ray.init(address=address, **quiet)
    else:
        ray.init(
            address="local",
            num_cpus=cpus,
            include_dashboard=False,
            _node_ip_address="127.0.0.1",
            _node_name=socket.gethostname(),
            **quiet,
        )


def _lease(fields: dict[str, Any]) -> Lease:
    return Lease(fields["lease"], fields["arguments"], fields["seconds"], frozenset(fields["avoid"]))


def _other_version(frame: Frame) -> str:
    return (
        f"{socket.gethostname()}: its feeder speaks version {protocol.VERSION}, "
        f"not {frame.fields.get('version')}; bring both to the same version of this workspace"
    )


def _end_within(seconds: float) -> None:
    """Whatever else happens, this process is gone by then."""

    def end() -> None:
        time.sleep(seconds)
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()


if __name__ == "__main__":
    main()
