"""A PostgreSQL server, asked for its version and its connections."""

from __future__ import annotations

import os
import re
import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from utils.readiness.plan import DatabaseNeed
from utils.readiness.profile import Database

VARIABLE: Final = "FEATURES_DB"
TIMEOUT_S: Final = 10

_LIMIT: Final = """
SELECT current_setting('server_version'),
       current_setting('max_connections')::int
           - current_setting('superuser_reserved_connections')::int
           - coalesce(current_setting('reserved_connections', true), '0')::int,
       (SELECT count(*) FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())
"""


def probe_database(need: DatabaseNeed) -> Database | None:
    """What the server of the plan, else of FEATURES_DB, says; None when neither names a PostgreSQL server.

    The password is the environment's or the password file's, and stands in nothing that is returned.
    """
    url = need.url or os.environ.get(VARIABLE, "")
    if not url.startswith(("postgresql", "postgres")):
        return None
    url = re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)
    try:
        shown, secret = _server(url), _password(url)
    except ValueError:
        return Database(server=VARIABLE, problem="is no URL, such as postgresql://USER@HOST/DATABASE")
    if find_spec("psycopg") is None:
        return Database(server=shown, problem="psycopg is not installed: pip install 'psycopg[binary]'")
    driver: Any = import_module("psycopg")
    began = time.perf_counter()
    try:
        with driver.connect(url, connect_timeout=TIMEOUT_S, autocommit=True) as connection:
            connect_ms = 1_000 * (time.perf_counter() - began)
            connection.execute(f"SET statement_timeout = {1_000 * TIMEOUT_S}")
            version, connections, in_use = connection.execute(_LIMIT).fetchone()
    except driver.Error as error:
        reason = " ".join(str(error).split())[:300]
        return Database(server=shown, problem=reason.replace(secret, "***") if secret else reason)
    return Database(
        server=shown,
        version=version.split()[0],
        connections=max(0, connections),
        in_use=in_use,
        connect_ms=round(connect_ms, 3),
    )


def _server(url: str) -> str:
    """Host and database, without user and password."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", ["localhost"])[0]
    return f"{host}{parts.path}"


def _password(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.password:
        return unquote(parts.password)
    return parse_qs(parts.query).get("password", [None])[0]
