"""`sweep.py run` says how it ended to whom the environment or a private file names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.sweep_command import SweepFile, failed, sweep
from tests.utils.notify.stand_in import SECRET, notification_service
from utils.notify.targets import URLS


def test_completion_by_the_environment(
    tmp_path: Path, sweep_file: SweepFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with notification_service() as service:
        monkeypatch.setenv(URLS, service.address)
        result = sweep("run", sweep_file(), "--db", tmp_path / "small.db")
    assert result.exit_code == 0, result.output
    assert service.titles == ["Sweep small completed"]
    assert "small: 288 of 288 combinations" in service.messages[0]["message"]
    assert SECRET not in result.output


def test_failure_by_a_file(tmp_path: Path, sweep_file: SweepFile) -> None:
    database = tmp_path / "small.db"
    database.write_bytes(b"no database" * 100)
    with notification_service() as service:
        private = tmp_path / "apprise.conf"
        private.write_text(service.address)
        private.chmod(0o600)
        line = failed("run", sweep_file(), "--db", database, "--notify", private)
    assert service.titles == ["Sweep small failed"]
    assert SECRET not in line


def test_a_service_that_fails_costs_one_line(
    tmp_path: Path, sweep_file: SweepFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with notification_service() as service:
        service.status = 500
        monkeypatch.setenv(URLS, service.address)
        result = sweep("run", sweep_file(), "--db", tmp_path / "small.db")
    assert result.exit_code == 0
    assert result.stderr.count("notification by JSON failed") == 1
    assert SECRET not in result.output


def test_a_wrong_address_is_refused_before_anything_runs(
    tmp_path: Path, sweep_file: SweepFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URLS, f"jsn://user:{SECRET}@127.0.0.1/")
    line = failed("run", sweep_file(), "--db", tmp_path / "small.db")
    assert "address 1 of 1" in line
    assert SECRET not in line
    assert not (tmp_path / "small.db").exists()
