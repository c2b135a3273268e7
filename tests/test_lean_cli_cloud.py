"""The real LEAN CLI and this workspace's client meet at the emulated QuantConnect and agree.

The CLI exits with 0 even when a push failed, so the emulator's state is what counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.lean_cli import API_TOKEN, USER_ID, LeanCli, copy_projects, empty_workspace, install_lean_cli
from utils.errors import UserError
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.credentials import Credentials
from utils.quantconnect.deploy.deployment import Observer, Order, deploy
from utils.quantconnect.deploy.node_choice import Purpose
from utils.quantconnect.deploy.push import Change, push
from utils.quantconnect.deploy.waiting import Clock
from utils.quantconnect.emulator.faults import Fault, FaultKind
from utils.quantconnect.emulator.runners import SampleRunner
from utils.quantconnect.emulator.server import RunningEmulator, running_emulator
from utils.quantconnect.emulator.settings import EmulatorSettings
from utils.quantconnect.transport import Transport
from utils.workspace import find_project

MONEY_LINE, LIBRARY = "algorithms/money_line", "Library/trading"
SETTINGS = EmulatorSettings(user_id=USER_ID, api_token=API_TOKEN)
CLOCK = Clock(first=0.05, longest=0.05)
DEPLOY: tuple[str, ...] = ("cloud", "live", "deploy", MONEY_LINE, "--brokerage", "Paper Trading")
DEPLOY += ("--data-provider-live", "Paper Trading", "--auto-restart", "no")
DEPLOY += ("--notify-order-events", "no", "--notify-insights", "no")
NEVER_LIVE = "No live deployment found"

AWKWARD_FILES = {
    "crlf.py": b"first = 1\r\nsecond = 2\r\n",
    "byte_order_mark.py": b"\xef\xbb\xbfx = 1\n",
    "no_line_end.py": b"x = 1",
    "empty.py": b"",
    "blank_lines.py": b"\n\n  # indented\n\n\n",
    "form_characters.py": "x = 'a+b&c=%20; größe 😀'\n".encode(),
    "größe.py": b"x = 1\n",
    ".hidden.py": b"x = 1\n",
    "part/deeper/inner.py": b"x = 1\n",
    "notes.ipynb": b'{"cells": []}\n',
    "page.html": b"<p>\n",
    "style.css": b"p {}\n",
    "Program.cs": b"class A {}\n",
}
LEFT_OUT: tuple[str, ...] = (
    "README.md",
    "bars.csv",
    "LOUD.PY",
    "live/x.py",
    "part/backtests/x.py",
    "bin/x.py",
    "obj/x.py",
)
LEFT_OUT += ("storage/x.py", "report/x.py", "optimizations/x.py", "part/__pycache__/x.py", ".git/x.py")
LEFT_OUT += (".venv/x.py", "environment/pyvenv.cfg", "environment/x.py")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> LeanCli:
    return install_lean_cli(tmp_path_factory.mktemp("cli"))


@pytest.fixture
def cloud() -> Iterator[RunningEmulator]:
    with running_emulator(SETTINGS, runner=SampleRunner()) as emulator:
        yield emulator


@pytest.fixture
def lean(installed: LeanCli, cloud: RunningEmulator) -> LeanCli:
    return installed.against(cloud.url)


@pytest.fixture
def api(cloud: RunningEmulator) -> QuantConnect:
    return QuantConnect(Transport(cloud.url, Credentials(USER_ID, API_TOKEN)))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = empty_workspace(tmp_path / "workspace", SETTINGS.organization_id)
    copy_projects(folder, LIBRARY, MONEY_LINE)
    return folder


def python_files(project: Path) -> dict[str, bytes]:
    """What must reach the cloud: our projects consist of Python files alone."""
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in project.rglob("*.py")}


def config_of(project: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((project / "config.json").read_text())
    return content


def cloud_files(cloud: RunningEmulator, project: str) -> dict[str, bytes]:
    return {name: content.encode() for name, content in cloud.files(project).items()}


def snapshot(cloud: RunningEmulator) -> dict[str, Any]:
    """All that pushes can change, without the times."""
    projects = cloud.rows(
        "SELECT id, name, language, description, parameters, lean_version, nodes FROM project"
    )
    return {
        "projects": {str(row["name"]): row for row in projects},
        "libraries": cloud.rows("SELECT * FROM library"),
        "files": {str(row["name"]): cloud.files(str(row["name"])) for row in projects},
    }


def live_order(workspace: Path) -> Order:
    return Order(find_project(workspace / MONEY_LINE), Purpose.LIVE, "L-MICRO", approval=MONEY_LINE)


def live_node(api: QuantConnect) -> str:
    return api.nodes.read(SETTINGS.organization_id).live[0].id


def assert_cloud_holds(cloud: RunningEmulator, workspace: Path) -> None:
    """Project and library are in the cloud as they are on disk, and the project names the library."""
    state = snapshot(cloud)
    assert set(state["projects"]) == {MONEY_LINE, LIBRARY}
    for name in (MONEY_LINE, LIBRARY):
        config, row = config_of(workspace / name), state["projects"][name]
        assert cloud_files(cloud, name) == python_files(workspace / name)
        assert json.loads(row["parameters"]) == config["parameters"]
        assert row["description"] == config["description"]
        assert (config["cloud-id"], config["organization-id"]) == (row["id"], SETTINGS.organization_id)
    ids = {name: row["id"] for name, row in state["projects"].items()}
    assert state["libraries"] == [{"project_id": ids[MONEY_LINE], "library_id": ids[LIBRARY]}]


def test_the_cli_pushes_a_project_and_its_library_and_our_client_finds_nothing_to_push(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path
) -> None:
    lean.run(workspace, "cloud", "push", "--project", MONEY_LINE)

    assert_cloud_holds(cloud, workspace)
    before, configs = snapshot(cloud), [config_of(workspace / name) for name in (LIBRARY, MONEY_LINE)]
    pushed = push(api, find_project(workspace / MONEY_LINE))
    assert [one.change for one in pushed] == [Change.UNCHANGED, Change.UNCHANGED]
    assert snapshot(cloud) == before
    assert [config_of(workspace / name) for name in (LIBRARY, MONEY_LINE)] == configs


def test_our_client_pushes_and_the_cli_changes_nothing(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path
) -> None:
    push(api, find_project(workspace / MONEY_LINE))

    assert_cloud_holds(cloud, workspace)
    before, configs = snapshot(cloud), [config_of(workspace / name) for name in (LIBRARY, MONEY_LINE)]
    lean.run(workspace, "cloud", "push", "--project", MONEY_LINE)
    updates = cloud.requests.to("projects/update")[-2:]
    assert all(call.success and call.parameters["codeSourceId"] == "cli" for call in updates)
    assert snapshot(cloud) == before
    assert [config_of(workspace / name) for name in (LIBRARY, MONEY_LINE)] == configs


def test_awkward_files_reach_the_cloud_alike(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path, tmp_path: Path
) -> None:
    folder = workspace / MONEY_LINE
    for name, content in [*AWKWARD_FILES.items(), *((name, b"x = 1\n") for name in LEFT_OUT)]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    lean.run(workspace, "cloud", "push", "--project", MONEY_LINE)

    in_the_cloud = {name: content.replace(b"\r\n", b"\n") for name, content in AWKWARD_FILES.items()}
    assert cloud_files(cloud, MONEY_LINE) == in_the_cloud | {"main.py": (folder / "main.py").read_bytes()}
    assert [one.change for one in push(api, find_project(folder))] == [Change.UNCHANGED, Change.UNCHANGED]
    pulled = empty_workspace(tmp_path / "pulled", SETTINGS.organization_id)
    lean.run(pulled, "cloud", "pull", "--project", MONEY_LINE)
    for name, content in in_the_cloud.items():  # the CLI ends a file that has content with a line feed
        expected = content if not content or content.endswith(b"\n") else content + b"\n"
        assert (pulled / MONEY_LINE / name).read_bytes() == expected, name


def test_our_push_makes_good_a_push_of_the_cli_that_failed(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path
) -> None:
    cloud.faults.add(Fault(FaultKind.FAILURE, "projects/update", times=2))

    printed = lean.run(workspace, "cloud", "push", "--project", MONEY_LINE)  # exits with 0 all the same

    assert printed.count("Cannot push") == 2
    assert not cloud.rows("SELECT * FROM library")
    push(api, find_project(workspace / MONEY_LINE), overwrite=True)  # of what new projects begin with
    assert_cloud_holds(cloud, workspace)


def test_the_cli_pulls_what_our_client_pushed(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path, tmp_path: Path
) -> None:
    push(api, find_project(workspace / MONEY_LINE))
    before = snapshot(cloud)
    pulled = empty_workspace(tmp_path / "pulled", SETTINGS.organization_id)

    lean.run(pulled, "cloud", "pull", "--project", MONEY_LINE)

    for name in (MONEY_LINE, LIBRARY):
        assert python_files(pulled / name) == python_files(workspace / name)
        ours, theirs = config_of(workspace / name), config_of(pulled / name)
        shared = ("cloud-id", "organization-id", "description", "parameters", "algorithm-language")
        assert {key: theirs.get(key) for key in shared} == {key: ours[key] for key in shared}
        assert theirs.get("libraries", []) == ours["libraries"]
    pushed = push(api, find_project(pulled / MONEY_LINE))
    assert [one.change for one in pushed] == [Change.UNCHANGED, Change.UNCHANGED]
    assert snapshot(cloud) == before


def test_the_cli_backtests_in_the_cloud(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path
) -> None:
    push(api, find_project(workspace / MONEY_LINE))

    printed = lean.run(workspace, "cloud", "backtest", MONEY_LINE, "--name", "from the CLI")

    (row,) = cloud.rows("SELECT * FROM backtest")
    assert (row["name"], row["state"]) == ("from the CLI", "completed")
    assert str(row["id"]) in printed
    outcome = json.loads(str(row["outcome"]))
    assert outcome["statistics"]
    for name, value in outcome["statistics"].items():
        assert any(name in line and value in line for line in printed.splitlines()), name


def test_the_cli_starts_and_stops_one_live_algorithm(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path
) -> None:
    push(api, find_project(workspace / MONEY_LINE))
    node = live_node(api)
    assert NEVER_LIVE in lean.run_failing(workspace, "cloud", "status", MONEY_LINE)

    lean.run(workspace, *DEPLOY, "--node", node)

    (row,) = cloud.rows("SELECT * FROM live")
    assert (row["node_id"], row["brokerage"], row["stopped"]) == (node, "PaperBrokerage", None)
    running = lean.run(workspace, "cloud", "status", MONEY_LINE)
    assert "Running" in running and str(row["id"]) in running
    with pytest.raises(UserError, match="trades live already"):
        deploy(api, replace(live_order(workspace), backtest_check=False), CLOCK, Observer())
    lean.run(workspace, "cloud", "live", "stop", MONEY_LINE)
    (ended,) = cloud.rows("SELECT * FROM live")
    assert (ended["id"], ended["ending"]) == (row["id"], "Stopped")
    assert ended["stopped"] is not None
    assert "Stopped" in lean.run(workspace, "cloud", "status", MONEY_LINE)


def test_the_cli_goes_on_with_what_our_client_deployed(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path
) -> None:
    backtest = Order(find_project(workspace / MONEY_LINE), Purpose.BACKTEST, "B-MICRO")
    assert deploy(api, backtest, CLOCK, Observer()).backtest
    assert NEVER_LIVE in lean.run_failing(workspace, "cloud", "status", MONEY_LINE)

    started = deploy(api, live_order(workspace), CLOCK, Observer())

    assert started.live is not None
    first = started.live.deploy_id
    printed = lean.run(workspace, "cloud", "status", MONEY_LINE)
    assert "Running" in printed and first in printed
    assert "already in use" in lean.run_failing(workspace, *DEPLOY, "--node", started.node.id)
    assert len(cloud.requests.to("live/create")) == 1
    lean.run(workspace, "cloud", "live", "stop", MONEY_LINE)
    (stopped,) = cloud.rows("SELECT * FROM live")
    assert (stopped["id"], stopped["ending"]) == (first, "Stopped")
    lean.run(workspace, *DEPLOY, "--node", started.node.id)
    (second,) = cloud.rows("SELECT * FROM live WHERE stopped IS NULL")
    assert second["id"] != first


def test_objects_go_to_the_store_and_back(
    lean: LeanCli, cloud: RunningEmulator, api: QuantConnect, workspace: Path
) -> None:
    data = bytes(range(256)) * 20
    (workspace / "model.bin").write_bytes(data)

    lean.run(workspace, "cloud", "object-store", "set", "models/by_cli.bin", "model.bin")
    api.object_store.set("models/ours.bin", data[::-1])

    stored = {row["key"]: row["data"] for row in cloud.rows("SELECT key, data FROM object")}
    assert stored == {"models/by_cli.bin": data, "models/ours.bin": data[::-1]}
    assert api.object_store.get("models/by_cli.bin") == data
    listed = lean.run(workspace, "cloud", "object-store", "list", "models")
    assert "by_cli.bin" in listed and "ours.bin" in listed and str(len(data)) in listed
    lean.run(workspace, "cloud", "object-store", "get", "models/ours.bin", "--destination-folder", "fetched")
    fetched = {path.name: path.read_bytes() for path in (workspace / "fetched").rglob("*") if path.is_file()}
    assert fetched == {"ours.bin": data[::-1]}
    lean.run(workspace, "cloud", "object-store", "delete", "models/ours.bin")
    assert [row["key"] for row in cloud.rows("SELECT key FROM object")] == ["models/by_cli.bin"]
