"""Whether an address accepts a connection, and how fast."""

from __future__ import annotations

import socket
import time
from typing import Final

from utils.readiness.profile import Endpoint

TIMEOUT_S: Final = 5.0


def reach(address: str) -> Endpoint:
    """Connect to ``HOST:PORT`` once and hang up."""
    host, _, port = address.rpartition(":")
    began = time.perf_counter()
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT_S):
            taken = time.perf_counter() - began
    except OSError as error:
        return Endpoint(address=address, problem=error.strerror or str(error) or "no answer")
    return Endpoint(address=address, connect_ms=round(1_000 * taken, 3))
