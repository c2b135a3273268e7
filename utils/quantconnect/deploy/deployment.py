"""The steps of a deployment, in order. Whatever can refuse it comes before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from utils.quantconnect.client import QuantConnect
from utils.quantconnect.clients.live import LiveSettings
from utils.quantconnect.deploy.backtest import backtest_url, run_backtest
from utils.quantconnect.deploy.brokerage import paper_trading
from utils.quantconnect.deploy.compilation import compile_project
from utils.quantconnect.deploy.live import (
    live_url,
    require_approval,
    require_backtest,
    require_not_live,
    start_live,
)
from utils.quantconnect.deploy.node_choice import Purpose, pick_node
from utils.quantconnect.deploy.push import Change, Pushed, find_cloud_project, push
from utils.quantconnect.deploy.stored_settings import store_files, stored_contents
from utils.quantconnect.deploy.waiting import Clock
from utils.quantconnect.records import Backtest, CloudNode, LiveAlgorithm
from utils.workspace import Project


@dataclass(frozen=True)
class Order:
    """What to deploy, where, and under which conditions.

    Attributes:
        project: the project on disk.
        purpose: backtest, research or live.
        model: of the node, such as `B8-16`.
        project_id: the cloud project to use instead of the project's own.
        wait: seconds to wait for an idle node.
        overwrite: delete files of the cloud that are not here.
        approval: the project's name, for live trading.
        settings: how live trading is connected.
        backtest_check: live trading needs a completed backtest of the same code.
        remember: note the cloud's ids in config.json.
        parameters: of a backtest, over the project's own.
    """

    project: Project
    purpose: Purpose
    model: str
    project_id: int | None = None
    wait: float = 0.0
    overwrite: bool = False
    approval: str | None = None
    settings: LiveSettings = field(default_factory=paper_trading)
    backtest_check: bool = True
    remember: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Observer:
    """Who is shown how a deployment goes."""

    say: Callable[[str], None] = lambda _: None
    backtest: Callable[[Backtest], None] = lambda _: None
    live: Callable[[LiveAlgorithm], None] = lambda _: None


@dataclass(frozen=True)
class Deployment:
    """What came of an order."""

    project_id: int
    pushed: tuple[Pushed, ...]
    stored: tuple[str, ...]
    node: CloudNode
    url: str
    backtest: Backtest | None = None
    live: LiveAlgorithm | None = None

    def data(self) -> dict[str, Any]:
        """The same for programs."""
        found: dict[str, Any] = {
            "project_id": self.project_id,
            "pushed": [
                {"project": one.project.name, "change": one.change, "files": list(one.files)}
                for one in self.pushed
            ],
            "stored": list(self.stored),
            "node": {"id": self.node.id, "model": self.node.sku, "name": self.node.name},
            "url": self.url,
        }
        if self.backtest:
            found["backtest"] = {
                "id": self.backtest.backtest_id,
                "name": self.backtest.name,
                "status": self.backtest.status,
                "statistics": self.backtest.statistics or {},
                "runtime_statistics": self.backtest.runtime_statistics or {},
            }
        if self.live:
            found["live"] = {"id": self.live.deploy_id, "status": self.live.status}
        return found


def deploy(api: QuantConnect, order: Order, clock: Clock, observer: Observer) -> Deployment:
    """Carry out an order.

    Raises:
        UserError: a condition does not hold, the code does not compile, the algorithm failed, or
            QuantConnect refused or could not be reached. Before the push nothing has changed.
    """
    project = order.project
    stored_contents(project)  # a missing settings file shows before anything happens
    if order.purpose is Purpose.LIVE:
        require_approval(project, order.approval)
        known = find_cloud_project(api, project, order.project_id)
        if order.backtest_check:
            require_backtest(api, project, known.project_id if known else None)
        if known:
            require_not_live(api, project, known.project_id)
    node = pick_node(api, order.purpose, order.model, clock, wait=order.wait, each=observer.say)
    observer.say(f"node: {node.sku} ({node.name or node.id})")

    pushed = push(
        api, project, project_id=order.project_id, overwrite=order.overwrite, remember=order.remember
    )
    for one in pushed:
        observer.say(_told(one))
    project_id = pushed[-1].cloud.project_id
    stored = store_files(api, project)
    for key in stored:
        observer.say(f"Object Store: {key} updated")
    compiled = compile_project(api, project, project_id, clock)
    observer.say("compiled")
    return _start(api, order, clock, observer, _Ready(project_id, compiled.compile_id, pushed, stored, node))


@dataclass(frozen=True)
class _Ready:
    """Everything is in the cloud and compiled."""

    project_id: int
    compile_id: str
    pushed: tuple[Pushed, ...]
    stored: tuple[str, ...]
    node: CloudNode


def _start(api: QuantConnect, order: Order, clock: Clock, observer: Observer, ready: _Ready) -> Deployment:
    project, project_id, node = order.project, ready.project_id, ready.node
    backtest, live = None, None
    match order.purpose:
        case Purpose.BACKTEST:
            backtest = run_backtest(
                api, project, project_id, ready.compile_id, node, clock, observer.backtest, order.parameters
            )
            url = backtest_url(project_id, backtest)
        case Purpose.LIVE:
            live = start_live(
                api, project, project_id, ready.compile_id, node, order.settings, clock, observer.live
            )
            url = live_url(project_id)
        case Purpose.RESEARCH:
            # The API cannot start a notebook: it starts on the selected node when its page is opened.
            api.nodes.select(project_id, node)
            url = ready.pushed[-1].cloud.url
    return Deployment(project_id, ready.pushed, ready.stored, node, url, backtest, live)


def _told(one: Pushed) -> str:
    files = f": {', '.join(one.files)}" if one.files and one.change is Change.UPDATED else ""
    count = f" with {len(one.project.files)} files" if one.change is Change.CREATED else ""
    return f"{one.project.name} ({one.cloud.project_id}): {one.change}{count}{files}"
