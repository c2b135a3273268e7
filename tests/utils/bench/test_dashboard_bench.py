"""The dashboard's bench measures what it says."""

from __future__ import annotations

import pytest

from utils.bench import dashboard


def test_a_short_sweep_beside_clients_that_hear_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "BARS", 6_000)
    monkeypatch.setattr(dashboard, "PAIRS", 1)
    figures = dashboard.MEASUREMENTS["dashboard/load"]()
    assert figures["clients"] == 50
    assert figures["events_a_client"] >= 1
    assert figures["slower"] == pytest.approx(
        figures["seconds_with"] / figures["seconds_without"] - 1, abs=0.01
    )


def test_the_page_is_painted_before_it_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "BARS", 6_000)
    monkeypatch.setattr(dashboard, "PAGES", 1)
    figures = dashboard.MEASUREMENTS["dashboard/first-paint"]()
    assert 0 < figures["first_paint_s"] <= figures["with_state_s"]
