"""Runs a sweep on Ray clusters: leases chunks to their feeders, and stores what comes back."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from trading.simulation.records import RESULT_DTYPE
from utils.errors import UserError
from utils.sweep.grid import Grid
from utils.sweep.ray import protocol
from utils.sweep.ray.channel import Channel, Closed, Event, Opened, Session
from utils.sweep.ray.launch import Launch
from utils.sweep.ray.plan import Pace, Plan
from utils.sweep.ray.protocol import Frame
from utils.sweep.runner import STOP_SECONDS, RunOutcome, signals_handled_by
from utils.sweep.store import Chunk, Store, SweepRecord

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
        first: the same before the sweep's speed is known.
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
    chunks: list[Chunk]
    cluster: _Cluster


class _Signal:
    """The user wants it to stop."""


def run(
    store: Store,
    sweep: SweepRecord,
    grid: Grid,
    opening: Frame,
    launches: Sequence[Launch],
    on_progress: Callable[[int], None],
    notice: Callable[[str], None],
    patience: Patience = PATIENCE,
) -> RunOutcome:
    """Do the chunks of `sweep` that are not completed, on Ray clusters.

    The calling thread is the only one that touches the store. What is said of chunks that fail and of signals
    in `runner.run` holds here too.

    Args:
        opening: the sweep, as `definition.packed` makes it.
        launches: one for each cluster.
        on_progress: called with the number of combinations just stored.
        notice: called with a line on each event that a user may want to know of.
    Raises:
        UserError: the store cannot be written, or there is no cluster left; what is stored is whole.
    """
    return _Run(store, sweep, grid, on_progress, notice, patience).run(opening, launches)


class _Run:
    def __init__(
        self,
        store: Store,
        sweep: SweepRecord,
        grid: Grid,
        on_progress: Callable[[int], None],
        notice: Callable[[str], None],
        patience: Patience,
    ) -> None:
        self._store = store
        self._sweep = sweep
        self._grid = grid
        self._on_progress = on_progress
        self._notice = notice
        self._patience = patience
        self._plan = Plan(store.unfinished(sweep.id))
        self._pace = Pace()
        self._inbox: queue.SimpleQueue[Event | _Signal] = queue.SimpleQueue()
        self._clusters: dict[str, _Cluster] = {}
        self._leases: dict[int, _Lease] = {}
        self._leased = 0
        self._outcome = RunOutcome()

    def run(self, opening: Frame, launches: Sequence[Launch]) -> RunOutcome:
        if not self._plan:
            return self._outcome
        for launch in launches:
            channel = Channel(launch, opening, self._inbox.put)
            self._clusters[launch.name] = _Cluster(channel)
        channels = [cluster.channel for cluster in self._clusters.values()]
        with signals_handled_by(lambda *_: self._inbox.put(_Signal())):
            try:
                for channel in channels:
                    channel.open()
                self._work()
            finally:
                self._store.give_back(chunk for lease in self._leases.values() for chunk in lease.chunks)
                for channel in channels:
                    channel.close()
                for channel in channels:
                    channel.wait()
        return self._outcome

    def _work(self) -> None:
        looked = said_alive = time.monotonic()
        deadline: float | None = None
        while self._leases or (self._plan and deadline is None):
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                break
            if now - looked >= LOOK_SECONDS:
                self._look(now)
                looked = now
            if now - said_alive >= protocol.ALIVE_SECONDS:
                for cluster in self._clusters.values():
                    if cluster.session is not None:
                        cluster.session.send(Frame("alive"))
                said_alive = now
            try:
                event = self._inbox.get(timeout=LOOK_SECONDS if deadline is None else deadline - now)
            except queue.Empty:
                continue
            if isinstance(event, _Signal):
                self._outcome.stopped = True
                deadline = time.monotonic() + (STOP_SECONDS if deadline is None else 0)
            else:
                self._happened(event)
            if deadline is None:
                self._lease()

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
        chunks = self._leases[number].chunks
        reason = frame.fields.get("reason", "")
        if frame.kind == "started":
            for chunk in chunks:
                self._store.start(chunk, self._name(cluster, frame))
            return
        if frame.kind == "result":
            self._stored(chunks, frame, self._name(cluster, frame))
        elif frame.kind == "lost":
            self._put_back(chunks)
        else:
            given_up = self._plan.failed(chunks, frame.fields["node"])
            if given_up is None:
                self._store.give_back(chunks)
                self._notice(
                    f"{_span(chunks)} failed on {self._name(cluster, frame)}, and is tried again: {reason}"
                )
            else:
                self._store.fail(given_up)
                self._outcome.failures[given_up.id] = reason
        self._forget(number)

    def _stored(self, chunks: list[Chunk], frame: Frame, worker: str) -> None:
        rows = np.frombuffer(frame.payload, RESULT_DTYPE)
        start = chunks[0].start_combo
        if len(rows) != chunks[-1].end_combo - start:
            raise protocol.ProtocolError(f"{len(rows)} rows for {_span(chunks)}")
        for chunk in chunks:
            params = self._grid.params_json(chunk.start_combo, chunk.end_combo)
            part = rows[chunk.start_combo - start : chunk.end_combo - start]
            self._store.complete(self._sweep, chunk, params, part, worker)
            self._on_progress(len(part))
        first = self._pace.seconds_a_combo is None
        self._pace.learn(len(rows), frame.fields["seconds"])
        if first:
            self._limit_the_first()

    def _limit_the_first(self) -> None:
        """Tell of what was leased while nothing was known: nobody waits an hour for one that hangs."""
        for number, lease in self._leases.items():
            session = lease.cluster.session
            if session is not None:
                combos = lease.chunks[-1].end_combo - lease.chunks[0].start_combo
                session.send(Frame("limit", {"lease": number, "seconds": self._allowed(combos)}))

    def _lease(self) -> None:
        workers = sum(cluster.workers for cluster in self._clusters.values())
        for cluster in self._clusters.values():
            while self._plan and len(cluster.leases) < LEASES_A_WORKER * cluster.workers:
                assert cluster.session
                chunks = self._plan.take(self._pace.size(self._plan.combos, workers))
                self._leased += 1
                self._leases[self._leased] = _Lease(chunks, cluster)
                cluster.leases.add(self._leased)
                start, end = chunks[0].start_combo, chunks[-1].end_combo
                fields = {
                    "lease": self._leased,
                    "start": start,
                    "end": end,
                    "seconds": self._allowed(end - start),
                    "avoid": self._plan.failed_at(chunks),
                }
                cluster.session.send(Frame("lease", fields))

    def _allowed(self, combos: int) -> float:
        pace = self._pace.seconds_a_combo
        if pace is None:
            return self._patience.first
        return max(self._patience.hung, EXPECTED_TIMES * pace * combos)

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
        self._notice(f"{problem}; the sweep goes on without it")

    def _release(self, cluster: _Cluster) -> None:
        """Whatever a cluster had is to be done by anybody."""
        cluster.session = None
        cluster.workers = 0
        for number in list(cluster.leases):
            self._put_back(self._leases[number].chunks)
            self._forget(number)

    def _put_back(self, chunks: list[Chunk]) -> None:
        self._store.give_back(chunks)
        self._plan.return_(chunks)

    def _forget(self, number: int) -> None:
        lease = self._leases.pop(number)
        lease.cluster.leases.discard(number)

    @staticmethod
    def _name(cluster: _Cluster, frame: Frame) -> str:
        return f"{cluster.name}/{frame.fields['worker']}"


def _span(chunks: list[Chunk]) -> str:
    return chunks[0].id if len(chunks) == 1 else f"{chunks[0].id} to {chunks[-1].id}"
