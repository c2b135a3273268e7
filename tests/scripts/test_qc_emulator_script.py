"""qc_emulator.py as a process: its address, its state after kill -9, its errors."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from utils.quantconnect.client import QuantConnect
from utils.quantconnect.clients.live import LiveSettings
from utils.quantconnect.credentials import Credentials
from utils.quantconnect.errors import RefusedError
from utils.quantconnect.transport import Transport

ROOT = Path(__file__).parents[2]
PAPER = LiveSettings({"id": "QuantConnectBrokerage"}, {})
SCRIPT = str(ROOT / "scripts" / "qc_emulator.py")


@contextmanager
def started(*arguments: str, token: str = "x") -> Iterator[tuple[subprocess.Popen[str], QuantConnect]]:
    environment = os.environ | {"QC_EMULATOR_TOKEN": token}
    command = [sys.executable, SCRIPT, "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            yield process, QuantConnect(Transport(url, Credentials("1", token)))
        finally:
            process.kill()


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    database = str(tmp_path / "state.db")
    with started("--db", database) as (process, api):
        project = api.projects.create("a")
        api.projects.update(project.project_id, files={"main.py": "X = 1\n"}, parameters={"p": "1"})
        api.object_store.set("k", b"\x00\x01")
        compile_id = api.compiles.create(project.project_id).compile_id
        node = api.nodes.read(api.organization_id).live[0].id
        deployed = api.live.create(project.project_id, compile_id, node, PAPER)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with started("--db", database) as (_, api):
        assert [one.name for one in api.projects.list()] == ["a"]
        assert api.files.list(project.project_id)[0].content == "X = 1\n"
        assert api.projects.read(project.project_id).parameter_values == {"p": "1"}
        assert api.object_store.get("k") == b"\x00\x01"
        running = api.live.read(project.project_id)
        assert running is not None and running.deploy_id == deployed.deploy_id and not running.over
        assert [one.id for one in api.nodes.read(api.organization_id).live if one.busy] == [node]
        with pytest.raises(RefusedError, match="already has a running live"):
            api.live.create(project.project_id, compile_id, node, PAPER)


def test_the_address_answers_as_soon_as_it_is_printed() -> None:
    with started() as (_, api):
        assert isinstance(api.transport, Transport)
        address = urlsplit(api.transport.address)
        socket.create_connection((address.hostname or "", address.port or 0), timeout=5).close()


def test_a_fault_of_the_command_line_and_an_organization_of_ones_own() -> None:
    arguments = ("--fault", "projects/create:lost_answer:1", "--organization-id", "abc")
    with started(*arguments) as (_, api):
        assert api.organization_id == "abc"
        made = api.projects.create("a", "abc")  # the client finds what the lost answer had made
        assert [one.project_id for one in api.projects.list()] == [made.project_id]
        with pytest.raises(RefusedError, match="Organization not found"):
            api.nodes.read("another")


def test_the_token_of_the_environment_counts_and_nodes_can_be_chosen() -> None:
    with started("--node", "L2-4", "--node", "L2-4", "--node", "B8-16", token="secret-token") as (_, api):
        nodes = api.nodes.read(api.organization_id)
    assert [node.sku for node in nodes.live] == ["L2-4", "L2-4"]
    assert [node.sku for node in nodes.backtest] == ["B8-16"] and not nodes.research


def test_ctrl_c_ends_it() -> None:
    with started() as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(15) in {0, 130, -signal.SIGINT}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--fault", "live/create:explode"], 1, "--fault live/create:explode"),
        (["--node", "L3-9"], 1, "--node L3-9"),
        (["--engine", "docker"], 2, "--engine"),
        (["--db", "/dev/null/state.db"], 1, "state.db"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], code: int, said: str) -> None:
    done = run(*arguments, "--port", "0")
    assert done.returncode == code and said in done.stderr and "Traceback" not in done.stderr


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--port", str(port))
    assert done.returncode == 1
    assert done.stderr.startswith("error: 127.0.0.1:") and len(done.stderr.splitlines()) == 1


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
