"""Where credentials come from, and where they may be sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from utils.errors import UserError
from utils.quantconnect.credentials import CLOUD, LOCAL, Credentials, api_address, find_credentials
from utils.quantconnect.redaction import Redaction

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("QUANTCONNECT_USER_ID", "QUANTCONNECT_API_TOKEN", "QC_API"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".lean").mkdir()
    return tmp_path


def test_the_environment_comes_before_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".lean" / "credentials").write_text(json.dumps({"user-id": "7", "api-token": "file"}))
    assert find_credentials() == Credentials("7", "file")
    monkeypatch.setenv("QUANTCONNECT_USER_ID", "8")
    monkeypatch.setenv("QUANTCONNECT_API_TOKEN", "environment")
    assert find_credentials() == Credentials("8", "environment")


@pytest.mark.usefixtures("home")
def test_half_of_the_environment_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTCONNECT_USER_ID", "8")
    with pytest.raises(UserError, match="QUANTCONNECT_API_TOKEN is not set"):
        find_credentials()


@pytest.mark.usefixtures("home")
def test_without_any_the_remedy_is_named() -> None:
    with pytest.raises(UserError, match="lean login"):
        find_credentials()


@given(st.binary(max_size=60) | st.from_regex(r'\{"user-id": ?(1|"x"|null|\[\]), ?"api-token": ?.{0,8}\}'))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_a_broken_file_never_shows_its_content(home: Path, content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    path = home / ".lean" / "credentials"
    path.write_bytes(raw + TOKEN.encode())
    try:
        found = find_credentials()
    except UserError as error:
        assert TOKEN not in str(error)
    else:
        assert found.user_id


def test_a_token_is_in_no_repr() -> None:
    assert TOKEN not in repr(Credentials("1", TOKEN))
    assert TOKEN not in repr(Redaction([TOKEN]))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("given_address", "expected"),
    [
        (None, CLOUD),
        ("local", LOCAL),
        ("http://localhost:5613/api/v2/", "http://localhost:5613/api/v2"),
        ("https://proxy.example/api/v2", "https://proxy.example/api/v2"),
    ],
)
def test_addresses(given_address: str | None, expected: str) -> None:
    assert api_address(given_address) == expected


@pytest.mark.usefixtures("home")
def test_the_variable_of_the_lean_cli_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QC_API", "local")
    assert api_address() == LOCAL


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "address",
    [
        "http://quantconnect.example/api",
        "http://127.0.0.1.example/api",
        "ftp://127.0.0.1",
        "127.0.0.1",
        "https://user:password@proxy.example",
        "http://[bad",
        "https://host:port",
    ],
)
def test_addresses_that_would_leak_or_fail_are_refused(address: str) -> None:
    with pytest.raises(UserError) as refused:
        api_address(address)
    assert "password" not in str(refused.value)


def test_redaction_masks_longer_secrets_first_and_strips_control_characters() -> None:
    secrets = Redaction(["secret", "secret-long", "abc"])
    assert secrets.clean("a secret-long and a secret, abc\x1b[31m") == "a *** and a ***, abc[31m"
