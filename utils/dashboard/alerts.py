"""Tells a person what a sweep cannot tell: that it was killed, or hangs."""

from __future__ import annotations

import threading
from pathlib import Path

from utils.dashboard.observer import Snapshot
from utils.notify.notifier import Notifier
from utils.notify.sweeps import send_died, send_stalled


class Alerts:
    """Compares each snapshot with the one before; every stall and every death is said once.

    What had happened before the dashboard began is no news.
    """

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._states: dict[str, str] = {}
        self._stalled: set[str] = set()

    def see(self, snapshot: Snapshot) -> None:
        """Look at a snapshot; messages go out from a thread of their own."""
        if not self._notifier:
            return
        for name, store in snapshot["stores"].items():
            path, state, seconds = Path(store["path"]), store["state"], store["stalled_seconds"]
            if state == "died" and self._states.get(name) in ("running", "stopping"):
                self._say(send_died, name, path)
            if seconds and name not in self._stalled:
                self._say(send_stalled, name, path, seconds / 60.0)
            (self._stalled.add if seconds else self._stalled.discard)(name)
            self._states[name] = state

    def _say(self, send: object, *arguments: object) -> None:
        assert callable(send)
        threading.Thread(target=send, args=(self._notifier, *arguments), name="alert", daemon=True).start()
