"""The search's bench runs the job it speaks of."""

from __future__ import annotations

import pytest

from utils.bench import search


def test_the_job_on_few_candles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CANDLES", 3_000)
    figures = search.MEASUREMENTS["search/job"]()
    assert figures["evaluations"] == 80
    assert figures["candles"] == 3_000
    assert 0 < figures["search_seconds"] < figures["seconds"]
