"""A backtest in QuantConnect's cloud: pushed, compiled, run on a node and waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from utils.backtest.answer import COMPLETED, RUNTIME_ERROR, Answer
from utils.nodes.analysis.analyze import analyze
from utils.nodes.catalog import NodeKind, load_catalog
from utils.nodes.optimizer import NodeOptimizer
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.credentials import api_address, find_credentials
from utils.quantconnect.deploy.backtest import BacktestFailedError
from utils.quantconnect.deploy.deployment import Deployment, Observer, Order, deploy
from utils.quantconnect.deploy.node_choice import Purpose
from utils.quantconnect.deploy.waiting import Clock
from utils.quantconnect.records import Backtest
from utils.quantconnect.transport import Transport
from utils.workspace import Project, organization_id


def run_cloud(
    project: Project,
    parameters: Mapping[str, str],
    model: str | None = None,
    api: str | None = None,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[Backtest], None] = lambda _: None,
) -> Answer:
    """Run a project in the cloud, and take its figures; arguments and errors as of `cloud_backtest`."""
    started = time.monotonic()
    try:
        _, done = cloud_backtest(project, parameters, model, api, say, progress)
    except BacktestFailedError as failure:
        return Answer("cloud", RUNTIME_ERROR, str(failure), seconds=time.monotonic() - started)
    assert done.backtest is not None
    return Answer(
        engine="cloud",
        status=COMPLETED,
        statistics=_texts(done.backtest.statistics),
        runtime_statistics=_texts(done.backtest.runtime_statistics),
        seconds=time.monotonic() - started,
        url=done.url,
    )


def cloud_backtest(
    project: Project,
    parameters: Mapping[str, str],
    model: str | None = None,
    api: str | None = None,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[Backtest], None] = lambda _: None,
) -> tuple[QuantConnect, Deployment]:
    """Run a project in the cloud to its end; nothing trades live.

    Args:
        parameters: over those of the project's config.json.
        model: of the node; None takes the one that is recommended for the project.
        api: address, as `deploy_with_nodes.py --api`.
        say: told each step.
        progress: shown the backtest while it runs.

    Returns:
        What to ask for more of it, and what it is called there.

    Raises:
        UserError: no credentials, no such node, code that does not compile, or no answer.
        BacktestFailedError: the algorithm failed.
    """
    optimizer = NodeOptimizer(load_catalog())
    if model is None:
        recommended: dict[str, Any] = optimizer.recommend_nodes(analyze(project, {}).requirements)
        model = recommended[NodeKind.BACKTESTING]["node"].model
    else:
        optimizer.catalog.node(model, NodeKind.BACKTESTING)
    client = QuantConnect(Transport(api_address(api), find_credentials()), organization_id(project.workspace))
    order = Order(project=project, purpose=Purpose.BACKTEST, model=model, parameters=dict(parameters))
    return client, deploy(client, order, Clock(), Observer(say=say, backtest=progress))


def _texts(figures: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (figures or {}).items()}
