"""The dashboard over HTTP: who is let in, what is refused, and what clients are told."""

from __future__ import annotations

import http.client
import json
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.utils.dashboard.conftest import complete
from tests.utils.dashboard.sweeping import TOKEN, post, settings_in, status, store_state, sweep_file, wait_for
from utils.dashboard.access import Access, is_loopback, keep_token, make_token
from utils.dashboard.guard import BODY_LIMIT
from utils.dashboard.server import DashboardServer, running_dashboard
from utils.errors import UserError
from utils.sweep.store import Store, SweepRecord

CHANGES = ("start", "stop", "resume", "session")


def raw(server: DashboardServer, request: bytes) -> bytes:
    """What a server answers to bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def get(server: DashboardServer, path: str, **headers: str) -> tuple[int, http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer, body


# ---- who may


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "authorization", ["", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"]
)
def test_a_change_without_the_token_is_refused(
    dashboard: DashboardServer, path: str, authorization: str
) -> None:
    answer = post(dashboard, path, {"store": "x"}, Authorization=authorization.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert "token" in answer.json()["error"]


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "http://127.0.0.1"])
def test_a_forged_origin_is_refused_even_with_the_token(
    dashboard: DashboardServer, path: str, origin: str
) -> None:
    answer = post(dashboard, path, {"store": "x"}, Origin=origin)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_its_own_origin_is_taken(dashboard: DashboardServer) -> None:
    assert post(dashboard, "session", {}, Origin=f"http://127.0.0.1:{dashboard.port}").status_code == 200


def test_a_form_of_another_site_is_refused(dashboard: DashboardServer) -> None:
    assert post(dashboard, "session", {}, **{"Content-Type": "text/plain"}).status_code == 415
    assert post(dashboard, "session", {}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("path", ["/cluster", "/api/cluster/status", "/api/cluster/events"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost", "localhost:1", ""])
def test_another_host_is_refused_as_dns_rebinding_would_send_it(
    dashboard: DashboardServer, path: str, host: str
) -> None:
    code, _, body = get(dashboard, path, Host=host.format(port=dashboard.port))
    assert code in (400, 421)
    assert b"stores" not in body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_names_of_loopback_are_taken(dashboard: DashboardServer, host: str) -> None:
    assert get(dashboard, "/cluster", Host=f"{host}:{dashboard.port}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/cluster/../../../etc/passwd",
        "/cluster/..%2f..%2f..%2fetc%2fpasswd",
        "/cluster/%2e%2e/%2e%2e/server.py",
        "/cluster//etc/passwd",
        "/..%5c..%5cetc/passwd",
        "/cluster/cluster.js%00.html",
        "/cluster/page/../server.py",
    ],
)
def test_no_path_leads_out(dashboard: DashboardServer, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{dashboard.port}\r\nConnection: close\r\n\r\n"
    answer = raw(dashboard, head.encode())
    assert answer.split(b" ", 2)[1] in (b"404", b"400")
    assert b"root:" not in answer
    assert b"import" not in answer


@pytest.mark.parametrize("name", ["../secret", "..", "/etc/passwd", "sweeps/long", "long.yaml", "-h", ""])
def test_only_sweep_files_of_the_folder_can_be_started(
    tmp_path: Path, dashboard: DashboardServer, name: str
) -> None:
    sweep_file(tmp_path)
    (tmp_path / "secret.yaml").write_text("name: secret\n")
    assert post(dashboard, "start", {"sweep": name}).status_code == 404
    assert post(dashboard, "stop", {"store": name}).status_code == 404
    assert post(dashboard, "resume", {"store": name}).status_code == 404


def test_an_oversized_body_is_refused_before_it_is_read(dashboard: DashboardServer) -> None:
    head = (
        f"POST /api/cluster/start HTTP/1.1\r\nHost: 127.0.0.1:{dashboard.port}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
        "Content-Length: 10000000000\r\n\r\n"
    )
    assert raw(dashboard, head.encode()).startswith(b"HTTP/1.1 413")


def test_an_oversized_body_that_names_no_length_is_refused_while_it_comes(dashboard: DashboardServer) -> None:
    head = (
        f"POST /api/cluster/start HTTP/1.1\r\nHost: 127.0.0.1:{dashboard.port}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
    assert raw(dashboard, head.encode() + chunk * (BODY_LIMIT // 1024 + 1)).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"sweep": 5},
        {},
        {"sweep": "long", "workers": 0},
        {"sweep": "long", "more": 1},
        "x",
        {"sweep": "long", "ray": "--cluster=x"},
        {"sweep": "long", "ray": "own\n"},
        {"sweep": "long", "ray": ""},
    ],
)
def test_a_body_of_another_form_is_refused_in_one_line(dashboard: DashboardServer, body: object) -> None:
    answer = post(dashboard, "start", body)
    assert answer.status_code == 400
    assert "\n" not in answer.json()["error"]


def test_every_answer_has_the_security_headers(dashboard: DashboardServer) -> None:
    for path in ("/cluster", "/api/cluster/status", "/nothing"):
        _, answer, _ = get(dashboard, path)
        policy = answer.getheader("Content-Security-Policy") or ""
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("X-Frame-Options") == "DENY"
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("Server") is None


def test_the_page_has_no_inline_script_or_style_and_nothing_from_elsewhere(
    dashboard: DashboardServer,
) -> None:
    _, _, page = get(dashboard, "/cluster")
    assert not re.search(rb"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=|https?://", page)


def test_an_unchanged_file_is_not_sent_again(dashboard: DashboardServer) -> None:
    _, answer, _ = get(dashboard, "/cluster/cluster.js")
    code, _, body = get(dashboard, "/cluster/cluster.js", **{"If-None-Match": answer.getheader("ETag") or ""})
    assert (code, body) == (304, b"")


def test_the_session_cookie_reads_and_is_not_the_token(dashboard: DashboardServer) -> None:
    cookie = post(dashboard, "session", {}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    answer = requests.post(
        f"http://127.0.0.1:{dashboard.port}/api/cluster/session",
        "{}",
        headers={"Cookie": cookie.partition(";")[0], "Content-Type": "application/json"},
        timeout=10,
    )
    assert answer.status_code == 401


def test_reading_needs_the_token_where_other_machines_reach_it() -> None:
    access = Access(TOKEN, open_reading=False)
    assert not access.may_read(None, None)
    assert not access.may_read(None, TOKEN)
    assert access.may_read(f"Bearer {TOKEN}", None)
    assert access.may_read(None, access.cookie)
    assert not access.may_change(f"Bearer {access.cookie}")


def test_which_addresses_only_this_machine_reaches() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.8.8", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.5", "desk.example.com")))


def test_the_token_is_kept_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "build" / "dashboard.token"
    path.parent.mkdir()
    path.write_text("older")
    path.chmod(0o644)
    keep_token(path, "newer")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "newer\n"


def test_tokens() -> None:
    assert make_token(None) != make_token(None)
    assert len(make_token(None)) >= 40
    with pytest.raises(UserError, match="16 printable characters"):
        make_token("short")


# ---- what clients are told


@contextmanager
def listening(server: DashboardServer, last: str | None = None) -> Iterator[Iterator[dict[str, str]]]:
    """Events as they come, with their fields."""
    headers = {"Last-Event-ID": last} if last else {}
    url = f"http://127.0.0.1:{server.port}/api/cluster/events"
    with requests.get(url, headers=headers, stream=True, timeout=20) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")

        def events() -> Iterator[dict[str, str]]:
            fields: dict[str, str] = {}
            for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                if not line:
                    yield fields
                    fields = {}
                    continue
                name, _, value = line.partition(": ")
                fields[name or "comment"] = value

        yield events()


def test_a_client_begins_with_the_state_and_goes_on_with_changes(
    dashboard: DashboardServer, toy_store: Store, toy_record: SweepRecord
) -> None:
    store_state(dashboard, "toy", "running")
    with listening(dashboard) as events:
        first = next(events)
        assert first["event"] == "state"
        assert "toy" in json.loads(first["data"])["stores"]
        complete(toy_store, toy_record, toy_store.unfinished("toy")[:2])
        for event in events:
            assert event["event"] == "change"
            change = json.loads(event["data"])
            done = change.get("stores", {}).get("toy", {}).get("sweeps", {}).get("toy", {}).get("combos_done")
            if done == 32:
                break
        assert "strategy" not in change["stores"]["toy"]["sweeps"]["toy"]  # it did not change


def test_a_client_that_comes_back_gets_what_it_missed(
    dashboard: DashboardServer, toy_store: Store, toy_record: SweepRecord
) -> None:
    store_state(dashboard, "toy", "running")
    with listening(dashboard) as events:
        seen = next(events)["id"]
    complete(toy_store, toy_record, toy_store.unfinished("toy")[:1])
    wait_for(lambda: status(dashboard)["explorationData"]["combos_done"] == 16)
    with listening(dashboard, last=seen) as events:
        event = next(events)
        assert event["event"] == "change"
        run, number = event["id"].split("-")
        assert (run, int(number)) == (seen.split("-")[0], int(seen.split("-")[1]) + 1)


@pytest.mark.parametrize("last", ["00000000-1", "nonsense", "{run}-99999", "{run}-x"])
def test_a_client_of_another_run_gets_the_whole_state(dashboard: DashboardServer, last: str) -> None:
    with listening(dashboard) as events:
        run = next(events)["id"].split("-")[0]
    with listening(dashboard, last=last.format(run=run)) as events:
        assert next(events)["event"] == "state"


def test_silence_is_broken_by_a_heartbeat(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, heartbeat=0.1, interval=30.0)
    with running_dashboard(settings, token=TOKEN) as server, listening(server) as events:
        found = [next(events) for _ in range(4)]
    assert {"comment": "still here"} in found


def test_clients_that_leave_are_forgotten(dashboard: DashboardServer) -> None:
    with listening(dashboard) as events:
        next(events)
        assert dashboard.clients == 1
    wait_for(lambda: dashboard.clients == 0, 30)


def test_the_status_has_the_fields_that_scripts_ask_for(
    dashboard: DashboardServer, toy_store: Store, toy_record: SweepRecord
) -> None:
    chunks = toy_store.unfinished("toy")
    complete(toy_store, toy_record, chunks[:2])
    toy_store.start(chunks[2], "local-1")
    store_state(dashboard, "toy", "running")
    shown = wait_for(lambda: (s := status(dashboard))["explorationData"]["chunks"]["completed"] == 2 and s)
    assert shown["clusterStatus"] == "active"
    assert shown["explorationData"]["chunks"] == {
        "pending": 10, "running": 1, "completed": 2, "failed": 0, "total": 13,
    }  # fmt: skip
    assert shown["workers"]["toy local-1"]["chunk"] == chunks[2].id
    row = shown["stores"]["toy"]["sweeps"]["toy"]["top"][0]
    assert {"params", "pnl", "win_rate", "profit_factor", "max_drawdown", "total_trades"} <= set(row)


def test_a_port_that_is_taken_is_named(tmp_path: Path, dashboard: DashboardServer) -> None:
    with pytest.raises(UserError, match=str(dashboard.port)):
        DashboardServer(settings_in(tmp_path), port=dashboard.port)
