"""Where notifications go: from the environment or a private file, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.utils.notify.stand_in import SECRET
from utils.errors import UserError
from utils.notify.targets import CONFIG, URLS, targets


@pytest.fixture
def private(tmp_path: Path) -> Path:
    path = tmp_path / "apprise.yml"
    path.write_text(f"urls:\n  - json://user:{SECRET}@127.0.0.1/\n  - xml://127.0.0.1/\n")
    path.chmod(0o600)
    return path


def services(found: list[object]) -> list[str]:
    return [str(getattr(target, "service_name")) for target in found]  # noqa: B009


def test_nobody_asked() -> None:
    assert targets(None, {}) == []


def test_addresses_of_the_environment_telegram_among_them() -> None:
    addresses = f"json://user:{SECRET}@127.0.0.1/ tgram://123456789:abcdefg_hijklmnop/12315544/"
    assert services([*targets(None, {URLS: addresses})]) == ["JSON", "Telegram"]


def test_a_file_named_by_option_or_environment(private: Path) -> None:
    assert services([*targets(private, {})]) == ["JSON", "XML"]
    assert services([*targets(None, {CONFIG: str(private)})]) == ["JSON", "XML"]


def test_an_unknown_address_is_refused_by_its_place_only() -> None:
    with pytest.raises(UserError) as refused:
        targets(None, {URLS: f"json://127.0.0.1/ jsn://user:{SECRET}@127.0.0.1/"})
    assert "address 2 of 2" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_file_that_others_may_read_is_refused(private: Path) -> None:
    private.chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        targets(private, {})


@pytest.mark.parametrize("mark", [".git", "lean.json"])
def test_a_file_in_a_repository_is_refused(private: Path, mark: str) -> None:
    (private.parent / mark).touch()
    with pytest.raises(UserError, match="move it out"):
        targets(private, {})


def test_a_missing_or_empty_file_is_refused(private: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        targets(private.with_name("none.yml"), {})
    private.write_text(f"jsn://user:{SECRET}@127.0.0.1/\n")
    with pytest.raises(UserError, match="no address") as refused:
        targets(private, {})
    shown = capsys.readouterr()
    assert SECRET not in str(refused.value) + shown.out + shown.err
