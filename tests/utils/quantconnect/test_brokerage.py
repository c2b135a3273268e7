"""Brokerage files: secrets come from the environment and are told to nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from utils.errors import UserError
from utils.quantconnect.deploy.brokerage import paper_trading, read_brokerage, secrets

ACCOUNT = "U1234567"


def write(folder: Path, content: object) -> Path:
    path = folder / "brokerage.json"
    path.write_text(json.dumps(content))
    return path


def test_variables_are_replaced_and_known_as_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHWAB_ACCOUNT", ACCOUNT)
    module = {"id": "CharlesSchwabBrokerage", "charles-schwab-account-number": "${SCHWAB_ACCOUNT}"}
    read = read_brokerage(write(tmp_path, {"brokerage": module, "automaticRedeploy": True}))
    assert read.brokerage["charles-schwab-account-number"] == ACCOUNT
    assert list(read.data_providers) == ["CharlesSchwabBrokerage"]
    assert read.automatic_redeploy
    assert ACCOUNT in secrets(read)
    assert ACCOUNT not in repr(read)


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, {"brokerage": {"id": "X", "password": "${NOT_SET_ANYWHERE}"}})
    with pytest.raises(UserError, match="NOT_SET_ANYWHERE is not set"):
        read_brokerage(path)


def test_paper_trading_has_no_secret() -> None:
    assert secrets(paper_trading()) == ()


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"brokerage": {}},
        {"brokerage": {"id": ""}},
        {"brokerage": ACCOUNT},
        {"brokerage": {"id": "X"}, "password": ACCOUNT},
        {"brokerage": {"id": "X"}, "versionId": ACCOUNT},
        {"brokerage": {"id": "X"}, "dataProviders": {"Y": ACCOUNT}},
    ],
)
def test_a_wrong_file_is_refused_without_its_values(tmp_path: Path, content: object) -> None:
    with pytest.raises(UserError) as refused:
        read_brokerage(write(tmp_path, content))
    assert ACCOUNT not in str(refused.value)
    assert "brokerage.json" in str(refused.value)


@given(st.binary(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_garbage_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "brokerage.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"brokerage\.json"):
        read_brokerage(path)
