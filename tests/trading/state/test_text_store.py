"""Texts by name, in a category of a repository."""

from __future__ import annotations

import random

import pytest

from tests.trading.state.lean_store import LeanStore
from tests.trading.state.test_repository import Clock
from trading.state.categories import Category
from trading.state.repository import Repository
from trading.state.text_store import TextStore


def opened(store: LeanStore) -> TextStore:
    return TextStore(Repository(store, "bot/live", Clock(), print), Category.RESOURCE_METRICS)


def test_a_text_comes_back_after_a_kill_and_the_latest_counts() -> None:
    store = LeanStore()
    texts = opened(store)
    assert not texts.contains_key("metrics")
    with pytest.raises(KeyError, match="metrics"):
        texts.read("metrics")
    assert texts.save("metrics", "first")
    assert texts.save("metrics", "zweite – Ω\n")
    again = opened(store.killed(random.Random(0)))
    assert again.contains_key("metrics")
    assert again.read("metrics") == "zweite – Ω\n"
