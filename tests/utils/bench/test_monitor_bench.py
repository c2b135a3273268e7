"""The resource monitor's bench measures what it says."""

from __future__ import annotations

import pytest

from utils.bench import monitor


def test_both_measurements_on_few_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIMED", "WARM_UP", "UPDATES"):
        monkeypatch.setattr(monitor, name, 300)
    update, memory = (measure() for measure in monitor.MEASUREMENTS.values())
    assert update["updates"] == memory["updates"] == 300
    assert 0 < update["median_us"] <= update["p99_us"]
    # Rounded to two digits after they were compared.
    assert update["times_psutil"] == pytest.approx(update["psutil_median_us"] / update["median_us"], rel=0.05)
    assert memory["growth_kb"] < 5_000
