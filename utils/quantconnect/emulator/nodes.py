"""Nodes of the emulated organization, and who uses them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from utils.quantconnect.emulator.errors import RefusalError

Kind = Literal["backtest", "research", "live"]
KINDS: tuple[Kind, ...] = ("backtest", "research", "live")
_PREFIX = {"backtest": "BN", "research": "RN", "live": "LN"}


@dataclass(frozen=True)
class NodeModel:
    """A kind of node as it is sold: RAM in GB, speed in GHz, price in dollars a month."""

    kind: Kind
    sku: str
    cpu: int
    speed: float
    ram: float
    monthly: int
    gpu: bool = False


MODELS = (
    NodeModel("backtest", "B-MICRO", 2, 3.3, 8, 0),
    NodeModel("backtest", "B8-16", 8, 4.9, 16, 28),
    NodeModel("research", "R8-16", 8, 2.4, 16, 14),
    NodeModel("live", "L-MICRO", 1, 2.6, 0.5, 20),
    NodeModel("live", "L2-4", 2, 2.6, 4, 50),
)
"""What the emulated organization has unless it is told otherwise."""


@dataclass(frozen=True)
class Node:
    """One node of the organization."""

    id: str
    name: str
    model: NodeModel


def organization_nodes(models: Iterable[NodeModel]) -> tuple[Node, ...]:
    """A node per model named, with ids and names that are the same at every start."""
    nodes: list[Node] = []
    for model in models:
        number = sum(node.model.sku == model.sku for node in nodes) + 1
        digest = hashlib.sha256(f"{model.sku} {number}".encode()).hexdigest()[:32]
        nodes.append(Node(f"{_PREFIX[model.kind]}-{digest}", f"{model.sku} node {digest[:8]}", model))
    return tuple(nodes)


@dataclass(frozen=True)
class Occupant:
    """What runs on a node."""

    project_id: int
    project_name: str


def occupants(db: sqlite3.Connection) -> dict[str, Occupant]:
    """Node id -> what runs there now."""
    rows = db.execute(
        """
        SELECT node_id, project.id AS project_id, project.name AS project_name
        FROM (
            SELECT node_id, project_id FROM live WHERE stopped IS NULL
            UNION ALL
            SELECT node_id, project_id FROM backtest WHERE state IN ('starting', 'running')
        ) JOIN project ON project.id = project_id
        WHERE node_id IS NOT NULL
        """
    )
    return {row["node_id"]: Occupant(row["project_id"], row["project_name"]) for row in rows}


def describe_nodes(
    db: sqlite3.Connection, nodes: Iterable[Node], user: str, active: Iterable[str] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Nodes by kind as the API lists them; `active` are the ids a project has selected."""
    busy = occupants(db)
    selected = set(active)
    listing: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for node in nodes:
        listing[node.model.kind].append(
            _describe(node, busy.get(node.id), user) | {"active": node.id in selected}
        )
    return listing


def _describe(node: Node, occupant: Occupant | None, user: str) -> dict[str, Any]:
    model = node.model
    gpu = ", GPU" if model.gpu else ""
    return {
        "id": node.id,
        "name": node.name,
        "sku": model.sku,
        "description": f"{model.cpu} cores at {model.speed:g} GHz, {model.ram:g} GB RAM{gpu}",
        "cpu": model.cpu,
        "speed": model.speed,
        "ram": model.ram,
        "hasGpu": int(model.gpu),
        "price": {"monthly": model.monthly, "yearly": 12 * model.monthly},
        "assets": 0,
        "host": None,
        "busy": occupant is not None,
        "usedBy": user if occupant else "",
        "userProfile": "",
        "projectId": occupant.project_id if occupant else None,
        "projectName": occupant.project_name if occupant else "",
    }


def select_nodes(db: sqlite3.Connection, nodes: Iterable[Node], project_id: int, chosen: list[str]) -> None:
    """Limit a project to these nodes; to none of them means that the server chooses."""
    known = {node.id for node in nodes}
    for node_id in chosen:
        if node_id not in known:
            raise RefusalError(f"Node not found: {node_id}")
    db.execute("UPDATE project SET nodes = ? WHERE id = ?", (json.dumps(chosen), project_id))


def idle_node(db: sqlite3.Connection, nodes: Iterable[Node], kind: Kind, project_id: int) -> Node | None:
    """A node of this kind that the project may use and nobody does: the dearest; None when there is none."""
    row = db.execute("SELECT nodes FROM project WHERE id = ?", (project_id,)).fetchone()
    selected = set(json.loads(row["nodes"])) if row else set()
    mine = [node for node in nodes if node.model.kind == kind]
    chosen = [node for node in mine if node.id in selected] or mine
    busy = occupants(db)
    idle = [node for node in chosen if node.id not in busy]
    return max(idle, key=lambda node: node.model.monthly, default=None)
