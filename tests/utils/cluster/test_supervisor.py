"""The supervisor with programs that end, hang and leave children behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from utils.cluster.host_side import supervisor

PROGRAM = Path(supervisor.__file__)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "service").mkdir()
    yield tmp_path
    control(tmp_path, "stop")


def serve(folder: Path, script: str, **terms: Any) -> None:
    """Have a shell script run."""
    content = {"command": ["sh", "-c", script], "environment": {}, **terms}
    (folder / "service" / "service.json").write_text(json.dumps(content))


def control(folder: Path, verb: str) -> None:
    words = [sys.executable, "-I", str(PROGRAM), verb, str(folder)]
    subprocess.run(words, check=True, capture_output=True, timeout=60)


def state(folder: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((folder / "service" / "state.json").read_text())
    except OSError:
        return {}
    return content


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def marked(folder: Path) -> list[int]:
    """Processes that bear the folder's mark."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(supervisor.MARK) == str(folder):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def test_a_program_that_ends_is_started_again_and_later_each_time(folder: Path) -> None:
    serve(folder, "date +%s.%N >> began; exit 3")
    control(folder, "start")
    began = folder / "began"
    until(lambda: began.exists() and len(began.read_text().split()) >= 3)
    first, second, third = map(float, began.read_text().split()[:3])
    assert 0.9 < second - first < third - second
    assert state(folder)["restarts"] >= 2
    assert "ended with code 3" in state(folder)["state"] or state(folder)["state"] == "running"


def test_there_is_one_supervisor_of_a_folder(folder: Path) -> None:
    serve(folder, "echo >> began; exec sleep 600")
    for _ in range(3):
        control(folder, "start")
    until(lambda: state(folder).get("state") == "running")
    time.sleep(0.5)
    assert (folder / "began").read_text() == "\n"


def test_stop_ends_also_what_left_its_session(folder: Path) -> None:
    serve(folder, "setsid sleep 600 & trap '' TERM; while :; do sleep 1; done")
    control(folder, "start")
    until(lambda: len(marked(folder)) >= 2)
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        control(folder, "stop")
        assert marked(folder) == []
        assert stranger.poll() is None
        assert supervisor.running(folder) is None
        assert not state(folder)
    finally:
        stranger.kill()
        stranger.wait()


def test_what_a_killed_supervisor_left_is_ended_before_it_starts_again(folder: Path) -> None:
    serve(folder, "exec sleep 600")
    control(folder, "start")
    until(lambda: state(folder).get("state") == "running" and bool(marked(folder)))
    before = state(folder)
    os.kill(before["supervisor"], signal.SIGKILL)
    until(lambda: not psutil.pid_exists(before["supervisor"]) or supervisor.running(folder) is None)
    assert marked(folder) == [before["pid"]]
    control(folder, "start")
    until(lambda: state(folder).get("pid") not in (None, before["pid"]))
    assert marked(folder) == [state(folder)["pid"]]


def test_a_changed_program_and_a_second_one_beside_it(folder: Path) -> None:
    serve(folder, "exec sleep 600", afterwards=["sh", "-c", "echo resumed >> afterwards"])
    control(folder, "start")
    until((folder / "afterwards").exists)
    control(folder, "stop")
    serve(folder, "echo other > other; exec sleep 600")
    control(folder, "start")
    until((folder / "other").exists)
    assert (folder / "afterwards").read_text() == "resumed\n"
