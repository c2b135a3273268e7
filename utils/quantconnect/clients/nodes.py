"""Nodes of the account."""

from __future__ import annotations

from utils.quantconnect.records import CloudNodes, parse
from utils.quantconnect.transport import Json, Transport


class Nodes:
    """`nodes/read`, and which nodes a project may use."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self, organization_id: str) -> CloudNodes:
        """All nodes of an organization, with who uses them."""
        payload = {"organizationId": organization_id}
        return parse(CloudNodes, self._transport.call("nodes/read", payload, repeatable=True), "nodes/read")

    def select(self, project_id: int, node_ids: list[str]) -> None:
        """Let a project run on these nodes only; with none, QuantConnect chooses among all."""
        payload: Json = {"projectId": project_id, "nodes": node_ids}
        self._transport.call("projects/nodes/update", payload, repeatable=True)
