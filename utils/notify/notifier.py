"""Sends a message to every target, and never hurts who asked for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from utils.notify.targets import Target

PATIENCE_SECONDS = 15.0
"""How long one message may take over all targets; those that take longer count as failed."""


class Notifier:
    """Sends messages to its targets side by side.

    Args:
        targets: from `targets()`; none makes a notifier that says nothing.
        on_problem: called with one line for each target that a message did not reach. The line names the
            service, never its address.
        patience: seconds that a message may take.

    >>> notifier = Notifier(targets(), on_problem=print)
    >>> notifier.send("Sweep btc completed", "65,536 combinations in 2 min")
    """

    def __init__(
        self,
        targets: Sequence[Target],
        on_problem: Callable[[str], None],
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._targets = tuple(targets)
        self._on_problem = on_problem
        self._patience = patience

    def __bool__(self) -> bool:
        """Whether anybody listens."""
        return bool(self._targets)

    def send(self, title: str, body: str) -> None:
        """Send to all targets; returns when each has it, has failed, or patience is at an end."""
        deliveries = [_Delivery(target, title, body) for target in self._targets]
        deadline = time.monotonic() + self._patience
        for delivery in deliveries:
            delivery.join(max(deadline - time.monotonic(), 0.0))
            if not delivery.arrived:
                what = "did not answer in time" if delivery.is_alive() else "failed"
                self._on_problem(f"notification by {delivery.service} {what}; all else goes on")


class _Delivery(threading.Thread):
    """A message on its way to one target. A daemon: a service that hangs keeps no process alive."""

    def __init__(self, target: Target, title: str, body: str) -> None:
        super().__init__(name="notification", daemon=True)
        self._target = target
        self._title = title
        self._body = body
        self.service = str(target.service_name)
        self.arrived = False
        self.start()

    def run(self) -> None:
        try:
            self.arrived = bool(self._target.notify(body=self._body, title=self._title))
        except Exception:  # noqa: BLE001 - a plugin's error may hold its address: `send` says that it failed
            self.arrived = False
