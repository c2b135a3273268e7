"""Entry filters at their thresholds."""

from __future__ import annotations

import math

import pytest

from trading.strategies.filters import passes

AT_EVERY_MINIMUM = {
    "side": 1,
    "close": 100.0,
    "fast": 101.0,
    "slow": 100.0,
    "adx": 20.0,
    "volume_ratio": 1.5,
    "gap_min": 0.01,
    "adx_min": 20.0,
    "volume_min": 1.5,
}


def entered(**changes: float) -> bool:
    return passes(*{**AT_EVERY_MINIMUM, **changes}.values())  # type: ignore[arg-type]


def test_a_filter_passes_at_its_minimum() -> None:
    assert entered()


@pytest.mark.parametrize(("name", "value"), [("fast", 100.99), ("adx", 19.99), ("volume_ratio", 1.49)])
def test_and_not_below_it(name: str, value: float) -> None:
    assert not entered(**{name: value})


@pytest.mark.parametrize("name", ["fast", "slow", "adx", "volume_ratio"])
def test_what_is_not_ready_does_not_pass(name: str) -> None:
    assert not entered(**{name: math.nan})


def test_the_gap_is_signed_by_the_side() -> None:
    assert not entered(side=-1)
    assert entered(side=-1, fast=99.0)
    assert entered(side=-1, gap_min=-1.0)


def test_no_volume_asked_for_is_no_look_at_volume() -> None:
    assert entered(volume_min=0.0, volume_ratio=math.nan)
