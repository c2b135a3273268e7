"""A feeder's process and the conversation with it, started again whenever it has ended."""

from __future__ import annotations

import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

from tenacity import (
    Retrying,
    retry_if_result,
    sleep_using_event,
    stop_when_event_set,
    wait_exponential_jitter,
)

from utils.sweep.ray.launch import Launch
from utils.sweep.ray.protocol import ALIVE_SECONDS, Frame, ProtocolError, read_frame, write_frame

ERRORS_KEPT: Final = 8_192
"""Bytes at the end of a feeder's standard error that may explain why it ended."""

END_SECONDS: Final = 20.0
"""How long a feeder that was told goodbye may take to end."""

LONGEST_WAIT: Final = 15.0
"""Seconds between attempts to start a feeder, at most."""


@dataclass(frozen=True)
class Opened:
    """A session has begun: a feeder process was started."""

    session: Session


@dataclass(frozen=True)
class Received:
    """A session's feeder said something."""

    session: Session
    frame: Frame


@dataclass(frozen=True)
class Closed:
    """A session is over, or could not be begun (None); `reason` says why, one line."""

    name: str
    session: Session | None
    reason: str


Event = Opened | Received | Closed


class Session:
    """One feeder process.

    Attributes:
        name: of its cluster.
        active: when anything last went through, on the monotonic clock.
        useful: whether it ever had a worker; set by who reads the frames.
    """

    def __init__(self, launch: Launch, errors: IO[bytes]) -> None:
        self.name = launch.name
        self.active = time.monotonic()
        self.useful = False
        self._outgoing: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            launch.argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for the coordinator, which then ends its feeders
        )

    def send(self, frame: Frame) -> None:
        """Have a message sent; never waits."""
        self._outgoing.put(frame)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def converse(self, post: Callable[[Event], None]) -> str:
        """Post every message until the process ends; what went wrong, as far as that shows from here."""
        threading.Thread(target=self._write, daemon=True).start()
        problem = ""
        assert self._process.stdout
        try:
            while (frame := read_frame(self._process.stdout, self._live)) is not None:  # type: ignore[arg-type]
                post(Received(self, frame))
        except (OSError, ProtocolError) as error:
            problem = str(error)
            self.kill()
        self._outgoing.put(None)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        if not problem and self._process.returncode < 0:
            problem = f"ended by {signal.Signals(-self._process.returncode).name}"
        return problem

    def _write(self) -> None:
        assert self._process.stdin
        try:
            while (frame := self._next()) is not None:
                # A pipe takes a short message whether or not anybody reads; the bars need somebody who does.
                write_frame(self._process.stdin, frame, self._live if len(frame.payload) else None)
        except (OSError, ValueError):
            pass  # it has ended, as its reader will find
        finally:
            self._process.stdin.close()

    def _next(self) -> Frame | None:
        """What is to be sent next: a sign of life where nobody has anything to say."""
        try:
            return self._outgoing.get(timeout=ALIVE_SECONDS)
        except queue.Empty:
            return Frame("alive")

    def _live(self) -> None:
        self.active = time.monotonic()


class Channel:
    """Keeps a feeder running.

    Args:
        launch: how it is started.
        opening: the first message to each.
        post: called, from a thread of this channel, with what happens.
    """

    def __init__(self, launch: Launch, opening: Frame, post: Callable[[Event], None]) -> None:
        self.launch = launch
        self._opening = opening
        self._post = post
        self._ending = threading.Event()
        self._session: Session | None = None
        self._thread = threading.Thread(target=self._keep, name=f"feeder-{launch.name}", daemon=True)

    def open(self) -> None:
        """Start it."""
        self._thread.start()

    def give_up(self) -> None:
        """Start it no more, and end the process that there may be."""
        self._ending.set()
        if self._session is not None:
            self._session.kill()

    def close(self) -> None:
        """Start it no more; the process that there may be is to end itself."""
        self._ending.set()
        if self._session is not None:
            self._session.send(Frame("goodbye"))

    def wait(self, seconds: float = END_SECONDS) -> None:
        """Until it has ended; it is killed after `seconds`."""
        self._thread.join(seconds)
        if self._thread.is_alive() and self._session is not None:
            self._session.kill()
            self._thread.join(5.0)

    def _keep(self) -> None:
        while not self._ending.is_set():
            again = Retrying(  # a session that was of use begins the waits anew
                retry=retry_if_result(lambda useful: not useful),
                wait=wait_exponential_jitter(initial=1.0, max=LONGEST_WAIT),
                stop=stop_when_event_set(self._ending),
                sleep=sleep_using_event(self._ending),
                retry_error_callback=lambda _: None,
            )
            again(self._one_session)
            self._ending.wait(1.0)

    def _one_session(self) -> bool:
        with tempfile.TemporaryFile() as errors:
            try:
                session = self._session = Session(self.launch, errors)
            except OSError as error:
                reason = f"{self.launch.argv[0]}: {error.strerror or error}"
                self._post(Closed(self.launch.name, None, reason))
                return False
            if self._ending.is_set():
                session.kill()
            self._post(Opened(session))
            session.send(self._opening)
            problem = session.converse(self._post)
            errors.seek(0, 2)
            errors.seek(max(errors.tell() - ERRORS_KEPT, 0))
            said = errors.read().decode(errors="replace")
        self._post(Closed(session.name, session, problem or self.launch.explain(said)))
        return session.useful
