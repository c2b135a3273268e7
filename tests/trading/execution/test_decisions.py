"""The record of decisions: in order, with reasons, without the same rejection over and over."""

from __future__ import annotations

from datetime import datetime

import pytest

from trading.execution.decisions import DecisionLog, read_decisions

NOW = datetime(2015, 12, 24, 10, 0)


class Store:
    def __init__(self) -> None:
        self.saved: dict[str, str] = {}
        self.full = False

    def save(self, path: str, text: str, /) -> bool:
        if not self.full:
            self.saved[path] = text
        return not self.full


def test_decisions_are_kept_logged_and_read_again() -> None:
    store, logged = Store(), list[str]()
    log = DecisionLog(lambda: NOW, store, "bot/decisions.jsonl", logged.append)
    log.record("scan", "GOOG", "rejected", "spread over 10 %")
    log.record("scan", "GOOG", "rejected", "spread over 10 %")
    log.record("spread", "GOOG", "opened", "„net” 1.20")
    log.record("scan", "GOOG", "rejected", "open interest under 100")
    log.save()
    found = list(read_decisions(store.saved["bot/decisions.jsonl"]))
    assert [(one.kind, one.verdict, one.reason) for one in found] == [
        ("scan", "rejected", "spread over 10 %"),
        ("spread", "opened", "„net” 1.20"),
        ("scan", "rejected", "open interest under 100"),
    ]
    assert {one.time for one in found} == {NOW}
    assert logged == ["spread GOOG: opened: „net” 1.20"]


def test_what_could_not_be_saved_is_saved_the_next_time() -> None:
    store = Store()
    log = DecisionLog(lambda: NOW, store, "key", lambda _line: None)
    log.record("risk", "breaker", "open", "daily loss")
    store.full = True
    log.save()
    store.full = False
    log.save()
    assert "daily loss" in store.saved["key"]


def test_a_damaged_record_names_the_line() -> None:
    with pytest.raises(ValueError, match=r"^decisions, line 1: not a decision"):
        list(read_decisions('{"time": "x"}\n'))
