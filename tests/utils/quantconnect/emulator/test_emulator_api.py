"""The emulator over HTTP, called as its two clients call it."""

from __future__ import annotations

import hashlib
import threading
import time
from typing import Any

import pytest
import requests

from tests.utils.quantconnect.cloud import client_of
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.clients.live import LiveSettings
from utils.quantconnect.clients.optimizations import OptimizationRequest, ParameterRange
from utils.quantconnect.emulator.server import RunningEmulator, running_emulator
from utils.quantconnect.emulator.settings import EmulatorSettings, Limits
from utils.quantconnect.errors import RefusedError

MAIN = "from AlgorithmImports import *\n\n\nclass A(QCAlgorithm):\n    pass\n"


def call(
    emulator: RunningEmulator,
    endpoint: str,
    *,
    user: str = "1",
    token: str = "x",
    stamp: str | None = None,
    method: str = "post",
    **options: Any,
) -> dict[str, Any]:
    stamp = str(int(time.time())) if stamp is None else stamp
    digest = hashlib.sha256(f"{token}:{stamp}".encode()).hexdigest()
    response = requests.request(
        method,
        f"{emulator.url}/{endpoint}",
        auth=(user, digest),
        headers={"Timestamp": stamp},
        timeout=10,
        **options,
    )
    answer: dict[str, Any] = response.json()
    return answer


def made_project(api: QuantConnect, name: str = "algorithms/a") -> tuple[int, str]:
    """A project's id and a successful compilation's."""
    project = api.projects.create(name)
    api.projects.update(project.project_id, files={"main.py": MAIN})
    return project.project_id, api.compiles.create(project.project_id).compile_id


def live_node(api: QuantConnect) -> str:
    return next(node.id for node in api.nodes.read(api.organization_id).live if node.sku == "L2-4")


PAPER = LiveSettings({"id": "QuantConnectBrokerage"}, {})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"token": "y"}, "Hash doesn't match"),
        ({"user": "2"}, "UserID not valid"),
        ({"stamp": "1"}, "Hash doesn't match"),
        ({"stamp": ""}, "Hash doesn't match"),
        ({"stamp": "9" * 30}, "Hash doesn't match"),
    ],
)
def test_only_the_account_gets_in(emulator: RunningEmulator, changes: dict[str, str], said: str) -> None:
    answer = call(emulator, "projects/read", **changes)
    assert answer["success"] is False and said in answer["errors"][0]
    assert call(emulator, "authenticate")["success"] is True
    assert requests.get(f"{emulator.url}/authenticate", timeout=10).json()["success"] is False


def test_query_json_and_form_mean_the_same(emulator: RunningEmulator) -> None:
    project_id = call(emulator, "projects/create", json={"name": "a", "language": "Py"})["projects"][0][
        "projectId"
    ]
    form = {
        "projectId": project_id,
        "parameters[0][key]": "period",
        "parameters[0][value]": "20",
        "files[0][name]": "main.py",
        "files[0][content]": MAIN,
    }
    assert call(emulator, "projects/update", data=form)["success"]
    by_query = call(emulator, "projects/read", method="get", params={"projectId": project_id})
    by_json = call(emulator, "projects/read", json={"projectId": project_id})
    by_form = call(emulator, "projects/read", data={"projectId": project_id})
    assert by_query == by_json == by_form
    assert by_query["projects"][0]["parameters"][0]["value"] == "20"
    assert emulator.files("a") == {"main.py": MAIN}


@pytest.mark.parametrize(
    "options",
    [
        {"data": b"\xff\xfe", "headers_": "application/json"},
        {"json": [1, 2]},
        {"json": {"projectId": "many"}},
        {"json": {"projectId": True}},
        {"json": {"projectId": 10**30}},
        {"json": {}},
        {"data": {"projectId[x": "1"}},
        {"files": {"objectData": b"1"}},
    ],
)
@pytest.mark.parametrize(
    "endpoint", ["projects/update", "live/create", "object/set", "optimizations/create", "no/such"]
)
def test_bad_parameters_are_refused_with_a_reason(
    emulator: RunningEmulator, endpoint: str, options: dict[str, Any]
) -> None:
    options = {key: value for key, value in options.items() if key != "headers_"}
    answer = call(emulator, endpoint, **options)
    assert answer["success"] is False
    assert answer["errors"] and all(isinstance(one, str) and one for one in answer["errors"])


def test_a_name_that_is_taken_gets_a_number(api: QuantConnect) -> None:
    first, second = api.projects.create("a"), api.projects.create("a")
    assert first.name == "a" and second.name != "a" and second.name.startswith("a")


def test_files_one_by_one(api: QuantConnect) -> None:
    project = api.projects.create("a")
    api.files.write(project.project_id, "b.py", "1\n")
    api.files.write(project.project_id, "b.py", "2\n")
    assert {file.name: file.content for file in api.files.list(project.project_id)}["b.py"] == "2\n"
    api.files.delete(project.project_id, "b.py")
    api.files.delete(project.project_id, "b.py")
    assert api.files.read(project.project_id, "b.py") is None


