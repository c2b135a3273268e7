"""Events and generic methods."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.event import Event
from utils.engine.dotnet.generic_method import generic_method


class Listener:
    def __init__(self) -> None:
        self.heard: list[tuple[Any, Any]] = []

    def hear(self, sender: object, argument: object) -> None:
        self.heard.append((sender, argument))


class Owner:
    def __init__(self) -> None:
        self.updated = Event()


def test_handlers_come_and_go_by_operators() -> None:
    owner, first, second = Owner(), Listener(), Listener()
    owner.updated += first.hear
    owner.updated += second.hear
    owner.updated(owner, 1)
    owner.updated -= first.hear
    owner.updated(owner, 2)
    assert first.heard == [(owner, 1)]
    assert second.heard == [(owner, 1), (owner, 2)]


def test_the_last_of_equal_handlers_goes() -> None:
    calls: list[str] = []
    event = Event()

    def note(_: object, text: str) -> None:
        calls.append(text)

    event += note
    event += lambda _, text: calls.append(text.upper())
    event += note
    event -= note
    event(None, "a")
    assert calls == ["a", "A"]


def test_handlers_added_while_called_wait_for_the_next_call() -> None:
    calls: list[str] = []
    event = Event()

    def late(*_: object) -> None:
        calls.append("late")

    def adds(*_: object) -> None:
        calls.append("first")
        nonlocal event
        event += late

    event += adds
    event(None, None)
    assert calls == ["first"]
    assert event


def test_removing_what_is_not_there() -> None:
    event = Event()
    event -= print
    assert not event


class Store:
    @generic_method
    def get(self, kind: type, key: str = "") -> tuple[type, str]:
        """Give both back."""
        return kind, key


def test_type_arguments_in_brackets() -> None:
    store = Store()
    assert store.get[int]("a") == store.get(int, "a") == (int, "a")
    assert store.get[int]() == (int, "")
