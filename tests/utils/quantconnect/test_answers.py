"""Whatever the API answers, a client gives a record or one clear line, and never a secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.quantconnect.client import QuantConnect
from utils.quantconnect.clients.live import LiveSettings
from utils.quantconnect.clients.optimizations import OptimizationRequest, ParameterRange
from utils.quantconnect.errors import ApiError
from utils.quantconnect.once import Lookout
from utils.quantconnect.redaction import Redaction
from utils.quantconnect.transport import Json

KEYS = (
    "projects", "projectId", "name", "files", "content", "backtest", "backtestId", "backtests", "compileId",
    "state", "logs", "statistics", "runtimeStatistics", "totalPerformance", "progress", "completed", "nodes",
    "research", "live", "sku", "busy", "price", "deployId", "status", "launched", "stopped", "length", "url",
    "jobId", "objects", "metadata", "key", "size", "md5", "optimization", "optimizations", "optimizationId",
    "estimate", "organizations", "id", "preferred", "parameters", "libraries", "orders", "chart",
)  # fmt: skip
WORDS = ("InQueue", "BuildSuccess", "Running", "Stopped", "Completed.", "2026-01-01 00:00:00", "", "x")
SECRET = "hunter22"

leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.just(SECRET)
answers = st.recursive(
    leaf,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


class Scripted:
    """Answers every call with the same thing."""

    def __init__(self, answer: Json) -> None:
        self.redaction = Redaction([SECRET])
        self._answer = answer

    def call(
        self,
        endpoint: str,  # noqa: ARG002
        payload: Mapping[str, Any] | None = None,  # noqa: ARG002
        *,
        repeatable: bool,  # noqa: ARG002
        form: bool = False,  # noqa: ARG002
        upload: bytes | None = None,  # noqa: ARG002
    ) -> Json:
        return {"success": True} | self._answer

    def download(self, url: str) -> bytes:
        return url.encode()


REQUEST = OptimizationRequest(1, "c", "n", (ParameterRange("p", 1, 2, 1),))
PAPER = LiveSettings({"id": "QuantConnectBrokerage"}, {})
CALLS: dict[str, Callable[[QuantConnect], object]] = {
    "projects.read": lambda api: api.projects.read(1),
    "projects.list": lambda api: api.projects.list(),
    "projects.create": lambda api: api.projects.create("a"),
    "files.list": lambda api: api.files.list(1),
    "compiles.create": lambda api: api.compiles.create(1),
    "compiles.read": lambda api: api.compiles.read(1, "c"),
    "backtests.create": lambda api: api.backtests.create(1, "c", "n"),
    "backtests.read": lambda api: (found := api.backtests.read(1, "b")).finished or found.failed,
    "backtests.list": lambda api: api.backtests.list(1),
    "backtests.chart": lambda api: api.backtests.chart(1, "b", "c", 0, 1),
    "nodes.read": lambda api: api.nodes.read("o"),
    "live.read": lambda api: (found := api.live.read(1)) and found.over,
    "live.list": lambda api: api.live.list(),
    "live.create": lambda api: api.live.create(1, "c", "n", PAPER),
    "live.logs": lambda api: api.live.logs(1, "d"),
    "object_store.list": lambda api: api.object_store.list(),
    "object_store.properties": lambda api: api.object_store.properties("k"),
    "object_store.get": lambda api: api.object_store.get("k"),
    "optimizations.estimate": lambda api: api.optimizations.estimate(REQUEST),
    "optimizations.create": lambda api: api.optimizations.create(REQUEST),
    "optimizations.read": lambda api: api.optimizations.read("o"),
    "optimizations.list": lambda api: api.optimizations.list(1),
    "organizations.preferred": lambda api: api.organizations.preferred(),
}


@pytest.mark.parametrize("name", list(CALLS))
@given(answer=st.dictionaries(st.sampled_from(KEYS), answers, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_answer_is_a_record_or_one_line(name: str, answer: Json) -> None:
    api = QuantConnect(Scripted(answer), "organization", Lookout(looks=1, pause=0, sleep=lambda _: None))
    try:
        CALLS[name](api)
    except ApiError as error:
        assert str(error) and "\n" not in str(error)
        assert SECRET not in str(error)
