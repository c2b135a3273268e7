"""Compilations, backtests and live algorithms on their way, with a clock that the test turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.utils.quantconnect.cloud import client_of
from utils.errors import UserError
from utils.quantconnect.emulator.runners import BacktestJob, BacktestOutcome
from utils.quantconnect.emulator.server import RunningEmulator, running_emulator
from utils.quantconnect.emulator.settings import EmulatorSettings, Limits
from utils.quantconnect.errors import RefusedError
from utils.quantconnect.transport import Transport

MAIN = {"main.py": "X = 1\n"}
LATENCY = 10.0


@dataclass
class TurnedClock:
    """Seconds since the epoch that pass when they are told to."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now


@dataclass
class HeldRunner:
    """Reports half its way, then waits until the test lets it go on."""

    release: threading.Event = field(default_factory=threading.Event)
    halfway: threading.Event = field(default_factory=threading.Event)
    jobs: list[BacktestJob] = field(default_factory=list)

    def run(self, job: BacktestJob, progress: Callable[[float], None]) -> BacktestOutcome:
        self.jobs.append(job)
        progress(0.5)
        self.halfway.set()
        while not self.release.wait(0.01):
            progress(0.5)
        return BacktestOutcome({"Total Orders": "1"}, {"Equity": "$1"}, {"closedTrades": []})


class DefectiveRunner:
    def run(self, job: BacktestJob, progress: Callable[[float], None]) -> BacktestOutcome:
        progress(0.1)
        raise ZeroDivisionError(f"a defect at {job.name}")


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def slow(clock: TurnedClock) -> Iterator[RunningEmulator]:
    with running_emulator(EmulatorSettings(latency=LATENCY), clock=clock) as running:
        yield running


@pytest.fixture
def runner() -> HeldRunner:
    return HeldRunner()


@pytest.fixture
def held(runner: HeldRunner) -> Iterator[RunningEmulator]:
    with running_emulator(runner=runner) as running:
        yield running


def calling(emulator: RunningEmulator) -> Callable[..., dict[str, Any]]:
    transport = client_of(emulator).transport
    assert isinstance(transport, Transport)

    def call(endpoint: str, **parameters: Any) -> dict[str, Any]:
        return dict(transport.call(endpoint, parameters, repeatable=True))

    return call


def made(emulator: RunningEmulator, name: str = "a", files: dict[str, str] | None = None) -> int:
    api = client_of(emulator)
    project = api.projects.create(name)
    api.projects.update(project.project_id, files=MAIN if files is None else files)
    return project.project_id


