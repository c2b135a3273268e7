"""A server on this machine that answers as a provider does, or misbehaves as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


def openai_answer(content: str, **changes: Any) -> dict[str, Any]:
    """A chat completion with that text."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": content, "refusal": None},
        "finish_reason": "stop",
    }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o",
        "choices": [{**choice, **changes}],
        "usage": {"prompt_tokens": 200, "completion_tokens": 20, "total_tokens": 220},
    }


def anthropic_answer(tool_input: Any, **changes: Any) -> dict[str, Any]:
    """A message that uses the tool with that input."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [
            {"type": "text", "text": "Handing it in."},
            {"type": "tool_use", "id": "t1", "name": "give_opinion", "input": tool_input},
        ],
        "stop_reason": "tool_use",
        "usage": {"input_tokens": 300, "output_tokens": 30},
        **changes,
    }


class Handler(BaseHTTPRequestHandler):
    """Answers each request with the next of the server's answers; the last one stays."""

    server: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.requests.append((dict(self.headers), json.loads(body)))
            answers = self.server.answers
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer(self)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing on the test's output."""


class StandIn(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answers: list[Answer] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def will(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def handle_error(self, *_arguments: object) -> None:
        """Clients that hang up are what the tests are about."""


@contextmanager
def standing_in() -> Iterator[StandIn]:
    with StandIn() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def says(answer: Any) -> Answer:
    """200 with JSON."""
    return lambda handler: handler.reply(200, json.dumps(answer).encode())


def fails(status: int, **headers: str) -> Answer:
    """An error whose body repeats the key, as a careless server's might."""

    def answer(handler: Handler) -> None:
        handler.reply(status, str(dict(handler.headers)).encode(), **headers)

    return answer


def raw(body: bytes) -> Answer:
    """200 with any bytes."""
    return lambda handler: handler.reply(200, body)


def silent(seconds: float) -> Answer:
    """Nothing for a while."""
    return lambda _handler: time.sleep(seconds)


def half(answer: Any) -> Answer:
    """Half of an answer whose whole length was announced."""

    def reply(handler: Handler) -> None:
        body = json.dumps(answer).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])

    return reply


def dripping(pause: float) -> Answer:
    """A byte now and then, for ever."""

    def reply(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "15000")
        handler.end_headers()
        for _ in range(400):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(pause)

    return reply


def endless(size: int) -> Answer:
    """A huge body."""
    return lambda handler: handler.reply(200, b'{"a": "' + b"x" * size + b'"}')


def endless_without_a_length(size: int) -> Answer:
    """A huge body that was not announced."""

    def reply(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * size)

    return reply
