"""Fixtures of tests that notify."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.utils.notify.stand_in import Service, notification_service
from utils.notify.notifier import Notifier
from utils.notify.targets import URLS, targets


@pytest.fixture
def service() -> Iterator[Service]:
    with notification_service() as running:
        yield running


@pytest.fixture
def notifier(service: Service) -> Notifier:
    return Notifier(targets(None, {URLS: service.address}), pytest.fail)
