"""What a dashboard says of a store: from the store and its lock, and while somebody writes it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.utils.dashboard.conftest import complete
from tests.utils.dashboard.sweeping import settings_in, wait_for
from utils.dashboard.processes import Processes
from utils.dashboard.watched_store import WatchedStore
from utils.sweep.lock import lock_holder, lock_path
from utils.sweep.store import Store, SweepRecord


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "build" / "toy.db"


@pytest.fixture
def watched(tmp_path: Path, path: Path) -> Iterator[WatchedStore]:
    store = WatchedStore(path, settings_in(tmp_path), Processes())
    yield store
    store.close()


def look(watched: WatchedStore) -> dict[str, Any]:
    shown = watched.look(lambda: True)
    json.dumps(shown, allow_nan=False)
    return shown


def test_it_follows_a_sweep(watched: WatchedStore, toy_store: Store, toy_record: SweepRecord) -> None:
    chunks = toy_store.unfinished("toy")
    complete(toy_store, toy_record, chunks[:3])
    toy_store.start(chunks[3], "local-2")
    shown = look(watched)
    assert shown["state"] == "running"
    assert shown["chunks"] == {"pending": 9, "running": 1, "completed": 3, "failed": 0}
    assert shown["process"]["pid"] == os.getpid()
    sweep = shown["sweeps"]["toy"]
    assert (sweep["combos"], sweep["combos_done"]) == (200, 48)
    assert sweep["rate"] > 0
    assert shown["workers"]["local-1"]["chunks"] == 3
    assert shown["workers"]["local-2"]["chunk"] == chunks[3].id
    complete(toy_store, toy_record, chunks[3:])
    sweep = look(watched)["sweeps"]["toy"]
    assert (sweep["combos_done"], sweep["eta_seconds"]) == (200, None)
    assert sweep["top"][0]["total_trades"] >= 10


def test_a_clock_that_was_set_back_hides_no_chunk(
    watched: WatchedStore, toy_store: Store, toy_record: SweepRecord
) -> None:
    chunks = toy_store.unfinished("toy")
    complete(toy_store, toy_record, chunks[:2])
    look(watched)
    complete(toy_store, toy_record, chunks[2:])
    toy_store.connection.execute(
        "UPDATE chunks SET completed_at = completed_at - 9000 WHERE start_combo > 16"
    )
    shown = look(watched)
    assert shown["workers"]["local-1"]["chunks"] == 13
    assert shown["sweeps"]["toy"]["unranked"] == 0


def test_an_open_watch_never_holds_up_the_writer(toy_store: Store, toy_record: SweepRecord) -> None:
    stop, looks = threading.Event(), []

    def watch() -> None:
        other = WatchedStore(toy_store.path, settings_in(toy_store.path.parent.parent), Processes())
        while not stop.is_set():
            looks.append(other.look(lambda: True)["state"])
        other.close()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        toy_store.connection.execute("PRAGMA busy_timeout = 0")  # a writer that would have to wait fails
        for chunk in toy_store.unfinished("toy"):
            complete(toy_store, toy_record, [chunk])
            busy, _, _ = toy_store.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            assert busy == 0
    finally:
        stop.set()
        thread.join()
    assert set(looks) <= {"running", "assessing"}


def test_interrupted_completed_failed_and_absent(
    watched: WatchedStore, path: Path, toy_record: SweepRecord
) -> None:
    assert look(watched)["state"] == "absent"
    with Store.to_write(path) as store:
        store.add(toy_record)
        chunks = store.unfinished("toy")
        complete(store, toy_record, chunks[:-1])
    assert look(watched)["state"] == "interrupted"
    with Store.to_write(path) as store:
        store.fail(chunks[-1])
    assert look(watched)["state"] == "failed"
    with Store.to_write(path) as store:
        complete(store, toy_record, store.unfinished("toy"))
    assert look(watched)["state"] == "completed"


def test_a_killed_sweep_has_died(watched: WatchedStore, path: Path, toy_record: SweepRecord) -> None:
    code = (
        "import sys, time; from pathlib import Path; from utils.sweep.lock import CoordinatorLock\n"
        "lock = CoordinatorLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    with Store.to_write(path) as store:
        store.add(toy_record)
    child = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    assert look(watched)["state"] == "running"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert look(watched)["state"] == "died"
    with Store.to_write(path):  # the lock of a dead process keeps nobody away
        assert look(watched)["state"] == "running"
    assert look(watched)["state"] == "interrupted"


def test_a_lock_of_another_host_or_of_a_number_used_again(
    watched: WatchedStore, path: Path, toy_record: SweepRecord
) -> None:
    with Store.to_write(path) as store:
        store.add(toy_record)
    lock_path(path).write_text("process 1 on elsewhere\n")
    holder = lock_holder(path)
    assert holder is not None
    assert holder.alive is None
    assert look(watched)["state"] == "running"
    lock_path(path).write_text(f"process {os.getpid()} on {socket.gethostname()}\n")
    os.utime(lock_path(path), (1_000_000_000, 1_000_000_000))  # signed before this process began
    holder = lock_holder(path)
    assert holder is not None
    assert holder.alive is False


def test_a_stall_is_told_by_the_store(
    tmp_path: Path, path: Path, toy_store: Store, toy_record: SweepRecord
) -> None:
    watched = WatchedStore(path, settings_in(tmp_path, stall_minutes=1), Processes())
    complete(toy_store, toy_record, toy_store.unfinished("toy")[:1])
    assert look(watched)["stalled_seconds"] is None
    toy_store.connection.execute("UPDATE chunks SET completed_at = completed_at - 90 WHERE completed_at > 0")
    before = time.time() - 90
    os.utime(lock_path(path), (before, before))
    watched.close()
    watched = WatchedStore(path, settings_in(tmp_path, stall_minutes=1), Processes())
    # The process would be younger than the lock: as a lock of another host it is not looked at.
    lock_path(path).write_text("process 1 on elsewhere\n")
    os.utime(lock_path(path), (before, before))
    assert look(watched)["stalled_seconds"] >= 90
    watched.close()


def test_a_locked_store_is_told_at_once_and_read_again_later(
    watched: WatchedStore, path: Path, toy_record: SweepRecord
) -> None:
    with Store.to_write(path) as store:
        store.add(toy_record)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("UPDATE sweeps SET name = name")
    began = time.monotonic()
    shown = look(watched)
    assert time.monotonic() - began < 3
    assert shown["state"] == "unreadable"
    assert "another program has locked it" in shown["problem"]
    other.execute("COMMIT")
    other.close()
    assert look(watched)["state"] == "interrupted"


def test_a_corrupt_store_is_told(watched: WatchedStore, path: Path, toy_record: SweepRecord) -> None:
    with Store.to_write(path) as store:
        store.add(toy_record)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    shown = look(watched)
    assert shown["state"] == "unreadable"
    assert "corrupt" in shown["problem"]
    path.write_bytes(b"no database at all" * 100)
    assert "not a SQLite database" in look(watched)["problem"]


def test_another_file_by_the_same_name_is_another_store(
    tmp_path: Path, watched: WatchedStore, path: Path, toy_record: SweepRecord
) -> None:
    with Store.to_write(path) as store:
        store.add(toy_record)
        complete(store, toy_record, store.unfinished("toy"))
    assert look(watched)["state"] == "completed"
    with Store.to_write(tmp_path / "other.db") as store:
        store.add(toy_record)
    shutil.move(tmp_path / "other.db", path)
    assert wait_for(lambda: look(watched)["state"] == "interrupted", 5)
