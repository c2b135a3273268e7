"""Log files that rotate under a reader, and lose nothing."""

from __future__ import annotations

import json
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trading.monitoring.metrics import LOG_PREFIX
from trading.monitoring.monitor import create_resource_monitor
from trading.monitoring.probe import StatedProbe
from utils.errors import UserError
from utils.logs import RotatedLog, bot_logs


def test_lines_are_there_at_once_one_a_line_with_their_time(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "bot.log"
    log = RotatedLog(path, clock=lambda: datetime(2026, 1, 5, 15, 0))
    log("CRITICAL memory_critical: 91 %")
    log("two\nlines")
    assert path.read_text() == (
        "2026-01-05T15:00:00.000+00:00 CRITICAL memory_critical: 91 %\n"
        "2026-01-05T15:00:00.000+00:00 two lines\n"
    )
    RotatedLog(path, clock=lambda: datetime(2026, 1, 6, tzinfo=UTC))("next run")
    assert path.read_text().splitlines()[-1] == "2026-01-06T00:00:00.000+00:00 next run"


def test_files_stay_within_their_size_and_number_and_the_latest_lines_are_whole(tmp_path: Path) -> None:
    log = RotatedLog(tmp_path / "m.json", max_bytes=100, kept=2)
    for number in range(1_000):
        log(f"line {number:04}")
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["m.json", "m.json.1", "m.json.2"]
    kept = "".join((tmp_path / name).read_text() for name in reversed(files)).splitlines()
    assert kept == [f"line {number:04}" for number in range(1_000 - len(kept), 1_000)]
    assert len(kept) >= 20
    assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())


def test_without_older_files_there_is_one(tmp_path: Path) -> None:
    log = RotatedLog(tmp_path / "m.json", max_bytes=30, kept=0)
    for number in range(100):
        log(f"line {number:04}")
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_tail_goes_on_over_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / "resource_metrics.json"
    log = RotatedLog(path, max_bytes=2_000)
    log("first")
    with subprocess.Popen(
        ["tail", "-n", "+1", "-s", "0.05", "-f", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as tail:
        try:
            assert tail.stdout is not None
            assert tail.stdout.readline() == "first\n"
            log("x" * 1_990)  # nearly fills it
            assert len(tail.stdout.readline()) == 1_991
            log("after the rotation")
            assert path.read_text() == "after the rotation\n"
            assert tail.stdout.readline() == "after the rotation\n"
        finally:
            tail.kill()


def test_a_line_that_a_crash_cut_short_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text('{"a": 1}\n{"a"')
    RotatedLog(path)('{"a": 3}')
    assert path.read_text() == '{"a": 1}\n{"a"\n{"a": 3}\n'


def test_a_file_that_somebody_removes_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    log = RotatedLog(path)
    log("first")
    path.unlink()
    log("second")
    assert path.read_text() == "second\n"


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    with pytest.raises(UserError, match=r"logs/m\.json: cannot be written: .*; free space or choose"):
        RotatedLog(tmp_path / "logs" / "m.json")
    log = RotatedLog(tmp_path / "m.json")
    log.close()
    log.close()
    with pytest.raises(UserError, match="Bad file descriptor"):
        log("line")


def test_many_lines_take_little_time(tmp_path: Path) -> None:
    log = RotatedLog(tmp_path / "m.json")
    began = time.process_time()
    for _ in range(2_000):
        log("x" * 500)
    assert time.process_time() - began < 1


def test_an_algorithms_log_becomes_the_two_files_that_are_watched(tmp_path: Path) -> None:
    log = bot_logs(tmp_path / "logs")
    probe = StatedProbe(memory_pct=91)
    monitor = create_resource_monitor(
        probe=probe, log=log, metrics_sink=lambda line: log(f"2026-01-05 15:00:00 {LOG_PREFIX}{line}")
    )
    monitor.update(10, 2, 20)
    found = subprocess.run(
        ["grep", "CRITICAL", str(tmp_path / "logs" / "trading_bot.log")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith("CRITICAL memory_critical: memory at 91.0 %")
    (line,) = (tmp_path / "logs" / "resource_metrics.json").read_text().splitlines()
    assert json.loads(line)["memory_pct"] == 91
