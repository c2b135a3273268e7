"""What an endpoint is given, and how endpoints are declared."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from utils.quantconnect.emulator.nodes import Node
from utils.quantconnect.emulator.parameters import Parameters
from utils.quantconnect.emulator.settings import EmulatorSettings


@dataclass(frozen=True)
class Call:
    """One call of the API, inside a transaction that is undone when the endpoint refuses.

    Attributes:
        now: the server's clock, seconds since the epoch.
        base_url: where the caller reached the API, such as `http://127.0.0.1:5612/api/v2`.
    """

    db: sqlite3.Connection
    parameters: Parameters
    settings: EmulatorSettings
    nodes: tuple[Node, ...]
    now: float
    base_url: str


Answer = dict[str, Any]
Endpoint = Callable[[Call], Answer]


class Endpoints(dict[str, Endpoint]):
    """Path -> what answers it; `success` is added to the answer."""

    def at(self, *paths: str) -> Callable[[Endpoint], Endpoint]:
        """Declare what answers these paths."""

        def declare(endpoint: Endpoint) -> Endpoint:
            self.update(dict.fromkeys(paths, endpoint))
            return endpoint

        return declare
