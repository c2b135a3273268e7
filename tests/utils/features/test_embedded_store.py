"""Features in a DuckDB file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.utils.features.test_postgres_store import UNIT, some_rows
from utils.errors import UserError
from utils.features.embedded_store import EmbeddedStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "features.duckdb"


def test_rows_come_back_as_they_went_in(path: Path) -> None:
    time, values = some_rows(3_000)
    store = EmbeddedStore(path)
    store.prepare()
    store.replace(UNIT, "one", time, values)
    store.close()
    again = EmbeddedStore(path)
    again.prepare()
    found_time, found = again.rows(UNIT)
    np.testing.assert_array_equal(found_time, time)
    np.testing.assert_array_equal(found, values)
    assert again.digests() == {UNIT: "one"}
    again.close()


def test_a_unit_is_replaced_whole_or_not_at_all(path: Path) -> None:
    store = EmbeddedStore(path)
    store.prepare()
    first, second = some_rows(500, 1), some_rows(300, 2)
    store.replace(UNIT, "one", *first)
    store.replace(UNIT, "two", *second)
    np.testing.assert_array_equal(store.rows(UNIT)[1], second[1])
    with pytest.raises(ValueError, match="increase"):
        store.replace(UNIT, "three", second[0][::-1], second[1])
    with pytest.raises(ValueError, match="does not match"):
        store.replace(UNIT, "three", second[0], second[1][1:])
    np.testing.assert_array_equal(store.rows(UNIT)[1], second[1])
    assert store.digests() == {UNIT: "two"}
    store.close()


def test_undefined_figures_are_null(path: Path) -> None:
    store = EmbeddedStore(path)
    store.prepare()
    store.replace(UNIT, "one", *some_rows(9))
    store.close()
    connection = duckdb.connect(str(path), read_only=True)
    counted = connection.execute("SELECT count(*), count(rate_linear_slope) FROM track2").fetchone()
    connection.close()
    assert counted == (9, 6)


def test_a_file_of_another_version_is_refused(path: Path) -> None:
    store = EmbeddedStore(path)
    store.prepare()
    store.close()
    connection = duckdb.connect(str(path))
    connection.execute("UPDATE version SET number = 9")
    connection.close()
    with pytest.raises(UserError, match=r"features\.duckdb: its tables are of version 9"):
        EmbeddedStore(path).prepare()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all, but long enough to be taken for one " * 100)
    with pytest.raises(UserError, match=r"notes\.txt: "):
        EmbeddedStore(path)
