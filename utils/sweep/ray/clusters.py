"""The Ray clusters of a run: what is leased to their feeders, and how long they are waited for."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from trading.simulation.records import RESULT_DTYPE
from utils.errors import UserError
from utils.sweep.ray import protocol
from utils.sweep.ray.channel import Channel, Closed, Event, Opened, Session
from utils.sweep.ray.launch import Launch
from utils.sweep.ray.plan import Pace, Plan
from utils.sweep.ray.protocol import Frame
from utils.sweep.runner import STOP_SECONDS
from utils.sweep.store import Chunk

LEASES_A_WORKER: Final = 2
"""One in work, and one that waits for it: no worker is idle while a result travels."""

LOOK_SECONDS: Final = 1.0
"""How often silent feeders are looked for."""

EXPECTED_TIMES: Final = 20.0
"""A lease that takes so many times as long as it should is hung."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for what may not come.

    Attributes:
        hung: shortest time after which a lease counts as hung.
        first: the same before it is known how fast workers are.
        start: for a feeder's first sign of life, Ray's start included.
        silent: for the next sign of life of a feeder.
        absent: for a cluster that was of use to be it again; then the run goes on without it, and ends when
            there is no other.
        attempts: to start the feeder of a cluster that never was of use.
    """

    hung: float = 120.0
    first: float = 3600.0
    start: float = 180.0
    silent: float = protocol.SILENT_SECONDS
    absent: float = 600.0
    attempts: int = 3


PATIENCE: Final = Patience()


class Work(Protocol):
    """Something to do, in chunks, and what becomes of them. Called by the thread that calls `Clusters.do`.

    Attributes:
        plan: what nobody has done or leased.
    """

    plan: Plan

    def size(self, pace: Pace, workers: int) -> int:
        """How much the next lease is at most, as chunks count it; `workers` share what there is."""

    def amount(self, chunks: Sequence[Chunk]) -> int:
        """How much chunks are, as `pace` counts it."""

    def arguments(self, chunks: Sequence[Chunk]) -> list[Any]:
        """Of a worker's `rows`, such as JSON can hold."""

    def started(self, chunks: Sequence[Chunk], worker: str) -> None:
        """A worker has begun with them."""

    def done(self, chunks: Sequence[Chunk], rows: NDArray[np.void], worker: str) -> None:
        """They are done; `rows` are `RESULT_DTYPE`, in their order."""

    def given_back(self, chunks: Sequence[Chunk]) -> None:
        """They were leased and are not any more."""

    def given_up(self, chunk: Chunk, reason: str) -> None:
        """It failed by itself too often."""


@dataclass(eq=False)
class _Cluster:
    """One cluster, as far as it is known here.

    Attributes:
        session: with its feeder, None while there is none.
        workers: that can evaluate.
        leases: numbers of those that it has.
        useful: when it last had workers, on the monotonic clock; None is never.
        attempts: sessions that were of no use, since it was.
        problem: why the last of them was not.
    """

    channel: Channel
    session: Session | None = None
    workers: int = 0
    leases: set[int] = field(default_factory=set)
    useful: float | None = None
    attempts: int = 0
    problem: str = ""

    @property
    def name(self) -> str:
        return self.channel.launch.name


@dataclass(frozen=True)
class _Lease:
    work: Work
    chunks: list[Chunk]
    cluster: _Cluster


class _Stop:
    """The user wants it to stop."""


