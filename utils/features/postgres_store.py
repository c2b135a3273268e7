"""Features in PostgreSQL: SQLAlchemy for access and pooling, COPY for rows, alembic for the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import psycopg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from numpy.typing import NDArray
from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, insert, select
from sqlalchemy.exc import SQLAlchemyError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_exponential

from trading.bars import Float64Array
from utils.errors import UserError
from utils.features.copy_format import copy_rows
from utils.features.schema import KEY, METADATA, SERIES, UNITS
from utils.features.store import FeatureStore, Unit

MIGRATIONS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 0x6665617475726573  # of the tables' making and of new series, among all clients

# Before a connection stands there is no error code to tell by.
_NOT_FOR_NOW: Final = ("password", "authentication", "does not exist", "pg_hba.conf")

T = TypeVar("T")


class PostgresStore(FeatureStore):
    """See `FeatureStore`.

    A connection that is lost is made again, for as long as `patience` says; the transaction that it took
    along is done again from its beginning, and leaves the same rows.

    Args:
        url: without a password: that comes from PGPASSWORD or a password file.
        connections: at most so many at a time.
        patience: seconds to wait for a database that is away.
    """

    def __init__(self, url: URL, connections: int, patience: float = 60.0) -> None:
        self._shown = f"{url.host or url.query.get('host', 'localhost')}/{url.database}"
        self._engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=connections,
            max_overflow=0,
            pool_timeout=patience,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10},
        )
        _in_utc(self._engine)
        self._patience = patience

    def prepare(self) -> None:
        """See `FeatureStore.prepare`."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            with self._access(), self._engine.begin() as connection:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            raise UserError(f"database {self._shown}: its tables are of a later version: {error}") from error

    def digests(self) -> dict[Unit, str]:
        """See `FeatureStore.digests`."""
        wanted = select(UNITS.c.table_name, SERIES.c.name, UNITS.c.window, UNITS.c.digest).join(SERIES)
        found = self._done(lambda connection: connection.execute(wanted).all())
        return {Unit(table, series, window): digest for table, series, window, digest in found}

    def replace(self, unit: Unit, digest: str, time_ns: NDArray[np.int64], columns: Float64Array) -> None:
        """See `FeatureStore.replace`."""
        table = METADATA.tables[unit.table]
        names = ", ".join(f'"{column.name}"' for column in table.columns)

        def write(connection: Connection) -> None:
            series = _series_id(connection, unit.series)
            of_unit = (table.c.series == series, table.c.window == unit.window)
            connection.execute(delete(table).where(*of_unit))
            driver: Any = connection.connection
            copying = f'COPY "{unit.table}" ({names}) FROM STDIN (FORMAT BINARY)'
            with driver.cursor() as cursor, cursor.copy(copying) as copy:
                for block in copy_rows(series, unit.window, time_ns, columns):
                    copy.write(block)
            marked = (UNITS.c.table_name == unit.table, UNITS.c.series == series)
            connection.execute(delete(UNITS).where(*marked, UNITS.c.window == unit.window))
            connection.execute(
                insert(UNITS).values(
                    table_name=unit.table,
                    series=series,
                    window=unit.window,
                    digest=digest,
                    rows=len(time_ns),
                    completed_at=datetime.now(UTC),
                )
            )

        self._done(write)

    def rows(self, unit: Unit) -> tuple[NDArray[np.int64], Float64Array]:
        """See `FeatureStore.rows`."""
        table = METADATA.tables[unit.table]
        columns = [column for column in table.columns if column.name not in KEY]

        def read(connection: Connection) -> list[Any]:
            series = _series_id(connection, unit.series)
            of_unit = (table.c.series == series, table.c.window == unit.window)
            return list(
                connection.execute(select(table.c.time, *columns).where(*of_unit).order_by(table.c.time))
            )

        found = self._done(read)
        time = np.array([row[0].replace(tzinfo=None) for row in found], "M8[us]")
        values = np.array([row[1:] for row in found], np.float64).reshape(len(found), len(columns))
        return time.astype("M8[ns]").astype(np.int64), np.ascontiguousarray(values.T)

    def close(self) -> None:
        """See `FeatureStore.close`."""
        self._engine.dispose()

    def _done(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, in a transaction of its own; begun again when the connection was lost."""
        tries = Retrying(
            retry=retry_if_exception(_is_lost),
            stop=stop_after_delay(self._patience),
            wait=wait_exponential(0.1, max=5.0),
            reraise=True,
        )
        with self._access():
            found: T = tries(self._once, work)
            return found

    def _once(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)

    @contextmanager
    def _access(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, psycopg.Error) as error:
            raise UserError(f"database {self._shown}: {_reason(error)}") from error


def _in_utc(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def in_utc(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()


def _series_id(connection: Connection, name: str) -> int:
    """Number of a series, a new one when it has none yet."""
    wanted = select(SERIES.c.id).where(SERIES.c.name == name)
    found = connection.execute(wanted).scalar()
    if found is None:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        found = connection.execute(wanted).scalar()
    if found is None:
        found = len(connection.execute(select(SERIES.c.id)).all()) + 1
        connection.execute(insert(SERIES).values(id=found, name=name))
    return int(found)


def _is_lost(error: BaseException) -> bool:
    """Whether a connection was lost or refused for now, so that another may do."""
    cause = getattr(error, "orig", None) or error
    if not isinstance(cause, psycopg.OperationalError):
        return False
    if cause.sqlstate is not None:  # connection failures, interventions, too many connections
        return cause.sqlstate[:2] in ("08", "57") or cause.sqlstate == "53300"
    return not any(word in str(cause) for word in _NOT_FOR_NOW)


def _reason(error: Exception) -> str:
    """The database's own words on one line, without the statement."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split())[:300]
