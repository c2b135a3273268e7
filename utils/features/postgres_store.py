"""Features in PostgreSQL: SQLAlchemy for access and pooling, COPY for rows, alembic for the tables."""

from __future__ import annotations

import logging
import threading
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
from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_exponential

from trading.bars import Float64Array
from utils.errors import UserError
from utils.features.copy_format import copy_rows, rows_of_copy
from utils.features.schema import KEY, METADATA, SERIES, UNITS
from utils.features.store import FeatureStore, Unit

MIGRATIONS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 0x6665617475726573  # of the tables' making and of new series, among all clients

# Before a connection stands there is no error code to tell by.
_NOT_FOR_NOW: Final = ("password", "authentication", "does not exist", "pg_hba.conf")

_NONE_LEFT: Final = ("too many clients", "too many connections", "remaining connection slots")

# psycopg warns of an end of a COPY that failed: that the connection was lost is raised as well, and handled.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

T = TypeVar("T")


class PostgresStore(FeatureStore):
    """See `FeatureStore`.

    A connection that is lost is made again, for as long as `patience` says; the transaction that it took
    along is done again from its beginning, and leaves the same rows. A server that has no connection left for
    one more worker is taken at its word: those it gave are shared among all workers.

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
        self._wanted = self._given = connections
        self._turns = threading.Semaphore(connections)
        self._counting = threading.Lock()

    @property
    def remark(self) -> str | None:
        """See `FeatureStore.remark`."""
        if self._given == self._wanted:
            return None
        return (
            f"database {self._shown}: gave {self._given} of {self._wanted} connections, which the workers "
            "shared; free some, or plan fewer"
        )

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

    def _replace(self, unit: Unit, digest: str, time_ns: NDArray[np.int64], columns: Float64Array) -> None:
        table = METADATA.tables[unit.table]
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        # In a transaction of its own: others who meet a new series need not wait until its rows are written.
        series = self._done(lambda connection: _series_id(connection, unit.series))

        def write(connection: Connection) -> None:
            if _mark(connection, unit, series, digest, len(time_ns)):
                of_unit = (table.c.series == series, table.c.window == unit.window)
                connection.execute(delete(table).where(*of_unit))
            driver: Any = connection.connection
            copying = f'COPY "{unit.table}" ({names}) FROM STDIN (FORMAT BINARY)'
            with driver.cursor() as cursor, cursor.copy(copying) as copy:
                for block in copy_rows(series, unit.window, time_ns, columns):
                    copy.write(block)

        self._done(write)

    def rows(self, unit: Unit) -> tuple[NDArray[np.int64], Float64Array]:
        """See `FeatureStore.rows`."""
        names = [column.name for column in METADATA.tables[unit.table].columns if column.name not in KEY]
        # Every figure has its eight bytes then, so that rows are read as an array.
        defined = ", ".join(f"coalesce(\"{name}\", 'NaN')" for name in names)

        def read(connection: Connection) -> bytes:
            series = connection.execute(select(SERIES.c.id).where(SERIES.c.name == unit.series)).scalar()
            wanted = (
                f'SELECT "time", {defined} FROM "{unit.table}" '
                f'WHERE series = {int(series or 0)} AND "window" = {int(unit.window)} ORDER BY "time"'
            )
            driver: Any = connection.connection
            copying = f"COPY ({wanted}) TO STDOUT (FORMAT BINARY)"
            with driver.cursor() as cursor, cursor.copy(copying) as copy:
                return b"".join(copy)

        return rows_of_copy(self._done(read), len(names))

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
        self._turns.acquire()
        refused = False
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            refused = _has_none_left(error) and self._give_up_one()
            raise
        finally:
            if not refused:
                self._turns.release()

    def _give_up_one(self) -> bool:
        """Do with one connection less; whether there is another."""
        with self._counting:
            if self._given == 1:
                return False
            self._given -= 1
            return True

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


def _mark(connection: Connection, unit: Unit, series: int, digest: str, rows: int) -> bool:
    """Mark a unit done, and hold its mark until the transaction ends; whether it was marked before.

    A unit without a mark has no rows: looking for some would read all that is not summarized yet.
    """
    key = {"table_name": unit.table, "series": series, "window": unit.window}
    done = {"digest": digest, "rows": rows, "completed_at": datetime.now(UTC)}
    marking = insert(UNITS).values(**key, **done).on_conflict_do_nothing().returning(UNITS.c.digest)
    if connection.execute(marking).first() is not None:
        return False
    connection.execute(update(UNITS).filter_by(**key).values(**done))
    return True


def _is_lost(error: BaseException) -> bool:
    """Whether a connection was lost or refused for now, so that another may do."""
    cause = getattr(error, "orig", None) or error
    if not isinstance(cause, psycopg.OperationalError):
        return False
    if cause.sqlstate is not None:  # connection failures, interventions
        return cause.sqlstate[:2] in ("08", "57") or _has_none_left(error)
    return not any(word in str(cause) for word in _NOT_FOR_NOW)


def _has_none_left(error: BaseException) -> bool:
    """Whether the server, or the role, has no connection left."""
    cause = getattr(error, "orig", None) or error
    # Refused at the door there is no code, only words.
    return getattr(cause, "sqlstate", None) == "53300" or any(word in str(cause) for word in _NONE_LEFT)


def _reason(error: Exception) -> str:
    """The database's own words on one line, without the statement."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split())[:300]
