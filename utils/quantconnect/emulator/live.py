"""Live algorithms: in the queue, logging in, initializing, running, and how they end."""

from __future__ import annotations

import json
import sqlite3
import uuid
from dataclasses import dataclass
from typing import Any

from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.nodes import Node, occupants
from utils.quantconnect.emulator.projects import find_project
from utils.quantconnect.emulator.times import api_time, optional_api_time

STEPS = ("InQueue", "LoggingIn", "Initializing", "Running")
STOPPED, LIQUIDATED, RUNTIME_ERROR, DEPLOY_ERROR = "Stopped", "Liquidated", "RuntimeError", "DeployError"
ENDINGS = (STOPPED, LIQUIDATED, RUNTIME_ERROR, DEPLOY_ERROR)
NOTHING_DEPLOYED = "No live deployment found"
PAPER = "QuantConnectBrokerage"
_BROKERAGE_NAMES = {PAPER: "PaperBrokerage"}
_DEFAULT_CASH = [{"currency": "USD", "amount": 100_000.0}]


@dataclass(frozen=True)
class Deployment:
    """What is to run live. The brokerage's credentials stop before this: nothing keeps them.

    Attributes:
        cash: `{"currency", "amount"}` each.
        holdings: `{"symbolId", "symbol", "quantity", "averagePrice"}` each.
    """

    project_id: int
    compilation_id: str
    node_id: str
    brokerage: str
    version_id: int
    cash: list[dict[str, Any]]
    holdings: list[dict[str, Any]]


def deploy(
    db: sqlite3.Connection, deployment: Deployment, nodes: tuple[Node, ...], now: float, latency: float
) -> sqlite3.Row:
    """Start a live algorithm.

    Raises:
        RefusalError: the node is unknown, of another kind or busy, or the project runs live already.
    """
    node = next((node for node in nodes if node.id == deployment.node_id), None)
    if node is None or node.model.kind != "live":
        raise RefusalError(f"Live node not found: {deployment.node_id[:100]}")
    if running(db, deployment.project_id) is not None:
        raise RefusalError("The project already has a running live algorithm; stop it first")
    if occupant := occupants(db).get(node.id):
        raise RefusalError(f"Node {node.name} is busy with project {occupant.project_name}")
    live_id = f"L-{uuid.uuid4().hex}"
    db.execute(
        "INSERT INTO live "
        "(id, project_id, compilation_id, node_id, brokerage, version_id, cash, holdings, launched) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            live_id,
            deployment.project_id,
            deployment.compilation_id,
            node.id,
            _BROKERAGE_NAMES.get(deployment.brokerage, deployment.brokerage),
            deployment.version_id,
            json.dumps(deployment.cash or _DEFAULT_CASH),
            json.dumps(deployment.holdings),
            now,
        ),
    )
    for number, line in enumerate(_start_lines(live_id, node)):
        _log(db, live_id, now + number * latency, line)
    row = latest(db, deployment.project_id)
    assert row is not None
    return row


def _start_lines(live_id: str, node: Node) -> tuple[str, ...]:
    return (
        f"Launching analysis for {live_id} (emulated: no orders reach a market)",
        f"Logging in to the brokerage from {node.name}",
        f"Initializing algorithm {live_id}",
        f"Algorithm {live_id} is running",
    )


def latest(db: sqlite3.Connection, project_id: int) -> sqlite3.Row | None:
    """The project's last deployment; None when it was never deployed."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM live WHERE project_id = ? ORDER BY launched DESC, rowid DESC LIMIT 1", (project_id,)
    ).fetchone()
    return row


def running(db: sqlite3.Connection, project_id: int) -> sqlite3.Row | None:
    """The project's deployment that has not ended; None when there is none."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM live WHERE project_id = ? AND stopped IS NULL", (project_id,)
    ).fetchone()
    return row


def find_latest(db: sqlite3.Connection, project_id: int) -> sqlite3.Row:
    """The project's last deployment.

    Raises:
        RefusalError: there is no such project, or it was never deployed.
    """
    find_project(db, project_id)
    row = latest(db, project_id)
    if row is None:
        raise RefusalError(f"{NOTHING_DEPLOYED} for project {project_id}")
    return row


