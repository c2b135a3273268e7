"""Workers on a Ray cluster, one for each of its CPUs, and the leases that they are at.

Each worker is an actor that holds an evaluator, so that bars are looked up and kernels loaded once a process,
and it is known at any time which lease it is at and since when. A worker has one lease in work and one that
waits, so that it need not wait for the next. What happens is put into one queue; nothing is polled.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final

import ray
from ray.exceptions import ActorUnavailableError, RayActorError, RayTaskError

from utils.sweep.ray.definition import Columns
from utils.sweep.ray.worker import Worker

DEPTH: Final = 2
"""Leases of one worker: the one in work and the next."""

SICK_FAILURES: Final = 3
"""So many failures in a row without a success mean that something is wrong with a node."""

SICK_SECONDS: Final = 60.0
"""How long a node that something is wrong with gets no work while others can do it."""

RESTART_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Waits before a worker is started that could not be, again and again."""


@dataclass(frozen=True)
class Lease:
    """Something to evaluate.

    Attributes:
        id: of the coordinator's.
        arguments: of `Worker.rows`.
        seconds: after which it counts as hung.
        avoid: nodes where it failed before.
    """

    id: int
    arguments: list[Any] = field(compare=False)
    seconds: float = field(compare=False)
    avoid: frozenset[str] = frozenset()


@dataclass(eq=False)
class Slot:
    """One worker.

    Attributes:
        actor: its handle.
        node: id of its node, "" until it is ready.
        name: for people: node and process id.
        leases: at the head the one in work.
        since: when that one was begun, on the monotonic clock.
    """

    actor: Any
    node: str = ""
    name: str = ""
    leases: deque[Lease] = field(default_factory=deque)
    since: float = 0.0


@dataclass(frozen=True)
class Ready:
    """A worker can evaluate; `outcome` holds its node id and process id, or why it could not start."""

    slot: Slot
    outcome: Future[Any]


@dataclass(frozen=True)
class Returned:
    """A worker's lease has come to an end; `outcome` holds rows and seconds, or why there are none."""

    slot: Slot
    lease: Lease
    outcome: Future[Any]


