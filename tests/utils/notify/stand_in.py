"""An HTTP service that takes notifications, as apprise's json:// sends them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Service:
    """What has arrived.

    Attributes:
        address: apprise URL that leads here, with a password in it.
        status: how it answers from now on.
        hold: answers wait until this is set.
    """

    address: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    hold: threading.Event = field(default_factory=threading.Event)

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.messages]


SECRET = "hunter2-secret"


@contextmanager
def notification_service() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.messages.append(json.loads(body))
            service.hold.wait(30)
            self.send_response(service.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"json://user:{SECRET}@127.0.0.1:{server.server_address[1]}/")
    service.hold.set()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.hold.set()
        server.shutdown()
        server.server_close()