class Clusters:
    """Ray clusters that do one `Work` after another. To be used in a `with` statement, by one thread.

    They are started when there is something to do, and end with the statement.

    Args:
        opening: the sweep or search, as `definition.packed` makes it.
        launches: one for each cluster.
        notice: called with a line on each event that a user may want to know of.

    Attributes:
        name: of all of them.
        most_workers: that there were at a time.
        worker_seconds: that workers took for what is done.
    """

    def __init__(
        self,
        opening: Frame,
        launches: Sequence[Launch],
        notice: Callable[[str], None],
        patience: Patience = PATIENCE,
    ) -> None:
        # A SimpleQueue, because its put() may interrupt its own get() in a signal handler.
        self._inbox: queue.SimpleQueue[Event | _Stop] = queue.SimpleQueue()
        self._channels = [Channel(launch, opening, self._inbox.put) for launch in launches]
        self.name = "+".join(launch.name for launch in launches)
        self._clusters = {channel.launch.name: _Cluster(channel) for channel in self._channels}
        self._opened = False
        self._notice = notice
        self._patience = patience
        self._pace = Pace()
        self._leases: dict[int, _Lease] = {}
        self._leased = 0
        self.most_workers = 0
        self.worker_seconds = 0.0

    def __enter__(self) -> Clusters:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened:
            for channel in self._channels:
                channel.close()
            for channel in self._channels:
                channel.wait()

    def stop(self) -> None:
        """End `do`: what is leased gets `STOP_SECONDS`, at the second call none. For signal handlers."""
        self._inbox.put(_Stop())

    def do(self, work: Work) -> bool:
        """Have all of it done, or given up; False where `stop` ended it before.

        Raises:
            UserError: there is no cluster left.
        """
        if not self._opened:
            self._opened = True
            for channel in self._channels:
                channel.open()
        try:
            return self._do(work)
        finally:
            for number in list(self._leases):
                work.given_back(self._leases[number].chunks)
                self._forget(number)

    def _do(self, work: Work) -> bool:
        looked = time.monotonic()
        deadline: float | None = None
        self._lease(work)
        while self._leases or (work.plan and deadline is None):
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                break
            if now - looked >= LOOK_SECONDS:
                self._look(now)
                looked = now
            try:
                event = self._inbox.get(timeout=LOOK_SECONDS if deadline is None else deadline - now)
            except queue.Empty:
                continue
            if isinstance(event, _Stop):
                deadline = time.monotonic() + (STOP_SECONDS if deadline is None else 0)
            else:
                self._happened(event)
            if deadline is None:
                self._lease(work)
        return deadline is None

    def _happened(self, event: Event) -> None:
        name = event.name if isinstance(event, Closed) else event.session.name
        cluster = self._clusters.get(name)
        if cluster is None:
            return  # it was given up
        if isinstance(event, Opened):
            cluster.session = event.session
            cluster.problem = ""
        elif event.session is cluster.session:  # and not one that was given up
            if isinstance(event, Closed):
                self._closed(cluster, event)
            else:
                self._received(cluster, event.session, event.frame)

    def _received(self, cluster: _Cluster, session: Session, frame: Frame) -> None:
        if frame.kind == "alive":
            cluster.workers = frame.fields["workers"]
            self.most_workers = max(self.most_workers, self._workers())
            if cluster.workers:
                if not session.useful:
                    self._notice(f"{cluster.name}: ready")
                session.useful = True
                cluster.useful = time.monotonic()
                cluster.attempts = 0
        elif frame.kind == "refused":
            cluster.problem = frame.fields["reason"]
            if frame.fields["final"]:
                self._give_up(cluster)
        elif frame.fields.get("lease") in cluster.leases:  # others were given to somebody else long ago
            self._answered(cluster, frame)

    def _answered(self, cluster: _Cluster, frame: Frame) -> None:
        number = frame.fields["lease"]
        work, chunks = self._leases[number].work, self._leases[number].chunks
        if frame.kind == "started":
            work.started(chunks, _name(cluster, frame))
            return
        if frame.kind == "result":
            self._done(work, chunks, frame, _name(cluster, frame))
        elif frame.kind == "lost":
            self._put_back(work, chunks)
        else:
            reason = frame.fields["reason"]
            given_up = work.plan.failed(chunks, frame.fields["node"])
            if given_up is None:
                work.given_back(chunks)
                self._notice(
                    f"{_span(chunks)} failed on {_name(cluster, frame)}, and is tried again: {reason}"
                )
            else:
                work.given_up(given_up, reason)
        self._forget(number)

    def _done(self, work: Work, chunks: list[Chunk], frame: Frame, worker: str) -> None:
        rows = np.frombuffer(frame.payload, RESULT_DTYPE)
        if len(rows) != chunks[-1].end_combo - chunks[0].start_combo:
            raise protocol.ProtocolError(f"{len(rows)} rows for {_span(chunks)}")
        work.done(chunks, rows, worker)
        first = self._pace.seconds_a_combo is None
        self._pace.learn(work.amount(chunks), frame.fields["seconds"])
        self.worker_seconds += frame.fields["seconds"]
        if first:
            self._limit_the_first()

    def _limit_the_first(self) -> None:
        """Tell of what was leased while nothing was known: nobody waits an hour for one that hangs."""
        for number, lease in self._leases.items():
            session = lease.cluster.session
            if session is not None:
                seconds = self._allowed(lease.work.amount(lease.chunks))
                session.send(Frame("limit", {"lease": number, "seconds": seconds}))

    def _lease(self, work: Work) -> None:
        workers = self._workers()
        for cluster in self._clusters.values():
            while work.plan and len(cluster.leases) < LEASES_A_WORKER * cluster.workers:
                assert cluster.session
                chunks = work.plan.take(work.size(self._pace, workers))
                self._leased += 1
                self._leases[self._leased] = _Lease(work, chunks, cluster)
                cluster.leases.add(self._leased)
                fields = {
                    "lease": self._leased,
                    "arguments": work.arguments(chunks),
                    "seconds": self._allowed(work.amount(chunks)),
                    "avoid": work.plan.failed_at(chunks),
                }
                cluster.session.send(Frame("lease", fields))

    def _workers(self) -> int:
        return sum(cluster.workers for cluster in self._clusters.values())

    def _allowed(self, amount: int) -> float:
        pace = self._pace.seconds_a_combo
        if pace is None:
            return self._patience.first
        return max(self._patience.hung, EXPECTED_TIMES * pace * amount)

    def _closed(self, cluster: _Cluster, event: Closed) -> None:
        useful = event.session is not None and event.session.useful
        cluster.problem = cluster.problem or event.reason
        cluster.attempts += not useful
        self._release(cluster)
        if cluster.useful is None and cluster.attempts >= self._patience.attempts:
            self._give_up(cluster)
        elif useful:
            self._notice(f"{cluster.name}: {cluster.problem}; its feeder is started again")

    def _look(self, now: float) -> None:
        """End feeders that say nothing, and give up clusters that are of no use for too long."""
        for cluster in list(self._clusters.values()):
            session = cluster.session
            if session is not None:
                silent = self._patience.silent if session.useful else self._patience.start
                if now - session.active > silent:
                    session.kill()
                    self._closed(
                        cluster, Closed(cluster.name, session, f"no sign of life for {silent:.0f} s")
                    )
            if cluster.useful is not None and not cluster.workers:
                if now - cluster.useful > self._patience.absent:
                    self._give_up(cluster)
            elif cluster.workers:
                cluster.useful = now

    def _give_up(self, cluster: _Cluster) -> None:
        cluster.channel.give_up()
        self._release(cluster)
        self._clusters.pop(cluster.name, None)
        problem = f"{cluster.name}: {cluster.problem or 'no worker'}"
        if not self._clusters:
            raise UserError(f"{problem} (what is stored is kept; the same command goes on from there)")
        self._notice(f"{problem}; the others go on without it")

    def _release(self, cluster: _Cluster) -> None:
        """Whatever a cluster had is to be done by anybody."""
        cluster.session = None
        cluster.workers = 0
        for number in list(cluster.leases):
            lease = self._leases[number]
            self._put_back(lease.work, lease.chunks)
            self._forget(number)

    @staticmethod
    def _put_back(work: Work, chunks: list[Chunk]) -> None:
        work.given_back(chunks)
        work.plan.return_(chunks)

    def _forget(self, number: int) -> None:
        lease = self._leases.pop(number)
        lease.cluster.leases.discard(number)


def _name(cluster: _Cluster, frame: Frame) -> str:
    return f"{cluster.name}/{frame.fields['worker']}"


def _span(chunks: Sequence[Chunk]) -> str:
    return chunks[0].id if len(chunks) == 1 else f"{chunks[0].id} to {chunks[-1].id}"
