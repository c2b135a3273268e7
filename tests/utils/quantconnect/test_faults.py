"""A fault at every call in turn: a deployment ends done, or failed with a clear line; nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.utils.quantconnect.cloud import client_of, make_workspace
from utils.errors import UserError
from utils.quantconnect.deploy.deployment import Observer, Order, deploy
from utils.quantconnect.deploy.node_choice import Purpose
from utils.quantconnect.deploy.waiting import Clock
from utils.quantconnect.emulator.faults import Fault, FaultKind
from utils.quantconnect.emulator.runners import SampleRunner
from utils.quantconnect.emulator.server import RunningEmulator, running_emulator
from utils.workspace import Project, find_project

NAME = "algorithms/first"
PASSING = [kind for kind in FaultKind if kind is not FaultKind.FAILURE]
"""Faults that a second try does not meet."""

Deploy = Callable[[RunningEmulator, Project], None]


def backtest(emulator: RunningEmulator, project: Project) -> None:
    order = Order(find_project(project.folder), Purpose.BACKTEST, "B8-16")
    deploy(client_of(emulator), order, Clock(first=0.002, longest=0.01), Observer())


def live(emulator: RunningEmulator, project: Project) -> None:
    order = Order(find_project(project.folder), Purpose.LIVE, "L2-4", approval=NAME, backtest_check=False)
    deploy(client_of(emulator), order, Clock(first=0.002, longest=0.01), Observer())


def calls_of(deployment: Deploy, folder: Path) -> int:
    """How many calls an undisturbed deployment makes."""
    folder.mkdir()
    with running_emulator(runner=SampleRunner()) as emulator:
        deployment(emulator, make_workspace(folder))
        return len(emulator.requests)


def start_afresh(emulator: RunningEmulator) -> None:
    """An empty account without faults."""
    emulator.faults.clear()
    emulator.requests.clear()
    emulator.rows("DELETE FROM project")
    emulator.rows("DELETE FROM object")


def check_state(emulator: RunningEmulator, project: Project, succeeded: bool) -> None:
    """No doubles whatever happened, and after a success all is there byte for byte."""
    names = [str(row["name"]) for row in emulator.rows("SELECT name FROM project")]
    assert sorted(names) == sorted(set(names) & {NAME, "Library/shared"})
    assert len(emulator.rows("SELECT id FROM live WHERE stopped IS NULL")) <= 1
    if succeeded:
        for one in (project, *project.libraries):
            assert emulator.files(one.name) == {file.name: file.content for file in one.files}


@pytest.mark.parametrize("kind", list(FaultKind))
@pytest.mark.parametrize("deployment", [backtest, live])
def test_a_fault_at_each_call_in_turn(deployment: Deploy, kind: FaultKind, tmp_path: Path) -> None:
    calls = calls_of(deployment, tmp_path / "undisturbed")
    assert calls > 20
    done = 0
    with running_emulator(runner=SampleRunner()) as emulator:
        for nth in range(1, calls + 1):
            start_afresh(emulator)
            folder = tmp_path / str(nth)
            folder.mkdir()
            project = make_workspace(folder)
            emulator.faults.add(Fault(kind, nth=nth, seconds=0.01))
            try:
                deployment(emulator, project)
            except UserError as error:
                assert kind not in PASSING, f"call {nth}: {error}"
                assert str(error) and "\n" not in str(error)
                check_state(emulator, project, succeeded=False)
            else:
                done += 1
                check_state(emulator, project, succeeded=True)
            table = "backtest" if deployment is backtest else "live"
            made = len(emulator.rows(f"SELECT id FROM {table}"))
            assert made <= 1, f"call {nth}: {made} of {table}"
    if kind in PASSING:
        assert done == calls


@pytest.mark.parametrize("endpoint", ["projects/update", "compile/create", "backtests/create", "live/create"])
@pytest.mark.parametrize("kind", [FaultKind.LOST_ANSWER, FaultKind.DROPPED, FaultKind.SERVER_ERROR])
def test_a_lasting_fault_ends_in_one_clear_line(endpoint: str, kind: FaultKind, tmp_path: Path) -> None:
    project = make_workspace(tmp_path)
    with running_emulator(runner=SampleRunner()) as emulator:
        emulator.faults.add(Fault(kind, endpoint, times=1_000))
        try:
            (live if endpoint == "live/create" else backtest)(emulator, project)
        except UserError as error:
            assert endpoint in str(error)
            assert "\n" not in str(error)
        else:
            # Every answer was lost, and looking showed that the first call had been carried out.
            assert kind is FaultKind.LOST_ANSWER and endpoint in {"backtests/create", "live/create"}
        check_state(emulator, project, succeeded=False)
        assert len(emulator.rows("SELECT id FROM backtest")) <= 1