def find_live(db: sqlite3.Connection, project_id: int, live_id: str) -> sqlite3.Row:
    """A deployment of a project, the last or an earlier one.

    Raises:
        RefusalError: the project has no such deployment.
    """
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM live WHERE id = ? AND project_id = ?", (live_id, project_id)
    ).fetchone()
    if row is None:
        raise RefusalError(f"{NOTHING_DEPLOYED}: {live_id[:100]}")
    return row


def end(db: sqlite3.Connection, project_id: int, ending: str, now: float, message: str = "") -> None:
    """End a project's live algorithm; one that has ended already stays as it is.

    Raises:
        RefusalError: there is no such project, or it was never deployed.
    """
    row = find_latest(db, project_id)
    if row["stopped"] is not None:
        return
    holdings = "[]" if ending == LIQUIDATED else row["holdings"]
    db.execute(
        "UPDATE live SET stopped = ?, ending = ?, message = ?, holdings = ? WHERE id = ?",
        (now, ending, message, holdings, row["id"]),
    )
    _log(db, row["id"], now, f"Algorithm {row['id']} ended: {ending}{': ' * bool(message)}{message}")


def command(db: sqlite3.Connection, project_id: int, text: str, now: float) -> None:
    """Hand a command to a running algorithm, which notes it in its log.

    Raises:
        RefusalError: the project does not run live.
    """
    find_project(db, project_id)
    row = running(db, project_id)
    if row is None:
        raise RefusalError("The project has no running live algorithm")
    _log(db, row["id"], now, f"Command received: {text}")


def _log(db: sqlite3.Connection, live_id: str, at: float, line: str) -> None:
    db.execute("INSERT INTO live_log VALUES (?, ?, ?)", (live_id, at, f"{api_time(at)} {line}"))


def log_lines(db: sqlite3.Connection, row: sqlite3.Row, now: float) -> list[str]:
    """What a live algorithm has logged until now."""
    until = now if row["stopped"] is None else row["stopped"]
    rows = db.execute(
        "SELECT line FROM live_log WHERE live_id = ? AND at <= ? ORDER BY at, rowid", (row["id"], until)
    )
    return [line["line"] for line in rows]


def status(row: sqlite3.Row, now: float, latency: float) -> str:
    """The state of a live algorithm, in the API's words."""
    if row["ending"] is not None:
        return str(row["ending"])
    passed = len(STEPS) if latency <= 0 else int(max(now - row["launched"], 0) / latency)
    return STEPS[min(passed, len(STEPS) - 1)]


def describe_live(row: sqlite3.Row, now: float, latency: float) -> dict[str, Any]:
    """A live algorithm as the API gives it."""
    return {
        "projectId": row["project_id"],
        "deployId": row["id"],
        "status": status(row, now, latency),
        "launched": api_time(row["launched"]),
        "stopped": optional_api_time(row["stopped"]),
        "brokerage": row["brokerage"],
        "message": row["message"],
        "error": row["message"],
        "versionId": row["version_id"],
        "securityTypes": "",
        "datacenter": "emulator",
        "public": False,
        "isPublicStreaming": False,
        "runtimeStatistics": {},
        "charts": {},
        "files": [],
    }


def portfolio(row: sqlite3.Row) -> dict[str, Any]:
    """Cash and holdings of a live algorithm, in the API's shapes."""
    cash = {
        entry["currency"]: {
            "symbol": entry["currency"],
            "amount": entry["amount"],
            "conversionRate": 1.0,
            "currencySymbol": "$" if entry["currency"] == "USD" else entry["currency"],
            "valueInAccountCurrency": entry["amount"],
        }
        for entry in json.loads(row["cash"])
    }
    holdings = {
        entry["symbolId"]: {
            "a": entry["averagePrice"],
            "q": entry["quantity"],
            "p": entry["averagePrice"],
            "v": entry["averagePrice"] * entry["quantity"],
            "u": 0.0,
            "up": 0.0,
        }
        for entry in json.loads(row["holdings"])
    }
    return {"cash": cash, "holdings": holdings}