class Pool:
    """See above; to be used from one thread.

    Args:
        header, columns: the sweep or search, as `Worker` takes it.
        post: called, from any thread, with each `Ready` and `Returned`: whoever owns the pool hands them back
            to `ready` and `returned`.
        tell: called with the kind and the fields of a message to the coordinator, and with its payload.
        worker: the class whose instances evaluate.
    """

    def __init__(
        self,
        header: Mapping[str, Any],
        columns: Columns,
        post: Callable[[Ready | Returned], None],
        tell: Callable[..., None],
        worker: type[Worker] = Worker,
    ) -> None:
        self._header = dict(header)
        self._columns = ray.put(columns)
        self._post = post
        self._tell = tell
        self._worker: Any = ray.remote(worker)
        self._slots: list[Slot] = []
        self._waiting: deque[Lease] = deque()
        self._names: dict[str, str] = {}
        self._failures: Counter[str] = Counter()
        self._sick_until: dict[str, float] = {}
        self._broken_starts = 0
        self._next_start = 0.0
        self.problem = ""

    @property
    def workers(self) -> int:
        """How many can evaluate."""
        return sum(bool(slot.node) for slot in self._slots)

    def resize(self) -> None:
        """Have as many workers as the cluster has CPUs now."""
        nodes = [node for node in ray.nodes() if node["Alive"]]
        self._names = {node["NodeID"]: node["NodeName"] for node in nodes}
        wanted = int(sum(node["Resources"].get("CPU", 0) for node in nodes))
        if time.monotonic() >= self._next_start:
            for _ in range(wanted - len(self._slots)):
                self._start()
        for slot in [slot for slot in self._slots if not slot.node][: max(len(self._slots) - wanted, 0)]:
            self._end(slot)

    def submit(self, lease: Lease) -> None:
        """Have a lease evaluated as soon as a worker is free."""
        self._waiting.append(lease)
        self._assign()

    def limit(self, lease_id: int, seconds: float) -> None:
        """Have a lease count as hung after other seconds than those it came with."""
        for leases in (self._waiting, *(slot.leases for slot in self._slots)):
            for place, lease in enumerate(leases):
                if lease.id == lease_id:
                    leases[place] = replace(lease, seconds=seconds)

    def ready(self, event: Ready) -> None:
        """A worker is ready, or could not be started."""
        if event.slot not in self._slots:
            return
        try:
            node, process = event.outcome.result()
        except Exception as error:  # noqa: BLE001 - whatever keeps workers from starting is told
            self._end(event.slot)
            self.problem = reason_of(error)
            wait = RESTART_SECONDS[min(self._broken_starts, len(RESTART_SECONDS) - 1)]
            self._broken_starts += 1
            self._next_start = time.monotonic() + wait
            return
        self._broken_starts = 0
        self.problem = ""
        event.slot.node = node
        event.slot.name = f"{self._names.get(node, node[:8])}/{process}"
        self._assign()

    def returned(self, event: Returned) -> None:
        """A lease has come to an end."""
        slot, lease = event.slot, event.lease
        if slot not in self._slots or lease not in slot.leases:
            return  # its worker was given up
        try:
            rows, seconds = event.outcome.result()
        except RayTaskError as error:
            self._advance(slot, lease)
            self._failed(slot, lease, reason_of(error))
        except RayActorError as error:
            self._give_up(slot, reason_of(error), lost=self._node_is_gone(slot, error))
        except Exception as error:  # noqa: BLE001 - results that cannot be fetched are a failure of their lease
            self._advance(slot, lease)
            self._failed(slot, lease, reason_of(error))
        else:
            self._advance(slot, lease)
            self._failures[slot.node] = 0
            self._tell("result", {"lease": lease.id, "worker": slot.name, "seconds": seconds}, rows)
        self._assign()

    def end_hung(self) -> None:
        """End workers that are at a lease for longer than it allows."""
        now = time.monotonic()
        for slot in self._slots.copy():
            if slot.leases and now - slot.since > slot.leases[0].seconds:
                self._give_up(slot, f"no end within {slot.leases[0].seconds:.0f} s")
        self._assign()

    def _start(self) -> None:
        actor = self._worker.options(
            num_cpus=1, max_restarts=0, max_task_retries=0, scheduling_strategy="SPREAD"
        ).remote(self._header, self._columns)
        slot = Slot(actor)
        self._slots.append(slot)
        place = actor.place.remote().future()
        place.add_done_callback(lambda outcome: self._post(Ready(slot, outcome)))

    def _end(self, slot: Slot) -> None:
        self._slots.remove(slot)
        ray.kill(slot.actor)

    def _assign(self) -> None:
        """Hand leases that wait to workers: first to idle ones on nodes where they did not fail."""
        while self._waiting:
            free = [slot for slot in self._slots if slot.node and len(slot.leases) < DEPTH]
            if not free:
                return
            lease = self._waiting.popleft()
            now = time.monotonic()

            def rank(slot: Slot, lease: Lease = lease, now: float = now) -> tuple[bool, int]:
                unfit = slot.node in lease.avoid or self._sick_until.get(slot.node, 0.0) > now
                return unfit, len(slot.leases)

            self._hand(min(free, key=rank), lease)

    def _hand(self, slot: Slot, lease: Lease) -> None:
        slot.leases.append(lease)
        if len(slot.leases) == 1:
            self._begun(slot)
        outcome = slot.actor.rows.remote(*lease.arguments).future()
        outcome.add_done_callback(lambda outcome: self._post(Returned(slot, lease, outcome)))

    def _advance(self, slot: Slot, lease: Lease) -> None:
        """A lease is over; not always the first: a small result overtakes a large one on its way."""
        first = slot.leases[0] == lease
        slot.leases.remove(lease)
        if first and slot.leases:
            self._begun(slot)

    def _begun(self, slot: Slot) -> None:
        slot.since = time.monotonic()
        self._tell("started", {"lease": slot.leases[0].id, "worker": slot.name})

    def _give_up(self, slot: Slot, reason: str, lost: bool = False) -> None:
        """Replace a worker. What it was at has failed, what waited for it has not."""
        leases = list(slot.leases)
        self._end(slot)
        self._waiting.extendleft(reversed(leases[1:]))
        if leases and lost:
            self._tell("lost", {"lease": leases[0].id, "reason": reason})
        elif leases:
            self._failed(slot, leases[0], reason)
        self.resize()

    def _failed(self, slot: Slot, lease: Lease, reason: str) -> None:
        self._failures[slot.node] += 1
        if self._failures[slot.node] >= SICK_FAILURES:
            self._sick_until[slot.node] = time.monotonic() + SICK_SECONDS
        told = {"lease": lease.id, "worker": slot.name, "node": slot.node, "reason": reason}
        self._tell("failed", told)

    def _node_is_gone(self, slot: Slot, error: RayActorError) -> bool:
        alive = {node["NodeID"] for node in ray.nodes() if node["Alive"]}
        return isinstance(error, ActorUnavailableError) or slot.node not in alive


def reason_of(error: BaseException) -> str:
    """What went wrong, one line."""
    if isinstance(error, RayTaskError) and error.cause is not None:
        return f"{type(error.cause).__name__}: {' '.join(str(error.cause).split())}"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if isinstance(error, RayActorError):
        # Ray's text ends with the traceback of a constructor, or with how the process ended.
        ended = next((line for line in lines if "Worker exit type" in line), "")
        return ended.partition("Worker exit detail: ")[2].strip() or (lines[-1] if lines else "it died")
    return f"{type(error).__name__}: {lines[0] if lines else ''}"
