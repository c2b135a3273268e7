"""Nodes of the account."""

from __future__ import annotations

from utils.quantconnect.records import CloudNode, CloudNodes, parse
from utils.quantconnect.transport import Caller, Json


class Nodes:
    """`nodes/read`, and which nodes a project may use."""

    def __init__(self, transport: Caller) -> None:
        self._transport = transport

    def read(self, organization_id: str) -> CloudNodes:
        """All nodes of an organization, with who uses them."""
        payload = {"organizationId": organization_id}
        return parse(CloudNodes, self._transport.call("nodes/read", payload, repeatable=True), "nodes/read")

    def select(self, project_id: int, node: CloudNode) -> None:
        """Let a project use this node and no other of its kind; its nodes of other kinds stay selected."""
        answer = self._transport.call("projects/nodes/read", {"projectId": project_id}, repeatable=True)
        nodes = parse(CloudNodes, answer.get("nodes"), "projects/nodes/read")
        kinds = (nodes.backtest, nodes.research, nodes.live)
        others = [kind for kind in kinds if all(one.id != node.id for one in kind)]
        kept = [one.id for kind in others for one in kind if one.active]
        payload: Json = {"projectId": project_id, "nodes": [*kept, node.id]}
        self._transport.call("projects/nodes/update", payload, repeatable=True)
