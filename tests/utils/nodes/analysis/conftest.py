"""What the tests of the analysis share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.utils.nodes.analysis.small_workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with nothing but lean.json."""
    return Workspace(tmp_path)
