"""The snippets of docs/object-store.md and docs/sentiment.md run, in order, as they stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from trading.sentiment.config import Llm
from trading.state.categories import BUDGETS, MB, Category
from trading.state.repository import Repository
from utils.engine.algorithm.object_store import ObjectStore

DOCS = Path(__file__).parent.parent / "docs"


def snippets(page: str) -> Iterator[str]:
    yield from re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def algorithm(tmp_path: Path) -> SimpleNamespace:
    """What the snippets call `self`: the store is the engine's, the broker fills at once."""
    log: list[str] = []
    tickets: dict[int, Any] = {}

    def limit_order(symbol: Any, quantity: float, _price: float, tag: str) -> Any:
        ticket = SimpleNamespace(
            order_id=1, tag=tag, quantity_filled=quantity, status="filled", symbol=symbol
        )
        tickets[1] = SimpleNamespace(broker_id=["B1"])
        return ticket

    return SimpleNamespace(
        object_store=ObjectStore(tmp_path / "storage"),
        utc_time=datetime(2026, 1, 5, 14, 30, tzinfo=UTC),
        live_mode=True,
        log=log.append,
        logged=log,
        portfolio={},
        transactions=SimpleNamespace(get_open_orders=list, get_order_by_id=tickets.__getitem__),
        limit_order=limit_order,
        settings=SimpleNamespace(llm=Llm()),
    )


def run(page: str, **names: Any) -> dict[str, Any]:
    for number, snippet in enumerate(snippets(page), 1):
        exec(compile(snippet, f"{page}, snippet {number}", "exec"), names)
    return names


def test_object_store(
    algorithm: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    names = run(
        "object-store.md",
        self=algorithm,
        model_bytes=b"weights",
        symbol=SimpleNamespace(id="GOOG C"),
        OrderStatus=SimpleNamespace(FILLED="filled", CANCELED="canceled", INVALID="invalid"),
    )
    assert names["model"] == b"weights"
    assert (names["found"], names["levels"].stop) == (None, 1.5)
    assert names["blotter"].state.holdings() == {"GOOG C": 1}
    assert names["blotter"].state.orders == ()
    assert "options_trading_bot/live/trading-state/state=" in capsys.readouterr().out
    assert any("2500 files" in line for line in algorithm.logged)


def test_sentiment(algorithm: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    repository = Repository(algorithm.object_store, "bot", lambda: algorithm.utc_time, algorithm.log)
    names = run("sentiment.md", self=algorithm, repository=repository, headline="A horrible loss, fraud.")
    assert names["sentiment"].score < 0
    assert 0 < names["contracts"] < 10


def test_the_table_of_categories_is_the_codes() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \|[^|]*\| ([\d,]+) MB \| ([\d,]+) \|[^|]*?(\d+|never)[^|]*\| (\d) \| (\w+)",
        (DOCS / "object-store.md").read_text(),
        re.MULTILINE,
    )
    stated = {
        name: (int(size.replace(",", "")) * MB, int(files.replace(",", "")), days, int(generations), full)
        for name, size, files, days, generations, full in rows
    }
    assert stated == {
        str(category): (
            budget.max_bytes,
            budget.max_files,
            "never" if budget.lifetime is None else str(budget.lifetime.days),
            budget.generations,
            "drops" if budget.evictable else "refuses",
        )
        for category, budget in BUDGETS.items()
    }
    assert len(stated) == len(Category)
