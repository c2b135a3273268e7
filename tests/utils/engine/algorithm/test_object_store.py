"""The engine's Object Store has LEAN's rules on keys and limits, and shows nothing half-written."""

from __future__ import annotations

from pathlib import Path

import pytest

from utils.engine.algorithm.object_store import ObjectStore
from utils.engine.errors import AlgorithmError


def test_values_by_key(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    assert store.save("bot/settings.json", '{"a": 1}')
    assert store.save_bytes("/bot/model", b"\x00\xff")
    assert (store.read("bot/settings.json"), store.read_json("bot/settings.json")) == ('{"a": 1}', {"a": 1})
    assert list(store.keys) == ["bot/model", "bot/settings.json"]
    assert store.read_bytes("bot\\model") == b"\x00\xff"
    assert store.delete("bot/model")
    assert not store.delete("bot/model")


def test_clearing_drops_the_cache_as_in_lean_and_no_value(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.save("a", "1")
    store.clear()
    assert store.read("a") == "1"


@pytest.mark.parametrize("key", ["a.b.c", "a:b", "ä", "a?", "a.b/c", "", "../a"])
def test_keys_that_lean_refuses(tmp_path: Path, key: str) -> None:
    with pytest.raises(AlgorithmError):
        ObjectStore(tmp_path / "store").save(key, "1")
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize("key", [".hidden", "a/b-c_d#e$f=g h", "a/b.json", "0"])
def test_keys_that_lean_takes(tmp_path: Path, key: str) -> None:
    store = ObjectStore(tmp_path)
    assert store.save(key, "1")
    assert store.read(key) == "1"
    assert len(store.keys) == 1


def test_a_save_over_the_limits_is_refused_and_said(tmp_path: Path) -> None:
    said: list[str] = []
    store = ObjectStore(tmp_path, said.append, max_size=10, max_files=2)
    assert (store.max_size, store.max_files) == (10, 2)
    assert store.save("a", "12345")
    assert not store.save("b", "123456")
    assert store.save("a", "1234567890")
    assert store.save("b", "")
    assert not store.save("c", "")
    assert ["bytes" in line for line in said] == [True, True]
    assert (store.read("a"), list(store.keys)) == ("1234567890", ["a", "b"])


def test_what_a_killed_write_left_behind_is_no_value(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.save("bot/state", "1")
    (tmp_path / "bot" / ".state.x1y2z3a4").write_text("ha")
    (tmp_path / ".top.x1y2z3a4").write_text("ha")
    assert list(store.keys) == ["bot/state"]
