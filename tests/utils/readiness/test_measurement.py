"""This host's figures against psutil and the operating system, limits against fabricated control groups."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine

from tests.utils.features.conftest import postgres  # noqa: F401 - a fixture
from tests.utils.features.postgres_server import Server, programs, running
from tests.utils.readiness.hosts import plan
from utils.readiness.measurement import disk_speed as disk_speed_module
from utils.readiness.measurement.database_probe import probe_database
from utils.readiness.measurement.disk_speed import disk_speed
from utils.readiness.measurement.host import measure
from utils.readiness.measurement.machine import GIB, disk, instance_type, memory, processors
from utils.readiness.measurement.reach import reach
from utils.readiness.plan import DatabaseNeed

MEMINFO = "MemTotal:       33554432 kB\nMemFree:        1 kB\nMemAvailable:   31457280 kB\n"
STAT = "cpu  1 0 1 10 0 0 0 0 0 0\n" + "".join(f"cpu{n} 1 0 1 10 0 0 0 0 0 0\n" for n in range(8))


def container(root: Path, files: dict[str, str]) -> Path:
    """A host of 8 processors and 32 GiB whose processes are in one control group (version 2)."""
    everything = {
        "proc/meminfo": MEMINFO,
        "proc/stat": STAT,
        "proc/cpuinfo": "model name\t: Made Up 3000\n",
        "proc/self/cgroup": "0::/\n",
        "proc/self/mountinfo": "1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
        **{f"sys/fs/cgroup/{name}": text for name, text in files.items()},
    }
    for name, text in everything.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_this_host_is_what_the_system_says() -> None:
    began = time.monotonic()
    seen = measure(plan(database=None))
    assert time.monotonic() - began < 30
    assert seen.processors.count == os.cpu_count()
    assert 0 < seen.processors.allowed <= len(os.sched_getaffinity(0))
    assert seen.memory.total_gib <= psutil.virtual_memory().total / GIB + 1e-6
    assert seen.memory.available_gib <= seen.memory.total_gib
    if seen.memory.source == "host":
        assert seen.memory.available_gib == pytest.approx(psutil.virtual_memory().available / GIB, abs=1)
    assert seen.disk.free_gib == pytest.approx(shutil.disk_usage(".").free / GIB, abs=1)
    assert seen.python == platform.python_version()
    assert seen.architecture == os.uname().machine
    assert seen.host == socket.gethostname()
    assert seen.packages["numpy"] == version("numpy")
    assert seen.talib
    assert abs(seen.processors.load - os.getloadavg()[0]) < 5


def test_a_containers_limits_count(tmp_path: Path) -> None:
    root = container(
        tmp_path,
        {
            "cpu.max": "150000 100000\n",
            "cpu.stat": "usage_usec 1\n",
            "memory.max": f"{4 * GIB}\n",
            "memory.current": f"{3 * GIB}\n",
            "memory.stat": f"inactive_file {GIB}\n",
        },
    )
    assert processors(root).allowed == 1.5
    assert processors(root).model == "Made Up 3000"
    seen = memory(root)
    assert seen.total_gib == 4
    assert seen.available_gib == pytest.approx(min(2, psutil.virtual_memory().available / GIB))
    assert seen.source == "cgroup v2"


def test_a_disks_speed_is_measured_and_nothing_is_left(tmp_path: Path) -> None:
    speed = disk_speed(tmp_path)
    assert speed is not None
    assert min(speed) > 0
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_speed_module, "FREE_BYTES", 2**62)
    assert disk_speed(tmp_path) is None


def test_a_folder_that_is_not_there_yet_is_on_the_disk_of_those_above_it(tmp_path: Path) -> None:
    seen = disk(tmp_path / "not" / "yet")
    assert seen.total_gib == pytest.approx(shutil.disk_usage(tmp_path).total / GIB)
    assert not (tmp_path / "not").exists()


def test_the_instance_type_is_the_firmwares_on_ec2_only(tmp_path: Path) -> None:
    firmware = tmp_path / "sys/class/dmi/id"
    firmware.mkdir(parents=True)
    (firmware / "product_name").write_text("t3.2xlarge\n")
    (firmware / "sys_vendor").write_text("Amazon EC2\n")
    assert instance_type(tmp_path) == "t3.2xlarge"
    (firmware / "sys_vendor").write_text("QEMU\n")
    assert instance_type(tmp_path) is None
    assert instance_type(tmp_path / "none") is None


def test_an_address_is_reached_or_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        seen = reach(address)
        assert seen.connect_ms is not None
        assert seen.problem is None
    assert reach(address).problem == "Connection refused"


def test_a_servers_version_and_free_connections(postgres: Server) -> None:  # noqa: F811 - the fixture
    url = postgres.url().render_as_string()
    first = probe_database(DatabaseNeed(url=url))
    assert first is not None
    assert first.problem is None
    assert first.connections == 12 - 3  # three are the superuser's
    engine = create_engine(postgres.url().set(drivername="postgresql+psycopg"))
    try:
        with engine.connect(), engine.connect() as held:
            assert first.version == held.exec_driver_sql("SHOW server_version").scalar_one().split()[0]
            second = probe_database(DatabaseNeed(url=url))
            assert second is not None
            assert first.in_use is not None
            assert second.in_use == first.in_use + 2
    finally:
        engine.dispose()


def test_a_server_that_is_away_or_refuses_is_a_problem_without_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server: install Debian's package postgresql")
    with running(found) as server:
        url = server.url("nobody").set(password="s3cret").render_as_string(hide_password=False)
        monkeypatch.setenv("FEATURES_DB", url)
        refused = probe_database(DatabaseNeed())
        assert refused is not None
        assert 'role "nobody" does not exist' in str(refused.problem)
        server.stop()
        away = probe_database(DatabaseNeed())
    assert away is not None
    assert away.problem
    assert "s3cret" not in refused.model_dump_json() + away.model_dump_json()


def test_a_wrong_password_is_a_problem_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server: install Debian's package postgresql")
    with tempfile.NamedTemporaryFile("w", dir="/tmp", suffix=".pw") as password:
        password.write("r1ght")
        password.flush()
        Path(password.name).chmod(0o644)  # the server's user reads it
        with running(found, "-A", "scram-sha-256", f"--pwfile={password.name}") as server:
            need = DatabaseNeed(url=server.url().render_as_string())
            monkeypatch.setenv("PGPASSWORD", "wr0ng")
            refused = probe_database(need)
            monkeypatch.setenv("PGPASSWORD", "r1ght")
            welcome = probe_database(need)
    assert refused is not None
    assert "password authentication failed" in str(refused.problem)
    assert "wr0ng" not in refused.model_dump_json()
    assert welcome is not None
    assert welcome.problem is None
    assert "r1ght" not in welcome.model_dump_json()


def test_no_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FEATURES_DB", raising=False)
    assert probe_database(DatabaseNeed()) is None
    monkeypatch.setenv("FEATURES_DB", "build/features.duckdb")
    assert probe_database(DatabaseNeed()) is None
