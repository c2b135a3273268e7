"""Everything the page shows, gathered from the stores by one thread for all who look at it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from utils.dashboard.cluster import ClusterView, Node, ThisMachine
from utils.dashboard.processes import Processes
from utils.dashboard.settings import Settings
from utils.dashboard.watched_store import WatchedStore, is_store
from utils.errors import UserError

Snapshot = dict[str, Any]

ACTIVE = frozenset({"starting", "running", "assessing", "stopping"})

SHARE_OF_A_CORE = 0.02
"""Time the observer may take: where looking takes long, it looks less often."""

LONGEST_SECONDS = 30.0
"""Between two looks, at most."""

RANKING_SECONDS = 0.03
"""Time for ranking rows in one look; the rest waits for the next."""

NODES_SECONDS = 5.0
"""Seconds between two looks at a cluster's nodes."""


class Observer:
    """Looks into the stores again and again, and hands on what it saw.

    Args:
        on_snapshot: called from the observer's thread with each snapshot; it must not change it.
        views: clusters beside this machine.
    """

    def __init__(
        self,
        settings: Settings,
        processes: Processes,
        on_snapshot: Callable[[Snapshot], None],
        views: Sequence[ClusterView] = (),
    ) -> None:
        self._settings = settings
        self._processes = processes
        self._on_snapshot = on_snapshot
        self._views = [_NodesWatch(view) for view in views]
        self._machine = ThisMachine()
        self._stores: dict[str, WatchedStore] = {}
        self._others: dict[Path, tuple[int, int]] = {}
        self._wake = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._observe, name="observer", daemon=True)

    def start(self) -> None:
        """Begin to look; returns at once."""
        for view in self._views:
            view.start()
        self._thread.start()

    def stop(self) -> None:
        """End it; returns when the stores are closed."""
        self._ended = True
        self._wake.set()
        self._thread.join()
        for view in self._views:
            view.stop()

    def look_soon(self) -> None:
        """Look at once: somebody has just done something."""
        self._wake.set()

    def path(self, name: str) -> Path | None:
        """The database that the page calls `name`."""
        store = self._stores.get(name)
        return store.path if store else None

    def _observe(self) -> None:
        while not self._ended:
            began = time.thread_time()
            try:
                snapshot = self._look()
            except Exception as error:  # noqa: BLE001 - shown on the page; the next look may do better
                print(f"dashboard: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
                snapshot = empty(f"the dashboard itself failed: {type(error).__name__}: {error}")
            self._on_snapshot(snapshot)
            cost = time.thread_time() - began
            self._wake.wait(min(max(self._settings.interval, cost / SHARE_OF_A_CORE), LONGEST_SECONDS))
            self._wake.clear()
        for store in self._stores.values():
            store.close()

    def _look(self) -> Snapshot:
        self._processes.reap()
        self._find()
        deadline = time.monotonic() + RANKING_SECONDS
        stores = {
            name: store.look(lambda: time.monotonic() < deadline) for name, store in self._stores.items()
        }
        return assembled(stores, self._startable(), self._nodes())

    def _find(self) -> None:
        """Stores of the folder and those that were named; one by the same name gets a number."""
        folder = self._settings.folder
        wanted = list(self._settings.databases)
        known = {store.path for store in self._stores.values()}
        wanted += [
            path
            for path in (sorted(folder.glob("*.db")) if folder.is_dir() else [])
            if path not in wanted and (path in known or self._is_store(path))
        ]
        for path in sorted(folder.glob("*.db.run.json")) if folder.is_dir() else []:
            database = path.with_name(path.name.removesuffix(".run.json"))
            if database not in wanted and not database.exists():
                wanted.append(database)  # one that is about to be made, or could not be
        for name, store in list(self._stores.items()):
            if store.path not in wanted:
                store.close()
                del self._stores[name]
        for path in wanted:
            if path not in known:
                self._stores[self._free_name(path)] = WatchedStore(path, self._settings, self._processes)

    def _is_store(self, path: Path) -> bool:
        """Whether an unknown file is to be followed; one that is not is asked again when it has changed."""
        try:
            status = path.stat()
        except OSError:
            return False
        version = (status.st_ino, status.st_mtime_ns)
        if self._others.get(path) == version:
            return False
        found = is_store(path)
        if not found:
            self._others[path] = version
        return found

    def _free_name(self, path: Path) -> str:
        name, number = path.stem, 2
        while name in self._stores:
            name, number = f"{path.stem}-{number}", number + 1
        return name

    def _startable(self) -> list[str]:
        """Names of the sweep files."""
        return sorted(sweep_files(self._settings.configs))

    def _nodes(self) -> list[Node]:
        watched = [node for view in self._views for node in view.nodes()]
        return [*self._machine.nodes(), *watched]


class _NodesWatch:
    """Asks a cluster's view now and then, in a thread of its own, and keeps the latest answer."""

    def __init__(self, view: ClusterView) -> None:
        self._view = view
        self._latest: list[Node] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="nodes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()

    def nodes(self) -> list[Node]:
        return self._latest

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                self._latest = list(self._view.nodes())
            except UserError as error:
                self._latest = [Node("cluster", str(error))]
            self._ended.wait(NODES_SECONDS)


def sweep_files(folder: Path) -> dict[str, Path]:
    """Sweep files of a folder by name: nothing else can be started."""
    return {path.stem: path for path in folder.glob("*.yaml")} if folder.is_dir() else {}


def empty(problem: str | None = None) -> Snapshot:
    """A snapshot of nothing."""
    return {**assembled({}, [], []), "problem": problem}


def assembled(stores: dict[str, dict[str, Any]], startable: list[str], nodes: list[Node]) -> Snapshot:
    """The answer of /api/cluster/status: the parts, with totals of all of them."""
    chunks = dict.fromkeys(("pending", "running", "completed", "failed"), 0)
    workers: dict[str, dict[str, Any]] = {}
    for name, store in stores.items():
        for status, count in store["chunks"].items():
            chunks[status] += count
        workers |= {f"{name} {worker}": row for worker, row in _workers(name, store, nodes).items()}
    sweeps = [sweep for store in stores.values() for sweep in store["sweeps"].values()]
    active = [store for store in stores.values() if store["state"] in ACTIVE]
    stalled = any(store["stalled_seconds"] for store in active)
    return {
        "clusterStatus": "stalled" if stalled else "active" if active else "idle",
        "explorationData": {
            "chunks": {**chunks, "total": sum(chunks.values())},
            "combos": sum(sweep["combos"] for sweep in sweeps),
            "combos_done": sum(sweep["combos_done"] for sweep in sweeps),
        },
        "stores": stores,
        "workers": workers,
        "nodes": [asdict(node) for node in nodes],
        "startable": startable,
        "problem": None,
    }


def _workers(name: str, store: dict[str, Any], nodes: list[Node]) -> dict[str, dict[str, Any]]:
    """Workers of a store's sweeps; threads of one process share its CPU and memory.

    A store that nobody sweeps into has none: they have gone with their process.
    """
    process = store["process"]
    if process is None:
        return {}
    local = [worker for worker in store["workers"] if worker.startswith("local-")]
    shown = {}
    for worker, row in store["workers"].items():
        here = worker in local
        node = process["host"] if here else _node(worker, nodes)
        shown[worker] = {
            "store": name,
            "worker": worker,
            "node": node,
            "state": "working" if row["chunk"] else "idle",
            "chunk": row["chunk"],
            "since": row["since"],
            "chunks": row["chunks"],
            "combos": row["combos"],
            "cpu_percent": process["cpu_percent"] if here else None,
            "memory_bytes": process["memory_bytes"] if here else None,
            "shared_by": len(local) if here else 1,
        }
    return shown


def _node(worker: str, nodes: list[Node]) -> str | None:
    return next(
        (node.name for node in nodes if worker == node.name or worker.startswith(f"{node.name}/")), None
    )
