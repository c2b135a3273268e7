"""The one thread of this library: it asks models, one question at a time, away from the algorithm's thread.

It touches the network and two queues, nothing else: no Object Store, no budget, no LEAN. So what it does can
neither block a bar nor race with one, and a server that never answers costs opinions only.
"""

from __future__ import annotations

from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread

from trading.sentiment.provider import Outcome, Provider
from trading.sentiment.spending import Grant


@dataclass(frozen=True)
class Question:
    """A text for a provider, and the budget granted for it."""

    provider: Provider
    text: str
    fingerprint: str
    grant: Grant


class Desk:
    """Takes questions, gives outcomes."""

    def __init__(self, seconds: float, retries: int, capacity: int) -> None:
        """`seconds` and `retries` bound each question; `capacity` is how many may wait."""
        self._seconds = seconds
        self._retries = retries
        self._questions: Queue[Question] = Queue(capacity)
        self._outcomes: Queue[tuple[Question, Outcome]] = Queue()
        self._stop = Event()
        self._thread: Thread | None = None

    @property
    def full(self) -> bool:
        """Whether no more questions are taken now."""
        return self._questions.full()

    def ask(self, question: Question) -> bool:
        """Queue a question; False when too many wait. The thread starts with the first."""
        try:
            self._questions.put_nowait(question)
        except Full:
            return False
        if self._thread is None:
            # A daemon: a server that drips must not keep LEAN from exiting.
            self._thread = Thread(target=self._work, name="sentiment", daemon=True)
            self._thread.start()
        return True

    def answer(self, seconds: float) -> tuple[Question, Outcome] | None:
        """The next outcome, waited for at most so long; None when there is none."""
        try:
            return self._outcomes.get(timeout=seconds) if seconds > 0 else self._outcomes.get_nowait()
        except Empty:
            return None

    def close(self) -> None:
        """Ask no more; a call under way is left to its timeout."""
        self._stop.set()

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                question = self._questions.get(timeout=0.5)
            except Empty:
                continue
            self._outcomes.put((question, self._outcome(question)))

    def _outcome(self, question: Question) -> Outcome:
        try:
            return question.provider.ask(question.text, self._seconds, self._retries, self._stop)
        except Exception as error:  # noqa: BLE001  # said in the outcome; the thread must outlive it
            reason = f"unexpected {type(error).__name__}"
            return Outcome(None, reason, question.grant.usd, question.grant.calls)
