"""What is stored, what a database may be, and what it may not."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from utils.errors import UserError
from utils.sweep import database
from utils.sweep.grid import Grid
from utils.sweep.store import REAL_METRICS, Store, SweepRecord

Rows = Callable[[int, int], NDArray[np.void]]
Records = Callable[..., SweepRecord]
Content = Callable[..., dict[str, list[tuple[Any, ...]]]]


def fill(store: Store, record: SweepRecord, grid: Grid, rows_of: Rows, backwards: bool = False) -> None:
    chunks = store.unfinished(record.id)
    for chunk in reversed(chunks) if backwards else chunks:
        params = grid.params_json(chunk.start_combo, chunk.end_combo)
        store.complete(record, chunk, params, rows_of(chunk.start_combo, chunk.end_combo))


@pytest.fixture
def filled(tmp_path: Path, toy_grid: Grid, record_of: Records, rows_of: Rows) -> Path:
    path = tmp_path / "toy.db"
    with Store.to_write(path) as store:
        record = record_of()
        store.add(record)
        fill(store, record, toy_grid, rows_of)
    return path


def test_rows_are_the_results(filled: Path, toy_grid: Grid, rows_of: Rows) -> None:
    rows = rows_of(0, 200)
    with Store.to_read(filled) as store:
        names = (*REAL_METRICS, "total_trades")
        stored = store.query(
            f"SELECT combo, params, status, trades_hash, blocks, buy_and_hold, trial, {', '.join(names)}"
            " FROM strategies WHERE sweep = 'toy' ORDER BY combo"
        )
    assert [row[0] for row in stored] == list(range(200))
    for combo, params, status, trades_hash, blocks, buy_and_hold, trial, *metrics in stored:
        row = rows[combo]
        assert json.loads(params) == toy_grid.values(combo)
        assert status == ("ok", "invalid", "bust")[int(row["status"])]
        assert (buy_and_hold, trial) == (0.25, None)
        assert metrics == [None if np.isnan(row[name]) else row[name] for name in names]
        if status == "invalid":
            assert trades_hash is None
            assert blocks is None
        else:
            assert trades_hash % 2**64 == int(row["trades_hash"])
            assert np.array_equal(np.frombuffer(blocks, "<f8"), row["blocks"])


def test_the_seeds_queries(filled: Path) -> None:
    connection = sqlite3.connect(filled)
    assert connection.execute("SELECT status, COUNT(*) FROM chunks GROUP BY status").fetchall() == [
        ("completed", 13)
    ]
    assert connection.execute("SELECT id, start_combo, end_combo FROM chunks ORDER BY id").fetchmany(2) == [
        ("toy_chunk_000000", 0, 16),
        ("toy_chunk_000001", 16, 32),
    ]
    best = connection.execute(
        "SELECT params, pnl, win_rate FROM strategies ORDER BY pnl DESC LIMIT 100"
    ).fetchall()
    assert len(best) == 100
    connection.close()


def test_the_order_of_chunks_leaves_no_trace(
    tmp_path: Path, filled: Path, toy_grid: Grid, record_of: Records, rows_of: Rows, content_of: Content
) -> None:
    other = tmp_path / "backwards.db"
    with Store.to_write(other) as store:
        store.add(record_of())
        fill(store, record_of(), toy_grid, rows_of, backwards=True)
    assert content_of(other) == content_of(filled)


def test_a_chunk_is_stored_whole_or_not_at_all(
    tmp_path: Path, toy_grid: Grid, record_of: Records, rows_of: Rows
) -> None:
    with Store.to_write(tmp_path / "toy.db") as store:
        record = record_of()
        store.add(record)
        first = store.unfinished(record.id)[0]
        store.start(first, "local-1")
        params = toy_grid.params_json(0, 16)
        for wrong_params, wrong_rows in ((params[:-1], rows_of(0, 16)), (params, rows_of(0, 15))):
            with pytest.raises(ValueError, match="16 combinations"):
                store.complete(record, first, wrong_params, wrong_rows)
        store.complete(record, first, params, rows_of(0, 16))
        with pytest.raises(sqlite3.IntegrityError):
            store.complete(record, first, params, rows_of(0, 16))
        assert store.chunk_counts(record.id) == {"pending": 12, "running": 0, "completed": 1, "failed": 0}
        assert store.query("SELECT count(*) FROM strategies") == [(16,)]
        assert store.combos_done(record.id) == 16


def test_what_a_dead_run_left_is_done_again(tmp_path: Path, record_of: Records) -> None:
    path = tmp_path / "toy.db"
    record = record_of()
    with Store.to_write(path) as store:
        store.add(record)
        first, second, third, *_ = store.unfinished(record.id)
        store.start(first, "local-1")
        store.fail(second)
        store.start(third, "local-2")
        store.give_back([third])
        assert store.chunk_counts(record.id) == {"pending": 11, "running": 1, "completed": 0, "failed": 1}
    with Store.to_write(path) as store:
        assert len(store.unfinished(record.id)) == 13
        assert store.query("SELECT DISTINCT status, assigned_worker, started_at FROM chunks") == [
            ("pending", None, None)
        ]


def test_several_sweeps_in_one_store(
    tmp_path: Path, toy_grid: Grid, record_of: Records, rows_of: Rows
) -> None:
    with Store.to_write(tmp_path / "toy.db") as store:
        records = [record_of(symbol="AAA"), record_of(symbol="BBB")]
        for record in records:
            store.add(record)
            fill(store, record, toy_grid, rows_of)
        assert store.sweeps() == records
        assert store.query("SELECT sweep, count(*) FROM strategies GROUP BY sweep") == [
            ("toy:AAA", 200),
            ("toy:BBB", 200),
        ]


def test_a_reader_sees_a_store_that_is_being_written(tmp_path: Path, record_of: Records) -> None:
    path = tmp_path / "toy.db"
    with Store.to_write(path) as writer:
        writer.add(record_of())
        with Store.to_read(path) as reader:
            assert [record.id for record in reader.sweeps()] == ["toy"]
            writer.start(writer.unfinished("toy")[0], "local-1")
            assert reader.chunk_counts("toy")["running"] == 1


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "toy.db"
    with Store.to_write(path):
        for _ in range(2):
            with pytest.raises(UserError, match=f"process {os.getpid()} on .* is sweeping into it"):
                Store.to_write(path)
    with Store.to_write(path):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["toy.db"]


def test_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "toy.db"
    script = (
        "import os, sys; from pathlib import Path; from utils.sweep.store import Store\n"
        "store = Store.to_write(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False, timeout=60).returncode == -9
    with Store.to_write(path) as store:
        assert store.sweeps() == []


def refused(path: Path, message: str, write: bool = True) -> None:
    for opening in (Store.to_write, Store.to_read) if write else (Store.to_read,):
        with pytest.raises(UserError) as caught, opening(path) as store:
            store.sweeps()
        assert str(path) in str(caught.value)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_missing_database_is_not_made_by_a_reader(tmp_path: Path) -> None:
    refused(tmp_path / "none.db", "there is no such database", write=False)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "toy.db"
    path.write_text("timestamp,open,high,low,close,volume\n" * 100)
    refused(path, "not a SQLite database")
    assert path.read_text().startswith("timestamp,open")


def test_a_database_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "toy.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE cookies (name TEXT)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    refused(path, "of no sweep")
    assert path.read_bytes() == before


def test_a_layout_of_another_version(filled: Path) -> None:
    connection = sqlite3.connect(filled)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    refused(filled, "version 99")


def test_an_empty_store_is_no_sweep_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "toy.db"
    path.touch()
    refused(path, "holds no sweep yet", write=False)
    with Store.to_write(path) as store:
        assert store.sweeps() == []


@pytest.mark.parametrize("damage", ["cut", "zeros", "noise"])
def test_a_corrupt_database(filled: Path, damage: str) -> None:
    content = bytearray(filled.read_bytes())
    half = len(content) // 8192 * 4096
    if damage == "cut":
        del content[half:]
    else:
        rng = np.random.default_rng(1)
        content[4096 : half + 4096] = bytes(half) if damage == "zeros" else rng.bytes(half)
    filled.write_bytes(content)
    with pytest.raises(UserError, match="corrupt"):
        Store.to_write(filled)
    assert filled.read_bytes() == content
    with pytest.raises(UserError, match="corrupt"), Store.to_read(filled) as store:
        store.query("SELECT sum(length(blocks)), count(*) FROM strategies")


def test_a_database_that_another_program_locked(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.to_write(filled) as store, pytest.raises(UserError, match="another program has locked it"):
        store.unfinished("toy")
    other.execute("ROLLBACK")
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    refused(filled, "another program has locked it")
    other.close()


def test_a_database_that_was_set_read_only(filled: Path) -> None:
    before = filled.read_bytes()
    filled.chmod(0o444)
    with pytest.raises(UserError, match="read-only"):
        Store.to_write(filled)
    with Store.to_read(filled) as store:
        assert store.combos_done("toy") == 200
    assert filled.read_bytes() == before
    assert [file.name for file in filled.parent.iterdir()] == [filled.name]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KB that is the test's own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only the superuser can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_leaves_whole_chunks(
    small_disk: Path, toy_grid: Grid, record_of: Records, rows_of: Rows
) -> None:
    path = small_disk / "toy.db"
    record = record_of()
    with Store.to_write(path) as store:
        store.add(record)
        with pytest.raises(UserError, match="full"):
            for copy in range(100):
                fill(store, record_of(symbol=str(copy)), toy_grid, rows_of)
                store.add(record_of(symbol=str(copy + 1)))
    with Store.to_read(path) as store:
        stored = store.query("SELECT chunk_id, count(*) FROM strategies GROUP BY chunk_id")
        completed = store.query("SELECT id, end_combo - start_combo FROM chunks WHERE status = 'completed'")
        assert sorted(stored) == sorted(completed)
        assert store.query("PRAGMA quick_check") == [("ok",)]


def test_a_full_disk_before_anything_is_stored(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space"):
        while True:
            stream.write(bytes(4096))
    with pytest.raises(UserError, match="No space left"):
        Store.to_write(small_disk / "toy.db")
    assert [file.name for file in small_disk.iterdir()] == ["ballast"]


def test_a_disk_that_cannot_be_written(filled: Path, small_disk: Path) -> None:
    path = small_disk / "toy.db"
    path.write_bytes(filled.read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(UserError, match="Read-only"):
        Store.to_write(path)
    with pytest.raises(UserError, match="cannot be written"):
        Store.to_write(small_disk / "new.db")
    with Store.to_read(path) as store:
        assert store.combos_done("toy") == 200


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="its folder cannot be made"):
        Store.to_write(tmp_path / "file" / "toy.db")
