"""The trades that an engine makes of one row."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from click import echo

from trading.simulation.terms import terms
from utils.backtest.cloud import cloud_backtest
from utils.backtest.docker import run_docker
from utils.engine.parity import (
    Fill,
    ParityCase,
    Trade,
    algorithm_parameters,
    engine_trades,
    trades_of_fills,
)
from utils.errors import UserError
from utils.files import read_text
from utils.quantconnect.deploy.backtest import BacktestFailedError
from utils.sweep.confirm.lean_data import LeanData
from utils.workspace import Project, data_folder

ENGINES = ("embedded", "docker", "cloud")

EngineTrades = Callable[[ParityCase], list[Trade]]


def engine(name: str, project: Project, data: LeanData) -> EngineTrades:
    """What runs a case in one of `ENGINES`.

    Raises:
        UserError: it cannot see the sweep's bars; the message says which can.
    """
    if name == "embedded":
        return _embedded
    workspace_data = data_folder(project.workspace)
    if not data.own or (name == "docker" and data.folder.resolve() != workspace_data.resolve()):
        where = f"LEAN reads {workspace_data}" if name == "docker" else "QuantConnect trades its own bars"
        raise UserError(
            f"--engine {name}: {where}, and the swept bars are not as they are there; "
            "sweep an equity of a LEAN data folder of the same bars, or use --engine embedded"
        )
    return _in_docker if name == "docker" else _in_the_cloud


def _embedded(case: ParityCase) -> list[Trade]:
    with redirect_stdout(sys.stderr):  # what an algorithm prints is not ours
        return engine_trades(case)


def _in_docker(case: ParityCase) -> list[Trade]:
    with tempfile.TemporaryDirectory(prefix="confirm-") as output:
        answer = run_docker(case.project, _parameters(case), Path(output))
        if not answer.completed:
            raise UserError(f"{case.project.main}: {answer.error}")
        if "order-events" not in answer.files:
            raise UserError(f"{case.project.main}: LEAN left no order events; its log above says why")
        return _trades(case, fills_of(answer.files["order-events"]))


def _in_the_cloud(case: ParityCase) -> list[Trade]:
    try:
        client, done = cloud_backtest(case.project, _parameters(case), say=lambda text: echo(text, err=True))
    except BacktestFailedError as failure:
        raise UserError(f"{case.project.main}: {failure}") from None
    assert done.backtest is not None
    orders = client.backtests.orders(done.project_id, done.backtest.backtest_id)
    events = [event for order in orders for event in order.get("events") or ()]
    if orders and not events:
        raise UserError("backtests/orders/read: the orders have no events; the API may have changed")
    events.sort(key=lambda event: [event.get(name, 0) for name in ("time", "orderId", "orderEventId")])
    return _trades(case, _fills(events, f"the orders of {done.url or done.backtest.backtest_id}"))


def _parameters(case: ParityCase) -> dict[str, str]:
    return {**case.project.config.parameters, **algorithm_parameters(case)}


def _trades(case: ParityCase, fills: Iterable[Fill]) -> list[Trade]:
    return list(trades_of_fills(fills, terms(case.instrument, case.capital)))


def fills_of(path: Path) -> Iterable[Fill]:
    """Fills of a file of order events, as LEAN writes it.

    Raises:
        UserError: it is damaged.
    """
    try:
        events = json.loads(read_text(path), parse_float=Decimal)
    except ValueError as problem:
        raise UserError(f"{path}: is not LEAN's order events: {problem}; run it again") from None
    yield from _fills(events, str(path))


def _fills(events: Iterable[Any], source: str) -> Iterable[Fill]:
    try:
        for event in events:
            yield Fill(
                datetime(1970, 1, 1) + timedelta(seconds=float(event["time"])),
                Decimal(str(event.get("fillQuantity") or 0)),
                float(event.get("fillPrice") or 0),
                float(event.get("orderFeeAmount") or 0),
            )
    except (ValueError, ArithmeticError, KeyError, TypeError, AttributeError) as problem:
        raise UserError(f"{source}: is not LEAN's order events: {problem}; run it again") from None
