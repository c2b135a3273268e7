"""What a dashboard tells a person: a stall once, and again after progress; nothing that was so before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.utils.dashboard.conftest import complete
from tests.utils.dashboard.sweeping import TOKEN, settings_in, wait_for
from tests.utils.notify.stand_in import Service
from utils.dashboard.alerts import Alerts
from utils.dashboard.server import running_dashboard
from utils.notify.notifier import Notifier
from utils.sweep.store import Store, SweepRecord


def seen(folder: Path, state: str, stalled: int | None = None) -> dict[str, Any]:
    store = {"path": str(folder / "build" / "toy.db"), "state": state, "stalled_seconds": stalled}
    return {"stores": {"toy": store}}


def test_a_sweep_that_hangs_is_told(
    tmp_path: Path, service: Service, notifier: Notifier, toy_store: Store, toy_record: SweepRecord
) -> None:
    complete(toy_store, toy_record, toy_store.unfinished("toy")[:2])
    settings = settings_in(tmp_path, stall_minutes=2 / 60)
    with running_dashboard(settings, token=TOKEN, notifier=notifier):
        wait_for(lambda: service.titles)
    assert service.titles == ["Sweep toy stalled"]
    assert "toy: 32 of 200 combinations" in service.messages[0]["message"]


def test_a_stall_is_told_once_and_again_after_progress(
    tmp_path: Path, service: Service, notifier: Notifier
) -> None:
    alerts = Alerts(notifier)
    alerts.see(seen(tmp_path, "running"))
    for seconds in (600, 601, 602):
        alerts.see(seen(tmp_path, "running", seconds))
    wait_for(lambda: service.titles)
    alerts.see(seen(tmp_path, "running"))
    alerts.see(seen(tmp_path, "running", 720))
    wait_for(lambda: len(service.titles) > 1)
    assert service.titles == ["Sweep toy stalled"] * 2
    minutes = [message["message"].splitlines()[0] for message in service.messages]
    assert minutes == ["no chunk completed for 10 min", "no chunk completed for 12 min"]


def test_what_had_died_before_the_dashboard_began_is_no_news(
    tmp_path: Path, service: Service, notifier: Notifier
) -> None:
    alerts = Alerts(notifier)
    alerts.see(seen(tmp_path, "died"))
    alerts.see(seen(tmp_path, "running"))
    alerts.see(seen(tmp_path, "died"))
    wait_for(lambda: service.titles)
    assert service.titles == ["Sweep toy died"]
