"""What goes wrong on the way into a real database: nothing is lost, and one line says what it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray

from tests.scripts.test_features import DATA, SERIES, command, everything, features, needs_data
from tests.utils.features.postgres_server import OWNER, Server, programs, running
from utils.features.access import open_store
from utils.features.store import Unit

pytestmark = needs_data

PLAN = "windows: [15, 60, 240]\nhorizons: [30]\nworkers: {1: 2, 2: 2, 3: 1}\nconnections: 6\npatience_s: 2\n"
RUN = ("run", "--data", str(DATA), "--symbols", "EURUSD", "--plan", "plan.yaml")
Rows = dict[Unit, tuple[bytes, bytes]]
UNITS = 1 + 2 * 3 + 1

HOUR = 3_600 * 10**9  # nanoseconds

needs_mount = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN)
    return tmp_path


@pytest.fixture
def server() -> Iterator[Server]:
    """One that a test may break."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server: install Debian's package postgresql")
    with running(found) as started:
        yield started


def rows_in(db: str) -> Rows:
    store = open_store(db, 2)
    try:
        return everything(store)
    finally:
        store.close()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The rows of a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "plan.yaml").write_text(PLAN)
    whole = features(folder, *RUN, "--db", "whole.duckdb")
    assert whole.returncode == 0, whole.stderr
    return rows_in(str(folder / "whole.duckdb"))


def fails_with(done: subprocess.CompletedProcess[str], said: str) -> None:
    assert done.returncode == 1, done.stderr
    assert said in done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@contextmanager
