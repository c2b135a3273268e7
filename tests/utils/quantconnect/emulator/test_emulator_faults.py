"""Faults as a client meets them on the wire, and what they leave behind."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from utils.errors import UserError
from utils.quantconnect.emulator.faults import Fault, FaultKind, Faults, parse_fault
from utils.quantconnect.emulator.server import RunningEmulator

CREATE = "projects/create"
K = FaultKind


def create(emulator: RunningEmulator, name: str = "a") -> requests.Response:
    stamp = str(int(time.time()))
    digest = hashlib.sha256(f"x:{stamp}".encode()).hexdigest()
    return requests.post(
        f"{emulator.url}/{CREATE}",
        json={"name": name, "language": "Py"},
        auth=("1", digest),
        headers={"Timestamp": stamp},
        timeout=10,
    )


def made(emulator: RunningEmulator) -> int:
    return len(emulator.rows("SELECT id FROM project"))


@pytest.mark.parametrize("kind", [K.TOO_MANY_REQUESTS, K.SERVER_ERROR, K.BAD_GATEWAY, K.UNAVAILABLE])
def test_a_status_comes_instead_of_the_call(emulator: RunningEmulator, kind: FaultKind) -> None:
    emulator.faults.add(Fault(kind, CREATE, seconds=7))
    answer = create(emulator)
    assert answer.status_code == int(kind.value) and made(emulator) == 0
    expected = "7" if kind in {K.TOO_MANY_REQUESTS, K.UNAVAILABLE} else None
    assert answer.headers.get("Retry-After") == expected
    assert create(emulator).json()["success"] and made(emulator) == 1


def test_a_refusal_on_purpose_changes_nothing(emulator: RunningEmulator) -> None:
    emulator.faults.add(Fault(K.FAILURE))
    answer = create(emulator).json()
    assert answer["success"] is False and answer["errors"] and made(emulator) == 0


@pytest.mark.parametrize(("kind", "effects"), [(K.DROPPED, 0), (K.LOST_ANSWER, 1)])
def test_a_dropped_connection_sends_not_a_byte(
    emulator: RunningEmulator, kind: FaultKind, effects: int
) -> None:
    emulator.faults.add(Fault(kind, CREATE))
    with pytest.raises(requests.ConnectionError):
        create(emulator)
    assert made(emulator) == effects
    assert emulator.requests.to(CREATE)[0].status is None
    emulator.faults.add(Fault(kind, CREATE))
    assert raw_create(emulator) == b"" and made(emulator) == 2 * effects


def test_half_a_response_announces_all_of_it(emulator: RunningEmulator) -> None:
    emulator.faults.add(Fault(K.HALF_RESPONSE, CREATE))
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        create(emulator)
    assert made(emulator) == 1
    emulator.faults.add(Fault(K.HALF_RESPONSE, CREATE))
    head, _, body = raw_create(emulator).partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    assert 0 < len(body) == length // 2
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def raw_create(emulator: RunningEmulator) -> bytes:
    """All bytes that come back before the connection closes."""
    stamp = str(int(time.time()))
    digest = hashlib.sha256(f"x:{stamp}".encode()).hexdigest()
    request = requests.Request(
        "POST",
        f"{emulator.url}/{CREATE}",
        json={"name": "b", "language": "Py"},
        auth=("1", digest),
        headers={"Timestamp": stamp},
    ).prepare()
    assert isinstance(request.body, bytes)
    address = urlsplit(emulator.url)
    assert address.hostname and address.port
    lines = [f"POST {request.path_url} HTTP/1.1", f"Host: {address.netloc}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    received = b""
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + request.body)
        try:
            while piece := connection.recv(65_536):
                received += piece
        except ConnectionResetError:
            pass
    return received


def test_garbage_comes_after_the_effect(emulator: RunningEmulator) -> None:
    emulator.faults.add(Fault(K.GARBAGE, CREATE))
    answer = create(emulator)
    assert answer.status_code == 200 and made(emulator) == 1
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_slow_call_is_answered_late(emulator: RunningEmulator) -> None:
    emulator.faults.add(Fault(K.SLOW, CREATE, seconds=0.3))
    began = time.monotonic()
    assert create(emulator).json()["success"]
    assert time.monotonic() - began >= 0.3


def test_a_fault_meets_the_calls_it_names_and_no_others(emulator: RunningEmulator) -> None:
    emulator.faults.add(Fault(K.SERVER_ERROR, CREATE, nth=2, times=2))
    emulator.faults.add(Fault(K.SERVER_ERROR, "projects/delete"))
    assert [create(emulator, str(n)).status_code for n in range(5)] == [200, 500, 500, 200, 200]
    records = emulator.requests.to(CREATE)
    assert [(one.status, one.fault) for one in records[:2]] == [(200, None), (500, "500")]


def met(faults: Faults, calls: str) -> list[str | None]:
    found = [faults.take(endpoint) for endpoint in calls]
    return [fault.kind.value if fault else None for fault in found]


def test_every_fault_counts_every_call_that_is_its_own() -> None:
    faults = Faults()
    faults.add(Fault(K.SLOW, nth=2))
    faults.add(Fault(K.GARBAGE, "b", nth=1, times=2))
    assert met(faults, "abbab") == [None, "slow", "garbage", None, None]
    faults.add(Fault(K.DROPPED, times=2))
    faults.clear()
    assert met(faults, "ab") == [None, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("live/create:lost_answer:1", Fault(K.LOST_ANSWER, "live/create")),
        ("*:429:3", Fault(K.TOO_MANY_REQUESTS, None, times=3)),
        ("/files/update/:503@4", Fault(K.UNAVAILABLE, "files/update", nth=4)),
        ("*:dropped:2@3", Fault(K.DROPPED, None, nth=3, times=2)),
    ],
)
def test_faults_as_they_are_written(text: str, expected: Fault) -> None:
    assert parse_fault(text) == expected


@pytest.mark.parametrize(
    "text", ["", "live/create", "live/create:", "live/create:boom", ":500", "a:500:", "a:500:0", "a:500@x"]
)
def test_faults_that_cannot_be_read_name_the_option(text: str) -> None:
    with pytest.raises(UserError, match="--fault"):
        parse_fault(text)


def test_no_credential_is_noted_or_stored(emulator: RunningEmulator) -> None:
    secret = "hunter22-very-secret"
    stamp = str(int(time.time()))
    digest = hashlib.sha256(f"x:{stamp}".encode()).hexdigest()
    headers: dict[str, Any] = {"auth": ("1", digest), "headers": {"Timestamp": stamp}, "timeout": 10}

    def call(endpoint: str, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = requests.post(f"{emulator.url}/{endpoint}", **headers, **body).json()
        return answer

    project = call(CREATE, json={"name": "a", "language": "Py"})["projects"][0]["projectId"]
    compile_id = call("compile/create", json={"projectId": project})["compileId"]
    node = call("nodes/read", json={})["live"][0]["id"]
    deployment = {"projectId": project, "compileId": compile_id, "nodeId": node, "versionId": -1}
    settings = {"id": "SomeBrokerage", "password": secret, "nested": {"token": secret}}
    body = deployment | {"brokerage": settings, "dataProviders": {"SomeBrokerage": settings}}
    assert call("live/create", json=body)["success"]
    form = deployment | {"brokerage[id]": "SomeBrokerage", "brokerage[password]": secret}
    assert call("live/create", data=form)["success"] is False
    noted = repr(list(emulator.requests))
    assert secret not in noted and digest not in noted and "SomeBrokerage" in noted
    assert secret not in "".join(
        str(emulator.rows(f"SELECT * FROM {table}")) for table in ("live", "live_log")
    )
