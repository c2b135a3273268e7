"""The real `lean backtest` against scripts/lean_docker.py's server, without Docker."""

from __future__ import annotations

import importlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests

from tests.algorithms.goog_day import cut_out
from tests.algorithms.options_bot_runs import PARAMETERS
from tests.lean_cli import ROOT, START, LeanCli, copy_projects, empty_workspace, install_lean_cli
from utils.docker.container import Status
from utils.docker.server import DockerServer, running_docker
from utils.engine.project_job import project_job
from utils.engine.run.backtest import run_backtest
from utils.engine.testing import LeanData
from utils.workspace import find_project

MONEY_LINE, LIBRARY, PROBE = "algorithms/money_line", "Library/trading", "algorithms/probe"
OPTIONS_BOT = "algorithms/options_trading_bot"
TIMEOUT = 60.0
HEAD = """
from AlgorithmImports import *

class Probe(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2020, 1, 2)
        self.set_end_date(2020, 3, 2)
        self.spy = self.add_equity("SPY", Resolution.DAILY).symbol
"""
SLOW = (
    HEAD
    + """
    def on_data(self, slice):
        import time
        if not self.portfolio.invested:
            self.market_order(self.spy, 1)
        self.log("one more day")
        time.sleep(0.3)
"""
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> LeanCli:
    return install_lean_cli(tmp_path_factory.mktemp("cli"))


@pytest.fixture
def server() -> Iterator[DockerServer]:
    with running_docker() as running:
        yield running


@pytest.fixture
def lean(installed: LeanCli, server: DockerServer) -> LeanCli:
    return replace(installed, environment=installed.environment | {"DOCKER_HOST": server.address})


@pytest.fixture
def client(server: DockerServer) -> Iterator[Any]:
    connected = importlib.import_module("docker").DockerClient(base_url=server.address)
    yield connected
    connected.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the library, money_line, and 300 days of made-up prices."""
    folder = empty_workspace(tmp_path / "workspace")
    copy_projects(folder, LIBRARY, MONEY_LINE)
    closes = 100 * np.exp(np.cumsum(np.random.default_rng(3).normal(0, 0.015, 300)))
    LeanData(folder / "data").daily(
        "equity/usa/daily/spy", "2020-01-02", closes.round(2).tolist(), spread=0.5
    )
    config = folder / MONEY_LINE / "config.json"
    content = json.loads(config.read_text())
    content["parameters"] |= {"start_date": "2020-01-02", "end_date": "2021-03-01", "multiplier": "1"}
    content["parameters"] |= {"adx_min": "0", "ma_gap_min": "-1", "volume_min": "0"}
    config.write_text(json.dumps(content))
    return folder


@pytest.fixture
def probe(workspace: Path) -> Callable[..., Path]:
    """Write a project with a main.py."""

    def write(text: str, **files: str) -> Path:
        folder = workspace / PROBE
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "main.py").write_text(text)
        (folder / "config.json").write_text(
            '{"algorithm-language": "Python", "parameters": {"given": "config"}}'
        )
        for name, content in files.items():
            (folder / f"{name}.py").write_text(content)
        return folder

    return write


def statistics(project: Path) -> dict[str, str]:
    """Those of the one backtest in the project's folder."""
    (summary,) = project.glob("backtests/*/*-summary.json")
    found: dict[str, str] = json.loads(summary.read_text())["statistics"]
    return found


def failing(lean: LeanCli, workspace: Path, *arguments: str) -> str:
    printed = lean.run_failing(workspace, "backtest", PROBE, *arguments)
    assert "Traceback" not in printed
    return printed


def test_the_cli_gets_the_statistics_of_the_engine(lean: LeanCli, workspace: Path) -> None:
    project = find_project(workspace / MONEY_LINE)
    expected = run_backtest(project_job(project, workspace / "data"))
    assert expected.completed and len(expected.orders) > 10
    printed = lean.run(workspace, "backtest", MONEY_LINE)
    assert "Successfully ran" in printed
    assert statistics(project.folder) == expected.statistics
    assert f"STATISTICS:: OrderListHash {expected.statistics['OrderListHash']}" in printed
    (result,) = project.folder.glob("backtests/*/1?????????.json")
    assert json.loads(result.read_text())["orders"]


def test_the_options_bot_trades_through_the_cli_as_in_the_engine(
    lean: LeanCli, tmp_path: Path, sample_data: Path
) -> None:
    folder = empty_workspace(tmp_path / "workspace")
    copy_projects(folder, LIBRARY, OPTIONS_BOT)
    cut_out(sample_data / "lean", tmp_path / "cut")
    shutil.copytree(tmp_path / "cut", folder / "data", dirs_exist_ok=True)
    config = folder / OPTIONS_BOT / "config.json"
    content = json.loads(config.read_text())
    content["parameters"] |= PARAMETERS
    config.write_text(json.dumps(content))
    project = find_project(folder / OPTIONS_BOT)
    expected = run_backtest(project_job(project, folder / "data"))
    assert expected.completed and len(expected.orders) > 4
    printed = lean.run(folder, "backtest", OPTIONS_BOT)
    assert "Successfully ran" in printed
    assert statistics(project.folder) == expected.statistics


def test_without_the_library_the_algorithm_does_not_import(lean: LeanCli, workspace: Path) -> None:
    (workspace / "Library").rename(workspace / "hidden")
    printed = lean.run_failing(workspace, "backtest", MONEY_LINE)
    assert "ModuleNotFoundError: No module named 'trading'" in printed
    assert "Something went wrong while running" in printed


def test_a_library_that_is_mounted_but_not_named_is_not_importable(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    probe("import trading\n" + HEAD)
    assert "main.py:1 in <module>: ModuleNotFoundError: No module named 'trading'" in failing(lean, workspace)


@pytest.mark.parametrize(
    "module", ["utils", "utils.engine", "scripts", "tests", "config", "pytest", "docker", "lean", "fastapi"]
)
def test_the_hosts_own_modules_are_not_importable(
    module: str, lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    probe(f"import importlib\nimportlib.import_module({module!r})\n" + HEAD)
    assert "ModuleNotFoundError: No module named" in failing(lean, workspace)


def test_packages_of_the_image_and_the_projects_own_modules_are_importable(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    text = "import numpy, pandas, scipy, numba, requests, pydantic, psutil\nimport utils, helpers\n"
    text += "from utils import WHOSE\n" + HEAD
    text += "        self.log(f'utils of {WHOSE}, {helpers.deeper()}, {self.get_parameter(\"given\")}')\n"
    probe(
        text,
        utils="WHOSE = 'the project'\n",
        helpers="def deeper():\n    from utils import WHOSE\n    return WHOSE\n",
    )
    assert "utils of the project, the project, config" in lean.run(workspace, "backtest", PROBE)


def test_the_hosts_variables_folder_and_path_are_not_the_containers(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET", "PYTHONPATH"):
        monkeypatch.setenv(name, str(workspace))  # the server is in this process
    monkeypatch.chdir(workspace)
    text = "import os, sys\n" + HEAD
    text += '        self.log(f\'variables {os.environ.get("SECRET")}, {os.environ.get("PYTHONPATH")}\')\n'
    text += "        self.log(f'files {os.path.exists(\"lean.json\")}')\n"
    text += "        self.log(f'modules {[name for name in sys.modules if name.startswith(\"utils\")]}')\n"
    text += f"        self.log('path ok' if not {{{str(ROOT)!r}, ''}} & set(sys.path) else 'leaked')\n"
    probe(text)
    printed = lean.run(workspace, "backtest", PROBE)
    for expected in ("variables None, None", "files False", "modules []", "path ok"):
        assert expected in printed


def test_parameters_and_name_and_object_store_reach_the_run(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    text = HEAD + "        self.log(f'given {self.get_parameter(\"given\")}, {self.name}')\n"
    probe(text + "        self.object_store.save('kept/key', 'value')\n")
    options = ("--parameter", "given", "by option", "--backtest-name", "my name")
    printed = lean.run(workspace, "backtest", PROBE, *options)
    assert "given by option" in printed
    assert (workspace / "storage" / "kept" / "key").read_text() == "value"


def test_the_data_folder_of_lean_json_is_read(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    (workspace / "data").rename(workspace / "elsewhere")
    config = workspace / "lean.json"
    config.write_text(config.read_text().replace('"data-folder": "data"', '"data-folder": "elsewhere"'))
    folder = probe(HEAD + "    def on_data(self, slice):\n        self.market_order(self.spy, 1)\n")
    lean.run(workspace, "backtest", PROBE)
    assert int(statistics(folder)["Total Orders"]) > 20


def test_an_exception_of_the_algorithm_fails_and_leaves_results(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    text = HEAD + "    def on_data(self, slice):\n        1 / 0\n"
    folder = probe(text)
    line = text.splitlines().index("        1 / 0") + 1
    assert f"main.py:{line} in on_data: ZeroDivisionError: division by zero" in failing(lean, workspace)
    assert statistics(folder)["Total Orders"] == "0"


def test_a_syntax_error_in_any_file_fails(lean: LeanCli, workspace: Path, probe: Callable[..., Path]) -> None:
    probe(HEAD, unused="def (:\n")
    printed = failing(lean, workspace)
    assert "SyntaxError" in printed and "unused.py" in printed


def test_requirements_that_are_not_here_are_named(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    (probe(HEAD) / "requirements.txt").write_text("numpy\nno-such-package==1.0\n")
    assert "requirements.txt: no-such-package==1.0 is not installed here" in failing(lean, workspace)


@pytest.mark.parametrize("image", ["python:3.11", "quantconnect/research:latest", "example/lean:1"])
def test_other_images_are_refused_by_name(
    image: str, lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    probe(HEAD)
    for options in ((), ("--no-update",)):
        printed = " ".join(failing(lean, workspace, "--image", image, *options).split())
        assert image in printed and "only quantconnect/lean is served here" in printed


def test_another_tag_of_leans_image_is_pulled(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path]
) -> None:
    probe(HEAD)
    assert "Successfully ran" in lean.run(workspace, "backtest", PROBE, "--image", "quantconnect/lean:16000")


def test_debugging_is_refused(lean: LeanCli, workspace: Path, probe: Callable[..., Path]) -> None:
    probe(HEAD)
    assert "debugging = True: not done by the embedded engine" in failing(
        lean, workspace, "--debug", "debugpy"
    )


def started(lean: LeanCli, workspace: Path, **streams: Any) -> subprocess.Popen[bytes]:
    """`lean backtest` in the background."""
    command = [sys.executable, "-u", "-c", START, "backtest", PROBE]
    return subprocess.Popen(command, cwd=workspace, env=lean.environment, **streams)


def read_until(read: Callable[[], bytes], wanted: bytes) -> bytes:
    """What came up to a text; fails in the end."""
    text, end = b"", time.monotonic() + TIMEOUT
    while wanted not in text:
        assert time.monotonic() < end, text
        piece = read()
        assert piece, text
        text += piece
    return text


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_logs_stream_and_an_interrupt_kills(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path], server: DockerServer
) -> None:
    folder = probe(SLOW)
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with started(lean, workspace, **streams) as process:
        assert process.stdout is not None
        read_until(process.stdout.readline, b"one more day")
        (container,) = server.containers.list(everything=False)
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT) == 1
    until(lambda: container.status is Status.EXITED)
    assert container.exit_code == 128 + signal.SIGKILL
    assert not list(folder.glob("backtests/*/*-summary.json"))
    assert server.containers.list(everything=True) == []


def test_at_a_terminal_an_interrupt_ends_with_the_results_so_far(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path], server: DockerServer
) -> None:
    folder = probe(SLOW)
    near, far = pty.openpty()
    try:
        with started(lean, workspace, stdin=far, stdout=far, stderr=far, start_new_session=True) as process:
            os.close(far)
            read_until(lambda: os.read(near, 4096), b"one more day")
            (container,) = server.containers.list(everything=False)
            assert container.request.tty and container.request.stop_signal == "SIGINT"
            process.send_signal(signal.SIGINT)
            assert process.wait(TIMEOUT) == 1
    finally:
        os.close(near)
    assert container.exit_code == 1
    assert statistics(folder)["Total Orders"] == "1"


def test_a_detached_run_is_stopped_and_removed(
    lean: LeanCli, workspace: Path, probe: Callable[..., Path], client: Any
) -> None:
    folder = probe(SLOW)
    assert "Successfully started" in lean.run(workspace, "backtest", PROBE, "--detach")
    (container,) = client.containers.list()
    assert container.name.startswith("lean_cli_")
    read_until(iter(container.logs(stream=True, follow=True)).__next__, b"one more day")
    container.stop(timeout=20)
    assert client.containers.list(all=True) == []
    assert statistics(folder)["Total Orders"] == "1"


def test_what_is_not_served_is_said_in_docker_s_form(server: DockerServer) -> None:
    base = server.address.replace("tcp", "http")
    for method, path in (("POST", "/v1.44/build"), ("GET", "/nothing"), ("GET", "/containers/none/json")):
        answer = requests.request(method, base + path, timeout=10)
        assert answer.status_code == 404 and answer.json()["message"]
    wrong = requests.post(f"{base}/containers/create", json={"Image": 3}, timeout=10)
    assert (wrong.status_code, wrong.json()["message"]) == (400, "Image: Input should be a valid string")