def within(seconds: float, true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
    return true()


def test_a_compilation_waits_in_the_queue_before_anything_can_run(
    slow: RunningEmulator, clock: TurnedClock
) -> None:
    call, project = calling(slow), made(slow)
    created = call("compile/create", projectId=project)
    assert created["state"] == "InQueue"
    read = call("compile/read", projectId=project, compileId=created["compileId"])
    assert (read["state"], read["logs"]) == ("InQueue", [])
    with pytest.raises(RefusedError, match="InQueue"):
        call("backtests/create", projectId=project, compileId=created["compileId"], backtestName="b")
    clock.now += LATENCY
    read = call("compile/read", projectId=project, compileId=created["compileId"])
    assert read["state"] == "BuildSuccess" and str(project) in read["logs"][0]


def test_a_live_algorithm_takes_every_step(slow: RunningEmulator, clock: TurnedClock) -> None:
    call, project = calling(slow), made(slow)
    compile_id = call("compile/create", projectId=project)["compileId"]
    clock.now += LATENCY
    node = call("nodes/read")["live"][0]["id"]
    wanted = {"projectId": project, "compileId": compile_id, "nodeId": node, "versionId": -1}
    created = call("live/create", **wanted, brokerage={"id": "QuantConnectBrokerage"})
    steps, lines = [], []
    for _ in range(6):
        steps.append(call("live/read", projectId=project)["status"])
        lines.append(call("live/logs/read", projectId=project, startLine=0, endLine=250)["length"])
        clock.now += LATENCY
    assert steps == ["InQueue", "LoggingIn", "Initializing", "Running", "Running", "Running"]
    assert lines == [1, 2, 3, 4, 4, 4]
    assert call("live/read", projectId=project)["brokerage"] == "PaperBrokerage"
    call("live/update/stop", projectId=project)
    clock.now += 1_000
    stopped = call("live/read", projectId=project)
    assert stopped["status"] == "Stopped" and stopped["deployId"] == created["deployId"]
    since = int(clock.now)
    assert call("live/list", start=since)["live"] == [] and len(call("live/list", end=since)["live"]) == 1


def test_an_algorithm_that_fails_frees_its_node(emulator: RunningEmulator) -> None:
    call, project = calling(emulator), made(emulator)
    compile_id = call("compile/create", projectId=project)["compileId"]
    node = call("nodes/read")["live"][0]["id"]
    wanted = {"projectId": project, "compileId": compile_id, "nodeId": node, "versionId": -1}
    first = call("live/create", **wanted, brokerage={"id": "QuantConnectBrokerage"})["deployId"]
    emulator.end_live(project, "DeployError", "wrong password")
    failed = call("live/read", projectId=project)
    assert (failed["status"], failed["message"]) == ("DeployError", "wrong password") and failed["stopped"]
    assert not call("nodes/read")["live"][0]["busy"]
    holding = {"symbolId": "BTCUSD 2XR", "symbol": "BTCUSD", "quantity": 1, "averagePrice": 100_000}
    brokerage = {"id": "QuantConnectBrokerage", "holdings": [holding]}
    assert call("live/create", **wanted, brokerage=brokerage)["deployId"] != first
    held = call("live/portfolio/read", projectId=project)["portfolio"]["holdings"]["BTCUSD 2XR"]
    assert (held["a"], held["q"]) == (100_000, 1)
    call("live/update/liquidate", projectId=project)
    assert call("live/portfolio/read", projectId=project)["portfolio"]["holdings"] == {}
    assert "wrong password" in " ".join(
        call("live/logs/read", projectId=project, algorithmId=first, startLine=0, endLine=250)["logs"]
    )


def test_live_calls_about_a_project_that_never_ran(emulator: RunningEmulator) -> None:
    call, project = calling(emulator), made(emulator)
    for endpoint in ("live/read", "live/update/stop", "live/update/liquidate", "live/portfolio/read"):
        with pytest.raises(RefusedError, match="No live deployment found"):
            call(endpoint, projectId=project)
    with pytest.raises(RefusedError, match="no running live"):
        call("live/commands/create", projectId=project, command={"text": "x"})


def test_a_backtest_keeps_its_node_and_others_wait(held: RunningEmulator, runner: HeldRunner) -> None:
    call, project = calling(held), made(held)
    compile_id = call("compile/create", projectId=project)["compileId"]
    node = next(one for one in call("nodes/read")["backtest"] if one["sku"] == "B8-16")
    call("projects/nodes/update", projectId=project, nodes=[node["id"]])

    def start(name: str) -> str:
        wanted = {"projectId": project, "compileId": compile_id, "backtestName": name}
        return str(call("backtests/create", **wanted, parameters={"p": 1})["backtest"]["backtestId"])

    def read(backtest: str) -> dict[str, Any]:
        found: dict[str, Any] = call("backtests/read", projectId=project, backtestId=backtest)["backtest"]
        return found

    first, second = start("first"), start("second")
    assert runner.halfway.wait(10)
    running = read(first)
    assert (running["completed"], running["progress"], running["nodeName"]) == (False, 0.5, node["name"])
    assert running["status"].startswith("Running") and running["parameterSet"] == {"p": 1}
    assert running["statistics"] is None
    assert read(second)["status"] == "In Queue..."
    busy = {one["sku"]: one["projectName"] for one in call("nodes/read")["backtest"] if one["busy"]}
    assert busy == {"B8-16": "a"}
    runner.release.set()
    assert within(10, lambda: bool(read(second)["completed"]))
    done = read(first)
    assert done["status"] == "Completed." and done["statistics"] == {"Total Orders": "1"}
    assert not any(one["busy"] for one in call("nodes/read")["backtest"])


def test_a_backtest_runs_what_was_compiled_with_its_parameters(
    held: RunningEmulator, runner: HeldRunner
) -> None:
    runner.release.set()
    call = calling(held)
    library = made(held, "Library/shared", {"levels.py": "LEVEL = 1\n"})
    project = made(held)
    call("projects/update", projectId=project, libraries=[library], parameters={"p": "1", "q": "2"})
    compile_id = call("compile/create", projectId=project)["compileId"]
    call("files/update", projectId=project, name="main.py", content="X = 2\n")
    wanted = {"projectId": project, "compileId": compile_id, "backtestName": "b", "parameters": {"p": 7}}
    call("backtests/create", **wanted)
    assert within(10, lambda: bool(runner.jobs))
    job = runner.jobs[0]
    assert job.snapshot.files == MAIN
    assert job.snapshot.libraries == {"Library/shared": {"levels.py": "LEVEL = 1\n"}}
    assert job.parameters == {"p": "7", "q": "2"}


def test_a_deleted_backtest_stops_and_frees_its_node(held: RunningEmulator, runner: HeldRunner) -> None:
    call, project = calling(held), made(held)
    compile_id = call("compile/create", projectId=project)["compileId"]
    wanted = {"projectId": project, "compileId": compile_id, "backtestName": "b"}
    backtest = call("backtests/create", **wanted)["backtest"]["backtestId"]
    assert runner.halfway.wait(10)
    call("backtests/delete", projectId=project, backtestId=backtest)
    with pytest.raises(RefusedError, match="Backtest not found"):
        call("backtests/read", projectId=project, backtestId=backtest)
    assert not any(one["busy"] for one in call("nodes/read")["backtest"])


@pytest.mark.parametrize(
    ("runner", "said"),
    [(None, "did not run it"), (DefectiveRunner(), "ZeroDivisionError: a defect at b")],
)
def test_a_backtest_that_cannot_run_says_why(runner: DefectiveRunner | None, said: str) -> None:
    with running_emulator(runner=runner) as emulator:
        call, project = calling(emulator), made(emulator)
        compile_id = call("compile/create", projectId=project)["compileId"]
        wanted = {"projectId": project, "compileId": compile_id, "backtestName": "b"}
        key = {
            "projectId": project,
            "backtestId": call("backtests/create", **wanted)["backtest"]["backtestId"],
        }
        assert within(10, lambda: bool(call("backtests/read", **key)["backtest"]["completed"]))
        failed = call("backtests/read", **key)["backtest"]
        assert failed["status"] == "Runtime Error" and said in failed["error"]
        assert failed["statistics"] is None and failed["totalPerformance"] is None


def test_a_backtest_that_was_running_is_taken_up_at_the_next_start(tmp_path: Path) -> None:
    path, first, second = tmp_path / "state.db", HeldRunner(), HeldRunner()
    with running_emulator(path=path, runner=first) as emulator:
        call, project = calling(emulator), made(emulator)
        compile_id = call("compile/create", projectId=project)["compileId"]
        call("backtests/create", projectId=project, compileId=compile_id, backtestName="b")
        assert first.halfway.wait(10)
    second.release.set()
    with running_emulator(path=path, runner=second) as emulator:
        call = calling(emulator)

        def listed() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = call("backtests/list", projectId=project)["backtests"]
            return found

        assert within(10, lambda: bool(listed()[0]["completed"]))
        assert len(second.jobs) == 1 and len(listed()) == 1


def test_two_emulators_do_not_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with (
        running_emulator(path=path),
        pytest.raises(UserError, match=r"state\.db"),
        running_emulator(path=path),
    ):
        pass
    path.write_text("not a database" * 1_000)
    with pytest.raises(UserError, match="not a database"), running_emulator(path=path):
        pass


def test_an_optimization_that_is_aborted_keeps_what_is_done(
    held: RunningEmulator, runner: HeldRunner
) -> None:
    call, project = calling(held), made(held)
    compile_id = call("compile/create", projectId=project)["compileId"]
    wanted = {"projectId": project, "compileId": compile_id, "name": "o", "nodeType": "O2-8"}
    wanted |= {"target": "TotalPerformance.PortfolioStatistics.SharpeRatio", "targetTo": "max"}
    wanted |= {"strategy": "QuantConnect.Optimizer.Strategies.GridSearchOptimizationStrategy"}
    ranges = [{"name": "p", "min": 1, "max": 10, "step": 1}]
    made_one = call("optimizations/create", **wanted, parallelNodes=2, parameters=ranges)["optimizations"][0]
    key = {"optimizationId": made_one["optimizationId"]}
    assert made_one["status"] in {"new", "running"} and made_one["runtimeStatistics"]["Total"] == "10"
    assert runner.halfway.wait(10)
    assert call("optimizations/read", **key)["optimization"]["status"] == "running"
    call("optimizations/abort", **key)
    aborted = call("optimizations/read", **key)["optimization"]
    assert aborted["status"] == "aborted" and aborted["runtimeStatistics"]["Completed"] == "0"
    with pytest.raises(RefusedError, match="ended already"):
        call("optimizations/abort", **key)
    for bad in (
        [],
        [{"name": "p", "min": 2, "max": 1, "step": 1}],
        [{"name": "p", "min": 0, "max": 1e9, "step": 1}],
    ):
        with pytest.raises(RefusedError):
            call("optimizations/create", **wanted, parallelNodes=2, parameters=bad)


@pytest.mark.parametrize(
    ("files", "library", "said"),
    [
        ({"main.py": "x = 1\ndef f(:\n"}, {}, "File: main.py Line:2"),
        ({"main.py": "", "part/b.py": "return 1"}, {}, "File: part/b.py Line:1"),
        ({"main.py": "x = '\x00'"}, {}, "File: main.py"),
        ({"main.py": ""}, {"levels.py": "1 +"}, "File: shared/levels.py Line:1"),
        ({"other.py": ""}, {}, "File: main.py"),
    ],
)
def test_errors_of_a_compilation_name_file_and_line(
    emulator: RunningEmulator, files: dict[str, str], library: dict[str, str], said: str
) -> None:
    call, project = calling(emulator), made(emulator, files=files)
    shared = made(emulator, "Library/shared", library)
    call("projects/update", projectId=project, libraries=[shared])
    compile_id = call("compile/create", projectId=project)["compileId"]
    found = call("compile/read", projectId=project, compileId=compile_id)
    assert found["state"] == "BuildError" and any(said in line for line in found["logs"])


def test_what_a_project_may_be_called_and_hold() -> None:
    with running_emulator(EmulatorSettings(limits=Limits(source_bytes=10))) as emulator:
        call, project = calling(emulator), made(emulator)
        other = made(emulator, "b")
        for endpoint, parameters, said in (
            ("files/create", {"name": "main.py", "content": "1"}, "already exists"),
            ("files/create", {"name": "../a.py", "content": "1"}, "not valid"),
            ("files/create", {"name": "a.txt", "content": "1"}, "not valid"),
            ("files/create", {"name": "a.py", "content": ""}, "empty"),
            ("files/create", {"name": "a.py", "content": "x" * 11}, "too large"),
            ("files/update", {"name": "none.py", "content": "1"}, "File not found"),
            ("files/delete", {"name": "none.py"}, "File not found"),
            ("projects/update", {"name": "b"}, "in use"),
            ("projects/update", {"name": "a?"}, "not valid"),
            ("projects/update", {"libraries": [other]}, "Not a library"),
            ("projects/read", {"organizationId": "of somebody else"}, "Organization not found"),
        ):
            with pytest.raises(RefusedError, match=said):
                call(endpoint, projectId=project, **parameters)
        call("files/create", projectId=project, name="part/__init__.py")
        call("files/update", projectId=project, name="main.py", newName="part/other.py")
        assert emulator.files("a") == {"part/__init__.py": "", "part/other.py": "X = 1\n"}
        assert emulator.files("b") == MAIN
