"""The executor after a restart: it takes over what the broker has."""

from __future__ import annotations

from tests.trading.execution.lean_double import Lean
from tests.trading.execution.live_run import (
    BAR,
    FLAT,
    PRICE,
    deliver_requests,
    down,
    live,
    only,
    restarted,
    resting,
    up,
)


def test_a_restart_takes_over_position_and_exits() -> None:
    lean, executor = live()
    executor.on_bar(BAR, up(target=110.0, trail=5.0))
    lean.fill(only(lean), PRICE)
    executor.on_bar(BAR._replace(high=108.0), None)
    deliver_requests(lean)
    executor = restarted(lean)
    executor.on_bar(BAR, None)
    deliver_requests(lean)
    assert resting(lean) == {"stop": (-950.0, 103.0), "target": (-950.0, 110.0)}
    executor.on_bar(BAR._replace(high=109.0), up())
    deliver_requests(lean)
    assert resting(lean) == {"stop": (-950.0, 104.0), "target": (-950.0, 110.0)}
    assert len(lean.orders) == 3


def test_a_restart_with_an_entry_on_its_way() -> None:
    lean, executor = live()
    executor.on_bar(BAR, up(stop=95.0))
    executor = restarted(lean)
    executor.on_bar(BAR, up(stop=95.0))
    lean.fill(only(lean), PRICE)
    assert resting(lean) == {"stop": (-950.0, 95.0)}


def test_a_restart_between_fill_and_exits_takes_them_from_the_warm_up() -> None:
    lean = Lean(live_mode=True, quote=FLAT, lots=950, average=PRICE)
    executor = restarted(lean, down(), up(stop=95.0), None)
    executor.on_bar(BAR, None)
    assert resting(lean) == {"stop": (-950.0, 95.0)}


def test_a_restart_after_a_missed_flip_closes() -> None:
    lean, executor = live()
    executor.on_bar(BAR, up(stop=95.0))
    lean.fill(only(lean), PRICE)
    executor = restarted(lean, up(), down())
    executor.on_bar(BAR, None)
    deliver_requests(lean)
    assert resting(lean) == {"close": (-950.0, 0.0)}


def test_a_position_that_nothing_is_known_of_is_kept_until_an_event() -> None:
    lean = Lean(live_mode=True, quote=FLAT, lots=10, average=PRICE)
    executor = restarted(lean)
    for _ in range(3):
        executor.on_bar(BAR, None)
    assert lean.orders == []
    assert sum("without known exits" in message for message in lean.messages) == 1
    executor.on_bar(BAR, down()._replace(enter=False))
    assert resting(lean) == {"close": (-10.0, 0.0)}


def test_leftover_orders_without_a_position_are_cancelled() -> None:
    lean, executor = live()
    executor.on_bar(BAR, up(stop=95.0))
    lean.fill(only(lean), PRICE)
    lean.lots = 0
    restarted(lean).on_bar(BAR, None)
    deliver_requests(lean)
    assert lean.open_orders() == []
