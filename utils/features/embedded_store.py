"""Features in a DuckDB file: no server, the same tables."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from trading.bars import Float64Array
from utils.errors import UserError
from utils.features.schema import KEY, METADATA, TRAINING_VIEW
from utils.features.store import FeatureStore, Unit

VERSION: Final = 2
"""Version of the tables; a file of another one is refused."""


class EmbeddedStore(FeatureStore):
    """See `FeatureStore`. One process at a time may write to the file.

    Args:
        path: the file, made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._access():
            self._database = duckdb.connect(str(path))
        self._writing = threading.Lock()

    def prepare(self) -> None:
        """See `FeatureStore.prepare`."""
        with self._transaction() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS version (number INTEGER)")
            found = cursor.execute("SELECT number FROM version").fetchone()
            if found is None:
                for statement in _statements():
                    cursor.execute(statement)
                cursor.execute("INSERT INTO version VALUES (?)", [VERSION])
            elif found[0] != VERSION:
                raise UserError(
                    f"{self._path}: its tables are of version {found[0]}, this program's of {VERSION}; "
                    "name another file with --db"
                )

    def digests(self) -> dict[Unit, str]:
        """See `FeatureStore.digests`."""
        wanted = (
            'SELECT table_name, name, "window", digest FROM units JOIN series ON series.id = units.series'
        )
        with self._access():
            found = self._database.cursor().execute(wanted).fetchall()
        return {Unit(table, series, window): digest for table, series, window, digest in found}

    def _replace(self, unit: Unit, digest: str, time_ns: NDArray[np.int64], columns: Float64Array) -> None:
        names = [column.name for column in METADATA.tables[unit.table].columns]
        with self._transaction() as cursor:
            series = _series_id(cursor, unit.series)
            cursor.execute(
                f'DELETE FROM "{unit.table}" WHERE series = ? AND "window" = ?', [series, unit.window]
            )
            cursor.register("rows_of_unit", _arrow(names, series, unit.window, time_ns, columns))
            cursor.execute(f'INSERT INTO "{unit.table}" SELECT * FROM rows_of_unit')
            cursor.unregister("rows_of_unit")
            cursor.execute(
                'INSERT OR REPLACE INTO units (table_name, series, "window", digest, rows, completed_at) '
                "VALUES (?, ?, ?, ?, ?, ?)",
                [unit.table, series, unit.window, digest, len(time_ns), datetime.now(UTC)],
            )

    def rows(self, unit: Unit) -> tuple[NDArray[np.int64], Float64Array]:
        """See `FeatureStore.rows`."""
        names = [c.name for c in METADATA.tables[unit.table].columns if c.name not in KEY]
        listed = ", ".join(f'"{name}"' for name in names)
        wanted = (
            f'SELECT epoch_us("time") AS t, {listed} FROM "{unit.table}" JOIN series ON id = series '
            'WHERE name = ? AND "window" = ? ORDER BY t'
        )
        with self._access():
            found = self._database.cursor().execute(wanted, [unit.series, unit.window]).fetchnumpy()
        time: NDArray[np.int64] = np.asarray(found["t"], np.int64) * 1000
        columns = np.empty((len(names), len(time)))
        for row, name in zip(columns, names, strict=True):
            row[:] = found[name]  # a masked array where there are NULLs
            row[np.ma.getmaskarray(found[name])] = np.nan  # type: ignore[no-untyped-call]
        return time, columns

    def close(self) -> None:
        """See `FeatureStore.close`."""
        self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """A cursor in a transaction; one writes at a time, since writers of one table would collide."""
        with self._writing, self._access():
            cursor = self._database.cursor()
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                with suppress(duckdb.Error):  # a commit that failed has ended the transaction itself
                    cursor.rollback()
                raise
            finally:
                cursor.close()

    @contextmanager
    def _access(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            raise UserError(f"{self._path}: {' '.join(str(error).split())[:300]}") from error


def _statements() -> Iterator[str]:
    """The schema in DuckDB's SQL, which is close to PostgreSQL's."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in METADATA.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
    yield TRAINING_VIEW


def _series_id(cursor: Any, name: str) -> int:
    found = cursor.execute("SELECT id FROM series WHERE name = ?", [name]).fetchone()
    if found is None:
        found = cursor.execute("SELECT count(*) + 1 FROM series").fetchone()
        cursor.execute("INSERT INTO series VALUES (?, ?)", [found[0], name])
    return int(found[0])


def _arrow(
    names: list[str], series: int, window: int, time_ns: NDArray[np.int64], columns: Float64Array
) -> pa.Table:
    """The rows as an Arrow table; NaN is NULL."""
    rows = len(time_ns)
    arrays = [
        pa.array(np.full(rows, series, np.int32)),
        pa.array(np.full(rows, window, np.int32)),
        pa.array(time_ns // 1000).cast(pa.timestamp("us", tz="UTC")),
        *(pa.array(column, from_pandas=True) for column in columns),
    ]
    return pa.Table.from_arrays(arrays, names=names)
