"""Live deployments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from utils.quantconnect.errors import RefusedError
from utils.quantconnect.once import Lookout, create_once
from utils.quantconnect.records import LiveAlgorithm, LiveLogs, LiveSummary, parse, parse_all
from utils.quantconnect.transport import Caller, Json

LOGS_PAGE = 200


@dataclass(frozen=True)
class LiveSettings:
    """How a live algorithm is connected. `brokerage` and `data_providers` hold credentials: no `repr`."""

    brokerage: Mapping[str, Any] = field(repr=False)
    data_providers: Mapping[str, Any] = field(repr=False)
    automatic_redeploy: bool = False
    version_id: int = -1


class Live:
    """`live/*`."""

    def __init__(self, transport: Caller, lookout: Lookout) -> None:
        self._transport = transport
        self._lookout = lookout

    def read(self, project_id: int) -> LiveAlgorithm | None:
        """The project's last live deployment, or None when it never had one."""
        try:
            answer = self._call("read", {"projectId": project_id})
        except RefusedError as refused:
            if "no live deployment" in str(refused).lower():
                return None
            raise
        return parse(LiveAlgorithm, answer, "live/read")

    def list(self) -> Sequence[LiveSummary]:
        """All live deployments of the user."""
        return parse_all(LiveSummary, self._call("list", {}).get("live"), "live/list")

    def create(self, project_id: int, compile_id: str, node_id: str, settings: LiveSettings) -> LiveAlgorithm:
        """Start trading live, once, even when the answer is lost.

        Raises:
            RefusedError: QuantConnect refused; nothing was started.
            OutcomeUnknownError: it cannot be told whether it trades: look at the project's live page.
        """
        earlier = self.read(project_id)
        payload: Json = {
            "projectId": project_id,
            "compileId": compile_id,
            "nodeId": node_id,
            "brokerage": dict(settings.brokerage),
            "dataProviders": dict(settings.data_providers),
            "automaticRedeploy": settings.automatic_redeploy,
            "versionId": settings.version_id,
        }

        def attempt() -> LiveAlgorithm:
            answer = self._transport.call("live/create", payload, repeatable=False)
            inner = answer.get("live")
            return parse(LiveAlgorithm, answer if answer.get("deployId") else inner, "live/create")

        def find() -> LiveAlgorithm | None:
            now = self.read(project_id)
            is_new = now is not None and (earlier is None or now.deploy_id != earlier.deploy_id)
            return now if is_new else None

        return create_once(attempt, find, self._lookout)

    def stop(self, project_id: int) -> None:
        """Stop trading; positions stay as they are."""
        self._call("update/stop", {"projectId": project_id})

    def liquidate(self, project_id: int) -> None:
        """Close all positions, then stop."""
        self._call("update/liquidate", {"projectId": project_id})

    def logs(self, project_id: int, deploy_id: str, start: int = 0) -> LiveLogs:
        """Up to 200 lines of a deployment's log from line `start` on, renewed every few minutes."""
        payload: Json = {"projectId": project_id, "algorithmId": deploy_id, "format": "json"}
        payload |= {"startLine": start, "endLine": start + LOGS_PAGE}
        return parse(LiveLogs, self._call("logs/read", payload), "live/logs/read")

    def _call(self, what: str, payload: Json) -> Json:
        return self._transport.call(f"live/{what}", payload, repeatable=True)