def test_object_store_round_trip_and_quotas() -> None:
    limits = Limits(object_bytes=100, object_file_bytes=60, object_count=3)
    with running_emulator(EmulatorSettings(limits=limits)) as emulator:
        store = client_of(emulator).object_store
        data = bytes(range(50))
        store.set("a/b.bin", data)
        assert store.get("a/b.bin") == data
        properties = store.properties("a/b.bin")
        assert properties is not None
        assert properties.md5 == hashlib.md5(data).hexdigest() and properties.size == 50
        assert [one.key.strip("/") for one in store.list("a")] == ["a/b.bin"]
        assert [(one.key.strip("/"), one.folder) for one in store.list()] == [("a", True)]
        with pytest.raises(RefusedError, match="too large"):
            store.set("large", bytes(61))
        store.set("c", bytes(50))
        with pytest.raises(RefusedError, match="full"):
            store.set("d", bytes(1))
        store.set("c", bytes(10))
        store.set("d", bytes(1))
        with pytest.raises(RefusedError, match="3 files"):
            store.set("e", b"")
        store.delete("a/b.bin")
        store.delete("a/b.bin")
        assert store.get("a/b.bin") is None
        for key in ("../up", "", "a//b"):
            with pytest.raises(RefusedError):
                store.set(key, b"1")


def test_a_download_that_takes_its_time() -> None:
    with running_emulator(EmulatorSettings(latency=0.2)) as slow:
        api = client_of(slow)
        api.object_store.set("k", b"1")
        answer = api.transport.call("object/get", {"keys": ["k"]}, repeatable=True)
        assert answer["jobId"] and not answer["url"]


def test_one_node_serves_one_live_algorithm_whoever_comes_at_once(emulator: RunningEmulator) -> None:
    api = client_of(emulator)
    made = [made_project(api, f"algorithms/{number}") for number in range(6)]
    node = live_node(api)
    outcomes: list[bool] = []
    together = threading.Barrier(len(made))

    def start(project_id: int, compile_id: str) -> None:
        client = client_of(emulator)
        together.wait()
        try:
            client.live.create(project_id, compile_id, node, PAPER)
            outcomes.append(True)
        except RefusedError as refused:
            assert "busy" in str(refused)
            outcomes.append(False)

    threads = [threading.Thread(target=start, args=one) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == [False] * 5 + [True]
    assert len(emulator.rows("SELECT id FROM live")) == 1
    busy = next(one for one in api.nodes.read(api.organization_id).live if one.id == node)
    assert busy.busy and busy.project_name


def test_a_live_algorithm_from_start_to_end(api: QuantConnect) -> None:
    project_id, compile_id = made_project(api)
    assert api.live.read(project_id) is None
    with pytest.raises(RefusedError, match="node not found"):
        api.live.create(project_id, compile_id, "LN-none", PAPER)
    created = api.live.create(project_id, compile_id, live_node(api), PAPER)
    assert api.live.logs(project_id, created.deploy_id).length > 0
    assert [one.deploy_id for one in api.live.list()] == [created.deploy_id]
    api.live.stop(project_id)
    stopped = api.live.read(project_id)
    assert stopped is not None and stopped.over and stopped.stopped is not None
    again = api.live.create(project_id, compile_id, live_node(api), PAPER)
    api.live.liquidate(project_id)
    ended = api.live.read(project_id)
    assert ended is not None and ended.deploy_id == again.deploy_id and ended.status == "Liquidated"


def test_code_that_does_not_compile_runs_nowhere(api: QuantConnect) -> None:
    project = api.projects.create("a")
    api.projects.update(project.project_id, files={"main.py": "def broken(:\n"})
    compile_id = api.compiles.create(project.project_id).compile_id
    found = api.compiles.read(project.project_id, compile_id)
    assert found.state == "BuildError" and "main.py Line:1" in found.logs[0]
    with pytest.raises(RefusedError, match="not successful"):
        api.backtests.create(project.project_id, compile_id, "b")


def test_an_optimization_runs_each_combination(api: QuantConnect) -> None:
    project_id, compile_id = made_project(api)
    ranges = (ParameterRange("a", 1, 3, 1), ParameterRange("b", 0.1, 0.2, 0.1))
    request = OptimizationRequest(project_id, compile_id, "o", ranges)
    assert (api.optimizations.estimate(request).time or 0) > 0
    made = api.optimizations.create(request)
    for _ in range(500):
        found = api.optimizations.read(made.optimization_id)
        if found.status == "completed":
            break
        time.sleep(0.01)
    assert found.status == "completed" and found.backtests is not None and len(found.backtests) == 6
    assert [one.optimization_id for one in api.optimizations.list(project_id)] == [made.optimization_id]
    api.optimizations.delete(made.optimization_id)
    assert not api.optimizations.list(project_id)


def test_backtests_can_be_listed_charted_and_deleted(api: QuantConnect) -> None:
    project_id, compile_id = made_project(api)
    made = api.backtests.create(project_id, compile_id, "b", {"period": "5"})
    for _ in range(500):
        found = api.backtests.read(project_id, made.backtest_id)
        if found.finished:
            break
        time.sleep(0.01)
    assert found.finished and not found.failed and "made up" in (found.note or "")
    assert api.backtests.orders(project_id, made.backtest_id) == []
    chart = api.backtests.chart(project_id, made.backtest_id, "Strategy Equity", 0, 2_000_000_000)
    assert chart is not None and chart["series"]
    api.backtests.delete(project_id, made.backtest_id)
    assert not api.backtests.list(project_id)
