"""A data folder for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.utils.engine.feed.feed_folder import Feed
from tests.utils.engine.feed.weather import Weather
from utils.engine.testing import LeanData


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    """An empty data folder with market hours."""
    return Feed.empty(tmp_path)


@pytest.fixture
def data(lean_data: LeanData) -> Path:
    """A data folder with SPY from Thursday 2020-01-02 on, for custom data beside it."""
    Weather.asked, Weather.source = [], None
    return lean_data.daily("equity/usa/daily/spy", "2020-01-02", [100, 101, 102, 103, 104])
