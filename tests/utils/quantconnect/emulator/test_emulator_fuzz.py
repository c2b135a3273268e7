"""Whatever is sent, the answer is JSON that says whether it worked, and why not."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.utils.quantconnect.cloud import client_of
from utils.quantconnect.emulator.application import all_endpoints
from utils.quantconnect.emulator.runners import SampleRunner
from utils.quantconnect.emulator.server import RunningEmulator, running_emulator

ENDPOINTS = sorted(set(all_endpoints()) - {"projects/delete"})
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(["", "main.py", "a/b", "..", "\x00", "1e999", "Py", "-1", "9" * 30]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["key", "value", "name", "min"]), inner)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(
    (
        *("projectId", "compileId", "backtestId", "backtestName", "nodeId", "brokerage", "name", "content"),
        *("files", "libraries", "parameters", "keys", "key", "path", "objectData", "start", "end", "patch"),
        *("optimizationId", "language", "versionId", "target", "strategy", "nodeType", "command", "nodes"),
    )
)


@pytest.fixture(scope="module")
def stocked() -> Iterator[tuple[RunningEmulator, dict[str, Any]]]:
    """An emulator that holds one of everything, and the ids of it all."""
    with running_emulator(runner=SampleRunner()) as emulator:
        api = client_of(emulator)
        project = api.projects.create("a").project_id
        compile_id = api.compiles.create(project).compile_id
        backtest = api.backtests.create(project, compile_id, "b").backtest_id
        node = api.nodes.read(api.organization_id).live[0].id
        api.object_store.set("k", b"1")
        ids = {"projectId": project, "compileId": compile_id, "backtestId": backtest, "nodeId": node}
        yield emulator, ids


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    endpoint=st.sampled_from(ENDPOINTS),
    known=st.sets(st.sampled_from(["projectId", "compileId", "backtestId", "nodeId"])),
    given_values=st.dictionaries(NAMES, VALUES, max_size=6),
    as_form=st.booleans(),
)
def test_every_call_is_answered(
    stocked: tuple[RunningEmulator, dict[str, Any]],
    endpoint: str,
    known: set[str],
    given_values: dict[str, Any],
    as_form: bool,
) -> None:
    emulator, ids = stocked
    sent = given_values | {name: ids[name] for name in known}
    stamp = str(int(time.time()))
    response = requests.post(
        f"{emulator.url}/{endpoint}",
        auth=("1", hashlib.sha256(f"x:{stamp}".encode()).hexdigest()),
        timeout=20,
        headers={"Timestamp": stamp, "Content-Type": "application/x-www-form-urlencoded" if as_form else ""},
        data="&".join(f"{name}={value}" for name, value in sent.items()).encode("utf-8", "replace")
        if as_form
        else json.dumps(sent).encode(),
    )
    answer = response.json()
    assert response.status_code == 200
    assert answer["success"] is not bool(answer["errors"])
    assert all(isinstance(error, str) and error for error in answer["errors"])
