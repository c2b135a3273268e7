"""Typed objects: older versions are brought up, newer and wrong ones refused by name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.trading.state.lean_store import LeanStore
from trading.state.categories import Category
from trading.state.errors import SchemaError
from trading.state.repository import Repository
from trading.state.snapshot import Snapshot, load_snapshot, save_snapshot

STATE = Category.TRADING_STATE


class First(Snapshot):
    kind = "levels"
    stop_price: float


class Third(Snapshot):
    kind = "levels"
    version = 3
    migrations = {  # noqa: RUF012  # a ClassVar of the base
        1: lambda old: {"stop": old["stop_price"]},
        2: lambda old: {**old, "targets": [2 * old["stop"]]},
    }
    stop: float
    targets: tuple[float, ...]


class Gapped(Third):
    migrations = {1: lambda old: old}  # noqa: RUF012


class Other(Snapshot):
    kind = "other"


def repository() -> Repository:
    return Repository(LeanStore(), "bot", lambda: datetime(2026, 1, 5, tzinfo=UTC), print)


def loaded(kept: Repository, model: type[Snapshot]) -> Any:
    found = load_snapshot(kept, STATE, "levels", model)
    return None if found is None else found[0]


def test_a_snapshot_comes_back() -> None:
    kept = repository()
    assert loaded(kept, Third) is None
    save_snapshot(kept, STATE, "levels", Third(stop=1.1, targets=(2.2, 1e-17)))
    assert loaded(kept, Third) == Third(stop=1.1, targets=(2.2, 1e-17))


def test_an_older_version_is_brought_up_step_by_step() -> None:
    kept = repository()
    save_snapshot(kept, STATE, "levels", First(stop_price=1.5))
    assert loaded(kept, Third) == Third(stop=1.5, targets=(3.0,))


def test_what_cannot_be_read_is_refused_by_name() -> None:
    kept = repository()
    save_snapshot(kept, STATE, "levels", Third(stop=1.0, targets=()))
    with pytest.raises(SchemaError, match=r"version 3 of levels is newer than 1.*update the code"):
        loaded(kept, First)
    with pytest.raises(SchemaError, match="holds 'levels', not 'other'"):
        loaded(kept, Other)
    save_snapshot(kept, STATE, "levels", First(stop_price=1.0))
    with pytest.raises(SchemaError, match="no way from version 2 of levels to 3; add a migration"):
        loaded(kept, Gapped)
    kept.save(STATE, "levels", b'{"stop": "high", "targets": []}', kind="levels", version=3)
    with pytest.raises(SchemaError, match=r"trading-state/levels: levels version 3: stop: .*number"):
        loaded(kept, Third)
    kept.save(STATE, "levels", b"[]", kind="levels", version=3)
    with pytest.raises(SchemaError, match="not the JSON object"):
        loaded(kept, Third)
