"""`scripts/features.py` as a user runs it: real forex minutes into both databases, killed and resumed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.utils.features.conftest import postgres  # noqa: F401 - a fixture
from tests.utils.features.postgres_server import Server, programs, running
from utils.features.access import open_store
from utils.features.store import FeatureStore, Unit

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("TRADING_SAMPLE_DATA", ROOT.parent / "shared" / "data")) / "lean"
PLAN = "windows: [15, 60]\nhorizons: [30]\nworkers: {1: 2, 2: 1, 3: 1}\nmemory_mb: 300\nconnections: 4\n"
SERIES = ("forex/oanda/minute/eurusd/quote", "forex/oanda/minute/nzdusd/quote")

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no sample data at {DATA}: set TRADING_SAMPLE_DATA"
)


def command(*terms: str) -> list[str]:
    return [sys.executable, str(ROOT / "scripts" / "features.py"), *terms]


def features(folder: Path, *terms: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it in a folder of its own."""
    environment = {**os.environ, **variables}
    return subprocess.run(
        command(*terms), cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN)
    return tmp_path


def everything(store: FeatureStore) -> dict[Unit, tuple[bytes, bytes]]:
    """All rows of all units, to the bit."""
    units = sorted(store.digests())
    return {unit: (rows[0].tobytes(), rows[1].tobytes()) for unit in units for rows in [store.rows(unit)]}


RUN = ("run", "--data", str(DATA), "--symbols", "EURUSD,NZDUSD", "--plan", "plan.yaml")


@needs_data
def test_both_databases_hold_the_same_rows_and_a_second_run_changes_nothing(
    folder: Path,
    postgres: Server,  # noqa: F811 - the fixture
) -> None:
    url = str(postgres.url())
    first = features(folder, *RUN, "--json")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout) == {
        "stored": {"technical": 2, "track1": 4, "track2": 4, "targets": 2},
        "units": 12,
        "unchanged": 0,
        "series": list(SERIES),
    }
    other = features(folder, *RUN, "--db", url)
    assert other.returncode == 0, other.stderr
    stores = [open_store(name, 2) for name in (str(folder / "build/features.duckdb"), url)]
    rows = [everything(store) for store in stores]
    for store in stores:
        store.close()
    assert rows[0] == rows[1]
    assert len(rows[0]) == 12
    for name in ("build/features.duckdb", url):
        again = features(folder, *RUN, "--db", name)
        assert again.stdout == "0 units stored, 12 unchanged\n"
    assert (folder / "logs/track2/populate.log").read_text().count("populated") == 8


@needs_data
@pytest.mark.parametrize("after", [1, 5, 9])
def test_killed_and_run_again_it_leaves_the_same_rows(folder: Path, after: int) -> None:
    whole = features(folder, *RUN, "--db", "whole.duckdb")
    assert whole.returncode == 0, whole.stderr
    log = folder / "killed"
    running_one = subprocess.Popen(
        command(*RUN, "--db", "killed.duckdb", "--logs", str(log)), cwd=folder, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 120
    while time.monotonic() < until and running_one.poll() is None:
        if sum(path.read_text().count("populated") for path in log.glob("track*/*.log")) >= after:
            break
        time.sleep(0.005)
    running_one.send_signal(signal.SIGKILL)
    running_one.wait(timeout=30)
    resumed = features(folder, *RUN, "--db", "killed.duckdb")
    assert resumed.returncode == 0, resumed.stderr
    rows = []
    for name in ("whole.duckdb", "killed.duckdb"):
        store = open_store(str(folder / name), 1)
        rows.append(everything(store))
        store.close()
    assert rows[0] == rows[1]


@needs_data
def test_features_are_selected_and_exported(folder: Path) -> None:
    assert features(folder, *RUN, "--symbols", "EURUSD").returncode == 0
    chosen = features(
        folder,
        "select",
        SERIES[0],
        "--horizon",
        "30",
        "--windows",
        "15",
        "--folds",
        "2",
        "--top",
        "3",
        "--json",
    )
    assert chosen.returncode == 0, chosen.stderr
    judged = json.loads(chosen.stdout)
    assert len(judged) == 3
    assert all(0 <= one["stability"] <= 1 for one in judged)
    exported = features(folder, "export", "--output", "out", "--horizon", "30")
    assert exported.returncode == 0, exported.stderr
    table = pq.read_table(folder / f"out/training/{SERIES[0]}/30.parquet")
    assert table.column_names[:2] == ["time", "target_end"]
    assert np.all(table["target_end"].to_numpy() > table["time"].to_numpy())
    status = features(folder, "status", "--json")
    assert {row["table"] for row in json.loads(status.stdout)} == {"technical", "track1", "track2", "targets"}


@pytest.mark.parametrize(
    ("terms", "code", "said"),
    [
        (("run", "--tracks", "1,4"), 2, "--tracks: '1,4' is not some of 1, 2 and 3"),
        (("run", "--data", "nowhere"), 1, "--data nowhere: no such folder; give LEAN-format data"),
        (("run", "--data", ".", "--symbols", "EURUSD"), 1, "no minutes of the pair EURUSD; it has none"),
        (("status", "--db", "mysql://me@host/x"), 1, "mysql is not supported"),
        (("status", "--db", "postgresql://me:hunter2@host/x"), 1, "has a password in it"),
        (("status", "--db", "postgresql://me@/x?password=hunter2"), 1, "has a password in it"),
        (("run", "--plan", "bad.yaml"), 1, "bad.yaml: windows.0: "),
        (("select", "eurusd"), 1, "eurusd has no technical of 0 rows in the database"),
    ],
)
def test_mistakes_are_named_in_one_line(folder: Path, terms: tuple[str, ...], code: int, said: str) -> None:
    (folder / "bad.yaml").write_text("windows: [1]\n")
    done = features(folder, *terms)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    if code == 1:
        assert done.stderr.count("\n") == 1


def test_a_wrong_password_is_named_and_never_shown(folder: Path) -> None:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server: install Debian's package postgresql")
    (folder / "secret").write_text("the right one")
    (folder / "secret").chmod(0o644)
    for part in (folder, *folder.parents):
        if part != part.parent and os.geteuid() == 0 and part.stat().st_uid == 0:
            part.chmod(part.stat().st_mode | 0o011)
    with running(found, "-A", "scram-sha-256", "--pwfile", str(folder / "secret")) as server:
        url = str(server.url())
        wrong = features(folder, "status", "--db", url, PGPASSWORD="hunter2")
        right = features(folder, "status", "--db", url, PGPASSWORD="the right one")
    assert right.returncode == 0, right.stderr
    assert wrong.returncode == 1
    assert "password authentication failed" in wrong.stderr
    assert "hunter2" not in wrong.stderr


def test_no_password_shows_in_the_list_of_processes(folder: Path) -> None:
    silent = socket.create_server(("127.0.0.1", 0))  # takes a connection, and never answers
    url = f"postgresql://me:hunter2@127.0.0.1:{silent.getsockname()[1]}/x"
    process = subprocess.Popen(
        command("status"),
        cwd=folder,
        env={**os.environ, "FEATURES_DB": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        seen = set()
        until = time.monotonic() + 4
        while time.monotonic() < until and process.poll() is None:
            seen.add(Path(f"/proc/{process.pid}/cmdline").read_bytes())
            time.sleep(0.05)
        assert seen
        assert all(b"hunter2" not in line for line in seen)
    finally:
        silent.close()
        process.kill()
        _, said = process.communicate(timeout=10)
    assert "hunter2" not in said
