"""Deployments against the emulator: what reaches the cloud, what is refused, what is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.utils.quantconnect.cloud import client_of
from utils.errors import UserError
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.clients.live import LiveSettings
from utils.quantconnect.deploy.backtest import BacktestFailedError
from utils.quantconnect.deploy.code_hash import code_hash
from utils.quantconnect.deploy.compilation import CompilationFailedError
from utils.quantconnect.deploy.deployment import Deployment, Observer, Order, deploy
from utils.quantconnect.deploy.node_choice import NodeBusyError, Purpose
from utils.quantconnect.deploy.push import Change, CloudOnlyFilesError, push
from utils.quantconnect.deploy.rehearsal import Rehearsal
from utils.quantconnect.deploy.waiting import Clock
from utils.quantconnect.emulator.faults import Fault, FaultKind
from utils.quantconnect.emulator.runners import UnavailableRunner
from utils.quantconnect.emulator.server import RunningEmulator, running_emulator
from utils.workspace import Project, find_project

NAME = "algorithms/first"
BACKTEST = Purpose.BACKTEST


def order(project: Project, purpose: Purpose, model: str, **changes: object) -> Order:
    return Order(project=project, purpose=purpose, model=model, **changes)  # type: ignore[arg-type]


def run(api: QuantConnect, clock: Clock, wanted: Order) -> Deployment:
    return deploy(api, wanted, clock, Observer())


def backtest(api: QuantConnect, clock: Clock, project: Project) -> Deployment:
    return run(api, clock, order(project, BACKTEST, "B8-16"))


def live(api: QuantConnect, clock: Clock, project: Project, **changes: object) -> Deployment:
    return run(api, clock, order(project, Purpose.LIVE, "L2-4", **({"approval": NAME} | changes)))


def test_a_backtest_pushes_everything_and_brings_its_statistics(
    api: QuantConnect, clock: Clock, project: Project, emulator: RunningEmulator
) -> None:
    done = backtest(api, clock, project)
    assert [one.change for one in done.pushed] == [Change.CREATED, Change.CREATED]
    for one in (project, *project.libraries):
        assert emulator.files(one.name) == {file.name: file.content for file in one.files}
    assert done.backtest is not None and done.backtest.statistics
    assert code_hash(project) in done.backtest.name
    assert done.stored == ("first/settings.json",)
    assert api.object_store.get("first/settings.json") == b'{"limit": 1}\n'
    noted = json.loads((project.folder / "config.json").read_text())
    assert noted["cloud-id"] == done.project_id and noted["parameters"] == {"period": "20"}
    assert api.projects.read(done.project_id).parameter_values == {"period": "20"}
    assert done.node.sku == "B8-16"


def test_what_has_not_changed_is_not_pushed_again(
    api: QuantConnect, clock: Clock, project: Project, emulator: RunningEmulator
) -> None:
    backtest(api, clock, project)
    emulator.requests.clear()
    again = backtest(api, clock, project)
    assert {one.change for one in again.pushed} == {Change.UNCHANGED} and again.stored == ()
    assert not emulator.requests.to("projects/update")
    (project.folder / "main.py").write_text((project.folder / "main.py").read_text() + "\nX = 1\n")
    third = backtest(api, clock, find_project(project.folder))
    assert [(one.project.name, one.change, one.files) for one in third.pushed] == [
        ("Library/shared", Change.UNCHANGED, ()),
        (NAME, Change.UPDATED, ("main.py",)),
    ]


def test_files_of_the_cloud_are_not_deleted_unasked(
    api: QuantConnect, clock: Clock, project: Project, emulator: RunningEmulator
) -> None:
    done = backtest(api, clock, project)
    emulator.rows("UPDATE project SET created = created - 3600")  # made an hour ago
    api.files.write(done.project_id, "notes.py", "# made in the browser\n")
    with pytest.raises(CloudOnlyFilesError, match=r"notes\.py"):
        push(api, project)
    assert "notes.py" in emulator.files(NAME)
    push(api, project, overwrite=True)
    assert "notes.py" not in emulator.files(NAME)


def test_a_first_push_that_broke_off_can_be_repeated(
    api: QuantConnect, project: Project, emulator: RunningEmulator
) -> None:
    emulator.faults.add(Fault(FaultKind.SERVER_ERROR, "projects/update", times=4))
    with pytest.raises(UserError, match="projects/update"):
        push(api, project)
    assert "research.ipynb" in emulator.files("Library/shared")
    pushed = push(api, find_project(project.folder))
    assert [one.change for one in pushed] == [Change.UPDATED, Change.CREATED]


def test_a_compiler_error_names_file_and_line(api: QuantConnect, clock: Clock, project: Project) -> None:
    (project.workspace / "Library" / "shared" / "levels.py").write_text("LEVEL = 1\ndef broken(:\n")
    with pytest.raises(CompilationFailedError, match=r"Library/shared/levels\.py:2") as failed:
        backtest(api, clock, find_project(project.folder))
    assert failed.value.messages[0].line == 2


def test_an_algorithm_that_fails_is_told(clock: Clock, project: Project) -> None:
    failing = pytest.raises(BacktestFailedError, match="did not run it")
    with running_emulator(runner=UnavailableRunner()) as emulator, failing:
        backtest(client_of(emulator), clock, project)


def test_live_trading_wants_approval_and_a_backtest_of_the_same_code(
    api: QuantConnect, clock: Clock, project: Project, emulator: RunningEmulator
) -> None:
    for wrong in (None, "", "algorithms/second"):
        with pytest.raises(UserError, match="approve"):
            live(api, clock, project, approval=wrong)
    with pytest.raises(UserError, match="no completed backtest"):
        live(api, clock, project)
    backtest(api, clock, project)
    for file, text in (
        (project.folder / "main.py", "\n# changed\n"),
        (project.workspace / "Library" / "shared" / "levels.py", "\nLEVEL = 2\n"),
        (project.workspace / "config" / "settings.json", " "),
    ):
        before = file.read_text()
        file.write_text(before + text)
        with pytest.raises(UserError, match="no completed backtest"):
            live(api, clock, find_project(project.folder))
        file.write_text(before)
    assert emulator.rows("SELECT * FROM live") == []
    done = live(api, clock, find_project(project.folder))
    assert done.live is not None and done.live.status == "Running"
    with pytest.raises(UserError, match="trades live already"):
        live(api, clock, find_project(project.folder))
    assert len(emulator.rows("SELECT * FROM live")) == 1


def test_a_failed_backtest_is_no_backtest(clock: Clock, project: Project) -> None:
    with running_emulator(runner=UnavailableRunner()) as emulator:
        api = client_of(emulator)
        with pytest.raises(BacktestFailedError):
            backtest(api, clock, project)
        with pytest.raises(UserError, match="no completed backtest"):
            live(api, clock, find_project(project.folder))
        assert live(api, clock, find_project(project.folder), backtest_check=False).live is not None


def test_a_busy_node_is_named_with_its_user(api: QuantConnect, clock: Clock, project: Project) -> None:
    backtest(api, clock, project)
    live(api, clock, find_project(project.folder))
    other = project.workspace / "algorithms" / "second"
    other.mkdir()
    (other / "main.py").write_text((project.folder / "main.py").read_text())
    wanted = order(
        find_project(other), Purpose.LIVE, "L2-4", approval="algorithms/second", backtest_check=False
    )
    with pytest.raises(NodeBusyError, match=f"is used by User 1 for {NAME}"):
        run(api, clock, wanted)


def test_a_node_that_the_account_has_not_is_told_with_those_it_has(
    api: QuantConnect, clock: Clock, project: Project
) -> None:
    with pytest.raises(UserError, match=r"no B4-12 node for backtest \(it has: B-MICRO, B8-16\)"):
        run(api, clock, order(project, BACKTEST, "B4-12"))


def test_research_selects_the_node(api: QuantConnect, clock: Clock, project: Project) -> None:
    done = run(api, clock, order(project, Purpose.RESEARCH, "R8-16"))
    answer = api.transport.call("projects/nodes/read", {"projectId": done.project_id}, repeatable=True)
    assert [node["sku"] for node in answer["nodes"]["research"] if node["active"]] == ["R8-16"]
    assert done.url.endswith(str(done.project_id))


def test_another_cloud_project_can_be_named(api: QuantConnect, clock: Clock, project: Project) -> None:
    other = api.projects.create("elsewhere")
    done = run(api, clock, order(project, BACKTEST, "B8-16", project_id=other.project_id, overwrite=True))
    assert done.project_id == other.project_id
    with pytest.raises(UserError, match="--project-id 99"):
        run(api, clock, order(project, BACKTEST, "B8-16", project_id=99))


def test_a_missing_settings_file_shows_before_anything_happens(
    api: QuantConnect, clock: Clock, project: Project, emulator: RunningEmulator
) -> None:
    (project.workspace / "config" / "settings.json").unlink()
    with pytest.raises(UserError, match=r"config/settings\.json: No such file"):
        backtest(api, clock, project)
    assert len(emulator.requests) == 0


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("state", ["no account", "new", "deployed"])
def test_a_rehearsal_lists_the_calls_of_the_real_deployment(
    purpose: Purpose,
    state: str,
    api: QuantConnect,
    clock: Clock,
    project: Project,
    emulator: RunningEmulator,
) -> None:
    if state == "deployed":
        backtest(api, clock, project)
    project = find_project(project.folder)
    model = {Purpose.BACKTEST: "B8-16", Purpose.RESEARCH: "R8-16", Purpose.LIVE: "L2-4"}[purpose]
    nodes = {purpose.value: [{"id": "node", "sku": model}]}
    real = None if state == "no account" else api.transport
    rehearsal = Rehearsal(real, nodes)
    wanted = order(project, purpose, model, approval=NAME, backtest_check=state == "deployed")
    before = (project.folder / "config.json").read_text()
    files = emulator.files(NAME)
    run(
        QuantConnect(rehearsal),
        clock,
        order(project, purpose, model, approval=NAME, backtest_check=state == "deployed", remember=False),
    )
    assert (project.folder / "config.json").read_text() == before
    assert emulator.files(NAME) == files and not emulator.requests.to("live/create")
    emulator.requests.clear()
    run(api, clock, wanted)
    planned = [call.endpoint for call in rehearsal.calls if call.changes]
    assert planned == [one.endpoint for one in emulator.requests if one.endpoint in set(planned)]


def test_brokerage_secrets_are_in_no_plan_and_no_log(
    api: QuantConnect, clock: Clock, project: Project, emulator: RunningEmulator
) -> None:
    settings = LiveSettings({"id": "X", "password": "hunter22"}, {"X": {"id": "X", "key": "hunter22"}})
    rehearsal = Rehearsal(None, {"live": [{"id": "node", "sku": "L2-4"}]})
    wanted = order(
        project, Purpose.LIVE, "L2-4", approval=NAME, backtest_check=False, settings=settings, remember=False
    )
    run(QuantConnect(rehearsal), clock, wanted)
    assert "hunter22" not in repr(rehearsal.calls) and "hunter22" not in repr(wanted)
    run(api, clock, wanted)
    assert "hunter22" not in repr(list(emulator.requests))


def test_paths_with_a_sibling_library_of_the_same_name(tmp_path: Path) -> None:
    """A library outside the workspace is refused before anything is pushed."""
    (tmp_path / "lean.json").write_text("{}")
    project = tmp_path / "algorithms" / "p"
    project.mkdir(parents=True)
    (project / "main.py").write_text("")
    outside = [{"name": "shared", "path": "../shared"}]
    (project / "config.json").write_text(json.dumps({"libraries": outside}))
    with pytest.raises(UserError, match="outside the workspace"):
        _ = find_project(project).libraries
