"""Features in a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from numpy.typing import NDArray
from sqlalchemy import URL, create_engine, text

from tests.utils.features.postgres_server import Server
from trading.bars import Float64Array
from utils.errors import UserError
from utils.features.postgres_store import MIGRATIONS, PostgresStore
from utils.features.schema import METADATA
from utils.features.store import Unit

UNIT = Unit("track2", "forex/oanda/minute/eurusd", 15)
MINUTE = 60_000_000_000
START = 1_400_000_000_000_000_000


def some_rows(rows: int, seed: int = 1) -> tuple[NDArray[np.int64], Float64Array]:
    chance = np.random.default_rng(seed)
    values = chance.normal(size=(len(METADATA.tables["track2"].columns) - 3, rows))
    values[0, : rows // 3] = np.nan
    values[4, ::7] = np.nan
    return START + np.arange(rows, dtype=np.int64) * MINUTE, values


@pytest.fixture
def store(postgres: Server) -> Iterator[PostgresStore]:
    made = PostgresStore(postgres.url(), connections=4, patience=10)
    made.prepare()
    yield made
    made.close()
    engine = create_engine(postgres.url().set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    engine.dispose()


def test_rows_come_back_as_they_went_in(store: PostgresStore) -> None:
    time, values = some_rows(20_001)
    store.replace(UNIT, "one", time, values)
    found_time, found = store.rows(UNIT)
    np.testing.assert_array_equal(found_time, time)
    np.testing.assert_array_equal(found, values)
    assert store.digests() == {UNIT: "one"}


def test_a_unit_is_replaced_and_others_are_left_alone(store: PostgresStore) -> None:
    other = UNIT._replace(window=30)
    first, second = some_rows(500, 1), some_rows(300, 2)
    store.replace(UNIT, "one", *first)
    store.replace(other, "one", *first)
    store.replace(UNIT, "two", *second)
    np.testing.assert_array_equal(store.rows(UNIT)[1], second[1])
    np.testing.assert_array_equal(store.rows(other)[1], first[1])
    assert store.digests() == {UNIT: "two", other: "one"}


def test_a_unit_that_fails_is_as_it_was_before(store: PostgresStore) -> None:
    time, values = some_rows(10_000)
    store.replace(UNIT, "one", time, values)
    with pytest.raises(UserError, match="row field count is 20, expected 21"):
        store.replace(UNIT, "two", time, values[1:])
    np.testing.assert_array_equal(store.rows(UNIT)[1], values)
    assert store.digests() == {UNIT: "one"}


def test_a_row_is_never_there_twice(store: PostgresStore, postgres: Server) -> None:
    time, values = some_rows(5_000)
    twice = time.copy()
    twice[-1] = twice[-2]
    with pytest.raises(ValueError, match="times of a unit increase"):
        store.replace(UNIT, "one", twice, values)
    assert store.digests() == {}
    # Two clients that write the same unit at the same time: one waits for the other, and replaces its rows.
    other = PostgresStore(postgres.url(), connections=4, patience=10)
    threads = [
        threading.Thread(target=client.replace, args=(UNIT, "same", time, values))
        for client in (store, other) * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    np.testing.assert_array_equal(store.rows(UNIT)[0], time)


def test_a_new_series_waits_for_no_other(store: PostgresStore, postgres: Server) -> None:
    engine = create_engine(postgres.url().set(drivername="postgresql+psycopg"))
    time, values = some_rows(1_000)
    store.replace(UNIT, "one", time, values)
    with engine.begin() as connection:
        # Somebody is writing this unit, and takes his time.
        connection.execute(text("UPDATE units SET digest = 'two'"))
        store.replace(UNIT._replace(series="forex/oanda/minute/nzdusd"), "one", time, values)
    engine.dispose()
    assert len(store.digests()) == 2


def test_tables_of_the_first_version_keep_their_rows(store: PostgresStore, postgres: Server) -> None:
    time, values = some_rows(1_000)
    store.replace(UNIT, "one", time, values)
    migrate = Config()
    migrate.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(postgres.url().set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        migrate.attributes["connection"] = connection
        command.downgrade(migrate, "0001")
    store.prepare()
    np.testing.assert_array_equal(store.rows(UNIT)[1], values)
    assert store.digests() == {UNIT: "one"}
    engine.dispose()


def test_many_threads_write_at_once(store: PostgresStore) -> None:
    time, values = some_rows(2_000)
    units = [Unit("track2", f"pair{pair}", window) for pair in range(6) for window in (15, 30)]
    threads = [threading.Thread(target=store.replace, args=(unit, "x", time, values)) for unit in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(store.digests()) == set(units)
    for unit in units:
        np.testing.assert_array_equal(store.rows(unit)[1], values)


def test_the_migrations_make_the_tables_of_the_schema(store: PostgresStore, postgres: Server) -> None:
    store.prepare()  # a second time changes nothing
    engine = create_engine(postgres.url().set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_a_server_that_comes_back_in_time_costs_nothing(store: PostgresStore, postgres: Server) -> None:
    time, values = some_rows(1_000)
    store.replace(UNIT, "one", time, values)
    postgres.stop()
    back = threading.Timer(1.0, postgres.start)
    back.start()
    store.replace(UNIT._replace(window=30), "one", time, values)
    back.join()
    assert set(store.digests()) == {UNIT, UNIT._replace(window=30)}


def test_a_server_that_stays_away_is_named_in_one_line() -> None:
    nowhere = PostgresStore(
        URL.create("postgresql", "postgres", host="/nonexistent", database="features"), 1, patience=0.5
    )
    with pytest.raises(UserError, match="database /nonexistent/features: ") as caught:
        nowhere.digests()
    assert "\n" not in str(caught.value)
    nowhere.close()
