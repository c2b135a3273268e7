"""A data folder for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.utils.engine.feed.feed_folder import Feed


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    """An empty data folder with market hours."""
    return Feed.empty(tmp_path)
