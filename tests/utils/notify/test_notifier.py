"""Messages arrive; what does not arrive costs one line without secrets, and never an exception."""

from __future__ import annotations

import socket
import time

import pytest

from tests.utils.notify.stand_in import SECRET, notification_service
from utils.notify.notifier import Notifier
from utils.notify.targets import URLS, targets


def notifier(addresses: str, problems: list[str], patience: float = 10.0) -> Notifier:
    return Notifier(targets(None, {URLS: addresses}), problems.append, patience)


def test_a_message_reaches_every_target() -> None:
    problems: list[str] = []
    with notification_service() as one, notification_service() as other:
        notifier(f"{one.address} {other.address}", problems).send("Sweep btc completed", "65,536 in 2 s")
    assert one.titles == other.titles == ["Sweep btc completed"]
    assert one.messages[0]["message"] == "65,536 in 2 s"
    assert problems == []


def test_without_targets_it_is_false_and_says_nothing() -> None:
    silent = Notifier([], pytest.fail)
    assert not silent
    silent.send("title", "body")


def test_an_error_and_a_dead_service_are_one_line_each_without_the_address(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = f"json://user:{SECRET}@127.0.0.1:{unused.getsockname()[1]}/{SECRET}"
        problems: list[str] = []
        with notification_service() as service:
            service.status = 500
            notifier(f"{service.address} {dead}", problems).send("title", "body")
    assert problems == ["notification by JSON failed; all else goes on"] * 2
    shown = capfd.readouterr()
    assert shown.out + shown.err == ""


def test_a_service_that_hangs_is_not_waited_for() -> None:
    problems: list[str] = []
    with notification_service() as service:
        service.hold.clear()
        began = time.monotonic()
        notifier(service.address, problems, patience=0.3).send("title", "body")
        assert time.monotonic() - began < 3
    assert problems == ["notification by JSON did not answer in time; all else goes on"]


def test_a_target_that_raises_is_a_failure_like_any_other() -> None:
    class Broken:
        service_name = "Broken"

        def notify(self, body: str, title: str = "") -> bool:
            raise RuntimeError(f"{SECRET} {title} {body}")

    problems: list[str] = []
    Notifier([Broken()], problems.append).send("title", "body")
    assert problems == ["notification by Broken failed; all else goes on"]
