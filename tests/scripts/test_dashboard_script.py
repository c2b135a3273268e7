"""scripts/dashboard.py as a process: what it prints, keeps and refuses, and the status by curl."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.dashboard import main
from utils.dashboard.access import TOKEN

ROOT = Path(__file__).parents[2]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(ROOT / "scripts" / "dashboard.py"), "--port", "0"]
    environment = {name: value for name, value in os.environ.items() if name != TOKEN}
    running = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield running
    running.kill()
    running.communicate()


def test_it_prints_the_address_with_the_token_answers_curl_and_ends_by_ctrl_c(
    tmp_path: Path, process: subprocess.Popen[str]
) -> None:
    assert process.stdout is not None
    printed = re.fullmatch(
        r"Sweeps: http://localhost:(\d+)/cluster#token=(\S{40,})\n", process.stdout.readline()
    )
    assert printed is not None
    port, token = printed.groups()
    kept = tmp_path / "build" / "dashboard.token"
    assert kept.read_text() == f"{token}\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    line = f"curl -s --retry 20 --retry-connrefused http://localhost:{port}/api/cluster/status"
    curl = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(curl.stdout)["clusterStatus"] == "idle"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    assert token not in errors


def test_other_machines_need_a_name_to_call_it_by() -> None:
    result = CliRunner().invoke(main, ["--host", "0.0.0.0", "--port", "0"])
    assert result.exit_code == 2
    assert "--allow-host" in result.output


def test_a_token_that_is_no_secret_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["--port", "0", "--folder", str(tmp_path / "build")], env={TOKEN: "short"}
    )
    assert result.exit_code == 1
    assert result.output.startswith("error: SWEEP_DASHBOARD_TOKEN")
