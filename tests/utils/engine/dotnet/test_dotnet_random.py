"""System.Random against sequences that .NET is known to give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException
from utils.engine.dotnet.random import Random

KNOWN = {
    0: [1559595546, 1755192844, 1649316166, 1198642031, 442452829, 1200195957],
    1: [534011718, 237820880, 1002897798, 1657007234],
    42: [1434747710, 302596119, 269548474, 1122627734, 361709742, 563913476],
}


@pytest.mark.parametrize("seed", KNOWN)
def test_seed_gives_the_sequence_of_dotnet(seed: int) -> None:
    random = Random(seed)
    assert [random.next() for _ in KNOWN[seed]] == KNOWN[seed]


def test_double_and_limits_follow_from_the_same_samples() -> None:
    assert Random(42).next_double() == pytest.approx(1434747710 / 2147483647, abs=1e-15)
    assert Random(42).next(100) == 66  # 0.6681… of 100
    assert Random(42).next(10, 20) == 16
    assert Random(42).Next(10, 20) == 16


def test_bytes_are_the_low_bytes_of_the_samples() -> None:
    buffer = bytearray(3)
    Random(42).next_bytes(buffer)
    assert list(buffer) == [value & 0xFF for value in KNOWN[42][:3]]


def test_sign_of_the_seed_does_not_matter() -> None:
    assert Random(-42).next() == Random(42).next()


def test_least_seed_is_the_greatest() -> None:
    assert Random(-(2**31)).next() == Random(2**31 - 1).next()


def test_without_a_seed_numbers_differ() -> None:
    assert len({Random().next() for _ in range(5)}) > 1


def test_limits_the_wrong_way_round() -> None:
    with pytest.raises(ArgumentOutOfRangeException):
        Random(1).next(5, 4)


@given(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 2), st.integers(1, 2**32))
def test_numbers_are_within_the_limits(seed: int, low: int, span: int) -> None:
    high = min(low + span, 2**31 - 1)
    random = Random(seed)
    assert all(low <= random.next(low, high) < high for _ in range(5))
    assert all(0 <= random.next_int_64(span) < span for _ in range(5))
    assert all(0.0 <= random.next_double() < 1.0 for _ in range(5))
