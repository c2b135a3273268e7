"""A PostgreSQL server for the tests that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.utils.features.postgres_server import Server, programs, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server that trusts whoever reaches its socket."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server: install Debian's package postgresql")
    with running(found) as server:
        yield server
