"""Which database a command means."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from utils.errors import UserError
from utils.features.embedded_store import EmbeddedStore
from utils.features.postgres_store import PostgresStore
from utils.features.store import FeatureStore

VARIABLE: Final = "FEATURES_DB"
"""Environment variable that names the database when the command line does not."""

DEFAULT: Final = "build/features.duckdb"

_SERVERS: Final = ("postgresql", "postgres", "postgresql+psycopg")


def open_store(named: str | None, connections: int, patience: float = 60.0) -> FeatureStore:
    """The database of a URL or a path, its tables made or brought up to date.

    Args:
        named: ``postgresql://USER@HOST/DATABASE``, or a file for the embedded database; None: what
            FEATURES_DB says, else build/features.duckdb.
        connections: to a server, at most so many at a time.
        patience: seconds to wait for a server that is away.

    Raises:
        UserError: no such database, or a URL on the command line with a password, which every user of the
            machine would see in the list of processes.
    """
    given = named or os.environ.get(VARIABLE) or DEFAULT
    if "://" not in given:
        store: FeatureStore = EmbeddedStore(Path(given))
    else:
        try:
            url = make_url(given)
        except ArgumentError as error:
            raise UserError(
                f"--db: {given.split('@')[-1]} is no database URL; give one, or a file"
            ) from error
        if url.get_backend_name() not in _SERVERS:
            raise UserError(
                f"--db: {url.get_backend_name()} is not supported; give postgresql://USER@HOST/DATABASE, "
                "or a file"
            )
        if named and (url.password or "password" in url.query):
            raise UserError(
                "--db: has a password in it, which the list of processes shows to everybody; leave it out "
                "and set PGPASSWORD, or write it to ~/.pgpass, or set FEATURES_DB to the whole URL"
            )
        store = PostgresStore(url, connections, patience)
    try:
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store
