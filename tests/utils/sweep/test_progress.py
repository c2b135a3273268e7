"""What is shown of a sweep's progress."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from utils.sweep import progress


def test_a_line_now_and_then_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 101.0, 110.0, 115.0, 121.0])
    monkeypatch.setattr("utils.sweep.progress.time.monotonic", lambda: next(clock))
    text = io.StringIO()
    with progress.shown(Console(file=text, width=200), "mine", 1000, 5000) as advance:
        for combos in (100, 900, 500, 500):
            advance(combos)
    assert text.getvalue().splitlines() == [
        "mine: 2,000 of 5,000 combinations, 100/s, 30 s left",
        "mine: 3,000 of 5,000 combinations, 95/s, 21 s left",
    ]


def test_a_bar_on_a_terminal() -> None:
    text = io.StringIO()
    with progress.shown(Console(file=text, width=120, force_terminal=True), "mine", 1000, 5000) as advance:
        advance(4000)
    assert "5000/5000" in text.getvalue()
    assert "mine" in text.getvalue()
