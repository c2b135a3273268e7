"""Tells a person how a sweep ends, and when it stalls.

    with announced(Path("build/btc.db"), "btc", notifier, stall_minutes=10):
        ...  # sweep into the database

A sweep that its user stopped says nothing. One that is killed cannot say anything: the dashboard does.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from utils.errors import UserError
from utils.notify.notifier import Notifier
from utils.sweep.store import Store, SweepRecord

STALL_MINUTES = 10.0
"""Minutes without a completed chunk after which a sweep counts as stalled."""

_MOST_SECONDS_BETWEEN_LOOKS = 30.0


@contextmanager
def announced(
    database: Path, name: str, notifier: Notifier, stall_minutes: float = STALL_MINUTES
) -> Iterator[None]:
    """Around a sweep into `database`: completion, failure and stalls are sent, an interrupt is not.

    Args:
        name: what messages call the sweep.
        stall_minutes: minutes without a completed chunk until a stall is sent; 0 sends none.
    """
    if not notifier:
        yield
        return
    began = time.monotonic()
    watch = _StallWatch(database, name, notifier, stall_minutes * 60.0) if stall_minutes else None
    try:
        yield
    except KeyboardInterrupt:
        raise
    except Exception as error:
        notifier.send(f"Sweep {name} failed", f"{error}\n{_progress(database)}\non {socket.gethostname()}")
        raise
    else:
        seconds = time.monotonic() - began
        body = f"{_progress(database)}\n{seconds:,.0f} s on {socket.gethostname()}"
        notifier.send(f"Sweep {name} completed", body)
    finally:
        if watch:
            watch.end()


def send_stalled(notifier: Notifier, name: str, database: Path, minutes: float) -> None:
    """Say that a sweep has completed nothing for some minutes."""
    body = f"no chunk completed for {minutes:,.0f} min\n{_progress(database)}\non {socket.gethostname()}"
    notifier.send(f"Sweep {name} stalled", body)


def send_died(notifier: Notifier, name: str, database: Path) -> None:
    """Say that a sweep's process has ended without a word of its own: killed, or out of memory."""
    body = (
        f"its process ended without finishing (killed, or out of memory)\n{_progress(database)}\n"
        f"on {socket.gethostname()}; the same command resumes it"
    )
    notifier.send(f"Sweep {name} died", body)


def _progress(database: Path) -> str:
    """A line for each sweep of the store, or why it cannot be read: a message goes out either way."""
    try:
        with Store.to_read(database) as store:
            lines = [_line(store, record) for record in store.sweeps()]
    except UserError as error:
        return str(error)
    return "\n".join(lines) or f"{database}: no combination yet"


def _line(store: Store, record: SweepRecord) -> str:
    if not record.is_search:
        return f"{record.id}: {store.combos_done(record.id):,} of {record.combos:,} combinations"
    (trials,) = store.query("SELECT count(*) FROM trials WHERE sweep = ?", (record.id,))[0]
    return f"{record.id}: {trials:,} of {record.combos:,} trials"


class _StallWatch:
    """Looks into the store now and then, from a thread of its own; says once that a stall has begun."""

    def __init__(self, database: Path, name: str, notifier: Notifier, seconds: float) -> None:
        self._database = database
        self._name = name
        self._notifier = notifier
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="stall-watch", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        done: tuple[Any, ...] | None = None
        since, said = time.monotonic(), False
        while not self._ended.wait(min(self._seconds / 4, _MOST_SECONDS_BETWEEN_LOOKS)):
            now_done = _done(self._database)
            if now_done != done:
                done, since, said = now_done, time.monotonic(), False
            elif not said and time.monotonic() - since >= self._seconds:
                send_stalled(self._notifier, self._name, self._database, self._seconds / 60.0)
                said = True


def _done(database: Path) -> tuple[Any, ...] | None:
    """What changes whenever something is completed; None while there is no store to read."""
    try:
        with Store.to_read(database) as store:
            return store.query(
                "SELECT count(*), (SELECT max(id) FROM strategies) FROM chunks WHERE status = 'completed'"
            )[0]
    except UserError:
        return None
