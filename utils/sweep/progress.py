"""How far a sweep is, on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def shown(
    console: Console, name: str, done: int, total: int, noun: str = "combinations"
) -> Iterator[Callable[[int], None]]:
    """Show the progress of `total` combinations or trials, `done` of which an earlier run did.

    Yields:
        a function to call with the number just done.
    """
    if console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(noun),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console) as progress:
            task = progress.add_task(name, total=total, completed=done)
            yield lambda combos: progress.advance(task, combos)
    else:
        yield _Lines(console, name, done, total, noun)


class _Rate(ProgressColumn):
    def __init__(self, noun: str) -> None:
        super().__init__()
        self._noun = noun

    def render(self, task: Task) -> Text:
        """Combinations or trials a second."""
        return Text(f"{task.speed:,.0f} {self._noun}/s" if task.speed else "")


class _Lines:
    """Prints a line every `SECONDS_BETWEEN_LINES`."""

    def __init__(self, console: Console, name: str, done: int, total: int, noun: str) -> None:
        self._console = console
        self._name = name
        self._noun = noun
        self._done = self._before = done
        self._total = total
        self._begun = self._printed = time.monotonic()

    def __call__(self, combos: int) -> None:
        self._done += combos
        now = time.monotonic()
        if now - self._printed < SECONDS_BETWEEN_LINES:
            return
        self._printed = now
        rate = (self._done - self._before) / (now - self._begun)
        self._console.print(
            f"{self._name}: {self._done:,} of {self._total:,} {self._noun}, {rate:,.0f}/s, "
            f"{(self._total - self._done) / rate:,.0f} s left"
        )
