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

from trading.simulation.terms import terms
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
    if name == "cloud":
        raise UserError(
            "--engine cloud: QuantConnect's cloud trades its own bars, not those of the sweep, so its trades "
            "are others; use --engine embedded, or scripts/backtest.py --engine cloud with a row's parameters"
        )
    workspace_data = data_folder(project.workspace)
    if not data.own or data.folder.resolve() != workspace_data.resolve():
        raise UserError(
            f"--engine docker: LEAN reads {workspace_data}, and the swept bars are not as they are there; "
            "sweep an equity of that folder, or use --engine embedded"
        )
    return _in_docker


def _embedded(case: ParityCase) -> list[Trade]:
    with redirect_stdout(sys.stderr):  # what an algorithm prints is not ours
        return engine_trades(case)


def _in_docker(case: ParityCase) -> list[Trade]:
    with tempfile.TemporaryDirectory(prefix="confirm-") as output:
        parameters = {**case.project.config.parameters, **algorithm_parameters(case)}
        answer = run_docker(case.project, parameters, Path(output))
        if not answer.completed:
            raise UserError(f"{case.project.main}: {answer.error}")
        if "order-events" not in answer.files:
            raise UserError(f"{case.project.main}: LEAN left no order events; its log above says why")
        fills = list(fills_of(answer.files["order-events"]))
    return list(trades_of_fills(fills, terms(case.instrument, case.capital)))


def fills_of(path: Path) -> Iterable[Fill]:
    """Fills of a file of order events, as LEAN writes it.

    Raises:
        UserError: it is damaged.
    """
    try:
        for event in json.loads(read_text(path), parse_float=Decimal):
            yield Fill(
                datetime(1970, 1, 1) + timedelta(seconds=float(event["time"])),
                Decimal(event.get("fillQuantity") or 0),
                float(event.get("fillPrice") or 0),
                float(event.get("orderFeeAmount") or 0),
            )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise UserError(f"{path}: is not LEAN's order events: {problem}; run it again") from None