def tiny_disk(size: str) -> Iterator[Path]:
    """A file system in memory, of so many bytes."""
    folder = Path("/tmp") / f"tiny-{os.getpid()}-{time.monotonic_ns()}"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def more_room(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=1g", str(folder)], check=True)


@contextmanager
def started(folder: Path, *terms: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command(*terms), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def wait_for_a_copy(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Until rows are on their way and a unit is done."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            copying = connection.execute(
                "SELECT (SELECT count(*) FROM units), "
                "(SELECT count(*) FROM pg_stat_progress_copy WHERE tuples_processed > 0)"
            ).fetchone()
        except psycopg.errors.UndefinedTable:
            copying = None
        if copying and copying[0] and copying[1]:
            return
        time.sleep(0.002)
    raise AssertionError("no rows were copied")


def test_a_database_that_dies_while_rows_are_copied_and_comes_back(
    folder: Path, server: Server, expected: Rows
) -> None:
    (folder / "plan.yaml").write_text(PLAN.replace("patience_s: 2", "patience_s: 60"))
    url = str(server.url())
    with started(folder, *RUN, "--db", url, "--json") as process:
        with server.connect() as watching:
            wait_for_a_copy(watching)
            server.kill()
        server.start()
        said, complained = process.communicate(timeout=240)
    assert process.returncode == 0, complained
    assert f'"units": {UNITS}' in said
    assert rows_in(url) == expected


def test_a_database_that_dies_and_stays_away(folder: Path, server: Server, expected: Rows) -> None:
    url = str(server.url())
    with started(folder, *RUN, "--db", url) as process:
        with server.connect() as watching:
            wait_for_a_copy(watching)
            server.kill()
        _, said = process.communicate(timeout=240)
    assert process.returncode == 1
    assert said.startswith("error: database ")
    assert said.count("\n") == 1
    server.start()
    done = set(open_store(url, 1).digests())
    assert done < set(expected)
    resumed = features(folder, *RUN, "--db", url)
    assert resumed.returncode == 0, resumed.stderr
    assert resumed.stdout == f"{UNITS - len(done)} units stored, {len(done)} unchanged\n"
    assert rows_in(url) == expected


@pytest.mark.parametrize("limit", ["role", "server"])
def test_fewer_connections_than_planned_are_shared(
    folder: Path, server: Server, limit: str, expected: Rows
) -> None:
    with server.connect() as owner:
        # Whoever prepares the tables needs them; the owner's own sessions are not limited by a role's.
        owner.execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 2")
        owner.execute("GRANT ALL ON SCHEMA public TO limited")
    url = str(server.url("limited"))
    others = []
    if limit == "server":  # all but one of the connections that are left to ordinary roles are taken
        with server.connect() as owner:
            owner.execute("ALTER ROLE limited CONNECTION LIMIT 20")
        others = [psycopg.connect(url) for _ in range(12 - 3 - 1)]
    done = features(folder, *RUN, "--db", url)
    for other in others:
        other.close()
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"database {server.url().query['host']}/postgres: gave ")
    assert " of 6 connections, which the workers shared; free some, or plan fewer" in done.stderr
    assert done.stderr.count("\n") == 1
    assert rows_in(url) == expected


def test_no_connection_at_all(folder: Path, server: Server) -> None:
    with server.connect() as owner:
        owner.execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 1")
        owner.execute("GRANT ALL ON SCHEMA public TO limited")
    with psycopg.connect(str(server.url("limited"))):
        fails_with(
            features(folder, *RUN, "--db", str(server.url("limited"))), "too many connections for role"
        )


@needs_mount
def test_a_full_disk_of_the_server(folder: Path, server: Server, expected: Rows) -> None:
    with tiny_disk("6m") as disk:
        (disk / "space").mkdir()
        shutil.chown(disk / "space", OWNER)
        with server.connect() as owner:
            owner.execute(f"CREATE TABLESPACE tiny LOCATION '{disk / 'space'}'")
            owner.execute("ALTER DATABASE postgres SET default_tablespace = tiny")
        url = str(server.url())
        fails_with(features(folder, *RUN, "--db", url), "No space left on device")
        done = len(rows_in(url))
        assert done < UNITS
        more_room(disk)
        resumed = features(folder, *RUN, "--db", url)
        assert resumed.stdout == f"{UNITS - done} units stored, {done} unchanged\n", resumed.stderr
        assert rows_in(url) == expected
        server.kill()  # before its disk goes


@needs_mount
def test_a_full_disk_of_the_file(folder: Path, expected: Rows) -> None:
    with tiny_disk("6m") as disk:
        db = str(disk / "features.duckdb")
        fails_with(features(folder, *RUN, "--db", db), f"{db}: ")
        more_room(disk)
        resumed = features(folder, *RUN, "--db", db)
        assert resumed.returncode == 0, resumed.stderr
        assert rows_in(db) == expected


def test_two_bars_of_one_time_are_named_and_nothing_is_stored(folder: Path) -> None:
    source = DATA / "forex/oanda/minute/eurusd/20140501_quote.zip"
    target = folder / "data" / source.relative_to(DATA)
    target.parent.mkdir(parents=True)
    for name in ("market-hours", "symbol-properties"):
        (folder / "data" / name).symlink_to(DATA / name)
    with zipfile.ZipFile(source) as archive:
        name = archive.namelist()[0]
        lines = archive.read(name).decode().splitlines()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, "\n".join([*lines[:100], lines[99], *lines[100:]]))
    done = features(folder, "run", "--data", "data", "--db", "twice.duckdb")
    fails_with(done, f"data/{source.relative_to(DATA)}: line 101: time 2014-05-01 01:44 is there twice")
    assert not (folder / "twice.duckdb").exists()


def test_a_weekend_is_no_row_and_no_end(expected: Rows) -> None:
    time_ns, columns = arrays(expected[Unit("track1", SERIES[0], 15)])
    weekend = np.flatnonzero(np.diff(time_ns) > 40 * HOUR)
    assert len(weekend)  # nobody made up rows for the days without any
    # Windows count rows: Sunday's first features come from Friday's last rates.
    assert np.isfinite(columns[0, weekend[0] + 1 : weekend[0] + 15]).all()
    target_time, targets = arrays(expected[Unit("targets", SERIES[0], 30)])
    friday = np.searchsorted(target_time, time_ns[weekend[0]])
    assert targets[1, friday] > 40 * 3_600
    assert targets[1, friday - 60] == 30 * 60


def arrays(rows: tuple[bytes, bytes]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    time_ns = np.frombuffer(rows[0], np.int64)
    return time_ns, np.frombuffer(rows[1]).reshape(-1, len(time_ns))
